"""A parsed text with its graph: values given, computed, differentiated."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from work import lines_run

from mgcli import EvaluationError, ExpressionError, Program, Value, functions, parse_program
from mgcli.errors import UnboundVariableError
from mgcli.graph.node import topological

NOTEBOOK = "e = a*b; d = e + c; L = d*f"
NOTEBOOK_VALUES = {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}


def bound(text: str, **values: float) -> Program:
    program = parse_program(text, values)
    program.bind(values)
    return program


def gradients(program: Program) -> dict[str, float]:
    return {name: program.node(name).grad for name in program.known()}


def message_of(error: EvaluationError | None) -> str:
    assert error
    return error.message


def written(error: EvaluationError | None) -> str | None:
    return str(error) if error else None


# What a program is


def test_a_program_holds_its_text_its_graph_and_its_names() -> None:
    program = parse_program(NOTEBOOK)
    assert program.text == NOTEBOOK
    assert list(program.variables) == ["a", "b", "c", "f"]
    assert list(program.names) == ["e", "d", "L"]
    assert program.result == "L"
    assert program.root is program.names["L"]
    assert [node.label for node in program.nodes] == ["a", "b", "e", "c", "d", "f", "L"]
    assert {name: NOTEBOOK[slice(*span)] for name, span in program.first_use.items()} == {
        name: name for name in ["e", "a", "b", "d", "c", "L", "f"]
    }


def test_known_names_are_in_the_order_of_first_appearance() -> None:
    assert parse_program(NOTEBOOK).known() == ["e", "a", "b", "d", "c", "L", "f"]


def test_a_constant_is_not_among_the_known_names() -> None:
    assert parse_program("2*pi*r").known() == ["r"]


def test_node_finds_variables_and_names_and_aliases() -> None:
    program = parse_program("e = a*b; q = e; q + 1")
    assert program.node("a") is program.variables["a"]
    assert program.node("e") is program.node("q") is program.names["e"]


@pytest.mark.parametrize(
    ("text", "name", "hint"),
    [
        ("alpha*beta", "alhpa", "did you mean alpha?"),
        ("alpha*beta", "Beta", "did you mean beta?"),
        ("x + y", "q", "it has x, y"),
        ("p = x + y; p*p", "q", "it has p, x, y"),
        ("2*pi", "pi", "it has no variables"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest_or_all(text: str, name: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_program(text).node(name)
    assert caught.value.message == f"the expression has no variable {name}"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a*b", "value"),
        ("L = a*b", "L"),
        ("L = a*b; L", "L"),
        ("L = a*b; L + 1", "value"),
        ("p = a*b; q = p", "q"),
        ("p = 2; p", "p"),
        ("a", "value"),
    ],
)
def test_the_title_is_what_the_result_is_called(text: str, title: str) -> None:
    assert parse_program(text).title == title


# Values


def test_bind_computes_every_node() -> None:
    program = bound(NOTEBOOK, **NOTEBOOK_VALUES)
    assert [node.data for node in program.nodes] == [2.0, -3.0, -6.0, 10.0, 4.0, -2.0, -8.0]
    assert program.error() is None


def test_a_program_without_values_is_the_bare_structure() -> None:
    program = parse_program("x**2 + 1")
    assert math.isnan(program.root.data)
    assert math.isnan(program.variables["x"].data)
    assert program.error() is None


def test_clear_takes_the_values_away_again() -> None:
    program = bound("u = log(x); 2*3*y", x=-1, y=2)
    assert program.names["u"].error is not None
    program.clear()
    assert math.isnan(program.root.data)
    assert math.isnan(program.variables["x"].data)
    assert program.names["u"].error is None
    assert program.error() is None
    program.bind({"x": 1.0, "y": 2.0})
    assert program.root.data == 12.0


def test_clear_leaves_what_no_variable_reaches() -> None:
    program = bound("k = 2*3; k*y", y=2)
    program.clear()
    assert program.names["k"].data == 6.0


@pytest.mark.parametrize(
    ("values", "names"),
    [({}, ("a", "b", "c")), ({"a": 1.0}, ("b", "c")), ({"b": 1.0}, ("a", "c")), ({"a": 1.0, "c": 2.0}, ("b",))],
)
def test_bind_refuses_when_a_variable_has_no_value(values: dict[str, float], names: tuple[str, ...]) -> None:
    program = parse_program("a*b + c*a")
    with pytest.raises(UnboundVariableError) as caught:
        program.bind(values)
    assert caught.value.names == names
    assert caught.value.span == program.first_use[names[0]]


def test_bind_refuses_a_value_that_fits_no_variable() -> None:
    program = parse_program("alpha + 1")
    with pytest.raises(ExpressionError) as caught:
        program.bind({"alpha": 1.0, "alpa": 2.0})
    assert str(caught.value) == "the expression has no variable alpa\nhint: did you mean alpha?"


def test_a_misspelled_value_is_reported_before_a_missing_one() -> None:
    program = parse_program("alpha + 1")
    with pytest.raises(ExpressionError) as caught:
        program.bind({"alpa": 2.0})
    assert str(caught.value) == "the expression has no variable alpa\nhint: did you mean alpha?"


def test_bind_refuses_a_value_for_a_name_that_the_text_gives() -> None:
    program = parse_program("b = 2\ne = a*b")
    with pytest.raises(ExpressionError) as caught:
        program.bind({"a": 1.0, "e": 2.0})
    assert str(caught.value) == (
        "e is defined by the expression, so it takes no value\n"
        "  e = a*b\n"
        "  ^"
    )  # fmt: skip


def test_a_refused_binding_changes_no_value() -> None:
    program = bound("a + b", a=1, b=2)
    with pytest.raises(UnboundVariableError):
        program.bind({"a": 5.0})
    assert (program.variables["a"].data, program.root.data) == (1.0, 3.0)


def test_some_variables_can_get_new_values() -> None:
    program = bound("e = a*b; e + 1", a=2, b=3)
    program.rebind({"b": 5})
    assert [program.node(name).data for name in ("a", "b", "e")] == [2.0, 5.0, 10.0]
    assert program.root.data == 11.0
    assert repr(program.node("b").data) == "5.0"


def test_evaluate_computes_again_from_the_leaves_and_returns_whether_all_is_defined() -> None:
    program = bound("a = 2; u = log(x); a*y", x=1, y=3)
    program.names["a"].data = 10.0
    assert program.evaluate() is True
    assert program.root.data == 30.0
    program.variables["x"].data = -1.0
    assert program.evaluate() is False
    assert program.root.data == 30.0


# Where the mathematics says no


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("3 + log(a*b)", {"a": 2, "b": -3}, "log is not defined at -6.0\n  3 + log(a*b)\n      ^^^^^^^^"),
        ("1/x", {"x": 0}, "division is not defined at 1.0/0.0\n  1/x\n  ^^^"),
        ("2*x**y", {"x": -8, "y": 0.5}, "power is not defined at (-8.0)**0.5\n  2*x**y\n    ^^^^"),
        ("9**9**9", {}, "power overflows at 9.0**387420489.0\n  9**9**9\n  ^^^^^^^"),
        ("exp(x)", {"x": 1000}, "exp overflows at 1000.0\n  exp(x)\n  ^^^^^^"),
        ("x + x", {"x": 1e308}, "addition overflows at 1e+308 + 1e+308\n  x + x\n  ^^^^^"),
        ("a = 2\nb = acos(a)\nb", {}, "acos is not defined at 2.0\n  b = acos(a)\n      ^^^^^^^"),
    ],
)
def test_an_evaluation_error_is_held_with_its_span_and_not_raised(
    text: str, values: dict[str, float], expected: str
) -> None:
    program = bound(text, **values)
    assert math.isnan(program.root.data)
    assert written(program.error()) == expected
    assert written(program.differentiate()) == expected


FAILING = ["log(x)", "sqrt(x)", "acos(y + 2)", "exp(999 - y)", "atanh(x - 1)", "log2(y)", "acosh(y)"]


@given(st.lists(st.sampled_from(FAILING), min_size=1, max_size=5), st.sampled_from(["+", "-", "*"]))
def test_the_first_error_in_the_order_of_the_text_is_reported(failing: list[str], operator: str) -> None:
    text = f" {operator} ".join(["(x + y + 2)", *failing])
    program = bound(text, x=-1, y=0)
    error = program.error()
    assert error
    assert error.span
    assert text[slice(*error.span)] == failing[0]
    assert error.span[0] == text.index(failing[0])


def test_the_order_is_that_of_the_text_and_not_of_the_result() -> None:
    program = bound("a = log(x)\nb = sqrt(x)\nb + a", x=-1)
    assert written(program.error()) == "log is not defined at -1.0\n  a = log(x)\n      ^^^^^^"


def test_the_error_inside_is_reported_and_not_what_depends_on_it() -> None:
    program = bound("log(sqrt(x) - 5)", x=-1)
    assert written(program.error()) == "sqrt is not defined at -1.0\n  log(sqrt(x) - 5)\n      ^^^^^^^"
    assert [node._op for node in program.nodes if node.error] == ["sqrt"]


def test_an_error_that_the_result_does_not_use_does_not_count() -> None:
    program = bound("u = log(x); v = u*2; x*3", x=-1)
    assert program.error() is None
    assert program.root.data == -3.0
    assert math.isnan(program.names["v"].data)
    assert written(program.names["u"].error) == (
        "log is not defined at -1.0\n"
        "  u = log(x); v = u*2; x*3\n"
        "      ^^^^^^"
    )  # fmt: skip
    assert program.differentiate() is None
    assert gradients(program) == {"u": 0.0, "x": 3.0, "v": 0.0}


def choosing(x: Value) -> Program:
    """A program with a choice, which no text can have: `log(x)` where x > 0, else `-x`."""
    text = "log(x) if x > 0 else -x"
    root = functions.where(functions.greater(x, 0), x.log(), -x)
    return Program(text, root, {"x": x}, {}, topological(root), {"x": (4, 5)}, None)


def test_an_error_in_a_branch_not_taken_does_not_count() -> None:
    program = choosing(Value(4.0, "x"))
    assert program.root.data == math.log(4)
    program.bind({"x": -2.0})
    assert program.root.data == 2.0
    assert program.error() is None
    assert program.differentiate() is None
    assert program.variables["x"].grad == -1.0


def test_an_error_in_the_branch_taken_counts() -> None:
    x = Value(4.0, "x")
    root = functions.where(functions.greater(x, 0), x, x.log())
    program = Program("x if x > 0 else log(x)", root, {"x": x}, {}, topological(root), {"x": (0, 1)}, None)
    program.bind({"x": -2.0})
    assert message_of(program.error()) == "log is not defined at -2.0"


def test_a_branch_that_relu_closes_is_not_entered_backward() -> None:
    program = bound("relu(0 - sqrt(x))", x=0)
    assert program.root.data == 0.0
    assert program.differentiate() is None
    assert program.variables["x"].grad == 0.0


def test_a_branch_that_max_does_not_take_is_not_entered_backward() -> None:
    program = bound("max(1 + y, sqrt(x))", x=0, y=2)
    assert program.differentiate() is None
    assert gradients(program) == {"y": 1.0, "x": 0.0}


def test_a_zero_slope_elsewhere_closes_nothing() -> None:
    program = bound("2 + sqrt(x)**2", x=0)
    assert program.root.data == 2.0
    assert written(program.differentiate()) == (
        "the derivative of sqrt is not defined at 0.0\n"
        "  2 + sqrt(x)**2\n"
        "      ^^^^^^^"
    )  # fmt: skip


def test_other_values_forget_the_errors_of_the_first() -> None:
    program = bound("u = 1/x; u + log(x)", x=0)
    assert program.error() is not None
    program.bind({"x": 1.0})
    assert program.error() is None
    assert program.root.data == 1.0
    assert [node for node in program.nodes if node.error] == []
    assert program.differentiate() is None
    program.bind({"x": -1.0})
    assert message_of(program.error()) == "log is not defined at -1.0"
    assert program.names["u"].data == -1.0


NAMES = st.sampled_from(["x", "y", "0", "2", "0.5", "1e200", "pi"])
TEXTS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.builds("({}){}({})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        st.builds("{}({})".format, st.sampled_from(["-", "log", "exp", "sqrt", "tan", "acos", "relu", "acosh"]), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "atan2", "hypot"]), inner, inner),
    ),
    max_leaves=8,
)
POINTS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.5, -1e300, 1e300, 5e-324]) | st.floats(
    allow_nan=False, allow_infinity=False
)


@settings(max_examples=settings().max_examples * 3 // 4)
@given(TEXTS, POINTS, POINTS)
def test_evaluation_never_raises_and_is_never_infinite(text: str, x: float, y: float) -> None:
    program = parse_program(f"n = {text}; n", ["x", "y"])
    program.bind({name: {"x": x, "y": y}[name] for name in program.variables})
    assert all(math.isfinite(node.data) or math.isnan(node.data) for node in program.nodes)
    assert (program.error() is None) == math.isfinite(program.root.data)
    error = program.differentiate()
    if error is None:
        assert all(math.isfinite(program.node(name).grad) for name in program.known())
    else:
        assert error.text == program.text
        assert error.span is not None


# Gradients


def test_differentiate_gives_every_gradient_of_the_notebook() -> None:
    program = bound(NOTEBOOK, **NOTEBOOK_VALUES)
    assert program.differentiate() is None
    assert gradients(program) == {"e": -2.0, "a": 6.0, "b": -4.0, "d": -2.0, "c": -2.0, "L": 1.0, "f": 4.0}


def test_differentiating_twice_gives_the_same() -> None:
    program = bound("a*a + a", a=3)
    program.differentiate()
    program.differentiate()
    assert gradients(program) == {"a": 7.0}


def test_a_named_number_has_a_gradient_and_what_only_numbers_reach_has_none() -> None:
    program = bound("a = 2; k = 3*4; b = -1; a*k*b*(5 + 1)")
    assert program.differentiate() is None
    assert gradients(program) == {"a": -72.0, "k": -12.0, "b": 144.0}
    six = program.root._prev[1]
    assert [node.grad for node in (six, *six._prev)] == [0.0, 0.0, 0.0]


def test_a_constant_is_never_differentiated_so_that_its_derivative_cannot_fail() -> None:
    program = bound("x**2 * 2**-1 * sqrt(0 + 4)", x=-1)
    assert program.differentiate() is None
    assert gradients(program) == {"x": -2.0}


def test_a_power_with_a_whole_exponent_touches_no_logarithm() -> None:
    program = bound("x**2", x=-1)
    assert program.differentiate() is None
    assert gradients(program) == {"x": -2.0}


def test_with_wrt_only_those_have_a_gradient() -> None:
    program = bound(NOTEBOOK, **NOTEBOOK_VALUES)
    assert program.differentiate(["e", "f"]) is None
    found = gradients(program)
    assert (found["e"], found["f"]) == (-2.0, 4.0)
    assert (found["a"], found["b"], found["c"]) == (0.0, 0.0, 0.0)


def test_the_result_has_the_gradient_one_of_itself() -> None:
    program = bound(NOTEBOOK, **NOTEBOOK_VALUES)
    assert program.differentiate(["L"]) is None
    assert program.node("L").grad == 1.0
    assert program.node("d").grad == 0.0


def test_a_derivative_that_is_not_wanted_is_never_computed_and_cannot_fail() -> None:
    program = bound("x**y", x=-2, y=3)
    assert program.differentiate(["x"]) is None
    assert program.node("x").grad == 12.0
    assert written(program.differentiate(["y"])) == (
        "the derivative of power with respect to its second operand is not defined at (-2.0)**3.0\n"
        "  x**y\n"
        "  ^^^^"
    )  # fmt: skip
    assert math.isnan(program.node("y").grad)
    assert program.differentiate() is not None
    assert program.node("x").grad == 12.0
    assert math.isnan(program.node("y").grad)


def test_wrt_an_intermediate_goes_no_deeper() -> None:
    program = bound("u = sqrt(x); u*3", x=0)
    assert program.differentiate(["u"]) is None
    assert program.node("u").grad == 3.0
    assert program.differentiate(["x"]) is not None


def test_wrt_an_intermediate_and_what_is_below_it_gives_both() -> None:
    program = bound("u = x*x; u*x", x=3)
    assert program.differentiate(["u", "x"]) is None
    assert gradients(program) == {"u": 3.0, "x": 27.0}


def test_wrt_one_name_forgets_the_gradients_of_the_pass_before() -> None:
    program = bound("x*y", x=2, y=3)
    program.differentiate()
    assert program.differentiate(["x"]) is None
    assert gradients(program) == {"x": 3.0, "y": 0.0}


def test_wrt_what_the_result_does_not_use_is_zero() -> None:
    program = bound("u = x*y; 3*x", x=2, y=3)
    assert program.differentiate(["u", "y"]) is None
    assert (program.node("u").grad, program.node("y").grad) == (0.0, 0.0)


def test_wrt_a_name_that_is_not_there_is_refused() -> None:
    program = bound("x*y", x=2, y=3)
    with pytest.raises(ExpressionError, match="the expression has no variable z"):
        program.differentiate(["x", "z"])


def test_without_a_value_there_is_no_gradient() -> None:
    program = bound("3*log(x) + y", x=-1, y=2)
    assert program.differentiate(["y"]) is program.error()
    assert math.isnan(program.node("y").grad)
    program.bind({"x": 1.0, "y": 2.0})
    assert program.differentiate() is None
    assert gradients(program) == {"x": 3.0, "y": 1.0}


def test_the_first_of_several_failing_derivatives_is_reported() -> None:
    program = bound("a = sqrt(x); b = cbrt(x); b + a + y", x=0, y=1)
    assert written(program.differentiate()) == (
        "the derivative of sqrt is not defined at 0.0\n"
        "  a = sqrt(x); b = cbrt(x); b + a + y\n"
        "      ^^^^^^^"
    )  # fmt: skip
    assert program.node("y").grad == 1.0
    assert (program.node("a").grad, program.node("b").grad) == (1.0, 1.0)


def test_an_alias_has_the_gradient_of_what_it_repeats() -> None:
    program = bound("q = x; p = q*q; r = p; r*2", x=3)
    assert program.differentiate() is None
    assert gradients(program) == {"q": 12.0, "x": 12.0, "p": 2.0, "r": 2.0}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ExpressionError, match="the value of x is"):
        parse_program("x").bind({"x": value})


@pytest.mark.parametrize("value", ["1", None, [1.0]])
def test_a_value_that_is_not_a_number_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match="the value of x is a number"):
        parse_program("x").bind({"x": value})


@pytest.mark.parametrize("text", [None, 3, b"x"])
def test_something_that_is_not_text_is_a_type_error(text: Any) -> None:
    with pytest.raises(TypeError, match="an expression is text"):
        parse_program(text)


def test_the_inputs_are_the_variables_and_the_numbers_that_have_a_name() -> None:
    program = parse_program("k = -3; e = k*x; m = k; L = e + y")
    assert list(program.inputs()) == ["k", "x", "y"]


def test_many_variables_without_a_value_are_counted() -> None:
    with pytest.raises(ExpressionError, match=r"^a, b, c and 5 more have no value"):
        parse_program("a+b+c+d+f+g+h+i").bind({})


def test_an_assignment_at_the_end_is_an_equation() -> None:
    assert parse_program("x = cos(y)").as_equation() == "x - cos(y) = 0"
    assert parse_program("x - cos(y)").as_equation() is None


def test_the_result_has_a_title_that_nothing_else_has() -> None:
    assert parse_program("value + result + result2").title == "result3"


def test_a_gradient_that_overflows_is_not_defined() -> None:
    program = parse_program("x*1e300*1e300")
    program.bind({"x": 1e-300})
    assert message_of(program.differentiate()) == "the gradient overflows"
    assert math.isnan(program.node("x").grad)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("e", "for Euler's number, write exp(1)"),
        ("exp", "to call the function, write exp(...)"),
        ("sin", "to call the function, write sin(...)"),
        ("sinx", "to call the function, write sin(x)"),
        ("lnx", "to call the function, write ln(x)"),
        ("sinhy", "to call the function, write sinh(y)"),
        ("cosθ", "to call the function, write cos(θ)"),
        ("PI", "for the constant, write pi"),
        ("πr", "to multiply, write pi*r"),
    ],
)
def test_an_unlikely_name_of_a_variable_gets_a_note_with_its_remedy(name: str, remedy: str) -> None:
    program = parse_program(f"a + 2*{name}")
    assert program.notes() == [f"{name} is a variable; {remedy}"]
    assert program.notes([name]) == []


USUAL = """
    x y t h E τ e1 e_0 E0 x1 θ theta alpha index expected cost sinus sine sing tank mint mine logp logs signs expr
    minx maxy powx gamma min max hypot where pi tau π_0 π1 τ_1 learning_rate
"""


@rows("name", USUAL.split())
def test_a_plausible_name_gets_no_note(name: str) -> None:
    assert parse_program(f"a + 2*{name}").notes() == []


def test_a_function_of_the_program_used_as_a_variable_gets_a_note() -> None:
    program = parse_program("cube(x) = x**3; cube*x")
    assert program.notes() == ["cube is a variable; to call the function, write cube(...)"]


def test_a_name_that_the_text_defines_gets_no_note() -> None:
    assert parse_program("e = a*b; sin = e + 1; e*sin").notes() == []


def test_the_work_for_notes_is_in_proportion_to_the_number_of_variables() -> None:
    few, many = (parse_program(" + ".join(f"x{index}" for index in range(count))) for count in (1_000, 10_000))
    assert few.notes() == many.notes() == []
    assert lines_run(many.notes) < 10.1 * lines_run(few.notes)


@pytest.mark.parametrize(
    ("text", "values", "name", "remedy"),
    [
        ("xy", {"x": 3, "y": 2}, "x", "to multiply, write x*y"),
        ("2*yx + x", {"x": 3, "y": 2}, "y", "to multiply, write y*x"),
        ("pir**2", {"r": 3}, "r", "to multiply, write pi*r"),
        ("πr**2", {"r": 3}, "r", "to multiply, write pi*r"),
        ("sinx", {"x": 3}, "x", "to call the function, write sin(x)"),
        ("sin2x", {"x": 3}, "x", "to call the function, write sin(2*x)"),
        ("sinhx", {"x": 3, "h": 1}, "x", "to call the function, write sinh(x)"),
        ("log2x", {"x": 3}, "x", "to call the function, write log2(x)"),
        ("xyz", {"x": 3, "y": 2}, "x", "it has xyz"),
    ],
)
def test_names_that_are_run_together_are_split(text: str, values: dict[str, int], name: str, remedy: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_program(text, values).bind(values)
    assert (caught.value.message, caught.value.hint) == (f"the expression has no variable {name}", remedy)


# Names of numbers


def test_a_name_of_a_number_has_that_number_unless_another_is_given() -> None:
    program = parse_program("g = 9.81; k = -2; h = g*t**2/2 + k")
    assert program.defaults == {"g": 9.81, "k": -2.0}
    program.bind({"t": 2, "g": 1})
    assert program.root.data == 0.0
    program.bind({"t": 2})
    assert program.root.data == pytest.approx(17.62)


@pytest.mark.parametrize("text", ["e = 2*3; e*x", "e = x; e*x", "g = 2; e = g; e*x", "e = exp(1); e*x"])
def test_a_name_of_anything_else_cannot_be_given_a_value(text: str) -> None:
    program = parse_program(text)
    with pytest.raises(ExpressionError, match="e is defined by the expression, so it takes no value"):
        program.bind({"e": 1, "x": 1})

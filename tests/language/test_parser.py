"""The language: what a text means, and what is said of a text that means nothing."""

import ast
import math
import operator
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows
from running import Run

from mgcli import EvaluationError, ExpressionError, MgError, Program, Value, parse, parse_program
from mgcli.errors import UnboundVariableError
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import CONSTANTS, FUNCTIONS
from mgcli.language import grammar
from mgcli.language.parser import constant_value
from mgcli.language.remedies import INSTEAD_OF_FUNCTION
from mgcli.notation import expression


def bound(text: str, **values: float) -> Program:
    program = parse_program(text, values)
    program.bind(values)
    return program


def value(text: str, **values: float) -> float:
    program = bound(text, **values)
    if error := program.error():
        raise error
    return program.root.data


def refused(text: str, **values: float) -> MgError:
    with pytest.raises(MgError) as caught:
        value(text, **values)
    return caught.value


def marked(error: MgError) -> str:
    assert error.text is not None
    assert error.span is not None
    start, end = error.span
    return error.text[start:end]


def shape(node: Value) -> object:
    """The tree below `node`: symbols, names and numbers."""
    operands = [shape(operand) for operand in node._prev]
    return (node._op, *operands) if operands else node.label or repr(node.data)


def test_an_expression_gives_the_value_that_the_notebook_finds() -> None:
    assert value("e = a*b; d = e + c; L = d*f", a=2, b=-3, c=10, f=-2) == -8.0


# Numbers


@pytest.mark.parametrize(
    "text",
    [
        *("2", "2.5", ".5", "2.", "0", "0.0", "00.5", "1_000", "1_0.0_1e1_0"),
        *("1e-3", "1E+3", "5e-324", "1e-400", "1.7976931348623157e308"),
        *("0.1", "4.35", "9007199254740993", "123456789012345678901234567890"),
    ],
)
def test_a_number_is_the_float_that_python_reads(text: str) -> None:
    assert repr(value(text)) == repr(float(text))


@given(st.text("0123456789._eE", min_size=1, max_size=8))
def test_a_number_is_accepted_where_python_accepts_it_and_nowhere_else(text: str) -> None:
    try:
        expected = float(text)
    except ValueError:
        expected = None
    if expected is not None and math.isfinite(expected):
        leaf = bound(text).root
        assert leaf._prev == ()
        assert leaf.data == expected
    elif text.isidentifier():
        assert list(parse_program(text).variables) == [text]
    else:
        assert isinstance(refused(text), ExpressionError)


@pytest.mark.parametrize(
    "text", ["1__0", "1_", "1_.5", "1._5", "1e", "1e+", "1e_5", "1.2.3", "1..2", ".", "0x10", "1j"]
)
def test_a_number_that_python_refuses_is_refused(text: str) -> None:
    assert isinstance(refused(text), ExpressionError)


@pytest.mark.parametrize("text", ["1e309", "1" + "0" * 400, "2*1e999"])
def test_a_number_too_large_for_a_float_is_an_error_and_never_infinity(text: str) -> None:
    error = refused(text)
    assert isinstance(error, ExpressionError)
    assert "too large for a float" in error.message
    assert marked(error) == text.removeprefix("2*")


@pytest.mark.parametrize("sign", ["", "⁻"])
def test_a_raised_number_too_large_for_a_float_is_an_error(sign: str) -> None:
    error = refused(f"x{sign}{'⁹' * 400}")
    assert isinstance(error, ExpressionError)
    assert "too large for a float" in error.message
    assert marked(error) == sign + "⁹" * 400


# Names


@pytest.mark.parametrize("name", ["a", "_", "_a1", "e", "x1", "rate_of_change", "α", "θ1", "é", "größe", "变量", "x١"])
def test_a_name_is_letters_digits_and_underscores_of_any_script(name: str) -> None:
    assert list(parse_program(f"2*{name}").variables) == [name]
    assert value(f"{name} + 1", **{name: 2.0}) == 3.0
    assert list(parse_program(f"{name} = 2; 3*{name}").names) == [name]


@pytest.mark.parametrize(
    "name", ["if", "lambda", "None", "where", "greater", "add", "neg", "number", "begin", "inf", "nan"]
)
def test_a_word_that_means_something_to_python_is_a_name_like_any_other(name: str) -> None:
    assert value(f"{name} + 1", **{name: 2.0}) == 3.0


@pytest.mark.parametrize("name", ["less", "greater", "add", "neg", "number", "begin", "text", "__init__"])
def test_nothing_is_a_function_but_what_the_table_lets_an_expression_call(name: str) -> None:
    error = refused(f"{name}(2)")
    assert error.message == f"unknown function {name}"


def test_names_are_case_sensitive() -> None:
    assert value("x - X", x=5, X=3) == 2.0


def test_one_name_is_one_node() -> None:
    root = parse("x*x + x", x=3)
    product, x = root._prev
    assert product._prev == (x, x)


@pytest.mark.parametrize("text", ["a½", "x₁", "½", "xⁿ"])
def test_a_fraction_a_subscript_or_a_raised_letter_is_not_part_of_a_name(text: Any) -> None:
    assert isinstance(refused(text), ExpressionError)


# Operators: Python's own

PYTHON: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def in_python(node: ast.AST) -> float:
    """What Python makes of an expression on floats; raises ArithmeticError where a step has no finite value."""
    match node:
        case ast.Expression(body):
            return in_python(body)
        case ast.Constant(number):
            assert isinstance(number, (int, float))
            return float(number)
        case ast.UnaryOp(sign, operand):
            signed: float = PYTHON[type(sign)](in_python(operand))
            return signed
        case ast.BinOp(left, symbol, right):
            computed: float = PYTHON[type(symbol)](in_python(left), in_python(right))
            if isinstance(computed, complex) or not math.isfinite(computed):
                raise ArithmeticError(computed)
            return computed
    raise AssertionError(node)


def spaced(*pieces: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    space = st.sampled_from(["", "", " ", "\t", "  "])
    parts = [part for piece in pieces for part in (space, st.just(piece) if isinstance(piece, str) else piece)]
    return st.tuples(*parts, space).map("".join)


NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "10", ".5", "2.", "0.1", "1.5", "1e3", "2e-1", "1_0", "1e200"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        spaced(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        spaced(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner, st.sampled_from(["-", "/", "**"]), inner),
        spaced(st.sampled_from(["-", "+"]), inner),
        spaced("(", inner, ")"),
    )


ARITHMETIC = st.recursive(NUMBERS, larger, max_leaves=12)


@given(ARITHMETIC)
def test_arithmetic_is_what_python_makes_of_the_same_text(text: str) -> None:
    program = bound(text)
    try:
        expected = in_python(ast.parse(text.strip(), mode="eval"))
    except ArithmeticError:
        assert isinstance(program.error(), EvaluationError)
    else:
        assert repr(program.root.data) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-3**2", -9.0),
        ("2**-1", 0.5),
        ("2**3**2", 512.0),
        ("(2**3)**2", 64.0),
        ("2**-3**2", 2.0**-9),
        ("-2**-2", -0.25),
        ("2*-3", -6.0),
        ("2--3", 5.0),
        ("---2", -2.0),
        ("+-+2", -2.0),
        ("8/4/2", 1.0),
        ("8/4*2", 4.0),
        ("8-4-2", 2.0),
        ("2+3*4", 14.0),
        ("(2+3)*4", 20.0),
        ("-8**(1/3)", -2.0),
        ("((((7))))", 7.0),
    ],
)
def test_precedence_and_associativity_in_well_known_cases(text: str, expected: float) -> None:
    assert value(text) == expected


@given(ARITHMETIC)
def test_a_caret_is_a_power(text: str) -> None:
    assert shape(parse_program(text.replace("**", "^")).root) == shape(parse_program(text).root)


def test_a_minus_before_a_number_belongs_to_the_number() -> None:
    assert shape(parse_program("-2").root) == "-2.0"
    assert shape(parse_program("3 - -2").root) == ("-", "3.0", "-2.0")
    assert shape(parse_program("2**-1").root) == ("**", "2.0", "-1.0")


def test_a_minus_before_anything_else_is_an_operation_and_plus_is_none() -> None:
    assert shape(parse_program("-(2)").root) == ("-", "2.0")
    assert shape(parse_program("--2").root) == ("-", "-2.0")
    assert shape(parse_program("-2**3").root) == ("-", ("**", "2.0", "3.0"))
    assert shape(parse_program("+2").root) == "2.0"


# Functions and constants: those of the table


@rows("name", FUNCTIONS)
def test_a_function_of_the_table_is_called_by_each_of_its_names(name: str) -> None:
    operation = FUNCTIONS[name]
    arguments = ", ".join(repr(number) for number in operation.example)
    root = bound(f"{name}({arguments})").root
    assert root.operation is operation
    assert [operand.data if not operand._prev else -operand._prev[0].data for operand in root._prev] == list(
        operation.example
    )
    assert root.data == operation.forward(FLOATS, *operation.example)


def test_the_functions_are_those_that_the_language_promises() -> None:
    promised = (
        "exp expm1 log log1p log2 log10 sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid "
        "relu softplus erf abs atan2 hypot pow min max ln arcsin arccos arctan arcsinh arccosh arctanh"
    )
    assert set(promised.split()) <= set(FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ln(10)", math.log(10)),
        ("arcsin(0.3)", math.asin(0.3)),
        ("arccos(0.3)", math.acos(0.3)),
        ("arctan(0.3)", math.atan(0.3)),
        ("arcsinh(0.3)", math.asinh(0.3)),
        ("arccosh(1.3)", math.acosh(1.3)),
        ("arctanh(0.3)", math.atanh(0.3)),
        ("atan2(1, -2)", math.atan2(1, -2)),
        ("hypot(3, 4)", 5.0),
        ("min(2, -3)", -3.0),
        ("max(2, -3)", 2.0),
        ("abs(-2)", 2.0),
        ("sin(pi/6)", math.sin(math.pi / 6)),
        ("exp(log(3) + 1)", math.exp(math.log(3) + 1)),
        ("log (\t8 )/log( 2)", math.log(8) / math.log(2)),
        ("max(min(1, 2), min(3, 4))", 3.0),
        ("-sin(1)**2", -(math.sin(1) ** 2)),
    ],
)
def test_calls_have_the_value_of_the_function_called(text: str, expected: float) -> None:
    assert value(text) == expected


def test_pow_is_the_operator_under_another_name() -> None:
    assert shape(parse_program("pow(x, y)").root) == shape(parse_program("x**y").root)


@rows("name", FUNCTIONS)
def test_a_name_that_no_parenthesis_follows_is_a_variable_even_a_function_s(name: str) -> None:
    assert list(parse_program(f"{name} + 1").variables) == [name]
    assert list(parse_program(f"{name} = 2; 3*{name}").names) == [name]
    assert value(f"{name}*2", **{name: 4.0}) == 8.0


def test_a_variable_and_a_function_of_one_name_live_side_by_side() -> None:
    assert value("sin = 0.5; sin(sin)") == math.sin(0.5)
    assert value("abs(abs)", abs=-3) == 3.0


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_constant_has_a_value_and_needs_none(name: str) -> None:
    program = bound(f"2*{name}")
    assert program.variables == {}
    assert program.root.data == 2 * getattr(math, name)


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_binding_shadows_a_constant(name: str) -> None:
    program = bound(f"2*{name}", **{name: 4.0})
    assert list(program.variables) == [name]
    assert program.root.data == 8.0


@pytest.mark.parametrize("name", CONSTANTS)
def test_an_assignment_shadows_a_constant(name: str) -> None:
    program = bound(f"{name} = 4; 2*{name}")
    assert program.variables == {}
    assert program.root.data == 8.0


def test_a_constant_used_before_its_name_is_assigned_is_an_error() -> None:
    assert str(refused("r = 2*pi\npi = 3")) == (
        "pi is used before it is defined\n"
        "  pi = 3\n"
        "  ^^\n"
        "  r = 2*pi\n"
        "        ^^ first used here\n"
        "hint: define each name once, before its use; choose another name"
    )


def test_there_is_no_constant_e() -> None:
    assert list(parse_program("e").variables) == ["e"]


# Statements


def test_the_last_statement_is_the_result() -> None:
    program = bound("a = 2; b = 3*a\nb - 1")
    assert program.root.data == 5.0
    assert program.result is None
    assert {name: node.data for name, node in program.names.items()} == {"a": 2.0, "b": 6.0}


def test_a_last_statement_with_a_name_gives_the_result_its_name() -> None:
    program = bound("a = 2; L = 3*a")
    assert program.result == "L"
    assert program.root is program.names["L"]
    assert program.root.label == "L"


def test_an_alias_is_a_second_name_of_one_node_whose_label_stays_the_first() -> None:
    program = bound("p = 2*x; q = p; r = q; q*r", x=3)
    assert list(program.names) == ["p", "q", "r"]
    assert program.names["p"] is program.names["q"] is program.names["r"]
    assert program.names["p"].label == "p"
    assert program.root.data == 36.0


def test_an_alias_of_a_variable_is_the_variable() -> None:
    program = bound("p = x; p*x", x=3)
    assert program.names["p"] is program.variables["x"]
    assert program.variables["x"].label == "x"
    assert program.root.data == 9.0


def test_a_number_that_is_given_a_name_varies_and_one_without_does_not() -> None:
    program = bound("a = 2; b = -3; c = pi; d = a*b*c*4; d")
    assert program.differentiate() is None
    assert {name: node.grad for name, node in program.names.items()} == {
        "a": -12 * math.pi,
        "b": 8 * math.pi,
        "c": -24.0,
        "d": 1.0,
    }
    four = program.root._prev[1]
    assert (four.data, four.grad) == (4.0, 0.0)


def test_a_constant_under_a_name_is_another_node_than_the_same_constant_elsewhere() -> None:
    program = bound("c = pi; c*pi")
    program.differentiate()
    assert program.names["c"].grad == math.pi
    assert program.root._prev[1].grad == 0.0


def test_a_statement_that_the_result_does_not_use_is_evaluated_and_has_no_part_in_it() -> None:
    program = bound("u = x**2; L = 3*x", x=5)
    assert program.names["u"].data == 25.0
    program.differentiate()
    assert program.names["u"].grad == 0.0
    assert program.variables["x"].grad == 3.0


@pytest.mark.parametrize(
    "text",
    [
        "a = 2; b = 3; a*b",
        "a = 2\nb = 3\na*b",
        "a = 2\r\nb = 3\r\na*b\r\n",
        "a = 2\rb = 3\ra*b",
        "\n\n;a = 2;;;b = 3;\n;a*b;;\n",
        "\ta\t=\t2\t;\tb = 3 ;\f a * b\t",
        "a = 2 # two; not three\nb = 3#\n# nothing (\n  # nothing\na*b # the end",
        "a=2;b=3;a*b#",
        "# first\r\na = 2 # two\r\nb = 3\ra*b",
        "a = (2\n)\nb = (\n3)\n(\n\na\n*\nb\r\n\r)",
        "a = 2; b = 3; (a # the first (\n * # times )\n b)",
        "a = 2\nb = max(\n  1,\n  3\n)\na*b",
    ],
)
def test_statements_end_at_lines_and_semicolons_and_comments_and_spaces_are_nothing(text: str) -> None:
    program = bound(text)
    assert {name: node.data for name, node in program.names.items()} == {"a": 2.0, "b": 3.0}
    assert program.root.data == 6.0


@pytest.mark.parametrize("text", ["", " ", "\n", ";", " ; ;\r\n", "# nothing", "\t# nothing\n;# nothing"])
def test_a_text_without_a_statement_is_an_error(text: str) -> None:
    assert str(refused(text)) == "the expression is empty\nhint: write one, such as a*b + c"


def test_variables_are_in_the_order_of_first_appearance() -> None:
    program = parse_program("d = z + y; w = x*z; d*w*y*v")
    assert list(program.variables) == ["z", "y", "x", "v"]
    assert program.known() == ["d", "z", "y", "w", "x", "v"]


# Places


def test_every_node_has_its_span() -> None:
    text = "d = (a + b) * -c; # first\nmax( 2.50 , (d) )**(2) / sin((a)) - pi"
    program = parse_program(text)
    assert [(node._op, text[slice(*node.span)]) for node in program.nodes if node.span] == [
        ("", "a"),
        ("", "b"),
        ("+", "a + b"),
        ("", "c"),
        ("-", "-c"),
        ("*", "(a + b) * -c"),
        ("", "2.50"),
        ("max", "max( 2.50 , (d) )"),
        ("", "2"),
        ("**", "max( 2.50 , (d) )**(2)"),
        ("sin", "sin((a))"),
        ("/", "max( 2.50 , (d) )**(2) / sin((a))"),
        ("", "pi"),
        ("-", "max( 2.50 , (d) )**(2) / sin((a)) - pi"),
    ]


@given(ARITHMETIC)
def test_the_text_at_the_span_of_a_node_is_an_expression_of_that_node(text: str) -> None:
    program = parse_program(text)
    for node in program.nodes:
        assert node.span
        start, end = node.span
        assert shape(parse_program(text[start:end]).root) == shape(node)


# parse, the function of the library


def test_parse_gives_the_root_at_the_values() -> None:
    root = parse("e = a*b; d = e + c; L = d*f", a=2, b=-3, c=10, f=-2)
    root.backward()
    assert repr(root) == "Value(data=-8.0, label=L, grad=1.0)"
    assert repr(root._prev[1]) == "Value(data=-2.0, label=f, grad=4.0)"


def test_parse_without_values_gives_the_bare_structure() -> None:
    root = parse("x**2 + 1")
    power, _ = root._prev
    assert (root._op, power._op) == ("+", "**")
    assert math.isnan(root.data)
    assert math.isnan(power.data)
    assert root.error is None


def test_parse_computes_what_needs_no_values() -> None:
    assert parse("2*3 + pi").data == 6 + math.pi


def test_parse_holds_an_evaluation_error_and_backward_raises_it() -> None:
    root = parse("3 + log(a*b)", a=2, b=-3)
    assert math.isnan(root.data)
    with pytest.raises(EvaluationError) as caught:
        root.backward()
    assert str(caught.value) == (
        "log is not defined at -6.0\n"
        "  3 + log(a*b)\n"
        "      ^^^^^^^^"
    )  # fmt: skip
    assert caught.value is root._prev[1].error


def test_parse_refuses_values_that_do_not_fit() -> None:
    with pytest.raises(UnboundVariableError) as caught:
        parse("a*b + c", a=2)
    assert caught.value.names == ("b", "c")
    assert str(caught.value) == "b and c have no value\n  a*b + c\n    ^"
    with pytest.raises(ExpressionError, match="the expression has no variable y\nhint: it has x"):
        parse("x + 1", x=2, y=3)
    with pytest.raises(ExpressionError, match="the expression has no variable rat\nhint: did you mean rate"):
        parse("rate + 1", rate=2, rat=3)
    with pytest.raises(ExpressionError, match="the expression has no variable x\nhint: it has no variables"):
        parse("2*3", x=2)
    with pytest.raises(ExpressionError, match="e is defined by the expression, so it takes no value"):
        parse("e = a*2", a=1, e=3)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("e", "for Euler's number, write exp(1)"),
        ("sin", "to call the function, write sin(...)"),
        ("arcsin", "to call the function, write arcsin(...)"),
        ("Pi", "for the constant, write pi"),
        ("PI", "for the constant, write pi"),
        ("gamma", "to call the function, write gamma(...)"),
        ("alphaalpha", "to multiply, write alpha*alpha"),
        ("sinalpha", "to call the function, write sin(alpha)"),
        ("alhpa", "did you mean alpha?"),
        ("w", None),
    ],
)
def test_a_missing_variable_gets_a_hint_about_what_may_have_been_meant(name: str, hint: str | None) -> None:
    error = refused(f"alpha + 2*{name}", alpha=1)
    assert error.message == f"{name} has no value"
    assert marked(error) == name
    assert error.hint == hint


def test_all_missing_variables_are_named_at_once() -> None:
    error = refused("a*b + c*a")
    assert isinstance(error, UnboundVariableError)
    assert error.names == ("a", "b", "c")
    assert error.message == "a, b and c have no value"


# constant_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", 2.0),
        ("-3", -3.0),
        ("+3", 3.0),
        ("-3e-5", -3e-5),
        (" 1_000 ", 1000.0),
        ("-.5", -0.5),
        ("--2", 2.0),
        ("1-2", -1.0),
        ("2/3", 2 / 3),
        ("-pi/2", -math.pi / 2),
        ("exp(1)", math.e),
        ("1e-400", 0.0),
    ],
)
def test_a_constant_expression_is_a_number(text: str, expected: float) -> None:
    assert constant_value(text) == expected


@pytest.mark.parametrize(
    "text", ["", "x", "2*x", "1e400", "-1e400", "1e", "e5", ".", "-", "1__0", "inf", "nan", "1 2", "0x1"]
)
def test_only_a_constant_expression_is_a_number(text: str) -> None:
    with pytest.raises(ExpressionError):
        constant_value(text)


@pytest.mark.parametrize("text", ["1/0", "log(-1)", "9**9**9", "1e308*10", "sqrt(0-1)"])
def test_a_constant_expression_without_a_value_is_an_evaluation_error(text: str) -> None:
    with pytest.raises(EvaluationError):
        constant_value(text)


# What is said of a text that is no expression

MULTIPLY = "write * to multiply"
MINUS = "write - (this is another character that looks like it)"
QUOTES = "expressions contain no quotation marks and no $; in a shell, put the expression in single quotes"
COMPARED = "comparisons are allowed only in a condition"
WHERE = "write where(condition, p, q), as in where(x > 0, x, 0)"
EQUAL = "one = makes an equation, or a name as in 'L = a*b'; to compare, write where(x == 1, p, q)"
OPERAND = "a number, a name or ("
LOST = "give it a name, as in 'p = ...'; only the last statement needs none"


@rows(
    ("text", "place", "message", "hint"),
    [
        # two operands side by side
        ("2x", "2x", "expected an operator, not x", "to multiply, write 2*x"),
        ("1 + 2x", "2x", "expected an operator, not x", "to multiply, write 2*x"),
        ("2 pi", "2 pi", "expected an operator, not pi", "to multiply, write 2*pi"),
        ("a b", "a b", "expected an operator, not b", "to multiply, write a*b"),
        ("sin x", "sin x", "expected an operator, not x", "write sin(x)"),
        ("2 + ln 2", "ln 2", "expected an operator, not 2", "write ln(2)"),
        ("(\nsin x)", "sin x", "expected an operator, not x", "write sin(x)"),
        ("5e", "e", "expected an operator, not e", "an exponent needs digits, as in 5e3; to multiply, write 5*e"),
        ("2(x + 1)", "2(", "expected an operator, not (", "to multiply, write 2*(x + 1)"),
        ("x(2)", "x", "unknown function x", "to multiply, write x*(...)"),
        ("a = 3; a(2)", "a", "unknown function a", "a is not a function; to multiply, write a*(...)"),
        ("pi(2)", "pi", "unknown function pi", "pi is not a function; to multiply, write pi*(...)"),
        # functions
        ("1 + sine(1)", "sine", "unknown function sine", "did you mean sin?"),
        ("Sin(1)", "Sin", "unknown function Sin", "did you mean sin?"),
        ("LN(1)", "LN", "unknown function LN", "did you mean ln?"),
        ("wibble(1)", "wibble", "unknown function wibble", "the functions are those of mgcli.functions"),
        ("1 + sin()", "sin()", "sin takes 1 operand, not 0", "write sin(x)"),
        ("log(8, 2, 1)", "log(8, 2, 1)", "log takes 1 or 2 operands, not 3", "write log(x)"),
        ("2*hypot(3)", "hypot(3)", "hypot takes 2 or more operands, not 1", "write hypot(x, y)"),
        # characters of other languages
        ("a // b", "//", "there is no floor division", "write floor(x/y)"),
        ("a == b", "==", COMPARED, EQUAL),
        ("a != b", "!=", COMPARED, WHERE),
        ("a += 1", "+=", "there is no +=", "give the result a new name, as in 'b = a + 1'"),
        ("a := 1", ":=", "there is no :=", "write = to give a name"),
        ("a – b", "–", "unexpected character –", MINUS),
        ("√2", "√", "a ( follows √", "write sqrt(2)"),
        ("[1]", "[", "unexpected character [", "write ( and )"),
        ("|x|", "|", "unexpected character |", "for an absolute value, write abs(...)"),
        ("'x'", "'", "unexpected character '", QUOTES),
        ("a < b", "<", COMPARED, WHERE),
        ("30°", "°", "unexpected character °", "angles are in radians: write deg2rad(30)"),
        ("a\xa0+ b", "\xa0", "unexpected character U+00A0", "replace the no-break space with an ordinary space"),
        ("\ufeffa", "\ufeff", "unexpected character U+FEFF", "delete the invisible character"),
        ("a\0", "\0", "unexpected character U+0000", None),
        ("a\x0bb", "\x0b", "unexpected character U+000B", None),
        ("math.sin(x)", ".", "unexpected .", "write sin(...), without math."),
        ("a.b", ".", "unexpected .", "names contain no ."),
        # points and commas
        ("x + .", ".", "unexpected .", "write a number as 1.5, 1. or .5"),
        ("1,5", ",", "unexpected ,", "write a decimal point: 1.5"),
        ("2*(3,25)", ",", "unexpected ,", "write a decimal point: 3.25"),
        ("x,y", ",", "unexpected ,", "commas separate the operands of a function, as in hypot(x, y)"),
        # what stops short, and what is open
        ("1 +", "", "the expression ends too early: expected " + OPERAND, None),
        ("a = ", " ", "the expression ends too early: expected " + OPERAND, None),
        ("a +\n", "\n", "the expression ends too early: expected " + OPERAND, None),
        (
            "a +\nb",
            "\n",
            "the expression ends too early: expected " + OPERAND,
            "to continue on the next line, put the whole expression in parentheses",
        ),
        ("(", "", "the expression ends too early: expected " + OPERAND, None),
        ("((a)", "(", "this ( is never closed", "add a )"),
        ("2*(a + (b", "(", "this ( is never closed", "add a )"),
        ("sin(x", "(", "this ( is never closed", "add a )"),
        ("a)", ")", "this ) closes nothing", "delete it, or open a ( before it"),
        ("(a)) + b", ")", "this ) closes nothing", "delete it, or open a ( before it"),
        ("()", ")", f"expected {OPERAND}, not )", None),
        ("*a", "*", f"expected {OPERAND}, not *", None),
        ("a *** b", "*", f"expected {OPERAND}, not *", "for a power, write **"),
        # names
        ("= 3", "=", "expected a number, a name or (, not =", None),
        ("2 = a", "2 = a", "an equation has no value", "for the difference of its sides, write 2 - a"),
        ("a = b = c", "=", "unexpected =", "a statement has one =; separate two with ;"),
        ("(a = 2)", "=", "unexpected =", "give names outside parentheses"),
        ("a + 1; b", "a + 1", "the value of this statement would be lost", LOST),
        ("(2)\nb = 3", "(2)", "the value of this statement would be lost", LOST),
    ],
)
def test_a_text_that_is_not_an_expression_gets_its_span_and_the_remedy(
    text: str, place: str, message: str, hint: str | None
) -> None:
    error = refused(text)
    assert isinstance(error, ExpressionError)
    assert (marked(error), error.message, error.hint) == (place, message, hint)


def test_the_mark_of_the_two_parentheses_is_the_innermost_open_one() -> None:
    assert refused("2*(a + (b").span == (7, 8)


def test_a_line_that_continues_inside_parentheses_does_not_hide_what_is_before_it() -> None:
    error = refused("(a\n b)")
    assert (error.message, error.hint) == ("expected an operator, not b", "to multiply, write a*b")
    error = refused("(2 # two\n x)")
    assert (error.message, error.hint) == ("expected an operator, not x", "to multiply, write 2*x")


@pytest.mark.parametrize("text", ["(a\n# that is all\n", "(a # that is all", "(a\n;", "(a\n\n"])
def test_a_parenthesis_left_open_over_lines_is_what_is_marked(text: str) -> None:
    error = refused(text)
    assert (error.message, error.span) == ("this ( is never closed", (0, 1))


@pytest.mark.parametrize("text", ["1.2.3", "1..2", "2.*1..", "3. + .5.5"])
def test_a_number_with_two_points_gets_its_own_message(text: str) -> None:
    error = refused(text)
    assert (error.message, error.hint) == ("unexpected .", "a number has only one decimal point")


@pytest.mark.parametrize("text", ["(a)(b)", "(a) b", "sin(x) cos(x)"])
def test_a_remedy_never_shows_half_of_a_pair_of_parentheses(text: str) -> None:
    error = refused(text)
    assert error.message.startswith("expected an operator")
    assert error.hint is not None
    assert ")*" not in error.hint


def test_an_error_shown_is_the_message_the_line_the_span_and_the_hint() -> None:
    assert str(refused("a = 2\nb = 3 + 2a # wrong\na*b")) == (
        "expected an operator, not a\n"
        "  b = 3 + 2a # wrong\n"
        "          ^^\n"
        "hint: to multiply, write 2*a"
    )  # fmt: skip


def test_a_name_defined_twice_is_shown_at_both_spans() -> None:
    assert str(refused("a = 2\nb = a\na = 3; a*b")) == (
        "a is already defined\n"
        "  a = 3; a*b\n"
        "  ^\n"
        "  a = 2\n"
        "  ^ first defined here\n"
        "hint: define each name once, before its use; choose another name"
    )


def test_a_name_used_before_its_definition_is_shown_at_both_spans() -> None:
    assert str(refused("b = 2*a; a = 3; a*b")) == (
        "a is used before it is defined\n"
        "  b = 2*a; a = 3; a*b\n"
        "           ^\n"
        "  b = 2*a; a = 3; a*b\n"
        "        ^ first used here\n"
        "hint: define each name once, before its use; choose another name"
    )


def test_a_name_cannot_be_defined_in_terms_of_itself() -> None:
    assert refused("a = a + 1").message == "a is used before it is defined"


def test_the_first_error_of_several_is_reported() -> None:
    assert refused("a = 2x\nb = (").hint == "to multiply, write 2*x"


ANYTHING = st.text(st.sampled_from("ab1.2 e()+-*/^=;,#\n\r\t%!²×_πé\u0301\ud800'") | st.characters(), max_size=12)


def fault(text: str) -> ExpressionError | None:
    try:
        parse_program(text)
    except ExpressionError as error:
        return error
    return None


@given(ANYTHING)
def test_any_text_is_a_program_or_an_error_that_points_into_it(text: str) -> None:
    error = fault(text)
    if error is None:
        assert parse_program(text).nodes
    elif error.message == "the expression is empty":
        assert error.span is None
    else:
        assert error.span
        start, end = error.span
        assert 0 <= start < end <= len(text) + 1
        assert start <= len(text)
        assert str(error).startswith(f"{error.message}\n  ")


# Threads


def test_threads_that_parse_at_once_each_get_their_own_graph() -> None:
    grammar.parser.cache_clear()
    threads = 4
    start = Barrier(threads)

    def work(thread: int) -> list[float]:
        start.wait()
        results = []
        for number in range(100):
            program = parse_program(f"a{thread} = {number}; b = a{thread}*x{thread}; b + {thread}")
            assert program.known() == [f"a{thread}", "b", f"x{thread}"]
            program.bind({f"x{thread}": 2.0})
            assert program.differentiate() is None
            assert program.variables[f"x{thread}"].grad == number
            results.append(program.root.data)
            with pytest.raises(ExpressionError) as caught:
                parse_program(f"t{thread} + 2x{thread}")
            assert caught.value.hint == f"to multiply, write 2*x{thread}"
        return results

    with ThreadPoolExecutor(threads) as pool:
        outcomes = list(pool.map(work, range(threads)))
    assert outcomes == [[2.0 * number + thread for number in range(100)] for thread in range(threads)]


def test_a_text_that_failed_does_not_affect_the_next() -> None:
    refused("a = 2; b = a*x; (")
    program = bound("a*b", a=2, b=3)
    assert list(program.variables) == ["a", "b"]
    assert program.names == {}
    assert len(program.nodes) == 3


@rows(("name", "formula"), INSTEAD_OF_FUNCTION.items())
def test_what_to_write_for_an_unknown_function_can_be_written(name: str, formula: str) -> None:
    assert name not in FUNCTIONS
    assert parse_program(formula).variables
    assert refused(f"{name}(x)").hint == f"write {formula}"


@rows("name", [name for name in FUNCTIONS if f"a{name}" in FUNCTIONS])
@rows("text", ["{}^-1(x)", "{}**-1 (x)", "{}^(-1)(x)", "{}^-1 x", "{}⁻¹(x)", "2*{} ⁻¹ x", "{}-1(x)"])
def test_an_inverse_function_written_as_a_power_is_answered_with_its_name(name: str, text: str) -> None:
    hint = f"the inverse of {name} is a{name}(...); for a power, write {name}(...)**-1"
    assert refused(text.format(name)).hint == hint


def test_a_name_is_one_however_its_letters_are_typed(mg: Run) -> None:
    micro, mu, ligature = "\u00b5", "\u03bc", "\ufb01"
    assert parse(f"{micro} + {mu} + {ligature}t + fit", **{mu: 1, "fit": 2}).data == 6.0
    assert list(parse_program(f"{micro} = a; f({micro}) = {mu}; f({mu})").names) == [mu]
    assert mg("grad", f"{micro}*x", f"-{mu}", "2", "-x", "3", "--wrt", micro, "--json").stdout == (
        f'{{"expression": "{micro}*x", "variables": {{"{mu}": 2.0, "x": 3.0}}, "value": 6.0, '
        f'"rounding": 0.0, "gradient": {{"{mu}": 3.0}}, "named": {{}}}}\n'
    )
    assert mg("hessian", f"{micro}**2*x", f"-{micro}", "1", "-x", "2", "--wrt", micro, "--json").stdout.endswith(
        f'"hessian": {{"{mu}": {{"{mu}": 4.0}}}}}}\n'
    )
    refused = mg("eval", mu, f"-{mu}", "1", f"-{micro}", "2")
    assert (refused.exit_code, refused.stderr.splitlines()[0]) == (2, f"error: {mu} is given twice: 1 and 2")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("max(x, 5, 3, y)", 7.0),
        ("min(4, x, y)", 4.0),
        ("hypot(x, y, 2, 1)", 103.0**0.5),
        ("log(x*1000/7, 10)", 3.0),
        ("ln(8, 2)", 3.0),
    ],
)
def test_a_function_of_more_operands_is_nested_and_written_as_one_call(text: str, value: float) -> None:
    program = parse_program(text)
    program.bind(dict.fromkeys(program.variables, 7.0))
    assert program.root.data == pytest.approx(value, rel=1e-15)
    names = {leaf: name for name, leaf in program.variables.items()}
    assert expression(program.root, names) == text.replace("ln", "log")

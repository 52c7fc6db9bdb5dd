"""The front door of the library: `grad`, `evaluate`, `diff`, `hessian`, `compile` of a text, a program, a graph."""

import builtins
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest

import mgcli
from mgcli import ExpressionError, Program, Value, derivative, draw_dot, parse, parse_program
from mgcli.errors import EvaluationError


def test_grad_prints_as_the_command_does(mg: Any) -> None:
    found = mgcli.grad("a*b + c", a=2, b=-3, c=10)
    assert (found.value, found.gradient, found.named) == (4.0, {"a": -3.0, "b": 2.0, "c": 1.0}, {})
    assert f"{found!r}\n" == mg("grad 'a*b + c' -a 2 -b -3 -c 10").stdout
    named = mgcli.grad("e = a*b; L = e**2", a=2, b=3)
    assert (named.named, named.grads) == ({"e": 6.0, "L": 36.0}, {"e": 12.0, "L": 1.0})
    assert f"{named}\n" == mg("grad 'e = a*b; L = e**2' -a 2 -b 3").stdout


def graph() -> Value:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    return a * b + 10 * a


SOURCES = {"text": "a*b + 10*a", "program": parse_program("a*b + 10*a"), "graph": graph()}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_takes_a_text_a_program_or_a_graph(source: Any) -> None:
    assert mgcli.evaluate(source, a=2, b=-3).value == 14.0
    assert mgcli.grad(source, a=2, b=-3).gradient == {"a": 7.0, "b": 2.0}
    assert mgcli.hessian(source, a=2, b=-3).hessian == {"a": {"a": 0.0, "b": 1.0}, "b": {"a": 1.0, "b": 0.0}}
    assert str(mgcli.diff(source, "a")) == "b + 10"
    assert mgcli.compile(source)(a=2.0, b=-3.0) == (14.0, (7.0, 2.0))


def test_the_variables_of_a_graph_keep_their_numbers_and_the_graph_is_not_touched() -> None:
    root = graph()
    root.backward()
    assert float(mgcli.evaluate(root)) == 14.0
    assert mgcli.grad(root, b=1).gradient == {"a": 11.0, "b": 2.0}
    assert (root.data, root.grad, root.operands[0].operands[1].data) == (14.0, 1.0, -3.0)


def test_numbers_are_those_that_can_be_trusted() -> None:
    found = mgcli.grad("(exp(w) - 1)/w", w=1e-9)
    assert found.gradient == {"w": pytest.approx(0.5, rel=1e-9)}
    assert mgcli.grad("abs(x)", x=0).notes == (
        "abs has a kink at 0.0: the slope is -1 on the left and 1 on the right; 0.0 is the convention\n"
        "  abs(x)\n  ^^^^^^",
    )


def test_the_hessian_prints_as_the_command_does(mg: Any) -> None:
    assert f"{mgcli.hessian('x**2*y', x=2, y=3)}\n" == mg("hessian x**2*y -x 2 -y 3").stdout


def test_a_derivative_is_a_formula() -> None:
    assert str(mgcli.diff("x**2")) == "2*x"
    assert str(mgcli.diff("x**4", order=3)) == "24*x"
    assert repr(mgcli.diff("x*y", "y")).startswith("Value(")
    with pytest.raises(ExpressionError, match="the expression has 2 variables\nhint: say which: x, y"):
        mgcli.diff("x*y")
    with pytest.raises(ValueError, match="the order of a derivative is 1 or more, not 0"):
        mgcli.diff("x", order=0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mgcli.grad("2x", x=1), ExpressionError, "hint: to multiply, write 2\\*x"),
        (lambda: mgcli.grad("x*y", x=1), ExpressionError, "y has no value"),
        (lambda: mgcli.grad("x", x=1, z=1), ExpressionError, "no variable z"),
        (lambda: mgcli.grad("e = x; e*x", x=1, e=2), ExpressionError, "e is defined by the expression"),
        (lambda: mgcli.evaluate("log(x)", x=-1), EvaluationError, "log is not defined at -1.0"),
        (lambda: mgcli.grad("sqrt(x)", x=0), EvaluationError, "sqrt"),
        (lambda: mgcli.grad(cast(str, 3)), TypeError, "an expression is text, a Program or a Value, not 'int'"),
        (lambda: mgcli.compile("2x"), ExpressionError, "write 2\\*x"),
        (lambda: mgcli.compile([]), ValueError, "there is no result to compile"),
        (lambda: mgcli.diff("x", wrt=cast(str, Value(1.0, label="x"))), TypeError, "mgcli.derivative takes nodes"),
        (lambda: Value(2.0, label=cast(str, 3)), TypeError, "a label is text, not 'int'"),
    ],
)
def test_what_does_not_fit_is_an_error(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_a_program_is_bound_by_keywords_and_indexed_by_names() -> None:
    program = parse_program("e = a*b; e + 1")
    program.bind(a=2, b=3)
    assert (program["e"].data, program["a"].data) == (6.0, 2.0)
    with pytest.raises(KeyError, match="q"):
        program["q"]
    assert repr(program) == "Program('e = a*b; e + 1')"


def test_a_formula_is_written_as_its_text_and_a_graph_with_numbers_as_in_the_notebook() -> None:
    assert str(parse("tanh(a)*2 + 1")) == "tanh(a)*2 + 1"
    assert str(parse("e = a*b; L = e**2")) == "e = a*b\nL = e**2"
    assert str(mgcli.diff("2*x")) == "2"
    a = Value(2.0, label="a")
    assert str(a) == repr(a) == "Value(data=2.0, label=a, grad=0.0)"
    program = parse_program("x**3")
    program.bind(x=2)
    assert str(mgcli.diff(program)) == "3*x**2"
    assert str(parse("log(x)", x=-1)) == "Value(data=nan, label=, grad=0.0)"


def test_a_notebook_shows_a_formula_as_latex_and_a_graph_with_numbers_as_a_picture() -> None:
    formula: Any = mgcli.diff("x**3")
    picture: Any = Value(2.0, label="a") * 3
    assert (formula._repr_latex_(), formula._repr_svg_()) == ("$\\displaystyle 3x^{2}$", None)
    assert picture._repr_latex_() is None
    assert '<svg style="max-width: 100%; height: auto"' in picture._repr_svg_()


def test_a_value_is_formatted_and_rounded_as_its_number() -> None:
    value = Value(2.0, label="a").tanh() * 2 + 1
    assert (f"{value:.3f}", f"{value:8.2e}", round(value, 1)) == ("2.928", "2.93e+00", 2.9)
    assert (f"{value}", float(value), round(value)) == (str(value), value.data, 3)


@pytest.mark.parametrize("number", [Fraction(1, 2), Decimal("0.5"), np.float32(0.5), np.float64(0.5)])
def test_every_kind_of_number_may_be_combined_with_a_value(number: Any) -> None:
    a = Value(3.0, label="a")
    results = [a + number, number * a, a - number, number / a, a**number]
    for result, data in zip(results, [3.5, 1.5, 2.5, 0.5 / 3, 3**0.5], strict=True):
        assert isinstance(result, Value)
        assert result.data == data


@pytest.mark.parametrize("other", ["2", None, 1j, [1]])
def test_nothing_else_may(other: Any) -> None:
    with pytest.raises(TypeError):
        Value(1.0) + other


def test_a_variable_keeps_a_name_that_is_taken_in_python() -> None:
    f = mgcli.compile("gamma*max + pi*lambda", ["gamma"])
    assert f.variables == ("gamma", "max", "lambda")
    assert f(gamma=2.0, max=3.0, **{"lambda": 0.0}) == (6.0, (3.0,))
    restored = pickle.loads(pickle.dumps(f))
    assert restored(2.0, 3.0, 0.0) == (6.0, (3.0,))


def test_what_is_printed_of_the_others_says_what_they_are() -> None:
    f = mgcli.compile("x*y")
    assert repr(f) == "<compiled function (x, y) of 3 nodes>"
    assert repr(draw_dot(parse("x + 1"))) == "<drawing of 5 nodes and edges>"


def test_importing_everything_hides_no_name_of_python() -> None:
    assert [name for name in mgcli.__all__ if hasattr(builtins, name)] == []
    assert "compile" in dir(mgcli)
    assert mgcli.Program is Program
    assert derivative is mgcli.derivative


def test_an_array_where_a_number_is_needed_and_other_odd_arguments() -> None:
    array = np.arange(3.0)
    function = mgcli.compile("x**2")
    refused: list[tuple[Callable[[], object], str]] = [
        (
            lambda: mgcli.grad("x", x=cast(float, array)),
            "the value of x is a number, not 'ndarray'; mgcli.compile takes arrays",
        ),
        (lambda: Value(cast(float, array)), "Value takes a number, not 'ndarray'"),
        (lambda: function(cast(float, "3")), "x is a number or a numpy array, not 'str'"),
        (lambda: function(cast(float, [1.0, 2.0])), "x is a number or a numpy array, not 'list'"),
        (lambda: cast(Any, mgcli.functions.sin)(1.0, 2.0), "sin takes 1 operand, not 2"),
    ]
    for call, message in refused:
        with pytest.raises(TypeError) as error:
            call()
        assert str(error.value) == message
    assert function(cast(float, Value(3.0))) == function(cast(float, np.array(3))) == (9.0, (6.0,))
    assert str(mgcli.diff("x**2*y", wrt="y")) == "x**2"


@pytest.mark.parametrize("function", [mgcli.evaluate, mgcli.grad, mgcli.hessian])
def test_values_are_keywords_or_a_mapping_or_both(function: Any) -> None:
    assert (
        str(function("x*y", {"x": 2, "y": 3})) == str(function("x*y", {"x": 2}, y=3)) == str(function("x*y", x=2, y=3))
    )
    with pytest.raises(TypeError, match=r"^values are keywords, grad\('x', x=2\), or a mapping, .*, not 2$"):
        function("x", 2)

"""`Value`: the node, its operators, and the two passes."""

import ast
import copy
import gc
import inspect
import io
import math
import multiprocessing
import pickle
import random
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from references import REFERENCES
from rows import rows

from mgcli import functions, parse, parse_program
from mgcli.errors import EvaluationError, MgError
from mgcli.functions import atan2, hypot, where
from mgcli.graph.chain_rule import backward_pass, contributions, local_derivative
from mgcli.graph.evaluation import first_error, forward_pass
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import FUNCTIONS, OPERATIONS, TABLE
from mgcli.graph.value import Value, apply, constant, make


@pytest.fixture
def notebook() -> Any:
    """The notebook's expression, its nodes by their labels."""
    a, b, c, f = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c"), Value(-2.0, label="f")
    e = a * b
    d = e + c
    L = d * f
    e.label, d.label, L.label = "e", "d", "L"
    return {node.label: node for node in (a, b, c, e, d, f, L)}


def refusal(function: Callable[..., Any], *operands: Value) -> str:
    with pytest.raises(EvaluationError) as refused:
        function(*operands)
    return str(refused.value)


def gradients(function: Callable[..., Any], *numbers: float) -> list[float]:
    """Return the gradients of what `function` makes of leaves with these numbers."""
    leaves = [Value(number) for number in numbers]
    function(*leaves).backward()
    return [leaf.grad for leaf in leaves]


# The node


def test_a_new_value_is_a_leaf() -> None:
    a = Value(2.0, label="a")
    assert (a.data, a.grad, a.label, a._op, a._prev) == (2.0, 0.0, "a", "", ())


def test_a_value_has_no_label_unless_given_one() -> None:
    assert Value(2.0).label == ""


@pytest.mark.parametrize("number", [3, True, 2.5])
def test_the_number_is_kept_as_a_float(number: float) -> None:
    value = Value(number)
    assert value.data == number
    assert type(value.data) is float


@pytest.mark.parametrize(
    ("thing", "kind"), [("2", "str"), (None, "NoneType"), ([1.0], "list"), (2j, "complex"), (Value(1.0), "Value")]
)
def test_a_value_must_be_a_number(thing: Any, kind: str) -> None:
    with pytest.raises(TypeError) as refused:
        Value(thing)
    assert str(refused.value) == f"Value takes a number, not '{kind}'"


def test_a_value_prints_as_in_the_notebook() -> None:
    assert repr(Value(-8.0, label="L")) == "Value(data=-8.0, label=L, grad=0.0)"
    assert str(Value(3)) == "Value(data=3.0, label=, grad=0.0)"


def test_the_result_of_a_function_prints_as_a_float() -> None:
    assert repr(Value(-1.0).relu()) == "Value(data=0.0, label=, grad=0.0)"


def test_equality_and_hash_are_those_of_python() -> None:
    a, same_number = Value(2.0), Value(2.0)
    assert a == a
    assert a != same_number
    number: object = 2.0
    assert a != number
    assert len({a, same_number, a}) == 2
    assert Value.__eq__ is object.__eq__
    assert Value.__hash__ is object.__hash__


def test_a_node_keeps_its_operands_in_order() -> None:
    a, b = Value(2.0), Value(3.0)
    assert (a - b)._prev == (a, b)
    assert (b - a)._prev == (b, a)
    assert a.tanh()._prev == (a,)
    assert where(a, b, a)._prev == (a, b, a)


def test_an_operand_used_twice_is_listed_twice() -> None:
    a = Value(2.0)
    assert (a * a)._prev == (a, a)


def test_a_number_among_the_operands_becomes_a_node() -> None:
    a = Value(2.0)
    base, exponent = (a**3)._prev
    assert base is a
    assert (exponent.data, exponent.label, exponent._prev) == (3.0, "", ())


@pytest.mark.parametrize(
    ("made", "symbol"),
    [
        (lambda a, b: a + b, "+"),
        (lambda a, b: a - b, "-"),
        (lambda a, b: a * b, "*"),
        (lambda a, b: a / b, "/"),
        (lambda a, b: a**b, "**"),
        (lambda a, b: -a, "-"),
        (lambda a, b: a.tanh(), "tanh"),
        (lambda a, b: a.ln(), "log"),
        (lambda a, b: abs(a), "abs"),
        (hypot, "hypot"),
        (lambda a, b: where(a, b, b), "where"),
    ],
)
def test_a_node_knows_the_symbol_of_its_operation(made: Callable[..., Any], symbol: str) -> None:
    assert made(Value(2.0), Value(3.0))._op == symbol


def test_a_notebook_shows_a_graph_with_numbers_as_a_picture_and_a_formula_as_latex(notebook: Any) -> None:
    assert notebook["e"]._repr_svg_().lstrip().startswith("<")
    assert notebook["e"]._repr_latex_() is None
    formula: Any = parse("e = a*b")
    assert formula._repr_latex_() == r"$\displaystyle e = ab$"
    assert formula._repr_svg_() is None


def test_a_notebook_does_not_show_a_graph_that_is_too_large() -> None:
    node: Any = sum((Value(1.0) for _ in range(200)), Value(0.0))
    assert node._repr_svg_() is None
    assert node._repr_latex_() is None


def test_a_notebook_does_not_show_a_formula_that_repeats_its_nodes_too_often() -> None:
    steps = [f"x{step + 1} = x{step} - 0.1*(2*x{step})" for step in range(60)]
    formula: Any = parse("; ".join(steps))
    assert formula._repr_latex_() is None
    shorter: Any = parse("; ".join(steps[:3]))
    assert shorter._repr_latex_() is not None


class Whole:
    """A number as numpy's whole ones are."""

    def __float__(self) -> Any:
        return 3.0


def test_what_is_a_number_to_python_is_one_here() -> None:
    whole: Any = Whole()
    numbers: list[Any] = [True, Fraction(1, 2), whole]
    assert [Value(number).data for number in numbers] == [1.0, 0.5, 3.0]
    assert hypot(Value(4.0), whole).data == 5.0
    text: Any = "2"
    with pytest.raises(TypeError, match="Value takes a number, not 'str'"):
        Value(text)


def test_a_number_too_large_for_a_float_is_refused() -> None:
    with pytest.raises(EvaluationError, match="the number is too large for a float"):
        Value(1.0) + 10**400


# Operators


@pytest.mark.parametrize(
    ("left", "right"),
    [(Value(5.0), Value(2.0)), (Value(5.0), 2.0), (Value(5.0), 2), (5.0, Value(2.0)), (5, Value(2.0))],
)
@pytest.mark.parametrize(
    ("operator", "result"),
    [
        (lambda x, y: x + y, 7.0),
        (lambda x, y: x - y, 3.0),
        (lambda x, y: x * y, 10.0),
        (lambda x, y: x / y, 2.5),
        (lambda x, y: x**y, 25.0),
    ],
)
def test_operators_take_values_and_numbers_on_either_side(
    left: float | Value, right: float | Value, operator: Callable[..., Any], result: float
) -> None:
    made = operator(left, right)
    assert isinstance(made, Value)
    assert made.data == result
    assert [operand.data for operand in made._prev] == [5.0, 2.0]


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (lambda x: 7 - x, -1.0),
        (lambda x: 8 / x, -2.0),
        (lambda x: 2**x, 4 * math.log(2)),
        (lambda x: 3.0 * x, 3.0),
        (lambda x: 1 + x, 1.0),
    ],
)
def test_a_number_on_the_left_is_the_first_operand(function: Callable[..., Any], gradient: float) -> None:
    assert gradients(function, 2.0) == [pytest.approx(gradient, rel=1e-15)]


def test_signs_and_abs() -> None:
    a = Value(-2.0)
    assert (-a).data == 2.0
    assert abs(a).data == 2.0
    assert +a is a


def test_sum_adds_values() -> None:
    values = [Value(1.0), Value(2.0), Value(3.0)]
    total = sum(values)
    assert isinstance(total, Value)
    total.backward()
    assert total.data == 6.0
    assert [value.grad for value in values] == [1.0, 1.0, 1.0]
    assert sum(values, Value(4.0)).data == 10.0


def test_an_assignment_operator_makes_a_new_node() -> None:
    a = before = Value(2.0)
    a += 1
    a *= 3
    assert (a.data, before.data) == (9.0, 2.0)


@pytest.mark.parametrize("thing", ["2", None, [1.0], 2j])
@pytest.mark.parametrize(
    ("operator", "symbol"),
    [
        (lambda x, y: x + y, "+"),
        (lambda x, y: x - y, "-"),
        (lambda x, y: x / y, "/"),
        (lambda x, y: x**y, "** or pow()"),
    ],
)
def test_operators_refuse_what_is_not_a_number(
    thing: complex | list[float] | str | None, operator: Callable[..., Any], symbol: str
) -> None:
    with pytest.raises(TypeError) as refused:
        operator(Value(1.0), thing)
    assert str(refused.value) == (f"unsupported operand type(s) for {symbol}: 'Value' and {type(thing).__name__!r}")
    with pytest.raises(TypeError):
        operator(thing, Value(1.0))


def test_values_have_no_order() -> None:
    one: Any = Value(1.0)
    with pytest.raises(TypeError, match="'<' not supported between instances of 'Value' and 'Value'"):
        one < Value(2.0)  # noqa: B015


# Functions


@rows("name", sorted(name for name in FUNCTIONS if FUNCTIONS[name].arity == 1))
def test_every_function_of_one_operand_is_a_method(name: str) -> None:
    operation = FUNCTIONS[name]
    a = Value(operation.example[0])
    made = getattr(a, name)()
    assert made.data == operation.forward(FLOATS, a.data)
    assert made._prev == (a,)
    assert made.operation is operation
    method = getattr(Value, name)
    assert (method.__name__, method.__qualname__) == (name, f"Value.{name}")
    assert operation.description in method.__doc__


@rows("operation", TABLE)
def test_every_operation_is_a_function(operation: Operation) -> None:
    leaves = [Value(number) for number in operation.example]
    for name in {operation.name, *operation.names}:
        made = getattr(functions, name)(*leaves)
        assert made.data == operation.forward(FLOATS, *operation.example)
        assert made._prev == tuple(leaves)
        assert getattr(functions, name)(*operation.example).data == made.data


def test_functions_take_values_and_numbers_together() -> None:
    a = Value(3.0)
    length = hypot(a, 4)
    length.backward()
    assert (length.data, a.grad) == (5.0, 0.6)
    assert atan2(0, a).data == 0.0
    assert functions.min(a, 2).data == 2.0
    assert functions.max(a, 2).data == 3.0
    assert where(a, 1, 2).data == 1.0


def test_the_functions_can_be_listed_and_hold_the_constants() -> None:
    assert dir(functions) == sorted(FUNCTIONS)
    pi = functions.pi
    assert (pi.data, pi.label) == (math.pi, "pi")
    pi.backward()
    assert functions.tau.data == math.tau


def test_an_unknown_function_is_an_attribute_error() -> None:
    namespace: Any = functions
    with pytest.raises(AttributeError) as refused:
        namespace.sinus  # noqa: B018
    assert str(refused.value) == "module 'mgcli.functions' has no attribute 'sinus'"
    with pytest.raises(ImportError):
        exec("from mgcli.functions import sinus")


def test_a_function_refuses_the_wrong_number_of_operands() -> None:
    function: Any = hypot
    with pytest.raises(TypeError) as refused:
        function(Value(1.0))
    assert str(refused.value) == "hypot takes 2 or more operands, not 1"
    exponential: Any = Value(1.0).exp
    with pytest.raises(TypeError):
        exponential(2.0)


def test_a_function_refuses_what_is_not_a_number() -> None:
    text: Any = "2"
    with pytest.raises(TypeError) as refused:
        hypot(Value(1.0), text)
    assert str(refused.value) == "Value takes a number, not 'str'"


# Where the mathematics says no


@pytest.mark.parametrize(
    ("function", "operands", "message"),
    [
        (lambda x: x.log(), [-6.0], "log is not defined at -6.0"),
        (lambda x: x.ln(), [0.0], "log is not defined at 0.0"),
        (lambda x: x.sqrt(), [-1.0], "sqrt is not defined at -1.0"),
        (lambda x: x.asin(), [1.5], "asin is not defined at 1.5"),
        (lambda x: x.atanh(), [1.0], "atanh is not defined at 1.0"),
        (lambda x, y: x / y, [1.0, 0.0], "division is not defined at 1.0/0.0"),
        (lambda x: 1 / x, [0.0], "division is not defined at 1.0/0.0"),
        (lambda x: x / 0, [-1.0], "division is not defined at -1.0/0.0"),
        (lambda x, y: x**y, [-8.0, 0.5], "power is not defined at (-8.0)**0.5"),
        (lambda x: x**-1, [0.0], "power is not defined at 0.0**-1.0"),
        (lambda x: x.exp(), [1000.0], "exp overflows at 1000.0"),
        (lambda x: x.cosh(), [1000.0], "cosh overflows at 1000.0"),
        (lambda x: x * 10, [1e308], "multiplication overflows at 1e+308*10.0"),
        (lambda x: x + x, [1e308], "addition overflows at 1e+308 + 1e+308"),
        (lambda x: -x - x, [1e308], "subtraction overflows at -1e+308 - 1e+308"),
        (lambda x: x / 1e-300, [1e300], "division overflows at 1e+300/1e-300"),
        (lambda x: x ** (x**x), [9.0], "power overflows at 9.0**387420489.0"),
        (hypot, [1.5e308, 1.5e308], "hypot overflows at hypot(1.5e+308, 1.5e+308)"),
    ],
)
def test_operators_and_functions_refuse_at_once(
    function: Callable[..., Any], operands: list[float], message: str
) -> None:
    assert refusal(function, *map(Value, operands)) == message


def test_a_refusal_is_an_error_of_mg_and_of_arithmetic() -> None:
    assert issubclass(EvaluationError, MgError)
    assert issubclass(EvaluationError, ArithmeticError)


def test_infinity_given_by_hand_is_not_an_overflow() -> None:
    infinite = Value(math.inf)
    assert (infinite + 1).data == math.inf
    assert math.isnan((infinite - infinite).data)


def test_nan_has_no_gradient() -> None:
    infinite = Value(math.inf)
    assert refusal((infinite - infinite).backward) == "the result is not a number"


@pytest.mark.parametrize(
    ("function", "operands", "message"),
    [
        (lambda x: x.sqrt(), [0.0], "the derivative of sqrt is not defined at 0.0"),
        (lambda x: x.sqrt() ** 2, [0.0], "the derivative of sqrt is not defined at 0.0"),
        (lambda x: 0 * x.sqrt(), [0.0], "the derivative of sqrt is not defined at 0.0"),
        (lambda x, y: functions.max(x.sqrt(), y), [0.0, 0.0], "the derivative of sqrt is not defined at 0.0"),
        (
            lambda x, y: x**y,
            [-1.0, 2.0],
            "the derivative of power with respect to its second operand is not defined at (-1.0)**2.0",
        ),
        (
            lambda x, y: x / y,
            [1e-200, 1e-300],
            "the derivative of division with respect to its second operand overflows at 1e-200/1e-300",
        ),
        (lambda x: x * 1e300 * 1e300, [1e-300], "the gradient overflows"),
        (lambda x: x * 1e308 + x * 1e308, [0.1], "the gradient overflows"),
    ],
)
def test_backward_refuses_a_gradient_that_is_not_a_number(
    function: Callable[..., Any], operands: list[float], message: str
) -> None:
    assert refusal(function(*map(Value, operands)).backward) == message


def test_backward_works_again_after_a_refusal() -> None:
    x = Value(0.0)
    refusal((x.sqrt() ** 2).backward)
    (3 * x).backward()
    assert x.grad == 3.0


# The backward pass


def test_backward_gives_the_gradients_of_the_notebook(notebook: Any) -> None:
    notebook["L"].backward()
    assert {label: node.grad for label, node in notebook.items()} == {
        "a": 6.0,
        "b": -4.0,
        "c": -2.0,
        "e": -2.0,
        "d": -2.0,
        "f": 4.0,
        "L": 1.0,
    }


def test_backward_twice_gives_the_same(notebook: Any) -> None:
    notebook["L"].backward()
    once = [node.grad for node in notebook.values()]
    notebook["L"].backward()
    assert [node.grad for node in notebook.values()] == once


def test_backward_from_another_root_starts_from_zero(notebook: Any) -> None:
    notebook["L"].backward()
    notebook["d"].backward()
    assert [notebook[label].grad for label in "abcd"] == [-3.0, 2.0, 1.0, 1.0]


def test_backward_from_a_leaf() -> None:
    a = Value(2.0)
    a.backward()
    assert a.grad == 1.0


@pytest.mark.parametrize(
    ("function", "numbers", "expected"),
    [
        (lambda a: a + a, [3.0], [2.0]),
        (lambda a: a * a, [3.0], [6.0]),
        (lambda a: a - a, [3.0], [0.0]),
        (lambda a: a / a, [3.0], [0.0]),
        (lambda a: a * a * a, [2.0], [12.0]),
        (lambda a, b: (a * b) * (a + b), [-2.0, 3.0], [-3.0, -8.0]),
        (lambda a: where(a, a * a, a), [3.0], [6.0]),
        (lambda a: functions.max(a, a), [3.0], [1.0]),
    ],
)
def test_gradients_add_up_where_a_value_is_used_more_than_once(
    function: Callable[..., Any], numbers: list[float], expected: list[float]
) -> None:
    assert gradients(function, *numbers) == pytest.approx(expected, rel=1e-15, abs=1e-16)


def test_one_backward_step_adds_to_the_operands_alone(notebook: Any) -> None:
    a, b, e, d, L = (notebook[label] for label in "abedL")
    L.grad = 1.0
    L._backward()
    assert (d.grad, notebook["f"].grad, e.grad, a.grad) == (-2.0, 4.0, 0.0, 0.0)
    d._backward()
    e._backward()
    assert (a.grad, b.grad) == (6.0, -4.0)
    e._backward()
    assert (a.grad, b.grad) == (12.0, -8.0)


def test_one_backward_step_from_a_leaf_does_nothing() -> None:
    a = Value(2.0)
    a.grad = 3.0
    a._backward()
    assert a.grad == 3.0


def test_one_backward_step_gives_both_shares_to_a_value_used_twice() -> None:
    a = Value(3.0)
    square = a * a
    square.grad = 1.0
    square._backward()
    assert a.grad == 6.0


def test_one_backward_step_refuses_too() -> None:
    root = Value(0.0).sqrt()
    root.grad = 1.0
    assert refusal(root._backward) == "the derivative of sqrt is not defined at 0.0"


def test_the_local_derivative_is_a_number_even_where_there_is_none() -> None:
    a, b = Value(3.0), Value(4.0)
    assert [local_derivative(a * b, index) for index in (0, 1)] == [4.0, 3.0]
    assert math.isnan(local_derivative(Value(0.0).sqrt(), 0))
    assert math.isinf(local_derivative(Value(2.3e-308) ** -0.9999, 0))


# Constants


@pytest.mark.parametrize(
    ("function", "gradient"),
    [(lambda x: x**2, -2.0), (lambda x: x**3, 3.0), (lambda x: 2 * x, 2.0), (lambda x: x * 2.0 + 1, 2.0)],
)
def test_a_number_is_never_differentiated(function: Callable[..., Any], gradient: float) -> None:
    x = Value(-1.0)
    root = function(x)
    root.backward()
    assert x.grad == gradient
    numbers = {leaf.data: leaf.grad for leaf in topological(root) if not leaf._prev and leaf is not x}
    assert set(numbers.values()) == {0.0}


def test_what_only_numbers_reach_is_never_differentiated() -> None:
    x = Value(3.0)
    fixed = functions.sqrt(0) * functions.pi
    root = x + fixed
    root.backward()
    assert (x.grad, fixed.grad) == (1.0, 0.0)
    assert [contribution.operand for contribution in contributions(root)] == [x]
    assert fixed.grad == 0.0


def test_an_expression_of_numbers_alone_has_no_gradient_even_as_the_root() -> None:
    root = hypot(3, 4)
    root.backward()
    assert [node.grad for node in topological(root)] == [0.0, 0.0, 0.0]
    x = Value(-1.0)
    (x**root).backward()
    assert x.grad == 5.0


def test_a_gradient_given_to_a_number_does_not_make_it_vary() -> None:
    x = Value(-2.0)
    root = x**3
    for node in topological(root):
        node.grad = 7.0
    assert [node.grad for node in topological(root)] == [7.0, 0.0, 7.0]
    root.backward()
    assert x.grad == 12.0


# Branches


@pytest.mark.parametrize(
    ("function", "numbers", "expected"),
    [
        (lambda x: (x.sqrt() - 1).relu(), [0.0], [0.0]),
        (lambda x: functions.max(x.sqrt(), 1), [0.0], [0.0]),
        (lambda x: functions.min(x.sqrt(), -1), [0.0], [0.0]),
        (lambda x, y: functions.max(x.sqrt(), y), [0.0, 1.0], [0.0, 1.0]),
        (lambda x: where(functions.greater(x, 0), x.sqrt(), 5 * x), [0.0], [5.0]),
        (lambda x: where(1, 3 * x, x.sqrt()), [0.0], [3.0]),
        (lambda x: where(x.sqrt(), x, 7 * x), [0.0], [7.0]),
        (lambda x: x + functions.greater(x.sqrt(), -1), [0.0], [1.0]),
    ],
)
def test_a_branch_not_taken_is_not_entered(
    function: Callable[..., Any], numbers: list[float], expected: list[float]
) -> None:
    assert gradients(function, *numbers) == expected
    leaves = [Value(number) for number in numbers]
    assert all(contribution.slope for contribution in contributions(function(*leaves)))
    assert [leaf.grad for leaf in leaves] == expected


def test_a_branch_that_closes_loses_its_gradient() -> None:
    x = Value(4.0)
    inner = x.sqrt()
    root = (inner - 1).relu()
    root.backward()
    assert (inner.grad, x.grad) == (1.0, 0.25)
    x.data = 0.0
    forward_pass(topological(root))
    root.backward()
    assert (inner.grad, x.grad) == (0.0, 0.0)


def test_a_value_on_both_branches_gets_its_share_of_the_open_one() -> None:
    x = Value(3.0)
    shared = x * x
    where(1, 2 * shared, shared.sqrt()).backward()
    assert (shared.grad, x.grad) == (2.0, 12.0)


# The forward pass


def test_a_forward_pass_takes_the_new_numbers_of_the_leaves(notebook: Any) -> None:
    notebook["a"].data = 5.0
    assert forward_pass(topological(notebook["L"])) is True
    assert (notebook["e"].data, notebook["L"].data) == (-15.0, 10.0)


def test_a_forward_pass_continues_where_a_node_is_undefined() -> None:
    x = Value(4.0)
    logarithm = x.log()
    root = logarithm * 2 + x
    x.data = -1.0
    assert forward_pass(topological(root)) is False
    assert math.isnan(logarithm.data)
    assert math.isnan(root.data)
    assert str(logarithm.error) == "log is not defined at -1.0"
    assert root.error is None
    assert first_error(root) is logarithm.error
    assert refusal(root.backward) == "log is not defined at -1.0"
    x.data = 1.0
    assert forward_pass(topological(root)) is True
    assert (root.data, logarithm.error, first_error(root)) == (1.0, None, None)


def test_an_error_on_the_branch_not_taken_does_not_count() -> None:
    x = Value(4.0)
    root = where(functions.greater(x, 0), x.log(), -x)
    x.data = -1.0
    assert forward_pass(topological(root)) is False
    assert (root.data, first_error(root)) == (1.0, None)
    root.backward()
    assert x.grad == -1.0


def test_the_first_error_is_the_first_in_the_text() -> None:
    x = Value(4.0)
    late, early = x.log(), x.sqrt()
    late.span, early.span = (10, 16), (0, 7)
    root = late + early
    x.data = -1.0
    forward_pass(topological(root))
    assert first_error(root) is early.error
    assert early.error
    assert early.error.span == (0, 7)


def test_a_node_can_be_made_before_its_number_is_known() -> None:
    x = Value(3.0)
    square = make(OPERATIONS["mul"], [x, x], math.nan)
    forward_pass([x, square])
    assert square.data == 9.0


def test_a_topological_order_has_operands_before_what_uses_them_and_each_node_once() -> None:
    a, b = Value(1.0), Value(2.0)
    c = a + b
    d = where(c, c * a, b.tanh())
    order = topological(d, c)
    assert order[:3] == [a, b, c]
    assert order[-1] is d
    assert len(order) == len(set(order)) == 6


# The backward pass that finds what is undefined


def test_the_contributions_are_the_products_of_the_chain_rule(notebook: Any) -> None:
    assert [
        (
            step.node.label,
            step.operand.label,
            step.operand_index,
            step.incoming,
            step.slope,
            step.amount,
            step.before,
            step.total,
        )
        for step in contributions(notebook["L"])
    ] == [
        ("L", "d", 0, 1.0, -2.0, -2.0, 0.0, -2.0),
        ("L", "f", 1, 1.0, 4.0, 4.0, 0.0, 4.0),
        ("d", "e", 0, -2.0, 1.0, -2.0, 0.0, -2.0),
        ("d", "c", 1, -2.0, 1.0, -2.0, 0.0, -2.0),
        ("e", "a", 0, -2.0, -3.0, 6.0, 0.0, 6.0),
        ("e", "b", 1, -2.0, 2.0, -4.0, 0.0, -4.0),
    ]


def test_the_contributions_to_a_value_used_twice_add_up() -> None:
    a = Value(3.0)
    assert [(step.before, step.amount, step.total) for step in contributions(a * a)] == [
        (0.0, 3.0, 3.0),
        (3.0, 3.0, 6.0),
    ]
    assert a.grad == 6.0


def test_the_contributions_mark_what_is_undefined_and_continue() -> None:
    x, y = Value(0.0), Value(2.0)
    error = backward_pass(x.sqrt() + 3 * y)
    assert str(error) == "the derivative of sqrt is not defined at 0.0"
    assert math.isnan(x.grad)
    assert y.grad == 3.0


def test_the_contributions_return_the_first_error_in_the_text() -> None:
    x, y = Value(0.0), Value(1.0)
    early, late = y.asin(), x.sqrt()
    early.span, late.span = (0, 7), (10, 17)
    error = backward_pass(early + late)
    assert error
    assert str(error) == "the derivative of asin is not defined at 1.0"
    assert error.span == (0, 7)


def test_the_contributions_can_be_limited_to_the_paths_to_some_nodes() -> None:
    x, y = Value(0.0), Value(2.0)
    root, inner = x.sqrt(), y * y
    assert backward_pass(root + inner, wrt=[y]) is None
    assert (x.grad, root.grad, inner.grad, y.grad) == (0.0, 0.0, 1.0, 4.0)
    assert backward_pass(root + inner, wrt=[inner]) is None
    assert (inner.grad, y.grad) == (1.0, 0.0)
    assert backward_pass(root + inner, wrt=[y, x]) is not None


# Size


@pytest.mark.parametrize("length", [5_000, pytest.param(200_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "step",
    [
        lambda node: node + 1e-9,
        lambda node: node.asinh(),
        lambda node: where(node, node, node),
        lambda node: functions.max(node, -1),
    ],
    ids=["operator", "function", "where", "max"],
)
def test_a_long_chain_is_walked_and_freed_without_recursion(length: int, step: Callable[..., Any]) -> None:
    x = node = Value(1e-9)
    for _ in range(length):
        node = step(node)
    node.backward()
    assert x.grad == pytest.approx(1.0, rel=1e-3)
    assert all(contribution.amount for contribution in contributions(node))
    assert x.grad == pytest.approx(1.0, rel=1e-3)
    del node
    # What there was before is not looked through.
    gc.collect(0)


def test_a_sum_of_100000_values_is_handled() -> None:
    values = [Value(1.0) for _ in range(100_000)]
    total = sum(values)
    assert isinstance(total, Value)
    total.backward()
    assert total.data == 100_000.0
    assert {value.grad for value in values} == {1.0}


@pytest.mark.parametrize(
    "step",
    [
        lambda node: (node + node) * 0.5,
        lambda node: functions.max(node, node),
        lambda node: where(node, node, node),
        lambda node: hypot(node, node) * math.sqrt(0.5),
    ],
    ids=["sum", "max", "where", "hypot"],
)
def test_a_graph_of_2_to_the_2000_paths_is_walked_node_by_node(step: Callable[..., Any]) -> None:
    x = node = Value(1.0)
    for _ in range(2000):
        node = step(node)
    assert node.data == pytest.approx(1.0)
    node.backward()
    assert x.grad == pytest.approx(1.0)
    assert len(list(contributions(node))) < 10_000
    assert x.grad == pytest.approx(1.0)


# Random graphs

VARIABLES = st.lists(
    st.one_of(
        st.floats(-3.0, 3.0, allow_subnormal=False).map(lambda number: number + 0.0),
        st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5]),
    ),
    min_size=3,
    max_size=3,
)
NUMBERS = st.lists(st.sampled_from([2.0, 3.0, 0.5, -1.0, 0.1]), min_size=2, max_size=2)
SMOOTH = [operation for operation in TABLE if not operation.chooses]
STEPS = st.lists(
    st.tuples(st.sampled_from([*TABLE, *SMOOTH, *SMOOTH]), *[st.integers(0, 1000)] * 4),
    min_size=12,
    max_size=12,
)


@st.composite
def graphs(draw: st.DrawFn) -> Any:
    """Draw a graph of depth 6 at most over all operations, and its variables: two nodes a level, where they work."""
    variables = [Value(number) for number in draw(VARIABLES)]
    nodes = [*variables, *map(constant, draw(NUMBERS))]
    level = nodes[:]
    steps = iter(draw(STEPS))
    for pair in zip(steps, steps, strict=True):
        made = []
        for operation, turn, *choices in pair:
            operands = []
            for index in range(operation.arity):
                candidates = level if index == turn % operation.arity else nodes
                operands.append(candidates[choices[index] % len(candidates)])
            try:
                made.append(apply(operation, *operands))
            except EvaluationError:
                made.append(operands[turn % operation.arity])
        level = made
        nodes += made
    return level[0], variables


@settings(max_examples=settings().max_examples * 3 // 4)
@given(graphs())
def test_the_fast_backward_pass_gives_the_sum_of_the_contributions(graph: tuple[Value, list[Value]]) -> None:
    root, _ = graph
    nodes = topological(root)
    refused = backward_pass(root)
    quick = [node.grad for node in nodes]
    amounts = [contribution.amount for contribution in contributions(root)]
    assert all(map(math.isfinite, amounts)) or refused is not None
    if refused is None:
        assert [node.grad for node in nodes] == quick


class UnfitError(Exception):
    """A point where 16 digits say nothing."""


def in_mpmath(root: Value, variables: list[Value], jitter: Callable[..., Any]) -> list[Any]:
    """Return the value of `root` and its gradients, each step of the way moved a little by `jitter`."""
    order = topological(root)
    data: dict[Value, float] = {}
    varies: dict[Value, bool] = {}
    for node in order:
        operands = [data[operand] for operand in node._prev]
        varies[node] = node in variables or any(varies[operand] for operand in node._prev)
        if node.operation:
            reference = REFERENCES[node.operation.name]
            if not reference.defined(*operands):
                raise UnfitError
            data[node] = sane(reference.value(*operands) * (1 + jitter()) + jitter() * mpf("1e-30"))
        else:
            data[node] = mpf(node.data)
    gradient = dict.fromkeys([*variables, *order], mpf(0))
    gradient[root] = mpf(1)
    entered = {root}
    for node in reversed(order):
        if node not in entered:
            continue
        operands = [data[operand] for operand in node._prev]
        for index, operand in enumerate(node._prev):
            if varies[operand]:
                slope = slope_in_mpmath(node, index, operands)
                if slope == 0 and node.operation and node.operation.chooses:
                    continue
                entered.add(operand)
                gradient[operand] += sane(gradient[node] * slope * (1 + jitter()))
    return [data[root], *[gradient[variable] for variable in variables]]


def slope_in_mpmath(node: Value, index: int, operands: list[Any]) -> Any:
    assert node.operation
    try:
        return sane(REFERENCES[node.operation.name].derivatives[index](*operands))
    except ZeroDivisionError:
        raise UnfitError from None


def sane(number: Any) -> Any:
    if mp.isnan(number) or (number != 0 and not 1e-200 < abs(number) < 1e200):
        raise UnfitError
    return number


def judged(graph: tuple[Value, list[Value]]) -> list[tuple[Any, Any]]:
    """Return the value and gradients of a graph, each with how far tiny moves on the way take it."""
    root, variables = graph
    unmoved = in_mpmath(root, variables, lambda: 0)
    moves = random.Random(0)
    moved = [in_mpmath(root, variables, lambda: moves.uniform(-1, 1) * 2.0**-43) for _ in range(4)]
    spreads = [max(abs(number - other) for other in others) for number, *others in zip(unmoved, *moved, strict=True)]
    if any(spread > 1e-8 * abs(number) for number, spread in zip(unmoved, spreads, strict=True)):
        raise UnfitError
    return list(zip(unmoved, spreads, strict=True))


def test_values_and_gradients_of_random_graphs_agree_with_mpmath() -> None:
    kept = []

    @settings(max_examples=settings().max_examples // 2)
    @given(graphs())
    def check(graph: Any) -> None:
        root, variables = graph
        kept.append(False)
        with mp.workdps(40):
            try:
                expected = judged(graph)
            except UnfitError:
                return
            root.backward()
            found = [root.data, *[variable.grad for variable in variables]]
            for got, (number, spread) in zip(found, expected, strict=True):
                assert abs(got - number) <= 4 * spread + 1e-12 * abs(number)
            kept[-1] = any(variable.grad not in (0.0, 1.0) for variable in variables)

    check()
    assert kept.count(True) > len(kept) / 8


# Copies

COPIES = [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))]


@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "pickle"])
def test_a_copy_is_an_independent_graph(copied: Callable[..., Any]) -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    root = where(functions.greater(x, 0), x, y) * hypot(x, y) + 2 * y
    other, other_x = copied((root, x))
    root.backward()
    grown = other * other_x
    grown.backward()
    assert (other.data, other_x.label) == (root.data, "x")
    assert other_x.grad == pytest.approx(root.data + 2.0 * x.grad)
    assert not set(topological(root)) & set(topological(grown))
    assert [node._op for node in topological(other)].count("where") == 1


@pytest.mark.parametrize("depth", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_a_deep_graph_is_copied_without_recursion(depth: int) -> None:
    x = Value(1.0, "x")
    root = x
    for _ in range(depth):
        root = root * 1.0001 + x
    other = copy.deepcopy(root)
    other.backward()
    root.backward()
    (leaf,) = (node for node in topological(other) if node.label)
    assert leaf is not x
    assert leaf.grad == x.grad


@pytest.mark.parametrize("depth", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_deep_graph_is_pickled_without_recursion(protocol: int, depth: int) -> None:
    x = Value(1.0, "x")
    root = x
    for _ in range(depth):
        root = root * 1.0001 + x
    # The root comes first, so that nothing below it has been seen yet.
    other, other_x = pickle.loads(pickle.dumps((root, x), protocol))
    other.backward()
    root.backward()
    assert other_x.grad == x.grad


def test_the_nodes_of_a_deep_graph_are_pickled_in_any_order_as_one_graph() -> None:
    root = Value(1.0, "x")
    for _ in range(2_000):
        root = root + 1
    nodes = topological(root)
    for order in (nodes, nodes[::-1]):
        copied = pickle.loads(pickle.dumps(order))
        assert set(topological(*copied)) == set(copied)
        assert len(copied) == len(nodes)


def test_one_graph_is_pickled_by_two_picklers_that_live_at_once() -> None:
    x = Value(1.0, "x")
    root = x * x + 1
    files = [io.BytesIO(), io.BytesIO()]
    picklers = [pickle.Pickler(file) for file in files]
    for pickler in picklers:
        pickler.dump(root)
    for file in files:
        other = pickle.loads(file.getvalue())
        assert (other.data, len(topological(other))) == (2.0, 4)


def test_a_graph_goes_to_another_process_and_comes_back() -> None:
    root = Value(1.0, "x")
    for _ in range(5_000):
        root = root + 1
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(copy.copy, root).result(timeout=60).data == 5001.0


def test_a_program_with_functions_can_be_pickled() -> None:
    program = pickle.loads(pickle.dumps(parse_program("f(x) = log(x); f(a)")))
    program.bind({"a": -1.0})
    assert program.error().span.note == "in f"


def test_a_program_can_be_pickled() -> None:
    program = pickle.loads(pickle.dumps(parse_program("e = a*b; e + 1")))
    program.bind({"a": 2.0, "b": 3.0})
    assert (program.root.data, program.node("e").data) == (7.0, 6.0)


def test_a_function_says_what_it_is() -> None:
    assert hypot.__name__ == "hypot"
    assert hypot.__doc__ == "Return hypot(x, y): length of the vector (x, y), or of one of more components."


def write_methods() -> None:
    """Write the methods that the table makes to the source of `Value`, where a type checker reads them."""
    file = Path(inspect.getfile(Value))
    names = [name for name, operation in FUNCTIONS.items() if operation.arity == 1]
    lines = [f"        def {name}(self) -> Value: ...{'' if name.islower() else '  # noqa: N802'}\n" for name in names]
    methods = re.compile(r"(?: {8}def (?!__)\w+\(self\) -> Value: \.\.\..*\n)+")
    file.write_text(methods.sub("".join(lines), file.read_text(encoding="utf-8")), encoding="utf-8")


def test_a_type_checker_knows_the_methods_that_the_table_makes_and_no_other(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update"):
        write_methods()
    source = ast.parse(inspect.getsource(Value))
    (block,) = (
        node for node in ast.walk(source) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    names = {method.name for method in block.body if isinstance(method, ast.FunctionDef)}
    typed = {name for name in names if not name.startswith("__")}
    assert typed == {name for name, operation in FUNCTIONS.items() if operation.arity == 1}


def test_the_remainder_is_that_of_python_and_of_the_language() -> None:
    x = Value(-7.5, label="x")
    rest = x % 2
    rest.backward()
    assert (rest.data, x.grad, (7.5 % Value(2.0)).data) == (-7.5 % 2, 1.0, 1.5)
    with pytest.raises(EvaluationError):
        x % 0

"""A compiled graph on numpy arrays against itself on floats, point by point."""

import math
import random
from typing import Any

import numpy as np
import pytest
from graphs import SPECIAL_NUMBERS, random_graph_of_the_table, varying_leaves
from rows import rows

from mgcli import EvaluationError, Value, functions, parse
from mgcli import compile as compiled
from mgcli.codegen import arrays
from mgcli.codegen import function as module
from mgcli.codegen.function import Compiled
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import TABLE
from mgcli.graph.value import make


def known(function: Compiled, point: tuple[float, ...]) -> list[float]:
    """Return the value and the gradient of the graph at a point that is refused, nan for what is not defined."""
    leaves = function._leaves
    for leaf, number in zip(leaves, point, strict=True):
        leaf.data = float(number)
    forward_pass(topological(*function._roots))
    if function._roots[0].data != function._roots[0].data:
        return [math.nan] * (1 + len(point))
    backward_pass(function._roots[0], leaves)
    return [function._roots[0].data, *(leaf.grad if math.isfinite(leaf.grad) else math.nan for leaf in leaves)]


def point_by_point(function: Compiled, columns: Any) -> Any:
    """Return the rows of value and gradient that `function` gives on floats, nan where it refuses."""
    rows = []
    for point in zip(*columns, strict=True):
        try:
            value, gradient = function(*map(float, point))
            rows.append([value, *gradient])
        except EvaluationError:
            rows.append(known(function, point))
    return np.array(rows, dtype=float).T


def assert_agrees(function: Compiled, columns: Any) -> None:
    value, gradient = function(*columns)
    np.testing.assert_allclose(np.array([value, *gradient]), point_by_point(function, columns), rtol=1e-11, atol=1e-300)


@rows("operation", TABLE)
def test_every_operation_of_the_table_agrees_on_its_domain_and_outside(operation: Operation) -> None:
    leaves = [Value(number, name) for number, name in zip(operation.example, "xyz", strict=False)]
    points = np.array([operation.example, *([number] * operation.arity for number in (-1.5, -1, 0, 0.5, 1, 2, 800))])
    assert_agrees(compiled(make(operation, leaves, math.nan)), points.T.astype(float))


@pytest.mark.parametrize("seed", range(15))
def test_random_graphs_agree(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(10):
        root = random_graph_of_the_table(source, source.randrange(1, 9))
        count = len(varying_leaves(root))
        if count:
            points = [[source.choice(SPECIAL_NUMBERS) for _ in range(12)] for _ in range(count)]
            assert_agrees(compiled(root), np.array(points))


@pytest.mark.parametrize(
    "expression",
    ["d = x/y; d*d", "d = x*y; e = x/y; d*d + e*e", "d = x + y; (d*d)*(d*d)", "d = x - y; e = d*d; e*e + d"],
)
def test_the_square_of_an_intermediate_agrees(expression: str) -> None:
    assert_agrees(compiled(parse(expression)), np.array([[2.0, -1.0, 0.5], [3.0, 0.25, 7.0]]))


@pytest.mark.parametrize("function", ["sqrt", "cbrt", "tan", "normpdf", "gamma", "exp", "tanh", "log", "asin"])
def test_the_product_of_a_function_and_its_operand_agrees(function: str) -> None:
    points = np.array([[0.3, 0.5, 0.9], [0.2, 0.7, 0.4]])
    for formula in (f"{function}(x)*x", f"x*{function}(x)", f"h = {function}(x); h*(h + x) + h/y"):
        assert_agrees(compiled(parse(formula)), points[: 1 + ("y" in formula)])


def test_a_branch_that_is_also_the_condition_must_be_defined() -> None:
    function = compiled(parse("t = log(y); where(t > 0, t, 0)", y=1))
    value, (gradient,) = function(np.array([-1.0, 4.0]))
    np.testing.assert_array_equal(value, [math.nan, math.log(4.0)])
    np.testing.assert_array_equal(gradient, [math.nan, 0.25])


@rows("seed", range(40))
def test_sums_of_squares_of_intermediates_agree(seed: int) -> None:
    source = random.Random(seed)
    nodes = [Value(0.0, name) for name in "xyz"]
    for _ in range(source.randrange(2, 9)):
        left, right = source.choice(nodes[-3:]), source.choice(nodes)
        nodes.append(source.choice([left * right, left + right, left - right, left * left, functions.tanh(left)]))
    root = sum((node * node for node in source.choices(nodes[3:], k=3)), Value(0.0, "z") * 0.5)
    points = [[source.choice([-1.5, -0.5, 0.25, 2.0]) for _ in range(5)] for _ in varying_leaves(root)]
    assert_agrees(compiled(root), np.array(points))


def test_shapes_are_broadcast_and_numbers_stay_numbers() -> None:
    function: Any = compiled(parse("x*y + z"))
    x, y = np.arange(3.0), np.arange(2)[:, np.newaxis]
    value, gradient = function(x, y, 1)
    np.testing.assert_array_equal(value, [[1, 1, 1], [1, 2, 3]])
    np.testing.assert_array_equal(gradient, [[[0, 0, 0], [1, 1, 1]], [[0, 1, 2], [0, 1, 2]], [[1, 1, 1], [1, 1, 1]]])
    value, _ = function(np.zeros((0, 3)), 1.0, 2.0)
    assert value.shape == (0, 3)
    assert function(np.float64(2), np.array(3.0), 1) == (7.0, (3.0, 2.0, 1.0))


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    function = compiled(parse("sin(x)/y + sqrt(y) + erf(x)*log(y)"))
    points = np.random.default_rng(3).uniform(-1, 2, (2, 1000))
    whole = function(*points)
    monkeypatch.setattr(arrays, "CHUNK", 64)
    pieces = function(*points)
    np.testing.assert_array_equal(whole[0], pieces[0])
    np.testing.assert_array_equal(whole[1], pieces[1])


def test_threads_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "SHARED_CHUNK", 64)
    function = compiled(parse("sin(x)/y + sqrt(y) + erf(x)*log(y)"))
    points = list(np.random.default_rng(3).uniform(-1, 2, (2, 1000)))
    on_arrays = function.on_arrays()
    alone, shared = (on_arrays(points, function._at_point, threads=threads) for threads in (1, 4))
    np.testing.assert_array_equal(alone, shared)


def test_an_error_in_a_thread_ends_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "SHARED_CHUNK", 64)
    points = []

    def at_point(*numbers: float) -> list[float]:
        points.append(numbers)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled(parse("log(x)")).on_arrays()([np.full(100_000, -1.0)], at_point, threads=2)
    assert len(points) <= 2


def test_products_that_underflow_are_found_point_by_point() -> None:
    function = compiled(parse("exp(-x)*y + x/y + x**4"))
    found = np.zeros(5, dtype=bool)
    x, y = np.array([1.0, 1000.0, 700.0, 1e-100, 0.0]), np.array([1.0, 1.0, 1e-10, 1.0, 2.0])
    function.on_arrays()([x, y], function._at_point, underflows=found)
    assert found.tolist() == [False, False, True, True, False]


def test_infinite_numbers_give_no_warning() -> None:
    value, (slope,) = compiled(parse("1/x"))(np.array([math.inf, 2.0]))
    assert value.tolist() == [0.0, 0.5]
    assert slope.tolist() == [0.0, -0.25]


def test_the_arguments_are_left_as_they_are() -> None:
    x = np.linspace(1, 2, 5)
    before = x.copy()
    compiled(parse("y = x*x; y*y + y + exp(-x)"))(x)
    np.testing.assert_array_equal(x, before)


def test_a_point_that_is_refused_is_nan_and_says_why() -> None:
    function = compiled(parse("1/exp(x) + log(y)"))
    value, (by_x, by_y) = function(np.array([1.0, 1000.0, 1.0]), np.array([1.0, 1.0, -1.0]))
    assert np.isnan([value, by_x, by_y]).tolist() == [[False, True, True]] * 3
    assert str(function.refusal(1000, 1)) == "exp overflows at 1000.0"


def test_a_branch_not_taken_does_not_matter() -> None:
    x = Value(2.0, "x")
    function = compiled(functions.where(functions.greater(x, 0.0), functions.log(x), 0.0))
    value, (gradient,) = function(np.array([2.0, -1.0]))
    assert value.tolist() == [math.log(2.0), 0.0]
    assert gradient.tolist() == [0.5, 0.0]


def test_a_branch_not_taken_is_not_evaluated_point_by_point(monkeypatch: pytest.MonkeyPatch) -> None:
    function = compiled(parse("where(x > 0, y*log(x), relu(x)/x)"))
    monkeypatch.setattr(function, "_at_point", None)
    value, (by_x, by_y) = function(np.array([2.0, -4.0]), 3.0)
    assert value.tolist() == [3.0 * math.log(2.0), -0.0]
    assert by_x.tolist() == [1.5, 0.0]
    assert by_y.tolist() == [math.log(2.0), 0.0]


def test_a_comparison_that_is_used_as_a_number_and_as_a_condition_agrees() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    more = functions.greater(x, y)
    root = functions.where(more, x * y, functions.where(more, y, x / y)) * (more + y) - functions.where(more, more, y)
    assert_agrees(compiled(root), np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 0.5]]))


def test_floor_and_ceil_have_no_negative_zero() -> None:
    assert math.copysign(1.0, compiled(parse("ceil(x)"))(np.array([-0.5]))[0][0]) == 1.0
    assert math.copysign(1.0, compiled(parse("floor(x)"))(np.array([-0.0]))[0][0]) == 1.0


@pytest.mark.parametrize("label", ["multiply", "mul", "w0", "x0", "rows", "where"])
def test_any_label_is_allowed(label: str) -> None:
    x, y = Value(0.5, label), Value(2.0, "y")
    assert_agrees(compiled((x * y).exp() * y), np.array([[1.0, 2.0], [3.0, 4.0]]))


def test_a_graph_that_is_not_compiled_goes_point_by_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NODES", 1)
    assert_agrees(compiled(parse("x*log(y)")), np.array([[1.0, 2.0], [3.0, -4.0]]))


def test_several_results_on_arrays_are_those_of_each_alone() -> None:
    x = Value(math.nan, "x")
    roots = [functions.log(x), x * x, functions.sin(x) * x]
    points = np.array([-1.0, 0.5, 2.0])
    values, rows = compiled(roots)(points)
    for root, value, row in zip(roots, values, rows, strict=True):
        alone, (slope,) = compiled(root)(points)
        # The last bit of numpy's functions may depend on where in memory an array begins.
        np.testing.assert_allclose(value, alone, rtol=4e-16)
        np.testing.assert_allclose(row[0], slope, rtol=4e-16)
    values, rows = compiled(roots, [])(points)
    assert (len(values), rows) == (3, ((), (), ()))

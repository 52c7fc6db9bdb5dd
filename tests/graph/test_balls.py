"""Numbers with a bound for their error."""

import random
from math import inf, isfinite
from typing import Any

import pytest
from rows import rows

from mgcli.graph.ball_passes import Gradient, forward, gradient, kinks
from mgcli.graph.balls import Ball, Balls, float_balls, multiprecision_balls
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import Node, topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS, TABLE
from mgcli.graph.value import Value, constant, make
from mgcli.language.parser import parse_program
from mgcli.language.program import Program

COMMON = [OPERATIONS[name] for name in ("add", "sub", "sub", "sub", "mul", "mul", "div", "pow", "exp", "log", "sqrt")]


def random_graph(state: random.Random) -> tuple[Value, list[Value]]:
    """Return a graph over the table and its leaves, at numbers of many sizes."""
    operations = [operation for operation in TABLE if operation.operands[0] != "n"]

    def number() -> Any:
        whole, size = float(state.randint(-3, 5)), 10 ** state.uniform(-12.0, 4.0)
        return state.choice([state.uniform(-3.0, 3.0), state.uniform(0.0, 2.0), whole, size])

    leaves = [Value(number(), label) for label in "xyz"]
    pool = [*leaves, constant(state.choice([1.0, 2.0, 3.0, 0.5]))]
    for _ in range(state.randint(2, 9)):
        operation = state.choice(operations if state.random() < 0.5 else COMMON)
        near = pool[-4:] if state.random() < 0.7 else pool
        pool.append(make(operation, [state.choice(near) for _ in range(operation.arity)], 0.0))
    return pool[-1], leaves


@rows("seed", range(100))
def test_no_bound_is_below_the_error_of_floats(seed: int) -> None:
    root, leaves = random_graph(random.Random(seed))
    nodes = topological(root)
    forward_pass(nodes)
    wrt = [leaf for leaf in leaves if leaf in nodes]
    if not isfinite(root.data):
        return
    backward_pass(root, wrt)
    few, many = float_balls(), multiprecision_balls(1500)
    found, exact = forward(nodes, few, {}), forward(nodes, many, {})
    slopes, exact_slopes = gradient(root, wrt, few, found), gradient(root, wrt, many, exact)
    judged = [(root.data, found[root], exact[root])]
    judged += [(node.grad, slopes.derivatives[node], exact_slopes.derivatives[node]) for node in wrt]
    for number, ball, true in judged:
        if isinstance(ball, Exception) or not isfinite(ball.radius) or not isfinite(number):
            continue
        assert isinstance(true, Ball)
        if isfinite(true.radius):
            bound = ball.radius + abs(ball.number - number) + true.radius + 5e-324
            assert abs(true.number - number) <= bound


@rows("operation", [operation for operation in TABLE if operation.arity == 1])
def test_no_bound_is_below_the_error_at_a_whole_number(operation: Operation) -> None:
    few, many = float_balls(), multiprecision_balls(200)
    for x in (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0):
        root = make(operation, [Value(x)], 0.0)
        nodes = topological(root)
        forward_pass(nodes)
        ball, true = forward(nodes, few, {})[root], forward(nodes, many, {})[root]
        if isinstance(ball, Ball) and isinstance(true, Ball) and isfinite(root.data):
            bound = ball.radius + abs(ball.number - root.data) + true.radius + 5e-324
            assert abs(true.number - root.data) <= bound, x


def both(text: str, balls: Balls | None = None, **values: float) -> tuple[Program, Ball, Gradient, dict[Node, Any]]:
    program = parse_program(text)
    program.bind(values)
    balls = balls or float_balls()
    found = forward(topological(program.root), balls, {})
    leaves = list(program.variables.values())
    return program, found[program.root], gradient(program.root, leaves, balls, found), found


@rows(
    ("text", "x", "value"),
    [
        ("sqrt(x)", 9.0, 3.0), ("cbrt(x)", 27.0, 3.0), ("log2(x)", 8.0, 3.0), ("log10(x)", 1000.0, 3.0),
        ("hypot(x, 0)", 5.0, 5.0), ("atan2(0, x)", 2.0, 0.0), ("sin(x)", 0.0, 0.0), ("cos(x)", 0.0, 1.0),
        ("exp(x)", 0.0, 1.0), ("log(x)", 1.0, 0.0), ("acos(x)", 1.0, 0.0),
    ],
)  # fmt: skip
def test_the_bound_of_a_function_with_a_whole_number_for_its_value_is_0(text: str, x: float, value: float) -> None:
    _, ball, _, _ = both(text, x=x)
    assert (ball.number, ball.radius) == (value, 0)


def test_numbers_that_are_not_rounded_have_no_error() -> None:
    _, ball, slopes, _ = both("3*x**2 - 4*x + 5", x=3.0)
    assert (ball.number, ball.radius) == (20.0, 0)
    assert [(slope.number, slope.radius) for slope in slopes.derivatives.values()] == [(14.0, 0)]


def test_what_is_rounded_once_is_known_to_a_few_units_of_the_last_bit() -> None:
    for text in ("x + 1", "x*3", "x/3", "x/3 + 1", "1 - x/3", "sqrt(x)", "exp(x)"):
        for balls, bits in ((float_balls(), 53), (multiprecision_balls(200), 200)):
            _, ball, _, _ = both(text, balls, x=0.1)
            assert 0 <= ball.radius <= 8 * 2.0**-bits * abs(ball.number), text


def test_a_product_that_underflows_is_not_known() -> None:
    _, _, slopes, _ = both("log(1/(1 + exp(-z)))", z=-400.0)
    (slope,) = slopes.derivatives.values()
    assert slope.number == 0.0
    assert slope.radius >= 1.0


def test_two_precisions_that_agree_prove_nothing() -> None:
    for precision in (106, 212):
        _, ball, _, _ = both("(1 + t) - 1", multiprecision_balls(precision), t=1e-200)
        assert ball.number == 0
        assert ball.radius >= 1e-200
    _, ball, _, _ = both("(1 + t) - 1", multiprecision_balls(848), t=1e-200)
    assert float(ball.number) == 1e-200


def test_a_product_of_whole_numbers_may_be_rounded_to_the_last_exact_one() -> None:
    _, ball, _, _ = both("a*b - 9007199254740992", float_balls(), a=3.0, b=3002399751580331.0)
    assert ball.number == 0
    assert ball.radius >= 1
    _, ball, _, _ = both("a*b", float_balls(), a=3.0, b=3002399751580327.0)
    assert ball.radius == 0


@pytest.mark.parametrize(("a", "b", "is_exact"), [(0.0, 0.1, True), (0.1, 0.0, True), (0.1, 0.3, False)])
def test_a_hypotenuse_is_exact_beside_a_side_of_0(a: float, b: float, is_exact: bool) -> None:
    _, ball, _, _ = both("hypot(a, b)", float_balls(), a=a, b=b)
    assert (ball.radius == 0) == is_exact


@pytest.mark.parametrize(("a", "b", "is_exact"), [(5.3, 0.1, True), (-5.3, -0.1, True), (-5.3, 0.1, False)])
def test_a_remainder_of_numbers_of_one_sign_is_exact(a: float, b: float, is_exact: bool) -> None:
    _, ball, _, _ = both("mod(a, b)", float_balls(), a=a, b=b)
    assert (ball.radius == 0) == is_exact


def test_the_root_of_what_may_be_0_is_near_0() -> None:
    _, ball, _, _ = both("sqrt((1 + t) - 1)", t=1e-20)
    assert ball.number == 0
    assert 1e-10 <= ball.radius < 1e-7
    _, ball, _, _ = both("((1 + t) - 1)**0.25", t=1e-20)
    assert ball.number == 0
    assert 1e-5 <= ball.radius < 1e-3


def test_what_cannot_be_compared_is_around_both_branches() -> None:
    _, ball, _, _ = both("where(x - x/3*3 < 0, 5, 7)", x=0.1)
    assert ball.contains(5.0)
    assert ball.contains(7.0)


def test_0_times_an_infinite_slope_is_not_known() -> None:
    _, _, slopes, _ = both("sqrt(t)**2", t=0.0)
    assert [slope.radius for slope in slopes.derivatives.values()] == [inf]
    assert [node.operation for node in slopes.undefined] == [OPERATIONS["sqrt"]]


def test_a_closed_branch_gets_nothing_whatever_is_above_it() -> None:
    _, _, slopes, _ = both("sqrt(relu(p))", p=-2.0)
    assert [(slope.number, slope.radius) for slope in slopes.derivatives.values()] == [(0.0, 0)]


@pytest.mark.parametrize(
    ("text", "x", "names"),
    [
        ("abs(x)", 0.0, ["abs"]),
        ("abs(x)", 1.0, []),
        ("max(x, 2)", 2.0, ["max"]),
        ("floor(x)", 3.0, ["floor"]),
        ("floor(x)", 2.5, []),
        ("clamp(x, 0, 1)", 1.0, ["clamp"]),
        ("where(x >= 2, x, 1)", 2.0, ["greater_equal"]),
        ("where(x < 5, 1, abs(x - 1))", 1.0, []),
        ("hypot(x, x)", 0.0, ["hypot"]),
        ("softplus(x)", 0.0, []),
    ],
)
def test_kinks_are_found_on_the_branches_that_are_taken(text: str, x: float, names: list[str]) -> None:
    program, _, _, found = both(text, x=x)
    assert [node.operation and node.operation.name for node in kinks(program.root, float_balls(), found)] == names


@pytest.mark.parametrize("step", ["floor", "ceil", "round", "trunc"])
@pytest.mark.parametrize(("number", "radius"), [(1.0, inf), (1e308, 1e308), (-1e308, 1e308)])
def test_a_step_of_what_may_be_any_number_may_be_any_number(step: str, number: float, radius: float) -> None:
    balls = float_balls()
    found = getattr(balls, step)(Ball(balls.arithmetic, number, radius))
    assert found.radius == inf


@pytest.mark.parametrize("text", ["zetaprime(x)", "gammainc(x, 2)", "polygamma(100, x)"])
@pytest.mark.parametrize("at", [1.5, 2.5, 7.0])
def test_a_function_without_a_rule_is_bounded_by_its_ends(text: str, at: float) -> None:
    root = parse_program(text).root
    nodes = topological(root)
    (x,) = (node for node in nodes if node.varies and node.operation is None)
    precise = multiprecision_balls(106)
    for balls in (float_balls(), multiprecision_balls(212)):
        found = forward(nodes, balls, {x: Ball(balls.arithmetic, balls.ball(at).number, 1e-9)})[root]
        for point in (at - 1e-9, at - 3e-10, at, at + 1e-9):
            number = forward(nodes, precise, {x: precise.ball(point)})[root].number
            assert abs(number - found.number) <= found.radius < 1e-6 * abs(found.number)

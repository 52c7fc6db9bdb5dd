"""Gradient descent as data: the points of a run."""

import math
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from graphs import POINTS, compile_from, graphs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mgcli.analysis import descent
from mgcli.analysis.descent import METHODS, Point, Run, descend, parameters, return_to
from mgcli.analysis.trusted import differentiated
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.value import Value
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.notation import statements


def program(text: str, **values: float) -> Program:
    bound = parse_program(text)
    bound.bind(values)
    return bound


def run(text: str, fixed: Sequence[str] = (), *, options: dict[str, Any] | None = None, **values: float) -> list[Point]:
    bound = program(text, **values)
    return list(descend(bound, parameters(bound, fixed), **(options or {})))


NOTEBOOK = "e = a*b; d = e + c; L = d*f"


def test_a_step_up_is_the_step_of_the_notebook_to_the_digit() -> None:
    a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
    loss = (a * b + c) * f
    loss.backward()
    for value in (a, b, c, f):
        value.data += 0.01 * value.grad
    _, point = run(NOTEBOOK, a=2, b=-3, c=10, f=-2, options={"rate": -0.01, "steps": 1})
    assert point.variables == (a.data, b.data, c.data, f.data)
    assert point.value == ((a * b + c) * f).data == -7.286496


def test_the_figure_of_the_notebook_is_that_of_two_steps_along_the_first_gradient() -> None:
    # Its cell adds 0.01 times the gradients, which were found by hand before, and was run twice.
    a, b, c, f = 2.0, -3.0, 10.0, -2.0
    for _ in range(2):
        a, b, c, f = a + 0.01 * 6.0, b + 0.01 * -4.0, c + 0.01 * -2.0, f + 0.01 * 4.0
    _, point = run(NOTEBOOK, a=2, b=-3, c=10, f=-2, options={"rate": -0.02, "steps": 1})
    assert point.value == (a * b + c) * f == -6.586368000000001


def test_the_first_point_is_the_start_and_the_norm_is_the_length_of_the_gradient() -> None:
    (start,) = run("x**2 + y**2", x=1.5, y=2, options={"steps": 0})
    assert (start.step, start.value, start.variables, start.gradient) == (0, 6.25, (1.5, 2.0), (3.0, 4.0))
    assert start.norm == 5.0


def reference(method: str, slope: Callable[..., Any], x: float, rate: float, steps: int) -> list[float]:
    """Return the points of a run in one variable, each method written out as its paper has it."""
    points, velocity, first, second = [x], 0.0, 0.0, 0.0
    for step in range(1, steps + 1):
        gradient = slope(x)
        velocity = 0.9 * velocity + gradient
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        adam = (first / (1 - 0.9**step)) / (math.sqrt(second / (1 - 0.999**step)) + 1e-8)
        x -= rate * {"gd": gradient, "momentum": velocity, "adam": adam}[method]
        points.append(x)
    return points


@pytest.mark.parametrize("method", METHODS)
def test_each_method_agrees_with_its_definition(method: str) -> None:
    points = run("x**4/4 - cos(x)", x=1.5, options={"method": method, "rate": 0.03, "steps": 60})
    expected = reference(method, lambda x: x**3 + math.sin(x), 1.5, 0.03, 60)
    assert [point.variables[0] for point in points] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_finds_the_minimum_of_a_bowl_and_stops_at_the_tolerance(method: str) -> None:
    options = {"method": method, "rate": 0.05, "steps": 5000, "tolerance": 1e-6}
    points = run("(x - 1)**2 + 2*(y + 2)**2", x=3, y=0, options=options)
    assert points[-1].variables == pytest.approx((1, -2), abs=1e-6)
    assert points[-1].norm <= 1e-6 < min(point.norm for point in points[:-1])
    assert [point.step for point in points] == list(range(len(points)))


@settings(max_examples=settings().max_examples // 5)
@given(st.floats(min_value=-3, max_value=3), st.floats(min_value=-3, max_value=3))
def test_small_steps_down_a_smooth_hill_never_climb(x: float, y: float) -> None:
    points = run("sin(x)*cos(y) + x**2/4 + y**2/4", x=x, y=y, options={"rate": 0.1, "steps": 30})
    assert all(after.value <= before.value + 1e-15 for before, after in pairwise(points))


@settings(max_examples=settings().max_examples // 5)
@given(st.sampled_from(list(METHODS)), st.floats(min_value=-3, max_value=3))
def test_climbing_is_descending_the_opposite(method: str, x: float) -> None:
    up = run("sin(x)", x=x, options={"method": method, "rate": -0.1, "steps": 20})
    down = run("-sin(x)", x=x, options={"method": method, "rate": 0.1, "steps": 20})
    assert [point.variables for point in up] == [point.variables for point in down]


def test_variables_and_named_numbers_move() -> None:
    assert list(parameters(program("a = 2; b = -3; q = b; c = 5*2; e = a*b; e + c*x*q", x=1))) == ["a", "b", "c", "x"]


def test_a_named_number_moves_like_a_variable() -> None:
    options = {"rate": -0.01, "steps": 3}
    named = run("a = 2; b = -3; c = 5*2; f = -2; L = (a*b + c)*f", options=options)
    assert named == run("L = (a*b + c)*f", a=2, b=-3, c=10, f=-2, options=options)


def test_an_alias_of_a_variable_is_one_variable_under_its_first_name() -> None:
    assert list(parameters(program("q = p; q*p", p=3))) == ["p"]
    with pytest.raises(ExpressionError, match="no variable is left to move"):
        parameters(program("q = p; q*p", p=3), ["q"])


def test_what_is_fixed_stays_and_its_derivative_is_not_needed() -> None:
    points = run("x**n", ["n"], x=-2, n=2, options={"rate": 0.1, "steps": 2})
    assert [point.variables for point in points] == [(-2.0,), (-1.6,), (-1.28,)]
    with pytest.raises(
        EvaluationError, match="the derivative of power with respect to its second operand is not defined"
    ):
        run("x**n", x=-2, n=2)
    with pytest.raises(EvaluationError, match=r"the derivative of sqrt is not defined at 0\.0"):
        run("sqrt(x)*y", ["y"], x=0, y=2)


@pytest.mark.parametrize(
    ("text", "fixed", "message"),
    [
        ("2 + 3", [], "the expression has no variable to move\nhint: a number with a name moves too: x = 2"),
        ("e = x*y; e + 1", ["z"], "the expression has no variable z\nhint: it has e, x, y"),
        (
            "e = x*y; e + 1",
            ["e"],
            "e cannot be fixed: the expression computes it\n  e = x*y; e + 1\n  ^\nhint: these can be fixed: x, y",
        ),
        ("x*y", ["x", "y"], "no variable is left to move\nhint: fix fewer than x, y"),
    ],
)
def test_a_name_that_cannot_be_fixed_is_an_error(text: str, fixed: list[str], message: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parameters(parse_program(text), fixed)
    assert str(refused.value) == message


def test_a_start_outside_the_domain_is_an_error_that_points() -> None:
    with pytest.raises(EvaluationError) as refused:
        run("1 + log(x)", x=-1)
    assert str(refused.value) == "log is not defined at -1.0\n  1 + log(x)\n      ^^^^^^"


def test_a_step_out_of_the_domain_comes_after_the_points_before_it() -> None:
    bound = program("1 + log(x)", x=0.05)
    moving = parameters(bound)
    points = descend(bound, moving)
    start = next(points)
    with pytest.raises(EvaluationError) as refused:
        next(points)
    assert str(refused.value).splitlines() == [
        "step 1 goes too far: log is not defined at -0.15000000000000002",
        "  1 + log(x)",
        "      ^^^^^^",
        "hint: a smaller rate takes smaller steps",
    ]
    return_to(bound, moving, start)
    assert bound.root.data == start.value


@pytest.mark.parametrize(
    ("text", "x", "options", "message"),
    [
        ("x**2", 1.0, {"rate": 1.1, "steps": 10_000}, "step 1947 goes too far: power overflows at"),
        ("x", 1e308, {"rate": -1e308}, "step 1 goes too far: x overflows"),
        ("x*1e200", 1.0, {"method": "adam"}, "step 1 goes too far: the square of the gradient overflows"),
        ("sqrt(x)", 0.25, {"rate": 0.25}, "step 1 goes too far: the derivative of sqrt is not defined at 0.0"),
    ],
)
def test_a_step_beyond_the_numbers_is_an_error(text: str, x: float, options: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        run(text, x=x, options=options)


def test_a_gradient_that_is_too_long_for_a_float_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="the gradient overflows"):
        run("x*1.5e308 + y*1.5e308", x=0, y=0)


def test_what_the_result_does_not_use_stays_and_may_fail() -> None:
    points = run("w = log(y); x**2", x=1, y=-1, options={"rate": 0.25, "steps": 1})
    assert points[-1].variables == (-1.0, 0.5)
    assert points[-1].gradient == (0.0, 1.0)


@pytest.mark.parametrize(
    ("text", "x", "options", "outcome"),
    [
        ("(x - 1)**2", 5, {"rate": 0.1}, "steps"),
        ("(x - 1)**2", 5, {"rate": 0.1, "tolerance": 1e-3}, "converged"),
        ("(x - 1)**2", 1, {}, "converged"),
        ("(x - 1)**2", 5, {"rate": 1.1}, "diverged"),
        ("(x - 1)**2", 5, {"rate": -0.1}, "steps"),
        ("-(x - 1)**2", 5, {"rate": -1.1}, "diverged"),
        ("log(x)", 0.05, {"rate": 1}, "stopped"),
        ("(x - 1)**2", 5, {"rate": 1}, "restless"),
        ("-(x - 1)**2", 5, {"rate": -1}, "restless"),
        ("abs(x)", 1, {"rate": 0.03}, "restless"),
        ("x**4", 1, {"rate": 0.5}, "restless"),
        ("(x - 1)**2", 5, {"rate": 1, "steps": 0}, "steps"),
        # Converged as far as rounding allows: there is no improvement either.
        ("(x - 1)**2", 5, {"rate": 0.1, "steps": 1000}, "steps"),
        ("(x - 1)**2 + 1", 5, {"rate": 0.1, "steps": 1000}, "steps"),
        ("x**2 + 1", 5, {"rate": 0.1, "steps": 1000}, "steps"),
        ("x**2", 5, {"rate": 0.1, "steps": 5000}, "steps"),
        ("(x - 1e6)**2 + 1", 5, {"rate": 0.1, "steps": 1000}, "steps"),
    ],
)
def test_how_a_run_ended_is_one_word(text: str, x: float, options: dict[str, Any], outcome: str) -> None:
    options = {"rate": 0.01, "steps": 100, "tolerance": 0.0, **options}
    bound = program(text, x=x)
    record = Run(descend(bound, parameters(bound), **options), **options)
    points = list(record)
    assert (record.outcome(), record.first, record.last) == (outcome, points[0], points[-1])
    assert (record.error is not None) == (outcome == "stopped")


def test_a_start_that_is_undefined_is_not_a_run() -> None:
    bound = program("log(x)", x=-1)
    with pytest.raises(EvaluationError, match="log is not defined"):
        list(Run(descend(bound, parameters(bound)), rate=0.01, steps=100))


def stand(program: Program) -> list[tuple[str, str, str]]:
    return [(node.label, repr(node.data), repr(node.grad)) for node in program.nodes]


def walk(program: Program, moving: dict[str, Value], rate: float, steps: int) -> tuple[list[str], str | None]:
    """Take the steps node by node on the graph itself; return the points, and the words for why they end early."""
    names, nodes = list(moving), list(moving.values())
    points: list[str] = []
    for step in range(steps + 1):
        forward_pass(node for node in program.nodes if node not in nodes)
        error = differentiated(program, names, digits=False).error
        gradient = tuple(node.grad for node in nodes)
        if not error and not math.isfinite(math.hypot(*gradient)):
            error = EvaluationError("the gradient overflows")
        if error:
            return points, f"step {step} goes too far: {error.message}" if step else error.message
        points.append(repr((step, program.root.data, tuple(node.data for node in nodes), gradient)))
        if step == steps or not any(gradient):
            break
        for name, node, slope in zip(names, nodes, gradient, strict=True):
            node.data += -rate * slope
            if not math.isfinite(node.data):
                return points, f"step {step + 1} goes too far: {name} overflows"
    return points, None


@settings(max_examples=settings().max_examples // 2)
@given(
    graphs(),
    st.lists(st.sampled_from(POINTS), min_size=2, max_size=2),
    st.sampled_from([1e-3, 0.1, 1.0, -0.25, 1e3, 1e200]),
    st.booleans(),
)
def test_a_descent_is_the_walk_over_the_graph_to_the_last_bit_and_word(
    root: Value, start: list[float], rate: float, both: bool
) -> None:
    text = statements(root)
    expected, got = parse_program(text), parse_program(text)
    values = dict(zip(got.variables, start, strict=False))
    assume(values)
    fixed = list(values)[1:] if not both else []
    for program in (expected, got):
        program.bind(values)
    points: list[str] = []
    message = None
    with pytest.MonkeyPatch.context() as patch:
        compile_from(patch, 0)
        try:
            points.extend(repr(point[:4]) for point in descend(got, parameters(got, fixed), rate=rate, steps=5))
        except EvaluationError as error:
            message = error.message
    assert (points, message) == walk(expected, parameters(expected, fixed), rate, 5)
    if message is None:
        assert stand(got) == stand(expected)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fixed", [[], ["y"]])
def test_compiling_changes_no_digit_of_a_long_run(
    method: str, fixed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    for steps in (0, 10**9):
        compile_from(monkeypatch, steps)
        text = "k = 2*3; s = x - k; relu(s)**2 + log(1 + y**2)*y + where(x > y, s, log(y))"
        runs.append(run(text, fixed, x=3, y=2, options={"rate": 0.02, "steps": 60, "method": method}))
    assert repr(runs[0]) == repr(runs[1])


@pytest.mark.parametrize(("steps", "on_the_graph"), [(4, 5), (5, 0), (50, 0)])
def test_a_descent_of_enough_steps_leaves_the_graph_alone_until_it_ends(
    steps: int, on_the_graph: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[Any] = []

    def noted(*given: Any, **more: Any) -> Any:
        evaluated.append(given)
        return differentiated(*given, **more)

    monkeypatch.setattr(descent, "differentiated", noted)
    compile_from(monkeypatch, 5)
    bound = program("(x - 1)**2", x=5)
    points = list(descend(bound, parameters(bound), steps=steps))
    # At the end the graph is put where the last point is.
    assert len(evaluated) == on_the_graph + (on_the_graph == 0)
    assert (bound.root.data, bound.node("x").grad) == (points[-1].value, *points[-1].gradient)


@pytest.mark.parametrize("text", ["(x - 1)**2", "(3*x - 1)**2", "(x - 0.1)**2", "x**2 - 3*x", "abs(x - 1)"])
def test_a_run_that_has_converged_is_seldom_evaluated_on_the_graph(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[Any] = []

    def noted(*given: Any, **more: Any) -> Any:
        evaluated.append(given)
        return differentiated(*given, **more)

    monkeypatch.setattr(descent, "differentiated", noted)
    bound = program(text, x=5)
    assert len(list(descend(bound, parameters(bound), rate=0.1, steps=3000))) == 3001
    assert len(evaluated) < 120


def test_a_descent_that_is_stopped_early_leaves_the_program_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_from(monkeypatch, 0)
    bound = program("s = x - 1; s**2", x=5)
    points: Any = descend(bound, parameters(bound), rate=0.25)
    next(points)
    point = next(points)
    points.close()
    assert (bound.root.data, bound.node("s").data, bound.node("x").grad) == (4.0, 2.0, 4.0)
    assert (point.value, point.variables, point.gradient) == (4.0, (3.0,), (4.0,))


def test_many_steps_take_no_more_memory_than_few() -> None:
    def peak(steps: Any) -> Any:
        bound = program("(x - 1)**2", x=5)
        tracemalloc.start()
        for _ in descend(bound, parameters(bound), rate=1e-9, steps=steps):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # The first run loads what compiles.
    peak(1000)
    assert peak(20_000) < peak(1000) + 20_000


@pytest.mark.parametrize("steps", [20, 30, 50, 100])
def test_a_momentum_that_converges_is_not_restless(steps: int) -> None:
    program = parse_program("(x - 1)**2 + (y + 2)**2")
    program.bind({"x": 5.0, "y": 5.0})
    run = Run(descend(program, parameters(program), rate=0.1, steps=steps, method="momentum"), rate=0.1, steps=steps)
    list(run)
    assert run.outcome() == "steps"

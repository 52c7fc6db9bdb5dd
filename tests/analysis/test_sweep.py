"""One variable at many points."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from graphs import compile_from
from hypothesis import assume, given
from hypothesis import strategies as st

from mgcli import ExpressionError, parse_program
from mgcli.analysis.points import MOST_POINTS, EvenSweep, Sweep
from mgcli.analysis.sweep import grid, sweep
from mgcli.errors import UnboundVariableError

# The points


@pytest.mark.parametrize(
    ("bounds", "points"),
    [
        ((0, 5), [0.0, 1.0, 2.0, 3.0, 4.0]),
        ((0, 1, 0.25), [0.0, 0.25, 0.5, 0.75]),
        ((-1, 1.5), [-1.0, 0.0, 1.0]),
        ((0, 1, 0.3), [0.0, 0.3, 0.6, 3 * 0.3]),
        ((0, 1, 5), [0.0]),
        ((3, 0, -1), [3.0, 2.0, 1.0]),
        ((1, 0, -0.25), [1.0, 0.75, 0.5, 0.25]),
        ((1, -1e-9, -1), [1.0, 0.0]),
        ((0, 0.3, 0.1), [0.0, 0.1, 0.2]),
        ((1e16, 1e16 + 4, 2), [1e16, 1e16 + 2]),
    ],
)
def test_a_sweep_goes_from_the_start_by_the_step_and_stops_before_the_stop(
    bounds: tuple[float, ...], points: list[float]
) -> None:
    swept = Sweep(*bounds)
    assert list(swept) == points
    assert len(swept) == swept.count == len(points)


def test_the_notebook_s_sweep_has_forty_points() -> None:
    swept = Sweep(-5, 5, 0.25)
    assert list(swept) == [-5 + 0.25 * index for index in range(40)]


def test_a_sweep_can_be_gone_through_again() -> None:
    swept = Sweep(0, 3)
    assert list(swept) == list(swept) == [0.0, 1.0, 2.0]


GRID = st.integers(-4000, 4000).map(lambda number: number / 64)


@given(GRID, GRID, GRID)
def test_on_a_grid_that_floats_hold_exactly_the_points_are_those_of_exact_arithmetic(
    start: float, stop: float, step: float
) -> None:
    assume(step != 0)
    exact = math.ceil((Fraction(stop) - Fraction(start)) / Fraction(step))
    if exact <= 0:
        with pytest.raises(ExpressionError, match="no points from"):
            Sweep(start, stop, step)
    else:
        expected = [float(Fraction(start) + index * Fraction(step)) for index in range(exact)]
        assert list(Sweep(start, stop, step)) == expected


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-6)


@given(NUMBERS, st.integers(1, 500), st.floats(1e-3, 10), st.booleans())
def test_anywhere_the_count_is_that_of_arange_and_no_point_is_at_or_beyond_the_stop(
    start: float, length: int, step: float, down: bool
) -> None:
    step = -step if down else step
    stop = start + length * step
    arange = math.ceil((stop - start) / step)
    expected = [start + index * step for index in range(arange)]
    assert list(Sweep(start, stop, step)) == [point for point in expected if (point > stop if down else point < stop)]


@pytest.mark.parametrize(
    ("start", "stop", "step"), [(1.0, 1.3, 0.1), (1.0, 1.6, 0.1), (0.5, 0.8, 0.1), (-0.3, 0.0, 0.1), (1.3, 1.0, -0.1)]
)
def test_a_rounded_length_never_lets_the_stop_in(start: float, stop: float, step: float) -> None:
    points = list(Sweep(start, stop, step))
    assert stop not in points
    assert len(points) in (3, 4, 6)
    assert all((point - stop) * step < 0 for point in points)


def test_a_sweep_may_have_ten_million_points_and_no_more() -> None:
    assert Sweep(0, MOST_POINTS).count == 10_000_000
    with pytest.raises(ExpressionError) as caught:
        Sweep(0, MOST_POINTS + 1)
    assert str(caught.value) == "more than 10,000,000 points\nhint: take a larger step"


@pytest.mark.parametrize("bounds", [(0, 1, 1e-300), (0, 1, 5e-324), (0, 1e308, 1), (-8e307, 8e307, 1)])
def test_an_endless_sweep_is_an_error_at_once(bounds: tuple[float, float, float]) -> None:
    with pytest.raises(ExpressionError, match="more than 10,000,000 points"):
        Sweep(*bounds)


@pytest.mark.parametrize(
    ("bounds", "message", "hint"),
    [
        ((0, 1, 0), "a step of 0 never ends", "write another one, or leave it out for a step of 1"),
        ((0, 1, -0.0), "a step of 0 never ends", "write another one, or leave it out for a step of 1"),
        ((5.0, 0.0), "no points from 5.0 to 0.0 in steps of 1.0", "a negative step goes down"),
        ((0.0, 5.0, -1.0), "no points from 0.0 to 5.0 in steps of -1.0", "a positive step goes up"),
    ],
)
def test_a_sweep_of_no_points_is_an_error_with_a_remedy(
    bounds: tuple[float, ...], message: str, hint: str | None
) -> None:
    with pytest.raises(ExpressionError) as caught:
        Sweep(*bounds)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("step", [1.0, -1.0])
def test_a_sweep_from_a_point_to_itself_is_empty(step: float) -> None:
    with pytest.raises(ExpressionError, match=r"no points from 2.0 to 2.0"):
        Sweep(2.0, 2.0, step)


@pytest.mark.parametrize(("start", "stop"), [(0.0, 1.0), (10.0, -10.0), (-0.1, 0.7), (0.0, 1e-322), (-8e307, 8e307)])
@pytest.mark.parametrize("count", [2, 3, 1000])
def test_an_even_sweep_goes_from_end_to_end(start: float, stop: float, count: int) -> None:
    points = list(EvenSweep(start, stop, count))
    assert len(points) == len(EvenSweep(start, stop, count)) == count
    assert (points[0], points[-1]) == (start, stop)
    assert points == sorted(points, reverse=start > stop)
    step = (Fraction(stop) - Fraction(start)) / (count - 1)
    expected = [float(Fraction(start) + index * step) for index in range(count)]
    assert points == pytest.approx(expected, rel=1e-14, abs=1e-15 * (abs(start) + abs(stop)))


def test_an_even_sweep_from_a_point_to_itself_or_beyond_the_floats_is_an_error() -> None:
    with pytest.raises(ExpressionError, match=r"no points from 2.0 to 2.0"):
        EvenSweep(2.0, 2.0, 100)
    with pytest.raises(ExpressionError, match="longer than the largest float"):
        EvenSweep(-1.7e308, 1.7e308, 100)


def test_a_range_longer_than_the_largest_float_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="longer than the largest float"):
        Sweep(-1.7e308, 1.7e308, 1e308)
    assert list(Sweep(-8e307, 8e307, 1e308)) == [-8e307, -8e307 + 1e308]


# The table


def test_each_point_gives_the_value_of_the_result_and_of_every_name() -> None:
    program = parse_program("u = 2*x; u + y")
    table = sweep(program, {"y": 10.0}, "x", Sweep(0, 3))
    assert table.name == "x"
    assert list(table.result.data) == [10.0, 12.0, 14.0]
    assert list(table.columns) == ["u", "x", "y"]
    assert {name: list(column.data) for name, column in table.columns.items()} == {
        "u": [0.0, 2.0, 4.0],
        "x": [0.0, 1.0, 2.0],
        "y": [10.0, 10.0, 10.0],
    }
    assert table.refused == 0


def test_with_wrt_each_point_gives_those_gradients() -> None:
    program = parse_program("u = x*x; u*y")
    table = sweep(program, {"y": 3.0}, "x", [1.0, 2.0, -1.0], ["x", "u"])
    assert list(table.columns["x"].grad) == [6.0, 12.0, -6.0]
    assert list(table.columns["u"].grad) == [3.0, 3.0, 3.0]
    assert list(table.columns["y"].grad) == [0.0, 0.0, 0.0]
    assert table.refused == 0


def test_wrt_may_be_any_iterator() -> None:
    table = sweep(parse_program("x*x"), {}, "x", iter([1.0, 2.0]), iter(["x"]))
    assert list(table.columns["x"].grad) == [2.0, 4.0]


def same(numbers: "array[float]", expected: list[float]) -> bool:
    return [repr(number) for number in numbers] == [repr(number) for number in expected]


def test_an_undefined_point_is_nan_and_the_others_are_not_lost() -> None:
    table = sweep(parse_program("u = x + 1; 1/x"), {}, "x", Sweep(-1, 3))
    assert same(table.result.data, [-1.0, math.nan, 1.0, 0.5])
    assert list(table.columns["u"].data) == [0.0, 1.0, 2.0, 3.0]
    assert table.refused == 1


def test_a_point_without_the_wanted_gradient_is_undefined_though_it_has_a_value() -> None:
    program = parse_program("sqrt(x)*y")
    table = sweep(program, {"y": 2.0}, "x", Sweep(-1, 3), ["x"])
    assert same(table.result.data, [math.nan, 0.0, 2.0, 2 * math.sqrt(2)])
    assert same(table.columns["x"].grad, [math.nan, math.nan, 1.0, 1 / math.sqrt(2)])
    assert table.refused == 2


def test_a_gradient_that_is_not_wanted_makes_no_point_undefined() -> None:
    program = parse_program("x**y")
    assert sweep(program, {"y": 3.0}, "x", [-2.0, 2.0], ["x"]).refused == 0
    assert sweep(program, {"y": 3.0}, "x", [-2.0, 2.0], ["y"]).refused == 1
    assert sweep(program, {"y": 3.0}, "x", [-2.0, 2.0]).refused == 0


def test_what_the_result_does_not_use_makes_no_point_undefined() -> None:
    table = sweep(parse_program("u = log(x); 2*x"), {}, "x", [-1.0, 1.0])
    assert list(table.result.data) == [-2.0, 2.0]
    assert same(table.columns["u"].data, [math.nan, 0.0])
    assert table.refused == 0


def test_the_values_of_a_sweep_are_those_of_each_point_bound_alone() -> None:
    text = "p = sin(x)*y; p/(x - 1) + tanh(p)"
    points = list(Sweep(-3, 3, 0.37))
    table = sweep(parse_program(text), {"y": 1.7}, "x", points, ["x", "p"])
    for index, point in enumerate(points):
        program = parse_program(text)
        program.bind({"x": point, "y": 1.7})
        program.differentiate()
        assert table.result.data[index] == program.root.data
        assert table.columns["x"].grad[index] == program.node("x").grad
        assert table.columns["p"].grad[index] == program.node("p").grad


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
def test_the_swept_variable_has_the_points_in_its_column(points: list[float]) -> None:
    table = sweep(parse_program("x*0.5"), {}, "x", points)
    assert same(table.columns["x"].data, points)


def test_a_variable_without_a_value_is_an_error() -> None:
    with pytest.raises(UnboundVariableError, match="y has no value"):
        sweep(parse_program("x*y"), {}, "x", [1.0])


def test_a_sweep_over_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="the expression has no variable z"):
        sweep(parse_program("x*2"), {"x": 1.0}, "z", [1.0])
    with pytest.raises(ExpressionError, match="u is defined by the expression"):
        sweep(parse_program("u = x*2"), {"x": 1.0}, "u", [1.0])
    with pytest.raises(ExpressionError, match="the expression has no variable z"):
        sweep(parse_program("x*2"), {}, "x", [1.0], ["z"])


@pytest.mark.parametrize("times", [0, 20, 10**9])
@pytest.mark.parametrize("text", ["p = x*y; sin(p)/x + z", "log(x - y)", "sqrt(y)*x", "where(x > y, x*1e308, y)**2"])
def test_a_grid_is_a_sweep_for_each_point_of_the_other_variable(
    text: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def table(swept: Any) -> Any:
        columns = {name: (bytes(column.data), bytes(column.grad)) for name, column in swept.columns.items()}
        return swept.name, swept.refused, bytes(swept.result.data), columns

    program = parse_program(text)
    names = ("x", "y")
    others = {name: 2.0 for name in program.variables if name not in names}
    across, up = Sweep(-1, 1, 0.25), [-1.0, 0.0, 1.5]
    rows = [table(sweep(program, {**others, names[1]: point}, names[0], across, names)) for point in up]
    compile_from(monkeypatch, times)
    assert [table(row) for row in grid(program, others, names, across, up, names)] == rows


def test_the_points_are_computed_as_they_come() -> None:
    # What watches them shows progress, and can end them.
    program = parse_program("x**2")
    computed = []

    def points() -> Iterator[Any]:
        for point in (1.0, 2.0, 3.0):
            yield point
            computed.append(program.root.data)

    table = sweep(program, {}, "x", points(), ["x"])
    assert computed == list(table.result.data) == [1.0, 4.0, 9.0]

"""Curves cut at poles, jumps and holes, and what of them is shown."""

from typing import Any

import pytest
from graphs import compile_from
from hypothesis import given
from hypothesis import strategies as st

from mgcli import EvaluationError, parse_program
from mgcli.analysis import curves
from mgcli.analysis.curves import Curve, fence, slope_curve, tangent_at, value_curve
from mgcli.analysis.points import Sweep
from mgcli.analysis.sweep import Sampler, Swept, sweep


def swept(text: str, *bounds: float) -> Swept:
    return sweep(parse_program(text), {}, "x", Sweep(*bounds), ["x"])


def starts(curve: Curve) -> list[float]:
    """Return the point at which each piece begins."""
    return [round(curve.points[piece.start], 9) for piece in curve.pieces]


# In no row but the first of a kind is the place itself a point of the sweep.
GAPS = [
    ("1/x", [-3.0, 0.25]),
    ("1/(x - 0.3)", [-3.0, 0.5]),
    ("1/(x - 0.3)**2", [-3.0, 0.5]),
    ("100 + 1/(x - 0.3)", [-3.0, 0.5]),
    ("tan(x)", [-3.0, -1.5, 1.75]),
    ("log(abs(x - 0.1))", [-3.0, 0.25]),
    ("exp(1/(x - 0.1))", [-3.0, 0.25]),
    ("gamma(x)", [-2.75, -1.75, -0.75, 0.25]),
    ("log(x)", [0.25]),
    ("sqrt(x)", [0.0]),
    ("sqrt(x**2 - 0.01)", [-3.0, 0.25]),
    ("floor(x)", [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0]),
    ("sign(x - 0.1)", [-3.0, 0.25]),
    ("where(x > 0, 1, 0)", [-3.0, 0.25]),
    ("where(x > 0, x + 5, x)", [-3.0, 0.25]),
    ("log(-1 - x**2)", []),
]


@pytest.mark.parametrize(("text", "expected"), GAPS)
def test_a_pole_a_jump_and_a_hole_leave_a_gap(text: str, expected: list[float]) -> None:
    assert starts(value_curve(swept(text, -3, 3, 0.25))) == expected


@pytest.mark.parametrize("step", [0.25, 0.1, 0.017, 0.73])
@pytest.mark.parametrize("text", ["1/(x - 0.3)", "1/(x - 0.3)**2", "-1/(x - 0.3)**3", "1/tanh(x - 0.3)"])
def test_a_pole_is_found_wherever_the_points_lie(text: str, step: float) -> None:
    curve = value_curve(swept(text, -3, 3, step))
    ends = [(curve.points[piece.start], curve.points[piece.stop - 1]) for piece in curve.pieces]
    assert len(ends) > 1
    assert [(first, last) for first, last in ends if first <= 0.3 <= last] == []


@pytest.mark.parametrize(("text", "_"), GAPS)
def test_compiling_changes_nothing_of_a_curve(text: str, _: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    curves_found = []
    for times in (0, 10**9):
        compile_from(monkeypatch, times)
        table = swept(text, -3, 3, 0.25)
        refused = table.refused
        value = value_curve(table)
        slope = slope_curve(table, value)
        curves_found.append([(curve.gaps, curve.pieces, repr(curve.values)) for curve in (value, slope)])
        assert table.refused == refused
    assert curves_found[0] == curves_found[1]


STEEP = [
    "tanh(1000*x)",
    "atan(1000*(x - 0.1))",
    "sigmoid(1e6*(x - 0.1))",
    "cbrt(x - 0.1)",
    "abs(x - 0.1)",
    "sqrt(abs(x - 0.1))",
    "exp(10*x)",
    "sin(50*x)",
    "1/(1e-9 + (x - 0.1)**2)",
    "relu(x)",
    "x**3",
    "0*x",
    "1e300*x**2",
]


@pytest.mark.parametrize("step", [0.25, 0.017])
@pytest.mark.parametrize("text", STEEP)
def test_what_is_continuous_stays_joined_however_steep(text: str, step: float) -> None:
    table = swept(text, -3, 3, step)
    assert [len(piece) for piece in value_curve(table).pieces] == [len(table.result.data)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(x - 0.1)", [-3.0, 0.25]),
        ("relu(x)", [-3.0, 0.25]),
        ("1/x", [-3.0, 0.25]),
        ("cbrt(x)", [-3.0, 0.25]),
        ("sqrt(x)", [0.25]),
        ("x**3", [-3.0]),
        ("tanh(x)", [-3.0]),
    ],
)
def test_the_derivative_has_its_own_gaps(text: str, expected: list[float]) -> None:
    table = swept(text, -3, 3, 0.25)
    assert starts(slope_curve(table, value_curve(table))) == expected


def test_a_sweep_downwards_has_the_same_gaps() -> None:
    assert starts(value_curve(swept("floor(x)", 3, -1, -0.5))) == [3.0, 2.5, 1.5, 0.5, -0.5]


def test_further_points_are_computed_in_floats_and_rarely_with_more_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    in_full = Sampler.__call__

    def counted(sampler: Sampler, *numbers: float) -> Any:
        calls.append(numbers)
        return in_full(sampler, *numbers)

    monkeypatch.setattr(Sampler, "__call__", counted)
    table = swept("clamp(tan(x), x, tan(x))", -3, 3, 0.25)
    calls.clear()
    value_curve(table)
    assert not calls
    # Floats overflow between the points, too.
    table = swept("cos(50*x)/(exp(600 + x*100)/exp(500 + x*100))", 1, 3, 0.25)
    calls.clear()
    value_curve(table)
    assert 1 < len(calls) <= 20


def test_where_no_more_may_be_computed_points_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "MOST_PROBES", 0)
    assert starts(value_curve(swept("floor(x)", -3, 3, 0.25))) == [-3.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**2", (0.0, 9.0)),
        ("exp(x)", (pytest.approx(0.0498, rel=1e-2), pytest.approx(15.64, rel=1e-2))),
        ("floor(x)", (-3.0, 2.0)),
        ("where(x > 2.3, 1000, x)", (-3.0, 1000.0)),
        ("where(x > 0, exp(3*x), 0)", (0.0, pytest.approx(3827.6, rel=1e-3))),
        ("7 + 0*x", (7.0, 7.0)),
    ],
)
def test_all_of_a_curve_is_shown_if_nothing_diverges(text: str, expected: tuple[Any, Any]) -> None:
    assert value_curve(swept(text, -3, 3, 0.25)).range() == expected


@pytest.mark.parametrize(
    "text", ["1/x", "1/(x - 0.3)", "tan(x)", "1/(x - 0.01)**2", "exp(1/(x - 0.003))", "log(x)", "gamma(x)"]
)
def test_a_pole_does_not_flatten_the_rest(text: str) -> None:
    shown = value_curve(swept(text, -3, 3, 0.002)).range()
    assert shown
    low, high = shown
    assert -20.0 < low < high < 20.0


def test_a_curve_without_a_value_has_no_range() -> None:
    assert Curve([1.0], [float("nan")], {}).range() is None


@given(st.lists(st.floats(-1e300, 1e300), min_size=1))
def test_a_fence_keeps_the_middle_half(values: list[float]) -> None:
    values.sort()
    low, high = fence(values)
    quarter = len(values) // 4
    assert values[0] <= low <= values[quarter] <= values[-1 - quarter] <= high <= values[-1]


# The tangent


def test_a_tangent_touches_the_curve_with_its_slope() -> None:
    tangent = tangent_at(parse_program("a*x**2"), {"a": 3.0}, "x", 2.0)
    assert (tangent.point, tangent.value, tangent.slope) == (2.0, 12.0, 12.0)
    assert [tangent.at(point) for point in (2.0, 3.0, 0.0)] == [12.0, 24.0, -12.0]


@pytest.mark.parametrize(("text", "words"), [("log(x)", "log is"), ("sqrt(x)", "the derivative of sqrt is")])
def test_there_is_no_tangent_without_a_value_and_a_derivative(text: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=f"{words} not defined at 0.0") as caught:
        tangent_at(parse_program(text), {}, "x", 0.0)
    assert caught.value.text == text


def test_a_constant_slope_with_rounding_errors_is_one_piece() -> None:
    table = swept("1.23456*2.34567*3.456789*4.5678*x + 5.6789", 0, 1, 0.001)
    assert len(slope_curve(table, value_curve(table)).pieces) == 1

"""The numbers of implicit derivatives."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import expm1, mp, mpf

from mgcli import EvaluationError, parse_program
from mgcli.analysis.equations import ImplicitDerivatives, implicit_derivatives

CIRCLE = "x**2 + y**2 = 25"


def on_curve(text: str, order: int = 1, **values: float) -> ImplicitDerivatives:
    program = parse_program(text, values, equations=True)
    program.bind(values)
    return implicit_derivatives(program, ["x"], "y", order, at_a_point=True)


def slope(text: str, order: int = 1, **values: float) -> float:
    found = on_curve(text, order, **values)
    if found.failure:
        raise found.failure
    return found.values["x"]


@given(st.floats(0.1, 3), st.integers(1, 3))
def test_a_derivative_is_that_of_the_explicit_solution(x: float, order: int) -> None:
    # y = exp(-2*x) solves log(y) = -2*x.
    y = math.exp(-2 * x)
    assert slope("log(y) + 2*x = 0", order, x=x, y=y) == pytest.approx((-2) ** order * y, rel=1e-12)


def test_a_second_derivative_on_a_circle() -> None:
    assert slope(CIRCLE, 2, x=3, y=4) == pytest.approx(-25 / 64, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        (CIRCLE, {"x": 5, "y": 0}, "the tangent is vertical at x = 5.0, y = 0.0"),
        ("y**3 = x", {"x": 0, "y": 0}, "the tangent is vertical at x = 0.0, y = 0.0"),
        ("sin(y) = x", {"x": 1, "y": math.pi / 2}, "the tangent is vertical at x = 1.0"),
        ("y**2 = x**3 + x**2", {"x": 0, "y": 0}, "the curve has no single tangent at x = 0.0, y = 0.0"),
    ],
)
@pytest.mark.parametrize("order", [1, 2])
def test_where_there_is_no_derivative(text: str, values: dict[str, float], message: str, order: int) -> None:
    with pytest.raises(EvaluationError, match=message):
        slope(text, order, **values)


def test_a_steep_tangent_is_not_vertical() -> None:
    y = 1e-9
    assert slope(CIRCLE, x=math.sqrt(25 - y * y), y=y) == pytest.approx(-5e9, rel=1e-6)


def test_the_numbers_are_right_where_floats_cancel() -> None:
    x = 1e-9
    with mp.workdps(60):
        exact = expm1(mpf(x)) / mpf(x)
        first = (1 + expm1(mpf(x)) - exact) / mpf(x)
        second = (1 + expm1(mpf(x)) - 2 * first) / mpf(x)
    equation = "(exp(x) - 1)/x = y"
    assert slope(equation, x=x, y=float(exact)) == pytest.approx(float(first), rel=1e-15)
    assert slope(equation, 2, x=x, y=float(exact)) == pytest.approx(float(second), rel=1e-15)


def test_a_convention_is_noted() -> None:
    found = on_curve("abs(x) = y", x=0, y=0)
    assert found.values == {"x": 0.0}
    assert [note.message for note in found.notes] == [
        "abs has a kink at 0.0: the slope with respect to x is -1 on the left and 1 on the right; 0.0 is the convention"
    ]


def test_too_large_for_a_float() -> None:
    assert slope("y**3 = x", x=1e-300, y=1e-100) == pytest.approx(1e200 / 3)
    with pytest.raises(EvaluationError, match="the derivative of order 2 is too large for a float"):
        slope("y**3 = x", 2, x=1e-300, y=1e-100)

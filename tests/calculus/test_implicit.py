"""Implicit differentiation: formulas against explicit solutions, and points on the curve."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli import ExpressionError, parse_program
from mgcli.calculus.implicit import curve, derivative, nearest
from mgcli.notation import statements

CIRCLE = "x**2 + y**2 = 25"


def at(text: Any, **values: Any) -> Any:
    program = parse_program(text, values, equations=True)
    program.bind(values)
    return program


@pytest.mark.parametrize(
    ("text", "order", "formula"),
    [
        (CIRCLE, 1, "-x/y"),
        ("x*y = 1", 1, "-y/x"),
        ("sin(y) = x", 1, "1/cos(y)"),
        ("x - cos(y) = 0", 1, "-1/sin(y)"),
        ("y - x**2 = 0", 2, "2"),
        ("x + y = 3", 2, "0"),
    ],
)
def test_the_derivative_as_a_formula(text: Any, order: Any, formula: Any) -> None:
    root = parse_program(text, equations=True).root
    assert statements(derivative(root, "y", "x", order)) == formula


@given(st.floats(0.1, 3), st.integers(1, 3))
def test_a_derivative_is_that_of_the_explicit_solution(x: Any, order: Any) -> None:
    # y = exp(-2*x) solves log(y) = -2*x.
    y = math.exp(-2 * x)
    program = at("log(y) + 2*x = 0", x=x, y=y)
    formula = derivative(program.root, "y", "x", order)
    assert formula.data == pytest.approx((-2) ** order * y, rel=1e-12)


def test_a_point_is_on_the_curve_within_rounding() -> None:
    assert curve(at(CIRCLE, x=3, y=4).root).holds_point
    assert curve(at(CIRCLE, x=1, y=math.sqrt(24)).root).holds_point
    off = curve(at(CIRCLE, x=3, y=4.1).root)
    assert (off.distance, off.size) == pytest.approx((0.81, 9 + 16.81 + 25))
    assert not off.holds_point


def test_the_nearest_point_of_the_curve() -> None:
    program = at(CIRCLE, x=3, y=4.1)
    y = program.node("y")
    assert nearest(program.root, y) == 4.0
    assert (y.data, program.root.data) == (4.1, pytest.approx(0.81))
    far = at("x**2 + y**2 = 1", x=3, y=4)
    assert nearest(far.root, far.node("y")) is None


@pytest.mark.parametrize("text", ["x + y = y", "x + 0*y = 1"])
def test_an_equation_without_the_variable_is_refused(text: str) -> None:
    root = parse_program(text, equations=True).root
    with pytest.raises(ExpressionError, match="the equation does not depend on y"):
        derivative(root, "y", "x")


def test_an_equation_whose_slope_is_0_at_the_point_is_not_refused() -> None:
    assert statements(derivative(at("x*y = 1", x=0, y=1).root, "y", "x")) == "-y/x"

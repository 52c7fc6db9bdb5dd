# ruff: noqa: E501
"""Roots below the line: gone where their conjugates cancel, kept where a formula would lose values."""

import pytest

from mgcli import derivative, parse_program
from mgcli.notation import equations, program

CASES = [
    # Conjugates that are both there, of numbers and of variables, nested.
    ("log(x - sqrt(2)) + log(x + sqrt(2))", "2*x/(x**2 - 2)"),
    ("log((x**(1/4) - 1)/(x**(1/4) + 1)) + 2*atan(x**(1/4))", "1/(x**(1/4)*(x - 1))"),
    (
        "log((x**2 + x*sqrt(2) + 1)/(x**2 - x*sqrt(2) + 1))/(4*sqrt(2)) + (atan(x*sqrt(2) + 1) + atan(x*sqrt(2) - 1))/(2*sqrt(2))",
        "1/(x**4 + 1)",
    ),
    (
        "-(atan((sqrt(2 - sqrt(2)) - 2*x)/sqrt(2 + sqrt(2)))/(4*sqrt(2*(2 - sqrt(2))))) - atan((sqrt(2 + sqrt(2)) - 2*x)/sqrt(2 - sqrt(2)))/(4*sqrt(2*(2 + sqrt(2)))) + atan((sqrt(2 - sqrt(2)) + 2*x)/sqrt(2 + sqrt(2)))/(4*sqrt(2*(2 - sqrt(2)))) + atan((sqrt(2 + sqrt(2)) + 2*x)/sqrt(2 - sqrt(2)))/(4*sqrt(2*(2 + sqrt(2)))) - 1/16*sqrt(2 - sqrt(2))*log(1 - sqrt(2 - sqrt(2))*x + x**2) + 1/16*sqrt(2 - sqrt(2))*log(1 + sqrt(2 - sqrt(2))*x + x**2) - 1/16*sqrt(2 + sqrt(2))*log(1 - sqrt(2 + sqrt(2))*x + x**2) + 1/16*sqrt(2 + sqrt(2))*log(1 + sqrt(2 + sqrt(2))*x + x**2)",
        "1/(x**8 + 1)",
    ),
    (
        "r = sqrt(b**2 - 4*a*c); (log(b - r + 2*c*x) - log(b + r + 2*c*x))/r",
        "1/(c*x**2 + b*x + a)",
    ),
    ("log(cbrt(x) - 1) - log(cbrt(x)**2 + cbrt(x) + 1)/2 - sqrt(3)*atan((2*cbrt(x) + 1)/sqrt(3))", "1/(cbrt(x)**2*(x - 1))"),
    # A common factor that is a number with roots.
    ("-x + 4*x/sqrt(3) + 8*atan(cos(x)/(2 + sqrt(3) + sin(x)))/sqrt(3)", "(2 - sin(x))/(sin(x) + 2)"),
    ("log(x**2 + x*(1 + sqrt(5))/2 + 1) + log(x**2 + x*(1 - sqrt(5))/2 + 1)", "(4*x**3 + 3*x**2 + 2*x + 1)/(x**4 + x**3 + x**2 + x + 1)"),
    # No root is left below the line, so no value is lost.
    ("log(sqrt(x + 1) + sqrt(x))", "1/(2*sqrt(x)*sqrt(x + 1))"),
    # (sqrt(x) - 2)/(x - 4) has no value at 4, nor (...)/x at 0 where the root is beside 1.
    ("x - 4*sqrt(x) + 8*log(sqrt(x) + 2)", "sqrt(x)/(sqrt(x) + 2)"),
    ("x + 4*sqrt(1 + x) + 4*log(1 - sqrt(1 + x))", "(sqrt(x + 1) + 1)/(sqrt(x + 1) - 1)"),
    ("log(x + sqrt(2))", "1/(x + sqrt(2))"),
    # sign(x)**2 is 1, and 1 - sign(x) is 0 at half of all points.
    ("1/(x + abs(x) + 1)", "-(sign(x) + 1)/(x + abs(x) + 1)**2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), CASES)
def test_a_denominator_has_no_roots_where_that_is_shorter_and_loses_no_value(text: str, written: str) -> None:
    source = parse_program(text)
    assert program(equations({"": derivative(source.root, "x")}, {}), "; ") == written


LAMBERT = [
    ("2*x**3/(27*lambertw(a*x)**3) - 2*x**3/(9*lambertw(a*x)**2) + x**3/(3*lambertw(a*x))", "x**2/(lambertw(a*x) + 1)"),
    ("x*(lambertw(x) - 1 + 1/lambertw(x))", "lambertw(x)"),
    ("exp(lambertw(x))", "1/(lambertw(x) + 1)"),
    ("lambertw(x)", "1/(x + exp(lambertw(x)))"),
    ("lambertw(x)**2", "2*lambertw(x)/(x + exp(lambertw(x)))"),
]


@pytest.mark.parametrize(("text", "written"), LAMBERT)
def test_an_exponential_of_lambertw_is_a_quotient_where_that_is_shorter_and_has_a_value_at_0(
    text: str, written: str
) -> None:
    source = parse_program(text)
    assert program(equations({"": derivative(source.root, "x")}, {}), "; ") == written

"""Values with an uncertainty: what each notation means, and that everything else stays arithmetic."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli.analysis.quantities import is_asymmetric, quantity
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.language.parser import constant_value


@pytest.mark.parametrize(
    ("text", "value", "u"),
    [
        ("12+-0.1", 12.0, 0.1),
        ("12±0.1", 12.0, 0.1),
        ("12+/-0.1", 12.0, 0.1),
        ("  12  +-  0.1 ", 12.0, 0.1),
        ("-12+-0.1", -12.0, 0.1),
        ("12+-5%", 12.0, 0.6),
        ("-12 ± 5 %", -12.0, 0.6),
        ("0+-5%", 0.0, 0.0),
        ("sqrt(4)+-1/4", 2.0, 0.25),
        ("pi+-max(1, 2)", math.pi, 2.0),
        ("2*(3+-1)+-0.5", 4.0, 0.5),
        ("1e3+-1e-1", 1000.0, 0.1),
        ("3+-0", 3.0, 0.0),
        ("12.00(10)", 12.0, 0.1),
        ("12.00(10)e3", 12000.0, 100.0),
        ("-1.25(3)e-2", -0.0125, 0.0003),
        ("12(3)", 12.0, 3.0),
        (".5(1)", 0.5, 0.1),
        ("12.0(1.5)", 12.0, 1.5),
        ("6.67430(15)e-11", 6.6743e-11, 1.5e-15),
        ("(1.2345 +- 0.0012)e-7", 1.2345e-7, 1.2e-10),
        ("readings(9.98, 10.01, 10.02, 9.99)", 10.0, 0.009128709291752574),
        ("normal(1, 2)", 1.0, 2.0),
        ("normal(sqrt(4), 2, nu=18)", 2.0, 2.0),
        ("uniform(-1, 3)", 1.0, 4 / math.sqrt(12)),
        ("triangle(-1, 3)", 1.0, 4 / math.sqrt(24)),
        ("arcsine(-1, 3)", 1.0, 4 / math.sqrt(8)),
        ("t(1, 2, 5)", 1.0, 2.0),
        ("lognormal(0, 0.5)", math.exp(0.125), math.exp(0.125) * math.sqrt(math.expm1(0.25))),
    ],
)
def test_a_value_and_its_standard_uncertainty(text: Any, value: Any, u: Any) -> None:
    middle, spread = quantity(text)
    assert constant_value(middle) == pytest.approx(value, rel=1e-15)
    assert spread
    distribution = spread.at(constant_value(middle))
    assert distribution.value == pytest.approx(value, rel=1e-15)
    assert distribution.u == pytest.approx(u, rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "12 + -0.1",
        "12+ -0.1",
        "2*(3+-1)",
        "(12+-1)",
        "sqrt(2)",
        "(10)",
        "-(3)",
        "1:10",
        "1e+5",
        "12+0.3-0.1",
        "2 - -1",
    ],
)
def test_what_is_no_uncertainty_stays_as_it_is(text: Any) -> None:
    assert quantity(text) == (text, None)


def test_a_range_keeps_its_uncertainty_at_each_point() -> None:
    middle, spread = quantity("1:10:2+-5%")
    assert spread
    assert (middle, spread.at(-20.0).u) == ("1:10:2", 1.0)


@pytest.mark.parametrize(
    ("text", "nu"),
    [("readings(1, 2, 4)", 2.0), ("t(1, 2, 5)", 5.0), ("uniform(1, 2, nu = 3)", 3.0), ("normal(1, 2)", math.inf)],
)
def test_the_degrees_of_freedom(text: Any, nu: Any) -> None:
    spread = quantity(text).spread
    assert spread
    assert spread.at(0.0).nu == nu


@given(
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
    st.floats(0, 1e6).map(lambda number: round(number, 6)),
    st.sampled_from(["+-", "±", "+/-"]),
    st.sampled_from(["", " ", "  "]),
)
def test_any_two_numbers_in_any_notation(value: Any, u: Any, sign: Any, blank: Any) -> None:
    middle, spread = quantity(f"{value!r}{blank}{sign}{blank}{u!r}")
    assert spread
    assert (constant_value(middle), spread.at(value).u) == (value, u)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+-5", "no value before +-\n  +-5\n  ^^\nhint: write 0+-5"),
        ("±", "no value before ±\n  ±\n  ^\nhint: write 12±0.1"),
        ("3+-", "no uncertainty after +-\n  3+-\n   ^^\nhint: write 3+-0.1"),
        ("3+-%", "no uncertainty after +-\n  3+-%\n   ^^\nhint: write 3+-0.1"),
        ("3+--1", "the uncertainty is negative: -1\nhint: write 3+-1, or with a blank, 3 + -1, for the sum"),
        (
            "1+-2+-3",
            "two uncertainties\n  1+-2+-3\n      ^^\nhint: write one; arithmetic goes in parentheses, as in (2+-1)",
        ),
        ("uniform(2, 1)", "2.0 is not below 1.0\nhint: write the lower bound first, then the upper one"),
        ("uniform(1)", "uniform takes 2 numbers, not 1 number\nhint: write uniform(a, b)"),
        ("normal(1, 2, 3)", "normal takes 2 numbers, not 3 numbers\nhint: write normal(m, u)"),
        ("normal(1,)", "normal lacks a number\nhint: write normal(m, u)"),
        ("normal()", "normal lacks a number\nhint: write normal(m, u)"),
        ("normal(1, -2)", "the uncertainty is negative: -2.0\nhint: write 2.0"),
        ("normal(1, 2, sigma=3)", "normal does not take sigma=3\nhint: write normal(m, u)"),
        ("readings(1)", "readings takes two readings or more\nhint: for one reading write value+-uncertainty"),
        ("readings(1, 2, nu=3)", "readings takes no nu=\nhint: leave it out: it takes no degrees of freedom"),
        ("t(1, 2)", "t takes 3 numbers, not 2 numbers\nhint: write t(m, u, nu)"),
        ("t(1, 2, 0.5)", "nu is less than 1: 0.5\nhint: n readings have n - 1 degrees of freedom"),
        ("t(1, 2, nu=5)", "t takes 3 numbers, not 2 numbers\nhint: write t(m, u, nu)"),
        ("lognormal(0, -1)", "s is negative: -1.0\nhint: write 1.0"),
        ("lognormal(0, 100)", "lognormal overflows\nhint: m and s are those of the logarithm"),
        ("1+-x", "x has no value\n  x\n  ^"),
        ("1+-1/0", "division is not defined at 1.0/0.0\n  1/0\n  ^^^"),
        ("1+-1e400", "1e400 is too large for a float\n  1e400\n  ^^^^^\nhint: the largest is about 1.8e308"),
    ],
)
def test_mistakes_are_shown_with_a_remedy(text: Any, message: Any) -> None:
    with pytest.raises((ExpressionError, EvaluationError)) as caught:
        quantity(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["12+0.3-0.1", "12 + 0.3 - 0.1", "-1.5+2-3"])
def test_two_uncertainties_in_a_sum_are_recognized(text: Any) -> None:
    assert is_asymmetric(text)
    assert not is_asymmetric("a" + text)


@pytest.mark.parametrize("text", ["12+-0.1", "12-0.1", "12"])
def test_other_values_are_not(text: Any) -> None:
    assert not is_asymmetric(text)

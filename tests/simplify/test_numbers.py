"""Exact numbers: read from floats, and written."""

from collections.abc import Collection
from fractions import Fraction
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Run

from mgcli import derivative, parse_program
from mgcli.notation import equations, program
from mgcli.simplify.numbers import decimal, decimal_text, from_text, in_range, is_terminating, quotient_text

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DECIMALS = frozenset({"0.5"})


@given(FLOATS)
def test_the_decimal_of_a_float_reads_back_as_that_float(number: float) -> None:
    assert float(decimal(number)) == number


@given(st.fractions(min_value=Fraction(1, 10**9)))
def test_a_number_is_written_exactly(number: Fraction) -> None:
    for decimals in ((), DECIMALS):
        above, below = quotient_text(number, decimals)
        assert Fraction(above) / Fraction(below) == number


@given(st.integers(0, 10**700))
def test_a_whole_number_of_any_size_is_written_within_the_range_of_floats(number: int) -> None:
    product = Fraction(1)
    for text in in_range(str(number)):
        assert float(text) < 1.7e308
        product *= Fraction(text)
    assert product == number


@pytest.mark.parametrize(
    ("number", "decimals", "written"),
    [
        (Fraction(1, 3), (), ("1", "3")),
        (Fraction(1, 4), (), ("1", "4")),
        (Fraction(1, 4), DECIMALS, ("0.25", "1")),
        (Fraction(25_000_000, 4157), {"8.314"}, ("50000", "8.314")),
        (Fraction(2000, 4157), DECIMALS, ("2", "4.157")),
        (3**41, (), (str(3**41), "1")),
        (10**30, (), ("1e+30", "1")),
    ],
)
def test_the_shortest_text_of_a_number(
    number: Fraction | int, decimals: Collection[str], written: tuple[str, str]
) -> None:
    assert quotient_text(number, decimals) == written


def test_a_number_whose_denominator_divides_a_power_of_ten_is_a_decimal() -> None:
    assert [is_terminating(Fraction(1, n)) for n in (1, 2, 3, 5, 6, 8, 50)] == [
        True,
        True,
        False,
        True,
        False,
        True,
        True,
    ]
    assert decimal_text(Fraction(7, 8)) == "0.875"


def test_a_number_of_many_digits_is_written_with_all_of_them(mg: Run) -> None:
    factorial = "20397882081197443358640281739902897356800000000"
    assert mg("diff", "log(1 + t)", "--order", "40").stdout == f"-{factorial}/(t + 1)**40\n"
    latex = mg("diff", "log(1 + t)", "--order", "40", "--latex").stdout
    assert latex == rf"\frac{{d^{{40}}f}}{{dt^{{40}}}} = -\frac{{{factorial}}}{{\left(t + 1\right)^{{40}}}}" + "\n"


@pytest.mark.parametrize(("above", "below"), [(3**9300, 1), (1, 7**9000), (3**9300, 2**14999)], ids=["3", "1/7", "3/2"])
def test_a_number_of_more_digits_than_python_prints_is_written(above: Any, below: Any) -> None:
    texts = quotient_text(Fraction(above, below), ())
    assert [from_text(text) for text in texts] == [above, below]
    assert prod(from_text(text) for text in in_range(texts[0])) == above


def test_a_formula_has_numbers_of_more_digits_than_python_prints() -> None:
    text = f"x*{'*'.join(['1e250'] * 20)}"
    found = program(equations({"": derivative(parse_program(text).root, "x")}, {}), "; ")
    assert prod(from_text(factor) for factor in found.split("*")) == 10**5000


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("12345678901234567891*x", "12345678901234567891"),
        ("-12_345_678_901_234_567_891*x", "-12345678901234567891"),
        ("110320475741093888*x", "110320475741093888"),  # Its float is written with other digits: ...890.
        ("12345678901234567891*x - 12345678901234567890*x", "1"),
        ("100000000000000000000*x", "100000000000000000000"),
    ],
)
def test_a_whole_number_keeps_the_digits_that_its_float_lacks(mg: Run, text: str, derivative: str) -> None:
    assert mg("diff", text).stdout == f"{derivative}\n"


@pytest.mark.parametrize(
    "text",
    [
        "-(12345678901234567891)",
        "-12345678901234567891**2",
        "(-12345678901234567891)**2*x - -12345678901234567891",
        "x**-12345678901234567891",
        "x*-12345678901234567891",
        "x - 12345678901234567891",
    ],
)
def test_a_number_of_many_digits_is_written_where_it_reads_back_as_the_same(text: str) -> None:
    assert str(parse_program(text).root) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("(-12345678901234567891)**2*x", r"\left(-12345678901234567891\right)^{2} ="),
        ("x*sin(-12345678901234567891)", r"\sin\left(-12345678901234567891\right) ="),
        ("x*sin(12345678901234567891)", r"\sin 12345678901234567891 ="),
    ],
)
def test_in_latex_a_negative_one_is_enclosed(mg: Run, text: str, written: str) -> None:
    assert written in mg("explain", text, "-x", "2", "--latex").stdout


def test_a_number_of_many_digits_and_an_exponent_is_written(mg: Run) -> None:
    for sign in ("", "-"):
        text = f"{sign}x*1.234567890123*1.23456789012e-300"
        assert mg("diff", text).stdout == f"{sign}152415787531905209728476e-323\n"
        latex = mg("diff", text, "--latex").stdout
        assert latex == rf"\frac{{df}}{{dx}} = {sign}152415787531905209728476 \cdot 10^{{-323}}" + "\n"


def test_floats_of_whole_numbers_of_many_digits_are_not_trusted(mg: Run) -> None:
    done = mg("eval", "12345678901234567891 - 12345678901234567890")
    assert done.stdout == "0.0\n"
    assert done.stderr.startswith("note: almost no digit is correct, since terms cancel; the value is 1.0\n")

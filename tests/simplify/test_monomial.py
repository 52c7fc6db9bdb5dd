"""Products as exact numbers and powers."""

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgcli.graph.value import Value
from mgcli.simplify.facts import NONZERO, POSITIVE, TOTAL
from mgcli.simplify.monomial import (
    ONE,
    Monomial,
    Ratio,
    decimal,
    divided,
    exact,
    is_exact,
    plus,
    product_of,
    ratio,
    sum_of,
    times,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = FLOATS.map(decimal)
TENTH = Fraction(1, 10)
WHOLE = st.integers(-20, 20).filter(bool).map(Fraction)


class Bases:
    """What is known of each base, and the nodes of powers, each made once."""

    def __init__(self, facts=TOTAL):
        self.known = facts

    def facts(self, base):
        return self.known

    def written_power(self, base, exponent):
        node = Value(0.0, f"{base.label}**{exponent:g}")
        return POWERS.setdefault(node.label, node)


POWERS = {}


def product(*powers, facts=TOTAL):
    """Return the product of (base, exponent), below the line where the exponent is given as a divisor."""
    result = Monomial()
    for base, exponent, *below in powers:
        (result.divide if below else result.multiply)(base, exponent, Bases(facts))
    return result


@given(NUMBERS, NUMBERS.filter(bool))
def test_a_ratio_is_its_quotient_exactly_or_is_none(above, below):
    found = ratio(above, below)
    if found is not None:
        assert found.value == above / below
        assert is_exact(found.above)
        assert is_exact(found.below)
        assert found.below > 0


@given(NUMBERS, NUMBERS)
def test_sums_products_and_quotients_of_ratios_are_exact_or_none(x, y):
    first, second = Ratio(x), Ratio(y)
    assert (total := plus(first, second)) is None or total.value == x + y
    assert (product := times(first, second)) is None or product.value == x * y
    assert (quotient := divided(first, second)) is None or quotient.value == x / y


@given(WHOLE, WHOLE, WHOLE, WHOLE)
def test_small_fractions_never_fail_to_be_written(a, b, c, d):
    first, second = ratio(a, b), ratio(c, d)
    assert plus(first, second).value == a / b + c / d
    assert times(first, second).value == a * c / (b * d)
    assert divided(first, second).value == a * d / (b * c)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (ratio(Fraction(2), Fraction(6)), (1, 3)),
        (ratio(Fraction(2), Fraction(-6)), (-1, 3)),
        (ratio(Fraction(1), Fraction(0.5)), (2, 1)),
        (ratio(TENTH, Fraction(3)), (TENTH, 3)),
        (ratio(TENTH, Fraction(-3)), (-TENTH, 3)),
        (ratio(18 * TENTH, 27 * TENTH), (2, 3)),
        (times(Ratio(TENTH), Ratio(Fraction(3))), (3 * TENTH, 1)),
        (times(Ratio(Fraction(10) ** 308), Ratio(Fraction(10))), None),
        (times(Ratio(Fraction(1, 10**308)), Ratio(Fraction(1, 10**308))), None),
        (plus(Ratio(TENTH), Ratio(2 * TENTH)), (3 * TENTH, 1)),
        (plus(Ratio(TENTH), Ratio(Fraction(1), Fraction(3))), None),
        (plus(Ratio(Fraction(1, 2)), Ratio(Fraction(1), Fraction(3))), (5, 6)),
        (divided(ONE, Ratio(Fraction(0))), None),
        (divided(ONE, Ratio(Fraction(-3))), (-1, 3)),
        (exact(inf), None),
        (exact(0.1), (TENTH, 1)),
        (exact(5e-324), (Fraction(5e-324), 1)),
    ],
)
def test_numbers_are_kept_exact(found, expected):
    assert found == expected


@given(FLOATS)
def test_the_decimal_that_a_float_says_is_written_as_that_float(number):
    assert is_exact(decimal(number))
    assert float(decimal(number)) == number


@given(FLOATS.filter(lambda x: abs(x) < 1e300), FLOATS.filter(lambda x: abs(x) < 1e300))
def test_sums_and_products_of_exponents_are_those_of_their_decimals(x, y):
    assert sum_of(x, y) == float(decimal(x) + decimal(y))
    product = product_of(x, y)
    assert product is None or decimal(product) == decimal(x) * decimal(y)


def test_exponents_that_no_float_would_give_are_exact():
    assert (sum_of(1.4, -1.0), sum_of(2.3, -1.3), product_of(0.7, 3.0)) == (0.4, 1.0, 2.1)


X = Value(0.0, "x")


@pytest.mark.parametrize(
    ("powers", "above", "below"),
    [
        ([(X, 1.0), (X, 2.0)], {"x": 3.0}, {}),
        ([(X, 3.0), (X, 5.0, "below")], {}, {"x": 2.0}),
        ([(X, 5.0, "below"), (X, 3.0)], {}, {"x": 2.0}),
        ([(X, 5.0), (X, 3.0, "below")], {"x": 5.0}, {"x": 3.0}),
        ([(X, 1.0), (X, 1.0, "below")], {"x": 1.0}, {"x": 1.0}),
        ([(X, 1.0, "below"), (X, 2.0, "below")], {}, {"x": 3.0}),
        ([(X, -3.0), (X, 1.0)], {"x": -2.0}, {}),
        ([(X, -3.0), (X, 1.0, "below")], {"x": -4.0}, {}),
        ([(X, 1.0, "below"), (X, -3.0)], {"x": -4.0}, {}),
        ([(X, 5.0), (X, -3.0)], {"x**5": 1.0, "x**-3": 1.0}, {}),
        ([(X, 0.5), (X, 0.5)], {"x**0.5": 2.0}, {}),
        ([(X, 0.5), (X, 1.0)], {"x": 1.5}, {}),
        ([(X, 0.5, "below"), (X, 0.5, "below")], {}, {"x**0.5": 2.0}),
    ],
)
def test_powers_join_only_where_the_domain_stays(powers, above, below):
    found = product(*powers)
    assert {base.label: exponent for base, exponent in found.above.items()} == above
    assert {base.label: exponent for base, exponent in found.below.items()} == below


@pytest.mark.parametrize(
    ("powers", "facts", "above", "below"),
    [
        ([(X, 5.0), (X, 3.0, "below")], NONZERO, {"x": 2.0}, {}),
        ([(X, 3.0, "below"), (X, 5.0)], NONZERO, {"x": 2.0}, {}),
        ([(X, 1.0), (X, 1.0, "below")], NONZERO | TOTAL, {}, {}),
        ([(X, 1.0, "below"), (X, 1.0)], NONZERO | TOTAL, {}, {}),
        ([(X, 1.0), (X, 1.0, "below")], NONZERO, {"x": 1.0}, {"x": 1.0}),
        ([(X, 2.0), (X, -2.0)], NONZERO | TOTAL, {}, {}),
        ([(X, 0.5), (X, 0.5)], POSITIVE, {"x": 1.0}, {}),
        ([(X, 0.5), (X, 1.0, "below")], POSITIVE, {}, {"x": 0.5}),
        ([(X, 0.5), (X, 0.5)], NONZERO | TOTAL, {"x**0.5": 2.0}, {}),
    ],
)
def test_powers_join_where_what_they_ask_is_known(powers, facts, above, below):
    found = product(*powers, facts=facts)
    assert {base.label: exponent for base, exponent in found.above.items()} == above
    assert {base.label: exponent for base, exponent in found.below.items()} == below


def test_a_power_above_the_line_leaves_the_same_base_below_it():
    found = product((X, 2.0), (X, 1.0, "below"), (X, 1.0))
    assert (found.above, found.below) == ({X: 3.0}, {X: 1.0})


@pytest.mark.parametrize(("above", "below", "left"), [(1.0, 1.0, ({}, {})), (3.0, 1.0, ({X: 2.0}, {}))])
def test_a_base_that_is_known_not_to_be_0_cancels(above, below, left):
    found = product((X, above), (X, below, "below"))
    found.cancel(X)
    assert (found.above, found.below) == left


def test_terms_are_alike_that_differ_in_their_number_alone():
    first, second = product((X, 2.0)), product((X, 1.0), (X, 1.0))
    second.number = Ratio(Fraction(7))
    assert first.powers == second.powers
    assert product((X, 2.0, "below")).powers != first.powers
    assert len(first.copy()) == 1

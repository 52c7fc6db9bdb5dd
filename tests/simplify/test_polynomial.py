"""Polynomials, held against sympy."""

import random
from random import Random
from typing import Any

import pytest
import sympy

from mgcli.simplify.polynomial import (
    common_divisor,
    divided,
    exponents_of,
    monomial,
    plus,
    primitive,
    quotient,
    slope,
    square_free,
    times,
    to_power,
    variables_of,
)  # fmt: skip

LETTERS = sympy.symbols("a b c d")


def in_sympy(p: dict[int, int]) -> Any:
    parts = (sympy.prod([LETTERS[i] ** e for i, e in exponents_of(power).items()]) * c for power, c in p.items())
    return sympy.Poly(sum(parts), *LETTERS)


def drawn(choose: Random, variables: int, terms: int, degree: int) -> dict[int, int]:
    p = {}
    for _ in range(terms):
        power = monomial({variable: choose.randint(0, degree) for variable in range(variables)})
        p[power] = choose.choice([-1, 1]) * choose.randint(1, 9)
    return p


@pytest.mark.parametrize("variables", [1, 2, 3, 4])
def test_the_common_divisor_is_that_of_sympy(variables: int) -> None:
    choose = random.Random(variables)
    for _ in range(25):
        shared = drawn(choose, variables, 3, 2)
        p = times(drawn(choose, variables, 4, 2), shared)
        q = times(drawn(choose, variables, 4, 2), shared)
        expected = sympy.gcd(in_sympy(p), in_sympy(q)).primitive()[1]
        assert in_sympy(common_divisor(p, q)) in (expected, -expected)


def test_every_polynomial_is_divided_by_1() -> None:
    p = drawn(random.Random(6), 3, 4, 3)
    assert quotient(p, {0: 1}) == divided(p, {0: 1}) == p


def test_a_product_is_divided_by_its_factors_and_by_nothing_else() -> None:
    choose = random.Random(5)
    for _ in range(50):
        p, q = drawn(choose, 3, 4, 3), drawn(choose, 3, 4, 3)
        product = times(p, q)
        assert quotient(product, q) == divided(product, q) == p
        assert divided(plus(product, {0: 1}), q) is None or len(q) == 1


def test_a_primitive_polynomial_has_no_common_factor_and_a_positive_leading_coefficient() -> None:
    x = monomial({0: 1})
    assert primitive({x: -2, 0: 4}) == {x: 1, 0: -2}
    assert primitive({x: 2, 0: 6}) == {x: 1, 0: 3}
    assert primitive({}) == {}


def test_the_variables_are_those_that_occur() -> None:
    assert variables_of({monomial({1: 2, 3: 1}): 5, monomial({3: 4}): -1, 0: 7}) == [1, 3]
    assert variables_of({0: 7}) == variables_of({}) == []


def test_a_variable_is_not_divided_by_another() -> None:
    first, second = {monomial({0: 1}): 1}, {monomial({1: 1}): 1}
    assert quotient(first, second) is None
    assert quotient(second, first) is None


@pytest.mark.parametrize("variable", [0, 1, 2])
def test_the_slope_is_the_derivative_of_sympy(variable: int) -> None:
    p = drawn(random.Random(7), 3, 8, 3)
    assert in_sympy(slope(p, variable)) == in_sympy(p).diff(LETTERS[variable])


def test_a_polynomial_is_the_product_of_its_square_free_factors() -> None:
    choose = random.Random(6)
    for _ in range(30):
        p = times(to_power(drawn(choose, 2, 3, 1), choose.randint(1, 4)), drawn(choose, 2, 3, 2))
        p = primitive(p)
        product = {0: 1}
        for factor, exponent in square_free(p):
            product = times(product, to_power(factor, exponent))
        assert product in (p, {power: -number for power, number in p.items()})


def test_square_factors_are_found() -> None:
    first, second = {monomial({0: 1}): 1, monomial({1: 1}): 2, 0: 1}, {monomial({0: 2}): 1, 0: 1}
    found = square_free(times(to_power(first, 3), to_power(second, 2)))
    assert sorted(exponent for _, exponent in found) == [2, 3]


def test_a_polynomial_of_a_very_high_degree_stays_as_it_is() -> None:
    p = to_power({monomial({0: 100_000}): 1, monomial({1: 1}): 1}, 2)
    assert square_free(p) == [(p, 1)]
    assert divided(p, {monomial({0: 100_000}): 1, monomial({1: 1}): 1}) is None

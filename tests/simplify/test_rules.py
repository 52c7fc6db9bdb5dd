"""The rows of the simplifier: each example, and what the rows say of functions, held against their values."""

import math
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from references import REFERENCES

from mgcli import parse
from mgcli.graph.floats import FLOATS
from mgcli.graph.table import OPERATIONS
from mgcli.notation import equations, program
from mgcli.simplify import simplify
from mgcli.simplify.rules import ALTERNATIVES, EVEN, EXACT, ODD, ORDERS, QUOTIENTS, RULES, SQUARES, Rule, at_half_turns

POINTS = (0.3, 0.7, 1.2)


def simplified(text: str) -> str:
    return program(equations({"": simplify(parse(text))}, {}), "; ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.outer}({rule.inner})")
def test_the_example_of_a_rule_is_what_it_becomes(rule: Rule) -> None:
    before, after = rule.example
    assert simplified(before) == after
    assert before.startswith(f"{rule.outer}({rule.inner}(")


def value(name: str, *numbers: float) -> Any:
    try:
        return OPERATIONS[name].forward(FLOATS, *numbers)
    except (ValueError, ZeroDivisionError):
        return None


@pytest.mark.parametrize("name", sorted((EVEN | ODD) & OPERATIONS.keys()))
def test_even_and_odd_functions_have_their_symmetry(name: str) -> None:
    sign = 1 if name in EVEN else -1
    points = [x for x in POINTS if value(name, x) is not None]
    assert points
    assert [value(name, -x) for x in points] == pytest.approx([sign * value(name, x) for x in points])


@pytest.mark.parametrize("name", ORDERS)
def test_a_function_of_an_order_below_0_is_that_of_the_order_above(name: str) -> None:
    for order, x in product((1, 2, 3), POINTS):
        assert value(name, -order, x) == pytest.approx(ORDERS[name] ** order * value(name, order, x))
    assert simplified(f"{name}(-2, x)*y") == f"y*{name}(2, x)"
    assert simplified(f"{name}(2, x)*y") == f"y*{name}(2, x)"
    assert simplified(f"{name}(-3, x)") == ("-" * (ORDERS[name] < 0)) + f"{name}(3, x)"


@pytest.mark.parametrize("name", QUOTIENTS)
def test_a_quotient_is_that_of_its_two_functions(name: str) -> None:
    above, below = QUOTIENTS[name]
    for x in POINTS:
        assert value(name, x) == pytest.approx(value(above, x) / value(below, x))


@pytest.mark.parametrize("row", SQUARES)
def test_squares_of_two_functions_are_related_as_the_row_says(row: tuple[str, str, int, int]) -> None:
    first, second, constant, factor = row
    for x in POINTS:
        assert value(first, x) ** 2 == pytest.approx(constant + factor * value(second, x) ** 2)


@pytest.mark.parametrize(("name", "factor"), ALTERNATIVES)
def test_one_and_a_square_are_a_power_of_another_function(name: str, factor: int) -> None:
    other, exponent, sign = ALTERNATIVES[name, factor]
    for x in POINTS:
        assert 1 + factor * value(name, x) ** 2 == pytest.approx(sign * value(other, x) ** exponent)


def is_simple(number: float) -> bool:
    """Whether a number is a whole number or a half."""
    return abs(number) < 1e9 and abs(2 * number - round(2 * number)) < 1e-12


@pytest.mark.parametrize("name", sorted(EXACT.keys() & REFERENCES.keys()))
def test_exact_values_are_those_of_the_function(name: str) -> None:
    arity = OPERATIONS[name].arity
    found = 0
    for numbers in product([Fraction(n, 2) for n in range(-4, 18)], repeat=arity):
        defined = value(name, *map(float, numbers))
        exact = EXACT[name](*numbers) if defined is not None else None
        # At 0 alone some functions are a convention, and far out others are nearly constant.
        if any(numbers) and max(map(abs, numbers)) < 4:
            assert (exact is None) == (defined is None or not is_simple(defined)), numbers
        if exact is not None:
            found += 1
            assert float(exact) == pytest.approx(defined)
    assert found


@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_values_at_multiples_of_pi_are_those_of_the_function(name: str) -> None:
    found = 0
    for twelfths in range(-30, 31):
        exact = at_half_turns(name, Fraction(twelfths, 12))
        expected = getattr(math, name)(math.pi * twelfths / 12)
        assert (exact is not None) == is_simple(6 * expected**2), twelfths
        if exact is not None:
            found += 1
            assert exact[0] * math.sqrt(exact[1]) == pytest.approx(expected, abs=1e-12)
    assert found > 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tan(t)*cos(t)", "sin(t)"),
        ("1 - cos(t)**2 + 0*sin(t)", "sin(t)**2"),
        ("(1 - cos(t)**2)*sin(t)", "sin(t)**3"),
        ("(1 + tan(t)**2)*cos(t)", "1/cos(t)"),
        ("exp(2*log(t))", "t**2"),
        ("log2(2**t)", "t"),
        ("log(exp(p)*exp(q))", "p + q"),
        ("cos(-t) + sin(-t)", "cos(t) - sin(t)"),
        ("abs(t**2 + 3)", "t**2 + 3"),
        ("abs(exp(t))*abs(p)**2", "p**2*exp(t)"),
        ("(2 - t)/(t - 2)", "-1"),
        ("(u/sqrt(v))**2", "u**2/v"),
        ("sqrt(3)**2", "3"),
        ("(x**2)**(3/2)", "abs(x)**3"),
        ("u^0.5*u^0.5", "u"),
        ("u*(u^2 + 1)^-1", "u/(u**2 + 1)"),
        ("1/u**(1/2)", "1/sqrt(u)"),
        ("cbrt(x)**2", "cbrt(x)**2"),
        ("x**(1/3)*cbrt(x)", "cbrt(x)**2"),
        ("sqrt(l/g)*sqrt(l/g)", "l/g"),
        ("sqrt(p*q**3)", "abs(q)*sqrt(p*q)"),
        ("exp(t/2)**2", "exp(t)"),
        ("sin(x)*exp(-x) + sin(x)/exp(x)", "2*exp(-x)*sin(x)"),
    ],
)
def test_identities_of_one_step(before: str, after: str) -> None:
    assert simplified(before) == after

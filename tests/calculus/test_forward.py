"""Derivatives of high order whose formula is long: each part once, like terms added up."""

from collections.abc import Callable
from typing import Any

import pytest
from graphs import exact_value
from mpmath import mp

from mgcli import derivative, parse_program
from mgcli.calculus.differentiation import Formulas, without_numbers
from mgcli.calculus.forward import Forward
from mgcli.graph.node import topological
from mgcli.simplify import simplify

FUNCTIONS = [
    ("gamma(x)", mp.gamma, 7),
    pytest.param("gamma(x)", mp.gamma, 9, marks=pytest.mark.slow),
    ("x**x**x**x", lambda x: x**x**x**x, 4),
    pytest.param("x**x**x**x", lambda x: x**x**x**x, 5, marks=pytest.mark.slow),
    ("where(x > 0, gamma(x)*exp(x), 1/0)", lambda x: mp.gamma(x) * mp.exp(x), 6),
    ("where(x < 1, x**3*exp(x), sqrt(x - 1))", lambda x: x**3 * mp.exp(x), 3),
    ("max(x, y)*abs(x - y)/(x + y)", lambda x: mp.mpf("1.25") * (mp.mpf("1.25") - x) / (x + mp.mpf("1.25")), 4),
    ("x**2*exp(x)", lambda x: x**2 * mp.exp(x), 24),
    ("y*x**0 + x**3", lambda x: x**3 + mp.mpf("1.25"), 2),
]


def in_one_pass(text: str, order: int) -> Any:
    program = parse_program(text)
    x = program.node("x")
    forward = Forward(program.root, x, Formulas(program.root).local)
    found = program.root
    with without_numbers(program.root):
        for _ in range(order):
            found = forward.derivative(found)
    return found, x


@pytest.mark.parametrize(("text", "function", "order"), FUNCTIONS)
def test_a_derivative_of_high_order_has_the_value_of_the_taylor_coefficient(
    text: str, function: Callable[..., Any], order: int
) -> None:
    found, x = in_one_pass(text, order)
    with mp.workdps(60 + order):
        expected = mp.taylor(function, mp.mpf("0.75"), order)[order] * mp.factorial(order)
    for formula in (found, simplify(found, {x})):
        got = exact_value(formula, {"x": 0.75, "y": 1.25})
        assert abs(got - expected) <= mp.mpf(10) ** -15 * abs(expected)


def test_a_number_in_a_sum_of_products_is_exact() -> None:
    found, x = in_one_pass("exp(x)*exp(x)", 100)
    assert simplify(found, {x}).operands[0].label == str(2**100)


def test_the_derivative_of_what_does_not_depend_on_the_variable_is_0() -> None:
    found, _ = in_one_pass("sin(y) + 0*x", 2)
    assert simplify(found).data == 0


def test_the_size_of_a_formula_grows_like_a_polynomial_of_the_order() -> None:
    sizes = [len(topological(in_one_pass("gamma(x)*sin(x)", order)[0])) for order in (6, 12, 24)]
    assert sizes[1] < 9 * sizes[0]
    assert sizes[2] < 9 * sizes[1]


@pytest.mark.parametrize(("order", "most"), [(14, 1_500), pytest.param(30, 5_000, marks=pytest.mark.slow)])
def test_a_formula_that_cannot_be_made_short_is_found_for_high_orders(order: int, most: int) -> None:
    program = parse_program("gamma(x)")
    found = derivative(program.root, "x", order)
    assert len(topological(found)) < most

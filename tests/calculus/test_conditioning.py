"""Formulas that compute: no form loses digits that the unsimplified derivative has."""

from math import isfinite, log10
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mgcli import parse_program
from mgcli.analysis.recomputed import computed_again
from mgcli.calculus.differentiation import derivatives, run
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.notation import expression

POINTS = 20


def written(text: Any, wrt: str = "x") -> Any:
    program = parse_program(text)
    (formula,) = derivatives(program.root, [program.variables[wrt]])
    return expression(formula, {leaf: leaf.label for leaf in topological(formula) if leaf.label})


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("-1/15*(1 + x)**13/x**15 + 1/105*(1 + x)**13/x**14 - 1/1365*(1 + x)**13/x**13", "(x + 1)**12/x**16"),
        ("(1 + x)**13/x**15", "-(x + 1)**12*(2*x + 15)/x**16"),
        (
            "(2*a + b*(d + e*x)**2)/(2*(b**2 - 4*a*c)*e*(a + b*(d + e*x)**2 + c*(d + e*x)**4))"
            " - b*atanh((b + 2*c*(d + e*x)**2)/sqrt(b**2 - 4*a*c))/((b**2 - 4*a*c)**(3/2)*e)",
            "(d + e*x)**3/(c*(d + e*x)**4 + b*(d + e*x)**2 + a)**2",
        ),
    ],
)
def test_a_power_of_a_sum_is_not_written_out(text: Any, formula: Any) -> None:
    assert written(text) == formula


SUMS = st.sampled_from(["x", "(x + 1)", "(1 - x)", "(2*x - 3)", "(x**2 + 2)", "(x + a)", "(a - 3*x)"])
POWERS = st.builds(lambda total, power: f"{total}**{power}", SUMS, st.integers(1, 9))
FUNCTIONS = st.sampled_from(["1", "exp(x)", "log(x + 5)", "cos(x)", "sqrt(x + 6)"])


@st.composite
def products(draw: st.DrawFn) -> Any:
    factors = "*".join(draw(st.lists(POWERS, min_size=1, max_size=3)))
    below = "*".join(draw(st.lists(POWERS, min_size=0, max_size=2))) or "1"
    return f"{draw(FUNCTIONS)}*{factors}/({below})"


def off(number: Any, exact: Any) -> Any:
    return max(abs(number - exact) / abs(exact), 2.0**-52)


@given(products(), st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_no_formula_is_more_than_two_digits_below_the_unsimplified_one(text: Any, random: Any) -> None:
    program = parse_program(text)
    variables = program.variables
    assume("x" in variables)
    (formula,) = derivatives(program.root, [variables["x"]])
    (original,) = run(program.root, [variables["x"]]).totals
    for _ in range(POINTS):
        for leaf in variables.values():
            leaf.data = random.choice((random.uniform(-3.0, 3.0), 1.0 + random.uniform(-0.05, 0.05)))
        forward_pass(topological(program.root, formula, original))
        if not (isfinite(formula.data) and isfinite(original.data)):
            continue
        exact = computed_again(original, []).value
        if exact and abs(exact) > 1e-280:
            lost = log10(off(formula.data, exact) / off(original.data, exact))
            assert lost <= 2.0, (text, {name: leaf.data for name, leaf in variables.items()}, formula.data, exact)

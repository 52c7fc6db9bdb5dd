"""Random programs: nothing fails, nothing changes twice, no value is wrong, no digits are lost, sharing stays.

Run by hand for long: `MG_PROGRAMS=30000 pytest -m slow tests/simplify/test_programs.py`.
"""

import os
import random
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from graphs import bind, exact_value, judged_value, same, variables
from mpmath import mp

from mgcli import derivative, parse_program
from mgcli.calculus.derivation import derivation
from mgcli.calculus.differentiation import run
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.notation import statements
from mgcli.simplify import SHORT, simplify

PROGRAMS = int(os.environ.get("MG_PROGRAMS", "250"))
NUMBER_OF_PROGRAMS = pytest.mark.parametrize("count", [50, pytest.param(PROGRAMS, marks=pytest.mark.slow)])

LEAVES = ["x"] * 6 + ["y", "y", "2", "3", "1", "0.5", "1/3", "x**2", "2*x", "x + 1", "x - y", "pi", "exp(1)"]
EXPONENTS = ["2", "3", "-1", "(1/2)", "(-1/2)", "(3/2)", "0.5", "1.5", "(1/3)", "(2/3)", "y", "x", "-2", "(2*y)", "0"]
CALLS = [
    "sin",
    "cos",
    "tan",
    "exp",
    "log",
    "sqrt",
    "cbrt",
    "abs",
    "atan",
    "tanh",
    "sinh",
    "cosh",
    "asin",
    "acos",
    "acosh",
    "atanh",
    "relu",
    "sigmoid",
    "softplus",
    "sign",
    "asinh",
    "erf",
    "floor",
    "gamma",
    "expm1",
    "log1p",
    "log2",
]
SHAPES = [
    "{} + {}", "{} - ({})", "({})*({})", "({})*({})", "({})/({})", "max({}, {})", "min({}, {})", "hypot({}, {})",
    "atan2({}, {})", "where({} > {}, {}, {})", "where({} == {}, {}, {})", "clamp({}, {}, {})", "-({})",
]  # fmt: skip


def drawn(choose: Random, depth: int) -> str:
    """Return a random expression."""
    if depth == 0 or choose.random() < 0.12:
        return choose.choice(LEAVES)
    kind = choose.random()
    if kind < 0.2:
        return f"{choose.choice(CALLS)}({drawn(choose, depth - 1)})"
    if kind < 0.35:
        return f"({drawn(choose, depth - 1)})**{choose.choice(EXPONENTS)}"
    shape = choose.choice(SHAPES)
    return shape.format(*(drawn(choose, depth - 1) for _ in range(shape.count("{}"))))


def programs(seed: int, count: int) -> Iterator[Any]:
    """Yield the roots of random programs, and the products of the chain rule for their derivatives."""
    choose = random.Random(seed)
    for _ in range(count):
        lines = [drawn(choose, choose.choice([2, 3, 4]))]
        if choose.random() < 0.3:
            lines = [f"u = {drawn(choose, 2)}", f"x*({lines[0]}) + u*u - {drawn(choose, 1)}*u"]
        try:
            source = parse_program("; ".join(lines))
        except ExpressionError:
            continue
        yield source.root
        if "x" in source.variables:
            try:
                yield run(source.root, [source.node("x")]).totals[0]
            except EvaluationError:
                continue


@NUMBER_OF_PROGRAMS
def test_random_programs_keep_their_values_and_simplify_no_further(count: Any) -> None:
    choose = random.Random(3)
    judged = 0
    for root in programs(1, count):
        found = simplify(root)
        if len(topological(found)) < SHORT:
            assert same(simplify(found), found), statements(root, separator="; ")
        for _ in range(3):
            point = {name: round(choose.uniform(-2, 2), 3) for name in variables(root) | variables(found)}
            expected, got = judged_value(root, point), judged_value(found, point)
            if expected is None or got is None or mp.isnan(expected):
                continue
            # With more digits than a float, but not all: pi and 1/3 are numbers of 60 digits in one of the two.
            error = abs(got - expected)
            assert error <= mp.mpf(10) ** -12 * (1 + abs(expected)), (statements(root, separator="; "), point)
            judged += 1
    assert judged > count / 2


@NUMBER_OF_PROGRAMS
def test_the_steps_of_random_programs_are_found(count: Any) -> None:
    """An atom that a rule opened had parts that nobody knew: "A*exp(1)**(k*t)", "m = -3; m/m"."""
    texts = [
        "A*exp(1)**(k*t)", "atan2(sqrt(2), t)", "a = -1; (t - a)/(t - a)", "m = -3; t*m/m",
        "where(t > 0, t, sin(t))*where(t > 1, 2, t)",
    ]  # fmt: skip
    for text in texts:
        source = parse_program(text)
        assert derivation(source.root, source.node("t")).steps
    choose = random.Random(5)
    for _ in range(count // 5):
        try:
            source = parse_program(f"u = {drawn(choose, 2)}; v = u*{drawn(choose, 2)}; {drawn(choose, 2)} + u*v*x")
            assert derivation(source.root, source.node("x")).steps
        except (ExpressionError, EvaluationError):
            continue


def digits(root: Value, point: dict[str, float]) -> Any:
    """Return about how many digits of the value of `root` floats have, None where it has none."""
    expected = exact_value(root, point)
    bind(root, point)
    if mp.isnan(expected) or root.data != root.data or not 1e-100 < abs(expected) < 1e100:
        return None
    return -mp.log10(abs(root.data / expected - 1) + mp.mpf(10) ** -17)


SUMS = [
    "(1 + x)**12/x**16", "(1 - 2*x)**8 - x", "x*(x - 1)**7*(x + 2)**5", "(x**2 - 2)**6/(x + 1)",
    "sqrt(x + 3)*(x - 1)**5", "(1 - x)**6*exp(x)", "log(1 + x**2)*(x - 1)**4", "1/(1 - x)**3 + 1/(1 - x)**4",
    "(x - y)**6/(x + y)**2", "sin(x)**4*(1 - cos(x))**3",
]  # fmt: skip


@pytest.mark.parametrize("text", SUMS)
def test_a_formula_computes_as_well_as_the_products_of_the_chain_rule(text: str) -> None:
    source = parse_program(text)
    raw = run(source.root, [source.node("x")]).totals[0]
    formula = derivative(source.root, source.node("x"))
    choose = random.Random(11)
    compared = 0
    while compared < 20:
        point = {name: choose.uniform(-2.5, 2.5) for name in variables(source.root)}
        before, after = digits(raw, point), digits(formula, point)
        if before is not None and after is not None:
            assert after >= min(before, 16) - 2, point
            compared += 1


@pytest.mark.parametrize(
    "line",
    [
        "n{0} = max(n{1}, n{1}*y)",
        "n{0} = where(n{1} > 0, n{1}*y, 0.1*n{1})",
        "n{0} = n{1}*x + y*n{1}",
        "n{0} = sin(n{1})*n{1}",
        "n{0} = n{1}/(1 + n{1})",
    ],
)
def test_lines_that_use_the_one_before_again_grow_in_proportion(line: str) -> None:
    sizes = []
    for count in (30, 60):
        lines = ["n0 = x", *(line.format(number, number - 1) for number in range(1, count + 1))]
        source = parse_program("; ".join(lines))
        sizes.append(len(topological(derivative(source.root, source.node("x")))))
    assert sizes[1] <= 3 * sizes[0] + 50
    assert sizes[1] < 20_000

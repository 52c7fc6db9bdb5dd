"""Random graphs that use their parts many times, in sums, products, powers and quotients: no value is wrong.

Run by hand for long: `MG_PROGRAMS=30000 pytest tests/simplify/test_sharing.py`.
"""

import gc
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from graphs import judged_value, variables
from mpmath import mp

from mgcli import parse_program
from mgcli.calculus.differentiation import derivative, run
from mgcli.errors import EvaluationError
from mgcli.graph.node import topological
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make
from mgcli.notation import statements
from mgcli.simplify import arithmetic, forms, reading, ring, simplify

GRAPHS = int(os.environ.get("MG_PROGRAMS", "120")) // 2

EXPONENTS = [2, 2, 3, -1, -2, -3, 0.5, -0.5, 1.5, -1.5, (1, 3), (2, 3), (-2, 3), (1, 4)]
FAMILIES = [
    ["digamma", "lgamma", "gamma"],
    ["sin", "cos", "tan"],
    ["sinh", "cosh", "tanh"],
    ["exp", "log", "sqrt"],
    ["cbrt", "abs", "sign"],
    ["asin", "acosh", "atanh", "sqrt"],
    ["sigmoid", "softplus", "tanh", "expm1", "log1p"],
    ["max", "min"],
]
ARITHMETIC = ["add", "add", "sub", "sub", "sub", "mul", "mul", "div", "neg", "power", "power", "opposite", "opposite"]

SMALL = {
    reading: {"LIGHT": 10, "HEAVIEST": 24, "OPENED": 200, "LONGEST": 4},
    ring: {"MOST_TERMS": 12},
    forms: {"LIGHT": 20, "EFFORT": 300},
    arithmetic: {"OPENED": 2},
}
"""Bounds so low that even small graphs pass them."""


def node(name: Any, *operands: Any) -> Any:
    return make(OPERATIONS[name], operands, mp.nan)


def shared_graph(choose: Any) -> Any:
    """Return the root of a graph whose operands are mostly the last few nodes."""
    nodes = [Value(mp.nan, name) for name in choose.choice(["x", "xy", "xyz"])]
    nodes.append(constant(float(choose.choice([1, 2, 3, 6, 0.5]))))
    functions = choose.choice(FAMILIES)
    for _ in range(choose.randint(4, 13)):
        one, other = (choose.choice(nodes[-4:] if choose.random() < 0.6 else nodes) for _ in range(2))
        name = choose.choice(functions) if choose.random() < 0.15 else choose.choice(ARITHMETIC)
        if name == "power":
            exponent = choose.choice(EXPONENTS)
            above, below = exponent if isinstance(exponent, tuple) else (exponent, 1)
            number = constant(float(above))
            made = node("pow", one, number if below == 1 else node("div", number, constant(float(below))))
        elif name == "opposite":
            made = node("mul", node("sub", one, other), node("sub", other, one))
        else:
            made = node(name, *(one, other)[: OPERATIONS[name].arity])
        nodes.append(made)
    return nodes[-1]


def pairs(choose: Any) -> Iterator[Any]:
    """Yield graphs and their simplified forms: of a random graph, of its derivatives, and of formulas for these."""
    root = shared_graph(choose)
    yield root, simplify(root)
    x = variables(root).get("x")
    raw = formula = root
    for _ in range(choose.randint(1, 3) if x else 0):
        assert x
        try:
            raw = run(raw, [x]).totals[0]
        except EvaluationError:
            return
        if len(topological(raw)) > 600:
            return
        formula = derivative(formula, x)
        yield raw, simplify(raw)
        yield raw, formula


@pytest.mark.parametrize("bounds", [{}, SMALL], ids=["as they are", "small"])
def test_what_is_shared_keeps_its_value(monkeypatch: pytest.MonkeyPatch, bounds: Any) -> None:
    for module, numbers in bounds.items():
        for name, number in numbers.items():
            monkeypatch.setattr(module, name, number)
    choose = random.Random(18)
    judged = 0
    for _ in range(GRAPHS):
        for root, found in pairs(choose):
            low, high = choose.choice([(0.05, 0.95), (-2, 2), (0.2, 4)])
            names = variables(root) | variables(found)
            point = {name: round(choose.uniform(low, high), 3) for name in sorted(names)}
            expected, got = judged_value(root, point), judged_value(found, point)
            if expected is None or got is None or mp.isnan(expected):
                continue
            error = abs(got - expected)
            assert error <= mp.mpf(10) ** -12 * (1 + abs(expected)), (statements(root, separator="; "), point)
            judged += 1
    assert judged > GRAPHS


@pytest.mark.parametrize("line", ["{0}*x + {0}", "where({0} > x, {0}*x, {0} + 1)", "tanh({0}) + sqrt({0} + x)"])
def test_nothing_is_left_for_the_collector_of_cycles(line: str) -> None:
    lines = [f"n{number} = {line.format(f'n{number - 1}')}" for number in range(1, 20)]
    root = parse_program("\n".join(["n0 = x", *lines, "n19/n18"])).root
    simplify(root)
    gc.disable()
    # What there is before is left out, which is faster than looking through it.
    gc.freeze()
    try:
        simplify(root)
        assert gc.collect() < 20
    finally:
        gc.unfreeze()
        gc.enable()

"""What is known of a node without its variables: held against exact values, for the table and for random graphs."""

from fractions import Fraction
from itertools import product

import pytest
from graphs import POINTS, exact_values, graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from mgcli import parse
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.table import OPERATIONS
from mgcli.simplify.facts import BELOW_ONE, NONNEGATIVE, NONZERO, POSITIVE, TOTAL, demands, of_number, of_operation


def facts(root):
    """Return what is known of each node below `root`."""
    known = {}
    for node in topological(root):
        operands = node._prev
        if not operands:
            known[node] = TOTAL if node.varies else of_number(node.data)
            continue
        exponent = operands[-1]
        number = None if exponent.operation or exponent.varies else Fraction(exponent.data)
        known[node] = of_operation(node.operation, [known[operand] for operand in operands], number)
    return known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("x", TOTAL),
        ("x**2", TOTAL | NONNEGATIVE),
        ("x**3", TOTAL),
        ("x**0.5", NONNEGATIVE),
        ("x**2 + 1", TOTAL | POSITIVE),
        ("x**2 + y**2", TOTAL | NONNEGATIVE),
        ("1/x", NONZERO),
        ("1/(x**2 + 1)", TOTAL | POSITIVE),
        ("1/x**2", POSITIVE),
        ("-exp(x)", TOTAL | NONZERO),
        ("exp(x)*cosh(y)", TOTAL | POSITIVE),
        ("exp(log(x))", POSITIVE),
        ("log(x**2 + 1)", TOTAL),
        ("log(x**2)", 0),
        ("sqrt(x)", NONNEGATIVE),
        ("sqrt(x**2)", TOTAL | NONNEGATIVE),
        ("sqrt(exp(x))", TOTAL | POSITIVE),
        ("abs(x)", TOTAL | NONNEGATIVE),
        ("exp(y)**x", TOTAL | POSITIVE),
        ("x**y", 0),
        ("(x**2)**y", NONNEGATIVE),
        ("max(x, 2)", TOTAL | POSITIVE),
        ("max(x, -2)", TOTAL),
        ("min(x**2, 2)", TOTAL | NONNEGATIVE),
        ("where(x > 0, exp(x), 1)", TOTAL | POSITIVE),
        ("where(x > 0, exp(x), x)", TOTAL),
        ("where(log(x) > 0, exp(x), 1)", POSITIVE),
        ("tanh(x)", TOTAL | BELOW_ONE),
        ("sigmoid(x)", TOTAL | POSITIVE | BELOW_ONE),
        ("sigmoid(x)**2", TOTAL | POSITIVE),
        ("tan(x)", 0),
        ("gamma(x)", 0),
    ],
)
def test_what_is_known_of(text, known):
    root = parse(text)
    assert facts(root)[root] == known


@pytest.mark.parametrize(
    "operations",
    [tuple(OPERATIONS), ("add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "max")],
    ids=["all", "some"],
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_known_is_so(operations, data):
    root = data.draw(graphs(operations=operations))
    known = facts(root)
    for x in POINTS:
        point = {"x": x, "y": data.draw(st.sampled_from(POINTS))}
        values = exact_values(root, point)
        if any(abs(value) > 15 for value in values.values() if not mp.isnan(value)):
            # The next operation might be too large for its exact value, which then is none.
            continue
        for node, value in values.items():
            assert mp.isnan(value) <= (not known[node] & TOTAL)
            assert mp.isnan(value) or value != 0 or not known[node] & NONZERO
            assert mp.isnan(value) or value >= 0 or not known[node] & NONNEGATIVE


BOUNDED = ("sigmoid", "normcdf", "tanh", "erf")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_the_range_of_an_entry_is_that_of_its_values(operation):
    values = []
    for operands in product(POINTS, repeat=operation.arity):
        try:
            values.append(operation.forward(FLOATS, *operands))
        except (ArithmeticError, ValueError):
            continue
    lowest, highest = min(values), max(values)
    if lowest >= -1 and highest <= 1 and operation.name in BOUNDED:
        assert operation.range == ("-1 < z < 1" if lowest < 0 else "0 < z < 1")
    else:
        assert operation.range == ("all numbers" if lowest < 0 else "z >= 0" if lowest == 0 else "z > 0")


def test_a_power_asks_of_its_base():
    assert [demands(exponent) for exponent in (2.0, -1.0, 0.5, -0.5)] == [0, NONZERO, NONNEGATIVE, POSITIVE]

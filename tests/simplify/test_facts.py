"""What is known of signs: held against exact values, for the table and for random graphs."""

from itertools import product
from typing import Any

import pytest
from graphs import POINTS, exact_values, graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from rows import rows

from mgcli import parse
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.facts import NONNEGATIVE, NONZERO, POSITIVE, of_sum
from mgcli.simplify.reading import Reader


def facts(root: Value) -> dict[Value, int]:
    """Return what is known of each node below `root`."""
    reader = Reader(Algebra(), [root], frozenset())
    reader.run()
    return {node: of_sum(total) for node, total in reader.read.items()}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("x", 0),
        ("x**2", NONNEGATIVE),
        ("x**3", 0),
        ("x**0.5", NONNEGATIVE),
        ("x**2 + 1", POSITIVE),
        ("x**2 + y**2", NONNEGATIVE),
        ("1/x", NONZERO),
        ("1/(x**2 + 1)", POSITIVE),
        ("1/x**2", POSITIVE),
        ("-exp(x)", NONZERO),
        ("exp(x)*cosh(y)", POSITIVE),
        ("sqrt(x)", NONNEGATIVE),
        ("sqrt(exp(x))", POSITIVE),
        ("pi*x**2", NONNEGATIVE),
        ("exp(y)**x", POSITIVE),
        ("x**y", 0),
        ("max(x, 2)", POSITIVE),
        ("max(x, -2)", 0),
        ("min(x**2, 2)", NONNEGATIVE),
        ("where(x > 0, exp(x), 1)", POSITIVE),
        ("where(x > 0, exp(x), x)", 0),
        ("sigmoid(x)**2", POSITIVE),
        ("tan(x)", 0),
    ],
)
def test_the_facts_known_about(text: str, known: int) -> None:
    root = parse(text)
    assert facts(root)[root] == known


@pytest.mark.parametrize(
    "operations",
    [tuple(OPERATIONS), ("add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "max")],
    ids=["all", "some"],
)
@settings(max_examples=settings().max_examples * 3 // 8)
@given(data=st.data())
def test_the_known_facts_are_true(operations: tuple[str, ...], data: Any) -> None:
    root = data.draw(graphs(operations=operations))
    known = facts(root)
    for x in POINTS:
        point = {"x": x, "y": data.draw(st.sampled_from(POINTS))}
        values = exact_values(root, point)
        if any(abs(value) > 15 for value in values.values() if not mp.isnan(value)):
            # The next operation might be too large for its exact value, which then is none.
            continue
        if any(node.operation is OPERATIONS["sign"] and values[node] == 0 for node in values):
            # There the sign is not differentiable, and counts as 1.
            continue
        for node in topological(root):
            value = values[node]
            if node in known and not mp.isnan(value):
                assert value != 0 or not known[node] & NONZERO
                assert value >= -(mp.mpf(10) ** -50) or not known[node] & NONNEGATIVE


BOUNDED = ("sigmoid", "normcdf", "tanh", "erf")


@rows("operation", OPERATIONS.values())
def test_the_range_of_an_entry_is_that_of_its_values(operation: Operation) -> None:
    values = []
    for operands in product([*POINTS, -1.5, -0.25, 4.5], repeat=operation.arity):
        try:
            values.append(operation.forward(FLOATS, *operands))
        except (ArithmeticError, ValueError):
            continue
    lowest, highest = min(values), max(values)
    if lowest >= -1 and highest <= 1 and operation.name in BOUNDED:
        assert operation.range == ("-1 < z < 1" if lowest < 0 else "0 < z < 1")
    else:
        assert operation.range == ("all numbers" if lowest < 0 else "z >= 0" if lowest == 0 else "z > 0")

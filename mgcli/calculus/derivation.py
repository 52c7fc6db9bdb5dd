"""How a derivative was found: each product of the chain rule that the backward pass made, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan
from typing import NamedTuple

from mgcli.calculus.differentiation import derivative, run, textbook_derivative
from mgcli.graph.node import topological
from mgcli.graph.operation import ATOM, Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, make
from mgcli.notation import FreeNames, expression
from mgcli.simplify import simplify_all

SHORT = 4
"""The most nodes of a part that is written out; a longer one is given a name."""


class Step(NamedTuple):
    """One product of the chain rule, written out.

    of: the operation that was differentiated. rule: the one of the table, in letters. to: its operand.
    product: the gradient that comes in times the local derivative. contribution: the same, simplified.
    """

    of: str
    rule: str
    to: str
    product: str
    contribution: str


class Derivation(NamedTuple):
    """The steps to a derivative, results first, and the statements that give the names they use."""

    names: list[tuple[str, str]]
    steps: list[Step]


def derivation(root: Value, wrt: Value) -> Derivation:
    """Return how the derivative of `root` with respect to `wrt` is found."""
    passed = run(root, [wrt])
    names = _names(root)
    raw = [part for step in passed.products for part in (step.incoming.body, step.slope.formula, step.amount.closed())]
    simplified = iter(simplify_all(raw, atoms=[node for node in names if node.operation]))

    def written(node: Value) -> str:
        return expression(node, names)

    steps = []
    for step in passed.products:
        incoming, slope, contribution = next(simplified), next(simplified), next(simplified)
        steps.append(
            Step(
                expression(step.node, names, open_root=step.node is root),
                rule_text(step.node.operation, step.operand_index),
                written(step.node.operands[step.operand_index]),
                written(make(OPERATIONS["mul"], [incoming, slope], nan)),
                written(contribution),
            )
        )
    return Derivation(
        [(name, expression(node, names, open_root=True)) for node, name in names.items() if node.operation], steps
    )


class Reached(NamedTuple):
    """The derivation of one order of a derivative with respect to `name`."""

    name: str
    order: int
    derivation: Derivation


def derivations(root: Value, wrt: Mapping[str, Value], order: int) -> Iterator[Reached]:
    """Yield how each order of the derivative of `root` with respect to each of `wrt` is found, up to `order`."""
    for name, node in wrt.items():
        function = root
        for reached in range(1, order + 1):
            yield Reached(name, reached, derivation(function, node))
            if reached < order:
                function = derivative(function, node)


def _names(root: Value) -> dict[Value, str]:
    """Return the variables' names, and those of the parts that have one or are long."""
    nodes = topological(root)
    names = {node: node.label for node in nodes if node.operation is None and node.varies and node.label}
    free = FreeNames([*names.values(), *(node.label for node in nodes)])
    sizes: dict[Value, int] = {}
    for node in nodes:
        sizes[node] = 1 + sum(1 if operand in names else sizes[operand] for operand in node.operands)
        if node is root or node in names or not node.operation:
            continue
        if node.label:
            names[node] = node.label
        elif sizes[node] > SHORT:
            names[node] = free.take("v1")
    return names


def rule_text(operation: Operation | None, index: int) -> str:
    """Return the derivative of `operation` with respect to one operand, as the table has it, in letters p, q, r."""
    assert operation is not None
    letters = [Value(nan, letter) for letter in "pqr"[: operation.arity]]
    node = make(operation, letters, nan)
    slope = textbook_derivative(operation, index, node, letters)
    names = {letter: letter.label for letter in letters}
    whole = expression(node, names)
    whole = f" {whole}" if operation.text.precedence == ATOM else f"({whole})"
    return f"d{whole}/d{letters[index].label} = {expression(slope, names)}"

"""Straight-line code of everything in a graph: the value of each node, and each local derivative.

Where `straight_line` has one answer or none, this has a number for each node, so that what uses it can tell which
operation is undefined, and show the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import Term, Terms
from mgcli.graph.node import Node


def every_node(nodes: Sequence[Node]) -> Code:
    """Return the code of a graph whose `nodes` are given in topological order.

    arguments: the variables, in the order of `nodes`, and after them a number that is not one: it is the value of
    what is undefined for any variables. values: one for each node. derivatives: for each node that of each of its
    operands, 0 for one that does not vary. also: for each node whether it is at a kink, where a derivative is a
    convention.
    """
    terms = Terms()
    arguments = {node: terms.argument() for node in nodes if node.operation is None and node.varies}
    undefined = terms.argument()

    def result(rule: Callable[..., Any], *operands: Any) -> Term:
        try:
            return terms.term(rule(terms, *operands))
        except (ArithmeticError, ValueError):
            return undefined

    values: dict[Node, Any] = dict(arguments)
    derivatives: list[list[Term]] = []
    kinks: list[Term] = []
    for node in nodes:
        operation = node.operation
        if operation is None:
            if node not in arguments:
                values[node] = terms.number(node.data)
            derivatives.append([])
            kinks.append(terms.zero)
            continue
        operands = [_plain(values[operand]) for operand in node.operands]
        values[node] = value = result(operation.forward, *operands)
        slopes = [
            result(rule, _plain(value), *operands) if operand.varies else terms.zero
            for operand, rule in zip(node.operands, operation.stable, strict=True)
        ]
        derivatives.append(slopes)
        kinks.append(result(operation.kink, *operands) if operation.kink and node.varies else terms.zero)
    results = {*values.values(), *kinks, *(slope for slopes in derivatives for slope in slopes)}
    steps = []
    for term in terms.latest_first():
        if term in results and term.operands:
            results.update(term.operands)
            steps.append(term)
    every = [values[node] for node in nodes]
    return Code([*arguments.values(), undefined], steps[::-1], every, derivatives, kinks, [], {}, {})


def _plain(term: Term) -> Term | float:
    """Return `term`, a number as a float, so that the rules themselves compute what is known."""
    return term if term.number is None else term.number

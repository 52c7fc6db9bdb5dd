"""Straight-line code of everything in a graph: the value of each node, and each local derivative.

Where `straight_line` has one answer or none, this has a number for each node, so that what uses it can tell which
operation is undefined, and show the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mgcli.codegen.straight_line import Code, computed, live_steps, plain
from mgcli.codegen.terms import Term, Terms
from mgcli.graph.node import Node
from mgcli.graph.operation import Rule


def every_node(nodes: Sequence[Node]) -> Code:
    """Return the code of a graph whose `nodes` are given in topological order.

    arguments: the variables, in the order of `nodes`. values: one for each node. derivatives: for each node that of
    each of its operands, 0 for one that does not vary, unless the operation chooses: its derivatives say which. also:
    for each node whether it is at a kink, where a derivative is a convention. What is undefined whatever the variables
    are is nan.
    """
    terms = Terms(lenient=True)
    arguments = {node: terms.argument() for node in nodes if node.operation is None and node.varies}
    values: dict[Node, Term] = {}
    derivatives: list[list[Term]] = []
    kinks: list[Term] = []

    def result(rule: Rule, *operands: Any) -> Term:
        return terms.term(computed(terms, rule, *operands))

    for node in nodes:
        operation = node.operation
        operands = [plain(values[operand]) for operand in node.operands]
        if operation is None:
            values[node] = arguments[node] if node in arguments else terms.number(node.data)
            derivatives.append([])
            kinks.append(terms.zero)
            continue
        values[node] = value = result(operation.forward, *operands)
        derivatives.append(
            [
                result(rule, plain(value), *operands) if operand.varies or operation.chooses else terms.zero
                for operand, rule in zip(node.operands, operation.stable, strict=True)
            ]
        )
        kinks.append(result(operation.kink, *operands) if operation.kink and node.varies else terms.zero)
    steps = [term for term in terms.latest_first() if term.operands][::-1]
    code = Code([*arguments.values()], steps, [*values.values()], derivatives, kinks, [], {}, {})
    return code._replace(steps=live_steps(code))

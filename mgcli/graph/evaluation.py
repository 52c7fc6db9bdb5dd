"""The forward pass: the value of each node from those of its operands, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, nan

from mgcli.errors import EvaluationError
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import AnyNode, Node, by_span
from mgcli.graph.operation import Operation


def evaluate(operation: Operation, operands: Sequence[float]) -> tuple[float, EvaluationError | None]:
    """Return the value of `operation` at `operands`; where it is undefined, nan and the reason."""
    try:
        data: float = operation.forward(FLOATS, *operands)
    except (ValueError, ZeroDivisionError):
        overflows = False
    except OverflowError:
        overflows = True
    else:
        if isfinite(data) or not all(map(isfinite, operands)):
            return data, None
        overflows = data == data
    if not all(map(isfinite, operands)):
        return nan, None
    verb = "overflows" if overflows else "is not defined"
    return nan, EvaluationError(f"{operation.noun} {verb} at {operation.at(operands)}")


def forward_pass(nodes: Iterable[Node]) -> bool:
    """Compute `data` of `nodes`, given in topological order, from their operands; leaves keep theirs.

    A node that is undefined, or that depends on one, gets `nan`; the one that caused it holds the
    `error`. Returns whether every node is defined.
    """
    sound = True
    for node in nodes:
        operation = node.operation
        if operation is None:
            if node.data != node.data:
                sound = False
            continue
        left, right = node._left, node._right
        if node.data != node.data:
            node.error = None
        if sound and operation.arity < 3:
            # The common case, inlined for speed.
            try:
                if right is None:
                    data = operation.forward(FLOATS, left.data)
                else:
                    data = operation.forward(FLOATS, left.data, right.data)
            except (ArithmeticError, ValueError):
                data = nan
            if data - data == 0.0:
                node.data = data
                continue
        if any(operand.data != operand.data for operand in _needed(node)):
            node.data = nan
            continue
        node.data, node.error = evaluate(operation, [operand.data for operand in node.operands])
        sound = sound and not node.error
    return sound


def _needed(node: AnyNode) -> tuple[AnyNode, ...]:
    """Return the operands that the value of `node` was computed from: for a `where`, without the branch not taken."""
    operands = node.operands
    if node.operation is None or not node.operation.selects:
        return operands
    condition, first, second = operands
    return (condition, first if condition.data else second)


def first_error(root: Node) -> EvaluationError | None:
    """Return the first error, in the order of the text, on which the value of `root` depends."""
    seen = {root}
    nodes = [root]
    for node in nodes:
        for operand in _needed(node):
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    failed = [node for node in nodes if node.error]
    if not failed:
        return None
    return min(failed, key=lambda node: (by_span(node), node._serial)).error

"""The backward pass of a large graph: one loop into which the derivatives of the commonest operations are written.

In `mgcli.value` each derivative is a call, which takes as long as the rest of a node's step. The loop is
written from the table, with the templates of a compiled graph; nothing else is known of an operation here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mgcli.operations import OPERATIONS, Operation
from mgcli.source import Template, product
from mgcli.value import Value, hand_down

COMMONEST = ("mul", "add", "sub", "div", "neg")

_LOOP = """\
def propagate(descending, mark):
    total = 0.0
    for node in descending:
        incoming = node._gradient
        if incoming is mark:
            node._gradient = 0.0
            continue
        total += incoming
        operation = node._operation
        if operation is None:
            continue
"""

_OPERATION = """\
        if operation is {name}:
            left = node._left
            right = node._right
"""

_OPERAND = """\
            if {operand}._gradient is not None:
                {operand}._gradient = ({operand}._gradient or 0.0) + {contribution}
"""

_OTHERS = """\
        hand_down(node, incoming)
    return total
"""


def written(operations: Iterable[Operation]) -> Callable[[list[Value], object], float]:
    """Return the loop with the derivatives of `operations` in it; it does what that of `mgcli.value` does.

    Each of them takes one or two operands, never chooses between them, and has derivatives of one line.
    """
    operations = list(operations)
    pieces = [_LOOP]
    for operation in operations:
        pieces.append(_OPERATION.format(name=operation.name))
        for operand, rule in zip(("left", "right")[: operation.arity], operation.careful, strict=True):
            template = Template(rule, [None] * (1 + operation.arity))
            assert not operation.chooses
            assert not template.lines
            slope = str(template.result).format("node.data", "left.data", "right.data")
            contribution = product("incoming", slope, template.precedence)
            pieces.append(_OPERAND.format(operand=operand, contribution=contribution))
        pieces.append("            continue\n")
    pieces.append(_OTHERS)
    namespace: dict[str, Any] = {operation.name: operation for operation in operations}
    namespace["hand_down"] = hand_down
    exec("".join(pieces), namespace)
    loop: Callable[[list[Value], object], float] = namespace["propagate"]
    return loop


propagate = written(OPERATIONS[name] for name in COMMONEST)

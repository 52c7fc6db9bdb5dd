"""Which gradients a quiz asks for."""

from __future__ import annotations

from hashlib import sha256

from mgcli.errors import ExpressionError
from mgcli.graph.node import topological
from mgcli.graph.value import Value


def blanks(root: Value, seed: str | None = None) -> list[Value]:
    """Return the nodes whose gradients are asked for: all below `root` that vary, or the half that `seed` chooses.

    The same seed chooses the same ones everywhere. Raises ExpressionError if there are none.
    """
    nodes = [node for node in topological(root) if node.varies and node is not root]
    if not nodes:
        raise ExpressionError("there is no gradient to ask for", hint="a quiz needs a variable below the result")
    if seed is None:
        return nodes
    order = sorted(range(len(nodes)), key=lambda index: sha256(f"{seed} {index}".encode(errors="replace")).digest())
    return [nodes[index] for index in sorted(order[: (len(nodes) + 1) // 2])]

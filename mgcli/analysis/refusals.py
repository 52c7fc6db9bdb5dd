"""The rows where an expression has no value, found for all of them at once instead of one by one.

Only what is certain: an operation gives nan for numbers that are finite, or is at a pole, in a formula in which every
operation counts. What is left, such as an overflow, is for the graph itself to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mgcli.codegen.arrays import ufunc
from mgcli.graph.node import Node, by_span, topological
from mgcli.graph.operation import ABOVE_0, NOT_BY_0

Rows = NDArray[np.intp]


class Refusals:
    """The operations of a graph, in the order of the text, and which of them refuses a row first."""

    def __init__(self, root: Node) -> None:
        self._nodes = [node for node in topological(root) if node.varies]
        steps = [node for node in self._nodes if node.operation is not None]
        self._functions = {node: ufunc(node.operation.name) for node in steps if node.operation is not None}
        self._ordered = sorted(steps, key=lambda node: (by_span(node), node._serial))
        chooses = any(
            node.operation is not None and (node.operation.chooses or node.operation.selects) for node in steps
        )
        self.is_possible = bool(steps) and not chooses and all(self._functions.values())

    def __call__(self, arguments: Mapping[Node, Any], rows: int) -> Rows:
        """Return which operation, by its index, refuses each row, -1 where that is not certain."""
        found: dict[Node, Any] = {}
        refused: dict[Node, NDArray[np.bool_]] = {}
        unclear = np.zeros(rows, dtype=bool)
        with np.errstate(all="ignore"):
            for node in self._nodes:
                if node.operation is None:
                    found[node] = np.broadcast_to(np.asarray(arguments[node], dtype=float), (rows,))
                    unclear |= ~np.isfinite(found[node])
                    continue
                operands = [found.get(operand, operand.data) for operand in node.operands]
                function = self._functions[node]
                assert function
                number = np.broadcast_to(np.asarray(function(*operands), dtype=float), (rows,))
                defined = np.ones(rows, dtype=bool)
                for operand in operands:
                    defined &= np.isfinite(operand)
                undefined = np.isnan(number) | _outside(node.operation.domain, operands)
                unclear |= defined & ~undefined & np.isinf(number)
                refused[node] = defined & undefined
                found[node] = number
        indices = np.full(rows, -1, dtype=np.intp)
        for index, node in enumerate(self._ordered):
            indices[(indices < 0) & refused[node] & ~unclear] = index
        return indices


def _outside(domain: str, operands: list[Any]) -> Any:
    """Return where numbers are outside a domain at whose edge the operation is infinite."""
    if domain == NOT_BY_0:
        return operands[1] == 0.0
    return operands[0] <= 0.0 if domain == ABOVE_0 else False

"""The effect of rounding on the results of a graph, found by perturbing its numbers.

A check of gradients must not rely on the derivatives of the table, as the bounds of `mgcli.graph.balls` do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite, nextafter
from random import Random

from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import ATOM
from mgcli.graph.value import Value

LARGEST_WHOLE = 2.0**26
"""Up to this size a quotient that is not a whole number is not rounded to one."""


def rounding(nodes: Sequence[Value], read: Callable[[], float]) -> float:
    """Return how far the rounding of `nodes` can move what `read` returns, infinite if that is unknown.

    `nodes` are in topological order. A few times, each result and each constant that may be rounded
    is moved by one unit in the last place, up or down, as rounding might have done. Afterwards the
    nodes hold their original numbers.
    """
    before = read()
    kept = [node.data for node in nodes]
    rounded = [_may_be_rounded(node) for node in nodes]
    coin = Random(0)
    # Where equal numbers are added, rounding goes the same way each time; elsewhere its direction is random.
    ways: tuple[Callable[[], float], ...] = (lambda: inf, lambda: -inf, *[lambda: coin.choice((inf, -inf))] * 2)
    distances = []
    for way in ways:
        for node, is_rounded in zip(nodes, rounded, strict=True):
            if node.operation:
                forward_pass((node,))
            if is_rounded and node.operation and node.operation.compares:
                node.data = 0.0 if node.data else 1.0
            elif is_rounded:
                node.data = nextafter(node.data, way())
        distances.append(abs(read() - before))
        for node, number in zip(nodes, kept, strict=True):
            node.data = number
    forward_pass(nodes)
    return max((distance for distance in distances if isfinite(distance)), default=inf)


def _may_be_rounded(node: Value) -> bool:
    """Whether the number of `node` may differ from exact arithmetic on the numbers of its operands.

    An operator that gives a whole number for whole operands is exact: -2, n + 1, 4/2. The
    comparison of two equal numbers may have another result.
    """
    operation = node.operation
    if operation is None:
        return not (node.varies or node.data.is_integer())
    if operation.compares:
        left, right = (operand.data for operand in node.operands)
        return bool(left == right)
    if operation.jumps:
        return False
    numbers = [node.data, *(operand.data for operand in node.operands)]
    is_whole = all(number.is_integer() and abs(number) <= LARGEST_WHOLE for number in numbers)
    return not (is_whole and (operation.chooses or operation.text.precedence < ATOM))


def gradient_rounding(root: Value, node: Value) -> float:
    """Return how far rounding can move the gradient of `root` with respect to `node`, infinite if that is unknown.

    Afterwards only the nodes that lead to `node` have a gradient.
    """

    def gradient() -> float:
        backward_pass(root, [node])
        return node.grad

    furthest = rounding(topological(root), gradient)
    gradient()
    return furthest

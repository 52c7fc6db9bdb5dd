"""Implicit differentiation: an equation F = 0 makes one of its variables a function y(x) of the others.

The chain rule gives F_x + F_y*dy/dx = 0, so that dy/dx = -F_x/F_y wherever F_y is not 0; a further
derivative is that of the last formula g, g_x + g_y*dy/dx.
"""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from mgcli.calculus.differentiation import derivatives, numbers, run, together
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.lookup import node_of
from mgcli.graph.node import topological
from mgcli.graph.value import Value, unevaluated

ON_CURVE = 1e-9
"""The largest |F| at a point of the curve, in parts of the sum of the sizes of its terms."""

UNIT = 2.0**-52


class Implicit(NamedTuple):
    """How a derivative was found: dy/dx = -F_x/F_y, simplified, differentiated again for a higher order."""

    by_wrt: Value
    by_of: Value
    formula: Value


class Curve(NamedTuple):
    """How far a point is from the curve F = 0: |F|, and the sum of the sizes of the terms of F."""

    distance: float
    size: float

    @property
    def holds_point(self) -> bool:
        """Whether the point is on the curve, as far as rounding can tell."""
        return self.distance <= ON_CURVE * self.size


def derivative(root: Value, of: Value | str, wrt: Value | str, order: int = 1) -> Value:
    """Return the derivative of `of` with respect to `wrt`, `order` times, where `root` is 0, simplified.

    `of` and `wrt` are variables below `root`, or their labels. The other variables are held constant.
    Raises ExpressionError if `root` does not depend on `of`.
    """
    return implicit(root, node_of(root, of), node_of(root, wrt), order).formula


def implicit(root: Value, of: Value, wrt: Value, order: int = 1, *, simplify: bool = True) -> Implicit:
    """Return the same with the partial derivatives of `root` that it is made of.

    Without `simplify` they are as the chain rule gives them: no number in them has been rounded.
    """
    partials = derivatives if simplify else _unsimplified
    finished = _simplified if simplify else _as_it_is
    by_wrt, by_of = partials(root, [wrt, of])
    if by_of.data == 0.0 and not by_of.varies:
        raise ExpressionError(f"the equation does not depend on {of.label}")
    slope = formula = finished(unevaluated("neg", unevaluated("div", by_wrt, by_of)), wrt, of)
    for _ in range(order - 1):
        direct, through = partials(formula, [wrt, of])
        formula = finished(unevaluated("add", direct, unevaluated("mul", through, slope)), wrt, of)
    return Implicit(by_wrt, by_of, formula)


def _unsimplified(root: Value, wrt: list[Value]) -> list[Value]:
    return run(root, wrt).totals


def _as_it_is(node: Value, *_: Value) -> Value:
    return node


def _simplified(node: Value, *kept: Value) -> Value:
    result = together({"": node}, kept)[""]
    forward_pass(topological(result))
    return result


def curve(root: Value) -> Curve:
    """Return how far the values of the variables are from `root` = 0."""
    size, terms = 0.0, [root]
    while terms:
        node = terms.pop()
        if node.operation is not None and node.operation.name in ("add", "sub", "neg"):
            terms.extend(node.operands)
        else:
            size += abs(node.data)
    return Curve(abs(root.data), size)


def nearest(root: Value, of: Value) -> float | None:
    """Return a value of `of` near its own at which `root` is 0, found by Newton's method; None if none is found."""
    nodes = topological(root)
    start = of.data
    try:
        for _ in range(50):
            slope = numbers(root, {"": of})[""]
            if slope == 0.0 or not isfinite(root.data):
                return None
            step = root.data / slope
            of.data -= step
            forward_pass(nodes)
            if abs(step) <= 4 * UNIT * abs(of.data):
                break
        return of.data if curve(root).holds_point else None
    except EvaluationError:
        return None
    finally:
        of.data = start
        forward_pass(nodes)

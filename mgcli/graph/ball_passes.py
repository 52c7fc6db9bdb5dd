"""The two passes over a graph on balls: what its nodes evaluate to, its gradient, and its kinks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from mgcli.graph.balls import Ball, Balls
from mgcli.graph.chain_rule import gradients
from mgcli.graph.node import Node, has_more_digits
from mgcli.graph.operation import Operation, Rule

Given = Callable[[Balls], Mapping[Node, Ball]]
"""The nodes that do not hold the intended number, and what is intended."""


def nothing(balls: Balls) -> Mapping[Node, Ball]:
    """Return nothing: every node holds the intended number."""
    return {}


Outcome = Any
"""What a node evaluates to: a ball, or why there is none."""


def forward(
    nodes: Iterable[Node], balls: Balls, given: Mapping[Node, Ball], *, held: bool = True
) -> dict[Node, Outcome]:
    """Return what each of `nodes`, in topological order, evaluates to; the ones in `given` are not evaluated.

    held: a named number that is computed, such as a = 1/3, is the float that its node holds.
    """
    found: dict[Node, Outcome] = {}
    for node in nodes:
        if node in given:
            found[node] = given[node]
        elif has_more_digits(node):
            found[node] = balls.decimal(node.label)
        elif node.operation is None or (held and math.isfinite(node.data) and node.is_input()):
            # A number that has a name varies independently: 2 in a = 1 + 1.
            found[node] = balls.ball(node.data)
        else:
            found[node] = _evaluated(node, balls, found)
    return found


def _evaluated(node: Node, balls: Balls, found: dict[Node, Outcome]) -> Outcome:
    operation = node.operation
    assert operation is not None
    operands = [found[operand] for operand in node.operands]
    for operand in taken(node, found):
        outcome = found[operand]
        if isinstance(outcome, Exception):
            return outcome
    try:
        if operation.selects:
            # An operand that is not taken need not be a ball.
            chosen = [found[operand] for operand in taken(node, found)[1:]]
            return balls.where(operands[0], chosen[0], chosen[-1])
        result: Ball = operation.forward(balls, *operands)
        return result
    except (ArithmeticError, ValueError) as error:
        return error


def taken(node: Node, found: dict[Node, Outcome]) -> Sequence[Node]:
    """Return the operands on which the value of `node` depends: of a `where`, not the branch that is not taken."""
    operands: Sequence[Node] = node.operands
    if node.operation is None or not node.operation.selects:
        return operands
    condition, first, second = operands
    outcome = found[condition]
    if isinstance(outcome, Exception):
        return [condition]
    if outcome.radius and outcome.contains(0):
        return operands
    return [condition, first if outcome.number else second]


class BallAlgebra:
    """The algebra of balls for `chain_rule`; where a derivative is not defined, the ball has no bound.

    undefined: the nodes that certainly have no derivative.
    """

    def __init__(self, balls: Balls, found: dict[Node, Outcome]) -> None:
        self._balls = balls
        self._found = found
        self.one = balls.ball(1)
        self.undefined: list[Node] = []

    def total(self, node: Node, products: list[Ball]) -> Ball:
        """Return the sum."""
        return reduce(add, products)

    def slope(self, node: Node, index: int) -> Ball | None:
        """Return the local derivative, None for a branch that is not taken."""
        operation = node.operation
        assert operation is not None
        outcomes = [self._found[node], *(self._found[operand] for operand in node.operands)]
        slope: Any
        try:
            rule = local_rule(operation, index)
            slope = rule(self._balls, *outcomes)
        except (ArithmeticError, ValueError, TypeError):
            # A branch that may be taken has operands that are not numbers.
            slope = math.nan
        if isinstance(slope, Exception) or (not isinstance(slope, Ball) and slope != slope):
            if not any(isinstance(outcome, Exception) or outcome.radius for outcome in outcomes[1:]):
                self.undefined.append(node)
            return self._balls.ball(0, self._balls.arithmetic.infinity)
        slope = self._balls.ball(slope)
        return None if operation.chooses and slope.is_exactly(0) else slope

    def product(self, incoming: Ball, slope: Ball) -> Ball:
        """Return the product; 0 times an unknown may be anything: sqrt(x)**2 has a derivative at 0."""
        infinity = self._balls.arithmetic.infinity
        if incoming.radius == infinity or slope.radius == infinity:
            return self._balls.ball(0, infinity)
        return incoming * slope


def local_rule(operation: Operation, index: int) -> Rule:
    """Return the rule for a local derivative on bounds: the stable form, except with respect to the base of a power."""
    return power_slope if operation.name == "pow" and index == 0 else operation.stable[index]


def power_slope(m: Any, z: Any, x: Any, y: Any) -> Any:
    """Return y*x**(y - 1): bounds account for underflow, so the precautions of the table are not needed."""
    return 0.0 if y.is_exactly(0) else y * m.pow(x, y - 1)


class Gradient:
    """The derivatives with respect to several nodes, and the nodes on the way that have none."""

    __slots__ = ("derivatives", "undefined")

    def __init__(self, derivatives: dict[Node, Ball], undefined: list[Node]) -> None:
        self.derivatives = derivatives
        self.undefined = undefined


def gradient(root: Node, wrt: Iterable[Node], balls: Balls, found: dict[Node, Outcome]) -> Gradient:
    """Return the gradient of `root` with respect to each of `wrt`, given the results `found` of the forward pass."""
    wanted = list(wrt)
    if isinstance(found[root], Exception):
        return Gradient({node: balls.ball(0, balls.arithmetic.infinity) for node in wanted}, [])
    algebra = BallAlgebra(balls, found)
    reached = gradients(root, wanted, algebra)
    return Gradient({node: reached.get(node, balls.ball(0)) for node in wanted}, algebra.undefined)


def kinks(root: Node, balls: Balls, found: dict[Node, Outcome]) -> dict[Node, bool]:
    """Return the nodes on which the value of `root` depends that are at a kink or a jump, and whether for certain."""
    at_kink: dict[Node, bool] = {}
    for node, operation in _reached(root, found):
        if not (operation.kink or operation.selects):
            continue
        kink = _kink(node, operation, balls, [found[operand] for operand in taken(node, found)])
        if not kink.is_exactly(0):
            at_kink[node] = kink.is_exactly(1)
    return at_kink


def is_smooth(root: Node, balls: Balls, found: dict[Node, Outcome]) -> bool:
    """Return whether derivatives of every order exist of all operations on which the value of `root` depends."""
    algebra = BallAlgebra(balls, found)
    for node, operation in _reached(root, found):
        for index, operand in enumerate(node.operands):
            slope = algebra.slope(node, index) if operand.varies else None
            if slope is not None and slope.radius == balls.arithmetic.infinity:
                return False
        if operation.name == "pow" and not node.operands[0].data and not node.operands[1].data.is_integer():
            return False
    return not kinks(root, balls, found)


def _reached(root: Node, found: dict[Node, Outcome]) -> Iterator[tuple[Node, Operation]]:
    """Yield the nodes that vary and on which the value of `root` depends, with their operations."""
    seen = {root}
    nodes = [root]
    for node in nodes:
        for operand in taken(node, found):
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
        if node.varies and node.operation is not None:
            yield node, node.operation


def _kink(node: Node, operation: Operation, balls: Balls, operands: Sequence[Outcome]) -> Ball:
    if any(isinstance(operand, Exception) for operand in operands):
        return balls.ball(0)
    if operation.selects:
        return balls.ball(0) if _is_stepwise(node.operands[0]) else balls.equal(operands[0], 0)
    if operation.compares and node.operands[0] is node.operands[1]:
        # What is compared to itself is never at a boundary.
        return balls.ball(0)
    return balls.ball(operation.kink(balls, *operands)) if operation.kink else balls.ball(0)


def _is_stepwise(condition: Node) -> bool:
    """Return whether a condition changes only where a comparison in it does, which is a kink of its own."""
    nodes = [condition]
    for node in nodes:
        operation = node.operation
        if operation is not None and operation.selects:
            nodes.extend(node.operands[1:])
        elif node.varies and not (operation is not None and operation.compares):
            return False
    return True

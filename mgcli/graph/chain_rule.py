"""The chain rule: once for any kind of gradient, and once for floats at speed.

The gradient of the root with respect to a node is a sum of products, one for each use of the node:
the gradient of what uses it times the local derivative. `chain_rule` is that sum, and an algebra
defines what gradients are: numbers here, formulas in `mgcli.calculus`, source terms in
`mgcli.codegen`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from math import inf, isfinite, nan
from operator import add
from typing import Any, Generic, Protocol, TypeVar

from mgcli.errors import EvaluationError
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import Node, by_serial, leading_to, topological
from mgcli.graph.table import OPERATIONS

G = TypeVar("G")
S = TypeVar("S")


class Algebra(Protocol[G, S]):
    """What gradients (G) and local derivatives (S) are, and how they are added and multiplied."""

    one: G
    """The gradient of the root with respect to itself."""

    def total(self, node: Any, products: list[G]) -> G:
        """Return the gradient with respect to `node`: the sum of the products of all its uses."""

    def slope(self, node: Any, index: int) -> S | None:
        """Return the derivative of `node` with respect to its operand `index`; None for a branch not taken."""

    def product(self, incoming: G, slope: S) -> G:
        """Return the gradient of a node times a local derivative."""


class Product(Generic[G, S]):
    """One product of the chain rule: what `node` contributes to the gradient of one operand.

    incoming: the gradient with respect to `node`. slope: the local derivative. amount: their product.
    """

    # Python 3.10 has no generic named tuples.
    __slots__ = ("amount", "incoming", "node", "operand_index", "slope")

    def __init__(self, node: Any, operand_index: int, incoming: G, slope: S, amount: G) -> None:
        self.node = node
        self.operand_index = operand_index
        self.incoming = incoming
        self.slope = slope
        self.amount = amount


def chain_rule(root: Node, wrt: Iterable[Node] | None, algebra: Algebra[G, S]) -> Iterator[Product[G, S]]:
    """Yield each product of the chain rule from `root` to the nodes `wrt`, results before operands.

    Without `wrt`, to all nodes that vary. A branch that is not taken is not entered.
    """
    nodes = topological(root)
    active = {node for node in nodes if node.varies} if wrt is None else leading_to(wrt, nodes)
    gradient = {root: [algebra.one]}
    for node in reversed(nodes):
        if node not in gradient or node.operation is None:
            continue
        incoming = algebra.total(node, gradient[node])
        for product in products(node, incoming, active, algebra):
            gradient.setdefault(node.operands[product.operand_index], []).append(product.amount)
            yield product


def products(node: Node, incoming: G, active: Collection[Node], algebra: Algebra[G, S]) -> Iterator[Product[G, S]]:
    """Yield the products of one step: one for each active operand of `node`, whose gradient is `incoming`."""
    for index, operand in enumerate(node.operands):
        if operand not in active:
            continue
        slope = algebra.slope(node, index)
        if slope is not None:
            yield Product(node, index, incoming, slope, algebra.product(incoming, slope))


def gradients(root: Node, wrt: Collection[Node], algebra: Algebra[G, S]) -> dict[Node, G]:
    """Return the gradient of `root` with respect to each of `wrt` that it depends on."""
    parts = {root: [algebra.one]}
    for product in chain_rule(root, wrt, algebra):
        parts.setdefault(product.node.operands[product.operand_index], []).append(product.amount)
    return {node: algebra.total(node, parts[node]) for node in wrt if node in parts}


class Numbers:
    """The algebra of floats: a step that is undefined or overflows gives nan or infinity."""

    one = 1.0

    def total(self, node: Node, products: list[float]) -> float:
        """Return the sum, from left to right as in the fast loop; from Python 3.12 on, `sum` rounds differently."""
        return reduce(add, products, 0.0)

    def slope(self, node: Node, index: int) -> float | None:
        """Return the local derivative as a number."""
        slope = local_derivative(node, index)
        assert node.operation is not None
        return None if slope == 0.0 and node.operation.chooses else slope

    def product(self, incoming: float, slope: float) -> float:
        """Return the product of two numbers."""
        return incoming * slope


NUMBERS = Numbers()


def local_derivative(node: Node, index: int) -> float:
    """Return the derivative of `node` with respect to its operand `index`, with the others fixed, as a number.

    nan or infinite where it is undefined or too large.
    """
    operation = node.operation
    assert operation is not None
    try:
        slope: float = operation.stable[index](FLOATS, node.data, *[operand.data for operand in node.operands])
    except OverflowError:
        return inf
    except (ValueError, ZeroDivisionError):
        return nan
    return slope


def tangents(nodes: Iterable[Node], direction: Mapping[Node, float]) -> dict[Node, float]:
    """Return the derivative of each of `nodes`, given in topological order, along a direction.

    A forward pass: that of a node is the sum of its operands', each times the local derivative. `direction`
    holds those of nodes that vary; a node that it does not reach has none, which counts as 0.
    """
    found = dict(direction)
    for node in nodes:
        if node in found or node.operation is None:
            continue
        products = []
        for index, operand in enumerate(node.operands):
            slope = NUMBERS.slope(node, index) if operand in found else None
            if slope is not None:
                products.append(slope * found[operand])
        if products:
            found[node] = NUMBERS.total(node, products)
    return found


class Contribution(Product[float, float]):
    """A product of numbers as it is added to a gradient.

    operand: the node whose gradient it is added to.
    before, total: that gradient before and after.
    """

    __slots__ = ("before", "operand", "total")

    def __init__(self, product: Product[float, float], operand: Any, before: float, total: float) -> None:
        super().__init__(product.node, product.operand_index, product.incoming, product.slope, product.amount)
        self.operand = operand
        self.before = before
        self.total = total


def contributions(root: Node, wrt: Iterable[Node] | None = None) -> Iterator[Contribution]:
    """Run the backward pass from `root`, and yield each product of the chain rule as it is added.

    It sets `grad` of the nodes below `root`, and continues where a derivative is undefined: the
    gradient is then not finite. With `wrt`, only on the paths from `root` to those nodes: no other
    derivative is computed, and every `grad` off those paths is 0.0. The nodes in `wrt` must vary.
    """
    for node in topological(root):
        node.grad = 0.0
    root.grad = 1.0
    return _added(chain_rule(root, wrt, NUMBERS))


def _added(steps: Iterable[Product[float, float]]) -> Iterator[Contribution]:
    for step in steps:
        operand = step.node.operands[step.operand_index]
        before = operand.grad
        operand._gradient = before + step.amount
        yield Contribution(step, operand, before, operand.grad)


def backward_step(node: Node) -> EvaluationError | None:
    """Add to the `grad` of each operand of `node` what `node` contributes: one step of the chain rule by hand.

    Returns the first error.
    """
    varying = [operand for operand in node.operands if operand.varies]
    for contribution in _added(products(node, node.grad, varying, NUMBERS)):
        if error := fault(contribution):
            return error
    return None


def backward_pass(root: Node, wrt: Iterable[Node] | None = None) -> EvaluationError | None:
    """Set `grad` of the nodes below `root` as `contributions` does.

    Returns the first error, in the order of the text.
    """
    if wrt is None and _quick_pass(root):
        return None
    faults = [error for contribution in contributions(root, wrt) if (error := fault(contribution))]
    return min(faults, key=lambda error: error.span or (0, 0), default=None)


def fault(contribution: Contribution) -> EvaluationError | None:
    """Return the error for a contribution that made a gradient undefined or infinite."""
    is_earlier = isfinite(contribution.amount) and not isfinite(contribution.before)
    if isfinite(contribution.total) or not isfinite(contribution.incoming) or is_earlier:
        return None
    node, slope = contribution.node, contribution.slope
    if isfinite(slope):
        return EvaluationError("the gradient overflows", span=node.span)
    verb = "is not defined" if slope != slope else "overflows"
    by = node.operation.by(contribution.operand_index)
    point = node.operation.at([operand.data for operand in node.operands])
    return EvaluationError(f"the derivative of {node.operation.noun}{by} {verb} at {point}", span=node.span)


def _quick_pass(root: Node) -> bool:
    """Run the backward pass at speed; return whether every gradient is finite."""
    if root._gradient is None:
        return True
    descending, mark = _descending(root)
    root._gradient = 1.0
    try:
        total = _propagate(descending, mark)
    except (ArithmeticError, ValueError):
        return False
    # If only the sum of finite gradients is too large, `chain_rule` is run too, which does no harm.
    return total - total == 0.0


def _descending(root: Node) -> tuple[list[Node], object]:
    """Return `root` and the nodes below it that vary, results before operands; and the mark set as their `grad`.

    Marking the nodes is faster and smaller than a set of them. The mark counts as 0.0.
    """
    mark: Any = []
    root._gradient = mark
    nodes = [root]
    for node in nodes:
        operand = node._left
        if operand is None:
            continue
        gradient = operand._gradient
        if gradient is not mark and gradient is not None:
            operand._gradient = mark
            nodes.append(operand)
        operand = node._right
        if operand is None:
            continue
        gradient = operand._gradient
        if gradient is not mark and gradient is not None:
            operand._gradient = mark
            nodes.append(operand)
        if node.operation.arity > 2:  # type: ignore[union-attr]
            operand = node._third
            if operand._gradient is not mark and operand._gradient is not None:
                operand._gradient = mark
                nodes.append(operand)
    nodes.sort(key=by_serial, reverse=True)
    return nodes, mark


_ADD, _SUB, _MUL = (OPERATIONS[name] for name in ("add", "sub", "mul"))


def _propagate(descending: list[Node], mark: object) -> float:
    """Run the chain rule over the nodes, results first, whose gradient is the mark, except the root's.

    It gives what `chain_rule` gives on numbers, to the last bit; the most common operations are
    inlined, as the table has them. A node that still has the mark when its turn comes is reached
    only through branches that are not taken, and gets 0.0. Returns the sum of all gradients, which
    is not finite if one of them is not.
    """
    total = 0.0
    for node in descending:
        incoming = node._gradient
        if incoming is mark:
            node._gradient = 0.0
            continue
        total += incoming
        operation = node.operation
        if operation is None:
            continue
        left = node._left
        right = node._right
        if operation is _MUL:
            if left._gradient is not None:
                left._gradient = (left._gradient or 0.0) + incoming * right.data
            if right._gradient is not None:
                right._gradient = (right._gradient or 0.0) + incoming * left.data
        elif operation is _ADD:
            if left._gradient is not None:
                left._gradient = (left._gradient or 0.0) + incoming
            if right._gradient is not None:
                right._gradient = (right._gradient or 0.0) + incoming
        elif operation is _SUB:
            if left._gradient is not None:
                left._gradient = (left._gradient or 0.0) + incoming
            if right._gradient is not None:
                right._gradient = (right._gradient or 0.0) - incoming
        elif right is None:
            if left._gradient is not None:
                slope = operation.stable[0](FLOATS, node.data, left.data)
                if slope or not operation.chooses:
                    left._gradient = (left._gradient or 0.0) + incoming * slope
        elif operation.arity == 2:
            by_left, by_right = operation.stable
            if left._gradient is not None:
                slope = by_left(FLOATS, node.data, left.data, right.data)
                if slope or not operation.chooses:
                    left._gradient = (left._gradient or 0.0) + incoming * slope
            if right._gradient is not None:
                slope = by_right(FLOATS, node.data, left.data, right.data)
                if slope or not operation.chooses:
                    right._gradient = (right._gradient or 0.0) + incoming * slope
        else:
            operands = node.operands
            numbers = [operand.data for operand in operands]
            for operand, rule in zip(operands, operation.stable, strict=True):
                if operand._gradient is not None:
                    slope = rule(FLOATS, node.data, *numbers)
                    if slope or not operation.chooses:
                        operand._gradient = (operand._gradient or 0.0) + incoming * slope
    return total

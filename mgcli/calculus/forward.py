"""Forward accumulation on nodes: the derivative of each node is made once, for all orders.

The backward pass on a formula that cannot be made short makes one about three times as large, again for each order.
Here the derivatives of derivatives share their parts, and like terms are added up: what Leibniz's rule says of a
product, sums of n products for order n, comes about by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from math import nan

from mgcli.graph.node import digits_to_keep
from mgcli.graph.value import Value, constant, make, unevaluated

Local = Callable[[Value, int], Value]
"""The local derivative of a node with respect to the operand of an index, as a node."""

Terms = dict[Value, int]
"""A sum: how often each node is in it."""


class Forward:
    """The derivatives of nodes with respect to `wrt`, equal nodes being made once."""

    def __init__(self, root: Value, wrt: Value, local: Local) -> None:
        self._local = local
        self._made: dict[object, Value] = {}
        self._same: dict[Value, Value] = {}
        self._sums: dict[Value, Terms] = {}
        self._one = self._constant(1.0)
        self._derivatives: dict[Value, Terms] = {self._shared(wrt): {self._one: 1}}
        self._shared(root)

    def derivative(self, root: Value) -> Value:
        """Return the derivative of `root`, without numbers."""
        root = self._shared(root)
        for node in _not_in(self._derivatives, root, self._parts):
            self._derivatives[node] = self._derivative(node)
        return self._sum(self._derivatives[root])

    def _parts(self, node: Value) -> Iterable[Value]:
        return self._sums.get(node, node.operands)

    def _derivative(self, node: Value) -> Terms:
        """Return the products of the chain rule; of a sum, those of all its terms."""
        total: Terms = {}
        if node in self._sums:
            for term, times in self._sums[node].items():
                for product, number in self._derivatives[term].items():
                    total[product] = total.get(product, 0) + times * number
        else:
            for index, operand in enumerate(node.operands):
                found = self._product(node, index, self._derivatives[operand])
                if found is not None:
                    total[found] = total.get(found, 0) + 1
        return total

    def _product(self, node: Value, index: int, slope: Terms) -> Value | None:
        """Return the derivative of an operand times the local one, None where that is 0."""
        operation = node.operation
        if not slope or operation is None:
            return None
        local = self._shared(self._local(node, index))
        if local.operation is None and not local.varies and local.data == 0:
            return None
        product = self._times(self._sum(slope), local)
        if operation.chooses and local.operation is not None:
            # The branch that is not taken may have no value.
            return self._node("where", local, product, self._constant(0.0))
        return product

    def _sum(self, terms: Terms) -> Value:
        """Return the node of a sum."""
        total: Value | None = None
        for term, times in terms.items():
            product = self._times(self._shared(_number(times)), term)
            total = product if total is None else self._node("add", total, product)
        if total is None:
            return self._constant(0.0)
        if len(terms) > 1:
            self._sums[total] = terms
        return total

    def _times(self, left: Value, right: Value) -> Value:
        return right if left is self._one else left if right is self._one else self._node("mul", left, right)

    def _node(self, name: str, *operands: Value) -> Value:
        return self._shared(unevaluated(name, *operands))

    def _constant(self, number: float) -> Value:
        return self._shared(constant(number))

    def _shared(self, root: Value) -> Value:
        """Return the node equal to `root` that was made first."""
        for node in _not_in(self._same, root, lambda node: node.operands):
            operands = [self._same[operand] for operand in node.operands]
            found = self._made.setdefault(_key(node, operands), node)
            if found is node and any(new is not old for new, old in zip(operands, node.operands, strict=True)):
                assert node.operation is not None
                found = self._made[_key(node, operands)] = make(node.operation, operands, nan)
            self._same[node] = self._same[found] = found
        return self._same[root]


def _number(number: int) -> Value:
    """Return a number as a node, which keeps its digits as its label if a float lacks them."""
    return constant(float(number), digits_to_keep(str(number), float(number)))


def _key(node: Value, operands: list[Value]) -> object:
    """Return what equal nodes have in common. Of a number whose value is away meanwhile nothing is known."""
    if node.operation is not None:
        return (node.operation.name, *operands)
    return node if node.varies or node.label or node.data != node.data else node.data


def _not_in(known: Container[Value], root: Value, parts: Callable[[Value], Iterable[Value]]) -> list[Value]:
    """Return the nodes below `root` that are not known, nor below a known one; parts first."""
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(root, False)]
    while stack:
        node, is_complete = stack.pop()
        if is_complete:
            order.append(node)
        elif node not in known and node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((part, False) for part in parts(node))
    return order

"""A graph rewritten the way a textbook would write it, with the same value at the same points.

No rule changes a value beyond rounding, and none changes where there is one: `x/x` stays, since it
has none at 0, and so do `sqrt(x)**2`, `sqrt(x**2)` and `log(x**2)`; `0*x` is 0 but `0*log(x)`
stays, except beside a `log(x)` that has the same domain. Numbers are the decimals that their text
says, and are folded only where the result is exact: 3*0.1 is 0.3, and 0.1 + 0.2 - 0.3 is 0. What
may change is the order of a sum or of a product, and so the point where a part of it leaves the
range of floats; but what a condition compares stays as it stands.

Nodes are rewritten operands first, one step for each; equal ones become one (hash-consing). A sum or
a product of any length is gathered in one step, at its outermost node.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value
from mgcli.simplify.monomial import Monomial
from mgcli.simplify.nodes import SIGN, signed
from mgcli.simplify.sums import Sums

_SUMS = ("add", "sub")
_PRODUCTS = ("mul", "div", "neg")


def simplify(root: Value, atoms: Collection[Value] = ()) -> Value:
    """Return the graph of `root` simplified; leaves that vary, and the nodes in `atoms`, are kept as they are."""
    return simplify_all([root], atoms)[0]


def simplify_all(roots: Sequence[Value], atoms: Collection[Value] = ()) -> list[Value]:
    """Return the graphs of `roots` simplified as by `simplify`, equal nodes of all of them being one."""
    simplified = _Simplifier(roots, atoms).run()
    forward_pass(node for node in topological(*simplified) if node not in atoms)
    return simplified


class _Simplifier(Sums):
    """The walk over the graph: the simplified node of each original."""

    def __init__(self, roots: Sequence[Value], atoms: Collection[Value]) -> None:
        super().__init__()
        self.roots = roots
        self.atoms = frozenset(atoms)
        self.simplified: dict[Value, Value] = {}
        self.original = topological(*roots)
        self.inner = self._inner()
        self.deciding = self._deciding()
        self.standing: dict[Value, Value] = {}

    def run(self) -> list[Value]:
        for node in self.original:
            if node in self.deciding:
                self.standing[node] = self._as_it_stands(node)
            if node not in self.inner:
                self.simplified[node] = self._rewritten(node)
        return [self.simplified[root] for root in self.roots]

    def _deciding(self) -> set[Value]:
        """Return the nodes on which it depends where something jumps: the sides of a comparison, what is rounded down.

        Another order of theirs is another rounding, and may be another branch: they stay as they stand.
        """
        deciding: set[Value] = set()
        for node in reversed(self.original):
            if (_decides(node.operation) or node in deciding) and node not in self.atoms:
                deciding.update(node.operands)
        return deciding

    def _as_it_stands(self, node: Value) -> Value:
        if node in self.atoms or node.operation is None:
            return self.leaf(node, node in self.atoms)
        return self.node(node.operation.name, *(self.standing[operand] for operand in node.operands))

    def _inner(self) -> set[Value]:
        """Return the nodes that are gathered with the sum or the product that alone uses them."""
        users: dict[Value, list[Value]] = {}
        for node in self.original:
            for operand in () if node in self.atoms else node.operands:
                users.setdefault(operand, []).append(node)
        kept = {*self.roots, *self.atoms}
        inner: set[Value] = set()
        below: set[Value] = set()
        for node in reversed(self.original):
            using = users.get(node, ())
            if len(using) != 1 or node in kept or not _chained(node, using[0]):
                continue
            (user,) = using
            stands_below = user in below or (user.operation is OPERATIONS["div"] and user._right is node)
            if stands_below and node.operation is OPERATIONS["div"]:
                # 1/(1/x) is not x, which has a value at 0.
                continue
            inner.add(node)
            if stands_below:
                below.add(node)
        return inner

    def _rewritten(self, node: Value) -> Value:
        if node in self.atoms or node.operation is None:
            return self.leaf(node, node in self.atoms)
        name = node.operation.name
        if name in _SUMS:
            return self._sum(node)
        if name in _PRODUCTS:
            return self._product(node)
        if _decides(node.operation):
            return self.call(node.operation, [self.standing[operand] for operand in node.operands])
        operands = [self.simplified[operand] for operand in node.operands]
        if name == "pow":
            return self.power(*operands)
        if name == "where":
            return self.choice(*operands)
        return self.call(node.operation, operands)

    def _product(self, root: Value) -> Value:
        """Gather: 1*p, p*1, p/1 -> p; --p -> p; numbers folded, like factors gathered, p/q/r -> p/(q*r)."""
        product = Monomial()
        stack = [(root, 1.0)]
        while stack:
            node, exponent = stack.pop()
            if node is not root and node not in self.inner:
                self.include(product, self.simplified[node], exponent)
                continue
            name = node.operation.name  # type: ignore[union-attr]
            if name == "neg":
                product.number = -product.number
                stack.append((node.operands[0], exponent))
            else:
                left, right = node.operands
                stack.append((right, -exponent if name == "div" else exponent))
                stack.append((left, exponent))
        return self.written_product(product)

    def _sum(self, root: Value) -> Value:
        """Gather: p + 0 -> p; p - -q -> p + q; numbers folded, like terms gathered."""
        terms: list[Monomial] = []
        stack = [(root, 1)]
        while stack:
            node, sign = stack.pop()
            if node is not root and node not in self.inner:
                terms.extend(signed(term, sign) for term in self.terms(self.simplified[node]))
                continue
            left, right = node.operands
            stack.append((right, -sign if node.operation is OPERATIONS["sub"] else sign))
            stack.append((left, sign))
        return self.written_sum(self.gathered(terms))


def _decides(operation: Operation | None) -> bool:
    """Whether it jumps. Not so the sign: it is gathered with the absolute value of the same."""
    return operation is not None and operation.jumps and operation is not SIGN


def _chained(node: Value, user: Value) -> bool:
    """Whether `node` is gathered with `user`: terms of one sum, or factors of one product."""
    if node.operation is None or user.operation is None:
        return False
    names = {node.operation.name, user.operation.name}
    return names <= set(_SUMS) or names <= set(_PRODUCTS)

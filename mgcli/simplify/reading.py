"""A graph read as sums, one node after the other, operands first; a chain of `+` or of `*` in one step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from math import isfinite, nan

from mgcli.graph.node import has_more_digits, topological
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors
from mgcli.simplify.calls import Calls
from mgcli.simplify.choices import LIGHTEST, Choices
from mgcli.simplify.kernels import CONDITION, LEAF, SEALED, Number, Sum
from mgcli.simplify.numbers import decimal, from_text, is_terminating
from mgcli.simplify.rules import QUOTIENTS, RECIPROCALS

HEAVIEST = 1500
"""The weight from which a part that is used more than once is not opened again."""

LIGHT = 50
"""The same in a large graph, and after `OPENED`."""

OPENED = 20_000
"""The weight of all parts above `LIGHT` that are opened though they are used more than once."""

LARGE = 4000
"""The number of nodes of a graph from which parts that are used more than once are opened only if they are short."""

LONGEST = 300
"""The number of terms or factors from which such a part is not opened again."""

_GATHERED = ("sign", "acot")
"""What jumps, but is simplified like what does not."""

_SUMS = ("add", "sub")
_PRODUCTS = ("mul", "div", "neg")


class Reader:
    """Reads the nodes below some roots; `atoms` are kept as they are."""

    def __init__(self, algebra: Algebra, roots: Sequence[Value], atoms: Collection[Value]) -> None:
        self.algebra = algebra
        self.calls = Calls(algebra)
        self.choices = Choices(algebra)
        self.roots = roots
        self.atoms = atoms
        self.nodes = topological(*roots)
        self.read: dict[Value, Sum] = {}
        self.standing: dict[Value, Value] = {}
        self._kept: dict[object, Value] = {}
        self._opened: dict[Value, Sum] = {}
        self.is_large = len(self.nodes) > LARGE
        self.opened = 0 if self.is_large else OPENED
        self.inner = self._inner()
        self.users = self._users()
        self.deciding = self._deciding()

    @cached_property
    def decimals(self) -> frozenset[str]:
        """The texts of the numbers of the graph that have decimals."""
        return frozenset(repr(node.data) for node in self.nodes if node not in self.atoms and _has_decimals(node))

    @cached_property
    def functions(self) -> frozenset[str]:
        """The names of the operations of the graph."""
        return frozenset(node.operation.name for node in self.nodes if node.operation)

    @cached_property
    def reciprocals(self) -> dict[str, str]:
        """The functions that are 1 over another, by that other: sec by cos; where the graph has one of these."""
        found: dict[str, str] = {}
        for functions in QUOTIENTS.items():
            family = {inner: name for name, (inner, _) in RECIPROCALS.items() if inner in (functions[0], *functions[1])}
            if self.functions.intersection(family.values()):
                found |= family
        return found

    def run(self) -> list[Sum]:
        """Return the roots as sums."""
        for node in self.nodes:
            if node in self.deciding:
                self.standing[node] = self._as_it_stands(node)
            if node not in self.inner:
                self.read[node] = self._limited(node, self._read(node))
        return [self._opened.get(root, self.read[root]) for root in self.roots]

    # Gathered, shared and kept nodes.

    def _users(self) -> dict[Value, int]:
        users: dict[Value, int] = {}
        for node in self.nodes:
            for operand in () if node in self.atoms else node.operands:
                users[operand] = users.get(operand, 0) + 1
        return users

    def _inner(self) -> set[Value]:
        """Return the nodes that are gathered with the only sum or product that uses them."""
        using: dict[Value, Value | None] = {}
        for node in self.nodes:
            for operand in () if node in self.atoms else node.operands:
                using[operand] = None if operand in using else node
        kept = {*self.roots, *self.atoms}
        return {node for node, user in using.items() if user and node not in kept and _chained(node, user)}

    def _deciding(self) -> set[Value]:
        """Return the nodes on which it depends where something jumps: they are kept as they are.

        A different order of a sum rounds differently, which could take a different branch.
        """
        deciding: set[Value] = set()
        for node in reversed(self.nodes):
            if node not in self.atoms and (_jumps(node) or node in deciding):
                deciding.update(node.operands)
        return deciding

    def _as_it_stands(self, node: Value) -> Value:
        if node in self.atoms or (node.operation is None and (node.varies or node.label)):
            return node
        if node.operation is None:
            return self._once((node.data,), lambda: constant(node.data))
        operands = [self.standing[operand] for operand in node.operands]
        operation = node.operation
        return self._once((operation.name, *operands), lambda: make(operation, operands, nan))

    def _once(self, key: object, build: object) -> Value:
        if key not in self._kept:
            self._kept[key] = build()  # type: ignore[operator]
        return self._kept[key]

    def _limited(self, node: Value, total: Sum) -> Sum:
        """Return a sum that is heavy and used more than once as one kernel, which is not opened again."""
        if total.weight <= LIGHT or self.users.get(node, 0) < 2 or total.kernel is not None:
            return total
        self.opened -= total.weight
        if total.weight <= HEAVIEST and len(total.terms) <= LONGEST and self.opened > 0:
            return total
        self._opened[node] = total
        return self.algebra.of(self.algebra.kernel(SEALED, (self.algebra.tidied(total),)))

    # One node.

    def _read(self, node: Value) -> Sum:
        operation = node.operation
        if node in self.atoms or operation is None:
            return self._leaf(node)
        name = operation.name
        if name in _SUMS:
            return self.choices.merged(self._sum(node))
        if name in _PRODUCTS:
            return self._product(node)
        operands = [self.read[operand] for operand in node.operands]
        if operation.compares:
            left, right = (self.standing[operand] for operand in node.operands)
            return self._comparison(name, left, right, *operands)
        if _jumps(node):
            return self._jump(node, operands)
        if name == "pow":
            base, exponent = operands
            return self.algebra.power(base, self.algebra.tidied(exponent), decimals=_is_decimal(node.operands[1]))
        if name == "where":
            condition, first, second = operands
            return self.choices.choice(condition, first, second)
        return self.calls.call(name, tuple(map(self.algebra.tidied, operands)))

    def _leaf(self, node: Value) -> Sum:
        algebra = self.algebra
        if node in self.atoms or node.varies:
            return algebra.of(algebra.kernel(LEAF, (), node))
        if has_more_digits(node):
            return algebra.number(from_text(node.label))
        if node.label or not isfinite(node.data):
            return algebra.of(algebra.kernel(LEAF, (), self._once((node.label, str(node.data)), lambda: node)))
        return algebra.number(decimal(node.data))

    def _sum(self, root: Value) -> Sum:
        parts: list[tuple[Sum, Number]] = []
        stack: list[tuple[Value, int]] = [(root, 1)]
        while stack:
            node, sign = stack.pop()
            if node is not root and node not in self.inner:
                parts.append((self.read[node], sign))
                continue
            assert node.operation is not None
            left, right = node.operands
            stack.append((right, -sign if node.operation.name == "sub" else sign))
            stack.append((left, sign))
        total = self.algebra.add(parts)
        return self._constant(root, total) if total.number is not None and len(parts) > 1 else total

    def _constant(self, node: Value, total: Sum) -> Sum:
        """Return a sum of numbers; 1 + 0.07/12 in a text, which is not a decimal, is kept as it is."""
        assert total.number is not None
        if node.varies or node.span is None or is_terminating(total.number) or not self.decimals:
            return total
        node = self._once(("constant", total.number), lambda: node)
        return self.algebra.of(self.algebra.kernel(LEAF, (), node))

    def _product(self, root: Value) -> Sum:
        algebra = self.algebra
        number: Number = 1
        factors: Factors = {}
        stack: list[tuple[Value, int]] = [(root, 1)]
        while stack:
            node, exponent = stack.pop()
            if node is not root and node not in self.inner:
                number = number * algebra.include(factors, self.read[node], exponent)
                continue
            assert node.operation is not None
            if node.operation.name == "neg":
                number = -number
                stack.append((node.operands[0], exponent))
            else:
                left, right = node.operands
                stack.append((right, -exponent if node.operation.name == "div" else exponent))
                stack.append((left, exponent))
        return algebra.product(number, factors)

    # Comparisons, and what else jumps.

    def _comparison(self, name: str, left: Value, right: Value, first: Sum, second: Sum) -> Sum:
        """Return a comparison, its operands as they are; a number where both are numbers."""
        if first.number is not None and second.number is not None:
            compared = OPERATIONS[name].forward(_Exact, first.number, second.number)
            return self.algebra.number(compared)
        node = self._once((name, left, right), lambda: make(OPERATIONS[name], [left, right], nan))
        kernel = self.algebra.kernel(CONDITION, (), node)
        if kernel not in self.choices.boundaries:
            self.choices.note(kernel, name, self.algebra.add([(first, 1), (second, -1)]))
        return self._opened_comparison(name, left, right, first, second) or self.algebra.of(kernel)

    def _opened_comparison(self, name: str, left: Value, right: Value, first: Sum, second: Sum) -> Sum | None:
        """max(p, q) > 2 -> where(p > q, p > 2, q > 2), where this is short."""
        chooser = first.kernel
        if chooser is None or chooser.kind not in ("max", "min") or second.number is None or first.weight > LIGHTEST:
            return None
        if left.operation is None or left.operation.name != chooser.kind:
            return None
        (p, q), (one, other) = left.operands, left.operands
        parts = [self.calls.algebra.tidied(operand) for operand in chooser.operands]
        if len(parts) != 2 or any(part.kernel and part.kernel.kind in ("max", "min") for part in parts):
            return None
        test = self._comparison("greater" if chooser.kind == "max" else "less", p, q, parts[0], parts[1])
        yes = self._comparison(name, one, right, parts[0], second)
        no = self._comparison(name, other, right, parts[1], second)
        return self.choices.choice(test, yes, no)

    def _jump(self, node: Value, operands: Sequence[Sum]) -> Sum:
        assert node.operation is not None
        exact = self.calls.call(node.operation.name, tuple(operands))
        if exact.number is not None:
            return exact
        return self.algebra.of(self.algebra.kernel(LEAF, (), self._as_it_stands_call(node)))

    def _as_it_stands_call(self, node: Value) -> Value:
        operands = [self.standing[operand] for operand in node.operands]
        operation = node.operation
        assert operation is not None
        return self._once((operation.name, *operands), lambda: make(operation, operands, nan))


class _Exact:
    """The comparisons of exact numbers, for the rules of the table."""

    @staticmethod
    def greater(x: Number, y: Number) -> int:
        """Return 1 where x > y."""
        return int(x > y)

    @staticmethod
    def less(x: Number, y: Number) -> int:
        """Return 1 where x < y."""
        return int(x < y)

    @staticmethod
    def equal(x: Number, y: Number) -> int:
        """Return 1 where x == y."""
        return int(x == y)


def _jumps(node: Value) -> bool:
    """Whether the operation of a node jumps, except the sign, which is gathered with its operand."""
    operation = node.operation
    return operation is not None and operation.is_discontinuous and operation.name not in _GATHERED


def _is_decimal(exponent: Value) -> bool:
    """Return whether an exponent is written with decimals, as 1.4 - 1 is."""
    nodes = [exponent]
    for node in nodes:
        if node.operation is not None and len(nodes) < 8:
            nodes.extend(node.operands)
    return any(_has_decimals(node) for node in nodes)


def _has_decimals(node: Value) -> bool:
    """Return whether a node is a number that is not whole; some have their digits as a label."""
    if node.operation is not None or node.varies or node.data - node.data != 0.0:
        return False
    if node.label:
        return has_more_digits(node) and ("." in node.label or "e-" in node.label)
    return not float(node.data).is_integer()


def _chained(node: Value, user: Value) -> bool:
    """Whether `node` is gathered with `user`: terms of one sum, or factors of one product."""
    if node.operation is None or user.operation is None:
        return False
    names = {node.operation.name, user.operation.name}
    return names <= set(_SUMS) or names <= set(_PRODUCTS)

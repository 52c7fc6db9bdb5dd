"""The nodes of a simplified graph: each made once, and what is known of it as a product and as a sum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from math import nan

from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make
from mgcli.simplify.facts import TOTAL, of_number, of_operation
from mgcli.simplify.monomial import Monomial, Ratio, exact, times

SMALL = 16
"""The number of terms or factors up to which a sum or product that is used more than once is opened again."""

SQRT, POW, WHERE, EXP, LOG, SIGN = (OPERATIONS[name] for name in ("sqrt", "pow", "where", "exp", "log", "sign"))

ROOTS: dict[Operation | None, float] = {SQRT: 2.0, OPERATIONS["cbrt"]: 3.0}
"""The power that undoes each root."""


class Nodes(ABC):
    """The nodes made so far by what they are (hash-consing), and what is known of them.

    products: what a node is as a product, where it is one. sums: its terms, where it is a sum of not too many.
    """

    def __init__(self) -> None:
        self.nodes: dict[tuple[object, ...], Value] = {}
        self.known: dict[Value, int] = {}
        self.products: dict[Value, Monomial] = {}
        self.sums: dict[Value, list[Monomial]] = {}

    def leaf(self, node: Value, is_atom: bool) -> Value:
        """Return the node of a leaf, or of an atom, which is kept as it is."""
        if is_atom or node.varies:
            return self._once((node,), lambda: node, 0 if node.operation else TOTAL)
        if node.label:
            return self._once((node.label,), lambda: node, of_number(node.data))
        return self.number(node.data)

    def _once(self, key: tuple[object, ...], build: Callable[[], Value], facts: int) -> Value:
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = build()
            self.known[node] = facts
        return node

    def node(self, name: str, *operands: Value) -> Value:
        """Return the node of an operation as it stands."""
        key = (name, *operands)
        node = self.nodes.get(key)
        if node is None:
            operation = OPERATIONS[name]
            number = self.ratio(operands[1]) if name == "pow" else None
            node = self.nodes[key] = make(operation, operands, nan)
            self.known[node] = of_operation(operation, [*map(self.facts, operands)], number and number.value)
        return node

    def number(self, number: float) -> Value:
        """Return a constant; a negative one as text has it, the opposite of a number."""
        if number < 0:
            node = self.node("neg", self.number(-number))
        else:
            node = self._once((float(number),), lambda: constant(number), of_number(number))
        known = exact(float(number))
        if known is not None:
            self.products[node] = Monomial(known)
        return node

    def facts(self, node: Value) -> int:
        """Return what is known of the values of `node`."""
        return self.known[node]

    def is_total(self, node: Value) -> bool:
        """Return whether `node` has a value at all values of its variables."""
        return bool(self.known[node] & TOTAL)

    def written_power(self, base: Value, exponent: float) -> Value:
        """Return the node of a base to a constant power."""
        if exponent > 0 and exponent % 1 == 0.5 and ("sqrt", base) in self.nodes:
            base, exponent = self.node("sqrt", base), 2 * exponent
        return base if exponent == 1 else self.node("pow", base, self.number(exponent))

    def ratio(self, node: Value) -> Ratio | None:
        """Return the number that `node` is, None where it is none."""
        product = self.products.get(node)
        return product.number if product is not None and not product else None

    def as_product(self, node: Value) -> Monomial:
        """Return `node` as a product, of one factor where it is none."""
        product = self.products.get(node)
        return Monomial.of(node) if product is None else product

    def terms(self, node: Value) -> list[Monomial]:
        """Return the terms of a sum or of a number times one; any other node is one term."""
        return self.sums.get(node) or self.spread(self.as_product(node))

    def spread(self, product: Monomial) -> list[Monomial]:
        """c*(p + q) -> c*p + c*q where this is exact; any other product is one term."""
        if len(product) == 1 and product.number.above != 0:
            ((base, power),) = [*product.above.items(), *((base, 0.0) for base in product.below)]
            scaled = [times(term.number, product.number) for term in self.sums.get(base, ())]
            if power == 1 and scaled and None not in scaled:
                return [numbered(term, number) for term, number in zip(self.sums[base], scaled, strict=True) if number]
        return [product]

    # What the layers above make of products and sums.

    @abstractmethod
    def written_sum(self, terms: list[Monomial]) -> Value:
        """Return the node of a sum of terms that are gathered."""

    @abstractmethod
    def known_sum(self, terms: Sequence[Monomial]) -> Value | None:
        """Return the node that was made of these terms, None where there is none."""

    @abstractmethod
    def gathered(self, terms: Iterable[Monomial]) -> list[Monomial]:
        """Return the terms with like ones added up; those that come to 0 are left out."""


def signed(term: Monomial, sign: int) -> Monomial:
    """Return `term`, or its opposite where `sign` is negative."""
    return term if sign > 0 else numbered(term, -term.number)


def numbered(term: Monomial, number: Ratio) -> Monomial:
    """Return `term` with another number."""
    other = term.copy()
    other.number = number
    return other

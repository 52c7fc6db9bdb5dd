"""Sums written as a graph: fractions as fractions, roots as roots, numbers in front, polynomials in falling powers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import nan

from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make
from mgcli.simplify.kernels import (
    EXP,
    GROUP,
    HALF,
    POW,
    PRIME,
    SEALED,
    Kernel,
    Number,
    Sum,
    in_order,
    kernels_below,
    kernels_of,
    size_of,
)
from mgcli.simplify.layout import Factor, Layout, Layouts
from mgcli.simplify.numbers import in_range, quotient_text
from mgcli.simplify.rules import RECIPROCALS


class Writer:
    """Writes sums as nodes, equal ones only once."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self._nodes: dict[object, Value] = {}
        self._written: dict[Kernel | Sum, Value] = {}

    def written(self, totals: Sequence[Sum]) -> list[Value]:
        """Return the nodes of sums; those of the kernels are in the order of first appearance."""
        for kernel in kernels_below(totals):
            if kernel.kind not in (EXP, POW, PRIME, GROUP):
                self._kernel(kernel)
            for operand in kernel.operands:
                self._sum(operand)
        return [self._sum(total) for total in totals]

    def _node(self, name: str, *operands: Value) -> Value:
        key = (name, *operands)
        if key not in self._nodes:
            self._nodes[key] = make(OPERATIONS[name], operands, nan)
        return self._nodes[key]

    def text(self, text: str) -> Value:
        """Return a number by its text, which says it exactly; one that is not a float keeps it as its name."""
        if text not in self._nodes:
            number = float(text)
            self._nodes[text] = constant(number, "" if repr(number).removesuffix(".0") == text else text)
        return self._nodes[text]

    def _sum(self, total: Sum) -> Value:
        if total not in self._written:
            self._written[total] = self._written_sum(total)
        return self._written[total]

    def _written_sum(self, total: Sum) -> Value:
        terms = [self.layouts.layout(powers, number) for powers, number in in_order(total)]
        if not terms:
            return self.text("0")
        if terms[0].negative and not all(layout.negative for layout in terms) and len(kernels_of(total)) > 1:
            first = next(layout for layout in terms if not layout.negative)
            terms = [first, *(layout for layout in terms if layout is not first)]
        node = self._product(terms[0], terms[0].negative)
        for layout in terms[1:]:
            node = self._node("sub" if layout.negative else "add", node, self._product(layout, False))
        return node

    def _product(self, layout: Layout, negative: bool) -> Value:
        node = self._chain(*layout.above, negative)
        if layout.below == ("1", []):
            return node
        return self._node("div", node, self._chain(*layout.below, False))

    def _chain(self, text: str, factors: list[Factor], negative: bool) -> Value:
        nodes = [self._factor(factor) for factor in factors]
        if text != "1" or not nodes:
            first, *others = in_range(text)
            nodes = [*map(self.text, (f"-{first}" if negative else first, *others)), *nodes]
            negative = False
        node = self._node("neg", nodes[0]) if negative else nodes[0]
        for other in nodes[1:]:
            node = self._node("mul", node, other)
        return node

    def _factor(self, factor: Factor) -> Value:
        base, exponent = factor.base, factor.exponent
        if factor.function == "exp":
            assert isinstance(exponent, Sum)
            return self._node("exp", self._sum(exponent))
        if factor.function in ("root", "decimals"):
            assert isinstance(base, Sum)
            assert not isinstance(exponent, Sum)
            return self._root(self._sum(base), Fraction(exponent), True, factor.function == "decimals")
        if isinstance(base, Sum):
            assert isinstance(exponent, Sum)
            return self._node("pow", self._sum(base), self._sum(exponent))
        if factor.function in RECIPROCALS:
            node = self._node(factor.function, *(self._sum(operand) for operand in base.operands))
        else:
            node = self._kernel(base)
        if factor.function == "abs":
            node = self._node("abs", node)
        assert not isinstance(exponent, Sum)
        if exponent == 1:
            return node
        if exponent.denominator > 1:
            if exponent.denominator == 2 and base in self.layouts.algebra.hypotenuses:
                node = self._node("hypot", *map(self._sum, self.layouts.algebra.hypotenuses[base]))
                return node if exponent == HALF else self._node("pow", node, self._number(exponent.numerator))
            if base.is_real_root and _is_power_of_3(exponent.denominator):
                return self._cube_root(node, Fraction(exponent))
            return self._root(node, Fraction(exponent), base.has_roots, base.has_decimals)
        return self._node("pow", node, self._number(exponent))

    def _root(self, node: Value, exponent: Fraction, roots: bool, decimals: bool) -> Value:
        name = {2: "sqrt", 3: "cbrt"}.get(exponent.denominator)
        if decimals or name is None or not (roots or exponent == HALF):
            return self._node("pow", node, self._number(exponent, decimals))
        root = self._node(name, node)
        return root if exponent.numerator == 1 else self._node("pow", root, self._number(exponent.numerator))

    def _cube_root(self, node: Value, exponent: Fraction) -> Value:
        """x**(2/9), where x may be below 0: cbrt(cbrt(x))**2."""
        while exponent.denominator > 1:
            node, exponent = self._node("cbrt", node), exponent * 3
        return node if exponent == 1 else self._node("pow", node, self._number(exponent.numerator))

    def _number(self, number: Number, decimals: bool = False) -> Value:
        above, below = quotient_text(size_of(number), (self.layouts.decimals or {""}) if decimals else ())
        node = self._node("neg", self.text(above)) if number < 0 else self.text(above)
        return node if below == "1" else self._node("div", node, self.text(below))

    def _kernel(self, kernel: Kernel) -> Value:
        if kernel not in self._written:
            if kernel.leaf is not None:
                node = kernel.leaf
            elif kernel.kind in (GROUP, SEALED):
                node = self._sum(self.layouts.inside(kernel))
            elif kernel.kind == EXP:
                node = self._node("exp", self._sum(kernel.operands[0]))
            elif kernel.kind == PRIME:
                node = self._sum(kernel.operands[0]) if kernel.operands else self.text("0")
            else:
                node = self._node(kernel.kind, *(self._sum(operand) for operand in kernel.operands))
            self._written[kernel] = node
        return self._written[kernel]


def _is_power_of_3(number: int) -> bool:
    while number % 3 == 0:
        number //= 3
    return number == 1

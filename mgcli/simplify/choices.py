"""Choices: `where`, whose condition is known within its branches."""

from __future__ import annotations

from collections.abc import Sequence

from mgcli.graph.value import Value
from mgcli.simplify.monomial import Monomial
from mgcli.simplify.nodes import SMALL, WHERE
from mgcli.simplify.products import Products


class Choices(Products):
    """Choices between nodes."""

    def __init__(self) -> None:
        super().__init__()
        self._merging = 0

    def choice(self, condition: Value, first: Value, second: Value) -> Value:
        """Choose by comparisons: where(where(c, 1, d), p, q) -> where(c, p, where(d, p, q)), where(1, p, q) -> p.

        Within a branch its condition is known: where(c, p*where(c, q, r), s) -> where(c, p*q, s).
        """
        known = self.ratio(condition)
        if known is not None:
            return first if known.above else second
        if condition.operation is WHERE:
            if self._is_long(condition):
                condition = self.node("greater", condition, self.number(0))
            else:
                test, yes, no = condition.operands
                return self.choice(test, self.choice(yes, first, second), self.choice(no, first, second))
        first = self._where_known(first, condition, True)
        second = self._where_known(second, condition, False)
        if first is second and self.is_total(condition):
            return first
        return self.node("where", condition, first, second)

    def _is_long(self, condition: Value) -> bool:
        choices = [condition]
        for choice in choices:
            choices.extend(operand for operand in choice.operands if operand.operation is WHERE)
            if len(choices) > SMALL:
                return True
        return False

    def _where_known(self, node: Value, condition: Value, holds: bool, depth: int = 2) -> Value:
        """Return `node` where `condition` is known to hold or not: it is no longer asked, as a factor neither."""
        if node.operation is WHERE:
            test, first, second = node.operands
            if test is condition:
                branch: Value = first if holds else second
                return branch
            if depth == 0:
                return node
            first = self._where_known(first, condition, holds, depth - 1)
            second = self._where_known(second, condition, holds, depth - 1)
            return self.node("where", test, first, second)
        product = self.products.get(node)
        if product is None:
            return node
        known = Monomial(product.number)
        known.below.update(product.below)
        for base, power in product.above.items():
            if base.operation is WHERE and power == 1:
                self.include(known, self._where_known(base, condition, holds, 0))
            else:
                known.multiply(base, power, self)
        return node if known.above == product.above else self.written_product(known)

    def merged_choices(self, terms: list[Monomial]) -> list[Monomial]:
        """where(c, p, q) + where(c, r, s) -> where(c, p + r, q + s)."""
        alike: dict[Value, list[Monomial]] = {}
        for term in terms:
            base = next(iter(term.above), None)
            if base and base.operation is WHERE and term.above[base] == len(term) == 1 and term.number.above:
                alike.setdefault(base.operands[0], []).append(term)
        if all(len(choices) == 1 for choices in alike.values()) or self._merging == SMALL:
            return terms
        self._merging += 1
        merged = {choices[0]: self._merged(condition, choices) for condition, choices in alike.items()}
        self._merging -= 1
        absorbed = {term for choices in alike.values() for term in choices[1:]}
        rest = (part for term in terms if term not in absorbed for part in merged.get(term, [term]))
        return self.merged_choices(self.gathered(rest))

    def _merged(self, condition: Value, choices: Sequence[Monomial]) -> list[Monomial]:
        if len(choices) == 1:
            return [*choices]
        branches = [
            self.written_sum(self.gathered(part for choice in choices for part in self._branch(choice, place)))
            for place in (1, 2)
        ]
        return self.terms(self.choice(condition, *branches))

    def _branch(self, choice: Monomial, place: int) -> list[Monomial]:
        """Return the terms of a number times a choice, in the branch that stands at `place`."""
        product = Monomial(choice.number)
        for base in choice.above:
            self.include(product, base.operands[place])
        return self.terms(self.written_product(product))

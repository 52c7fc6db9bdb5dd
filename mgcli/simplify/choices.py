"""Choices: `where`, whose condition is known within its branches, and not tested again."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from mgcli.simplify.algebra import Algebra
from mgcli.simplify.kernels import ONE, Kernel, Number, Powers, Sum, reduced

MOST_CHOICES = 24
"""The maximum number of nested choices that are searched."""

LIGHTEST = 24
"""The weight up to which the operands of a condition are examined."""

BELOW, AT, ABOVE = -1, 0, 1

HOLDS = {
    "greater": (ABOVE,), "greater_equal": (AT, ABOVE), "less": (BELOW,), "less_equal": (BELOW, AT), "equal": (AT,),
    "not_equal": (BELOW, ABOVE),
}  # fmt: skip
"""On which sides of the boundary a comparison holds, by the sign of the difference of its operands."""


class Boundary(NamedTuple):
    """A comparison as one of a quantity with a number: it holds if the quantity is on one of the `sides`."""

    quantity: Sum
    number: Number
    sides: tuple[int, ...]


Region = tuple[Number, int]
"""A part of the number line: (n, AT) is n itself, (n, ABOVE) what is between n and the next boundary."""

Regions = dict[Sum, frozenset[Region]]
"""Where quantities may be."""


class Choices:
    """Choices between sums."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.boundaries: dict[Kernel, Boundary] = {}

    def note(self, condition: Kernel, name: str, difference: Sum) -> None:
        """Keep what a comparison compares: the sign of this difference decides."""
        constant = difference.terms.get(ONE, 0)
        rest = {powers: number for powers, number in difference.terms.items() if powers != ONE}
        if not rest or difference.weight > 10 * LIGHTEST:
            return
        scale = min(rest.items(), key=_order)[1]
        quantity = self.algebra.sum({powers: _quotient(number, scale) for powers, number in rest.items()})
        sides = tuple(sorted(side if scale > 0 else -side for side in HOLDS[name]))
        self.boundaries[condition] = Boundary(quantity, _quotient(-constant, scale), sides)

    def choice(self, condition: Sum, first: Sum, second: Sum) -> Sum:
        """Return a choice: where(where(c, 1, d), p, q) -> where(c, p, where(d, p, q)), where(1, p, q) -> p."""
        number = condition.number
        if number is not None:
            return first if number else second
        if first is second:
            return first
        test = condition.kernel
        if test is not None and test.kind == "where" and _size(condition) <= MOST_CHOICES // 4:
            inner, yes, no = test.operands
            return self.choice(inner, self.choice(yes, first, second), self.choice(no, first, second))
        found = self._made(condition, first, second)
        return self._pruned(found) if 1 < _size(found) <= MOST_CHOICES else found

    def _made(self, condition: Sum, first: Sum, second: Sum) -> Sum:
        if first is second:
            return first
        if condition.number is not None:
            return first if condition.number else second
        return self.algebra.of(self.algebra.kernel("where", (condition, first, second)))

    def _pruned(self, total: Sum) -> Sum:
        """Return nested choices without those that are known from outer ones."""
        conditions = [kernel for kernel in _conditions(total) if kernel]
        bounds: dict[Sum, set[Number]] = {}
        for condition in conditions:
            boundary = self.boundaries.get(condition)
            if boundary is not None:
                bounds.setdefault(boundary.quantity, set()).add(boundary.number)
        regions = {quantity: frozenset(_regions(numbers)) for quantity, numbers in bounds.items()}
        return self._known(total, regions, {})

    def _known(self, total: Sum, regions: Regions, decided: dict[Sum, bool]) -> Sum:
        """Return `total` where the quantities are in these regions, and conditions are decided so."""
        kernel = total.kernel
        if kernel is None or kernel.kind != "where":
            return self._within(total, regions, decided)
        condition, first, second = kernel.operands
        decision = self._decision(condition, regions, decided)
        if decision is not None:
            return self._known(first if decision else second, regions, decided)
        yes = self._known(first, *self._assumed(condition, True, regions, decided))
        return self._made(condition, yes, self._known(second, *self._assumed(condition, False, regions, decided)))

    def _decision(self, condition: Sum, regions: Regions, decided: dict[Sum, bool]) -> bool | None:
        """Return whether a condition holds, None where that is not known."""
        if condition in decided:
            return decided[condition]
        boundary = self._boundary(condition)
        if boundary is None or boundary.quantity not in regions:
            return None
        sides = {_side(region, boundary.number) in boundary.sides for region in regions[boundary.quantity]}
        return sides.pop() if len(sides) == 1 else None

    def _assumed(
        self, condition: Sum, holds: bool, regions: Regions, decided: dict[Sum, bool]
    ) -> tuple[Regions, dict[Sum, bool]]:
        """Return the regions and decisions where a condition holds, or does not."""
        boundary = self._boundary(condition)
        if boundary is not None and boundary.quantity in regions:
            here = regions[boundary.quantity]
            there = frozenset(r for r in here if (_side(r, boundary.number) in boundary.sides) == holds)
            regions = {**regions, boundary.quantity: there}
        return regions, {**decided, condition: holds}

    def _boundary(self, condition: Sum) -> Boundary | None:
        return self.boundaries.get(condition.kernel) if condition.kernel else None

    def _within(self, total: Sum, regions: Regions, decided: dict[Sum, bool]) -> Sum:
        """where(c, p*where(c, q, r), s) -> where(c, p*q, s)."""
        branches: dict[Kernel, Sum] = {}
        for powers in total.terms if len(total.terms) <= MOST_CHOICES else ():
            for kernel, _ in powers:
                if kernel.kind == "where":
                    decision = self._decision(kernel.operands[0], regions, decided)
                    if decision is not None:
                        branches[kernel] = kernel.operands[1 if decision else 2]
        if not branches or any(e.denominator > 1 for powers in total.terms for k, e in powers):
            return total
        parts: list[tuple[Sum, Number]] = []
        for powers, number in total.terms.items():
            factors = [(branches.get(kernel) or self.algebra.of(kernel), exponent) for kernel, exponent in powers]
            parts.append((self.algebra.multiply(*factors), number))
        return self.algebra.add(parts)

    def merged(self, total: Sum) -> Sum:
        """where(c, p, q) + where(c, r, s) -> where(c, p + r, q + s); so for two comparisons of the same quantities."""
        if len(total.terms) > MOST_CHOICES or sum(map(_is_choice, total.terms)) < 2:
            return total
        alike: dict[object, list[tuple[Powers, Number]]] = {}
        for powers, number in total.terms.items():
            if _is_choice(powers):
                alike.setdefault(self._subject(powers), []).append((powers, number))
        for terms in alike.values():
            if len(terms) > 1 and sum(_size(self.algebra.sum({powers: 1})) for powers, _ in terms) <= MOST_CHOICES // 2:
                gone = {powers for powers, _ in terms}
                rest = self.algebra.sum({powers: n for powers, n in total.terms.items() if powers not in gone})
                return self.merged(self.algebra.add([(self._joined(terms), 1), (rest, 1)]))
        return total

    def _subject(self, powers: Powers) -> object:
        ((kernel, _),) = powers
        boundary = self._boundary(kernel.operands[0])
        return boundary.quantity if boundary else kernel.operands[0]

    def _joined(self, terms: list[tuple[Powers, Number]]) -> Sum:
        joined = self.algebra.zero
        for powers, number in reversed(terms):
            joined = self._plus(self.algebra.sum({powers: 1}), number, joined)
        return self._pruned(joined) if 1 < _size(joined) <= 4 * MOST_CHOICES else joined

    def _plus(self, choice: Sum, number: Number, other: Sum) -> Sum:
        kernel = choice.kernel
        if kernel is None or kernel.kind != "where":
            return self._added(other, choice, number)
        condition, first, second = kernel.operands
        return self._made(condition, self._plus(first, number, other), self._plus(second, number, other))

    def _added(self, choice: Sum, term: Sum, number: Number) -> Sum:
        kernel = choice.kernel
        if kernel is None or kernel.kind != "where":
            return self.algebra.add([(choice, 1), (term, number)])
        condition, first, second = kernel.operands
        return self._made(condition, self._added(first, term, number), self._added(second, term, number))


def _is_choice(powers: Powers) -> bool:
    if len(powers) != 1:
        return False
    ((kernel, exponent),) = powers
    return kernel.kind == "where" and exponent == 1


def _conditions(total: Sum) -> list[Kernel | None]:
    return [kernel.operands[0].kernel for kernel in _choices(total)]


def _size(total: Sum) -> int:
    return len(_choices(total))


def _choices(total: Sum) -> list[Kernel]:
    """Return the nested choices, at most a few more than are searched."""
    found: list[Kernel] = []
    stack = [total]
    while stack and len(found) <= 4 * MOST_CHOICES:
        kernel = stack.pop().kernel
        if kernel is not None and kernel.kind == "where":
            found.append(kernel)
            stack.extend(kernel.operands)
    return found


def _regions(numbers: Iterable[Number]) -> Iterable[Region]:
    ordered = sorted(numbers)
    yield (ordered[0], BELOW)
    for number in ordered:
        yield (number, AT)
        yield (number, ABOVE)


def _side(region: Region, number: Number) -> int:
    """Return on which side of `number`, one of the boundaries, a region is."""
    bound, side = region
    return side if bound == number else ABOVE if bound > number else BELOW


def _quotient(number: Number, scale: Number) -> Number:
    return reduced(Fraction(number) / scale)


def _order(term: tuple[Powers, Number]) -> list[tuple[int, Number]]:
    return sorted((kernel.index, exponent) for kernel, exponent in term[0])

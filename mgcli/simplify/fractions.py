"""Sums over a common denominator: polynomials in the kernels, cancelled, and written as sums again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from mgcli.simplify import polynomial
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors, join
from mgcli.simplify.conjugates import has_roots_below, rationalized
from mgcli.simplify.kernels import EXP, GROUP, Kernel, Number, Sum, name_of, reduced, size_of
from mgcli.simplify.polynomial import Polynomial, common_divisor, divided
from mgcli.simplify.ring import LARGEST, MOST_PAIRED, SINE, TANGENT, Quotient, Ring, Scaled, TooLargeError
from mgcli.simplify.rules import ALTERNATIVES


class Fractions:
    """Brings one sum over a common denominator, in the ring of its kernels."""

    def __init__(self, algebra: Algebra, total: Sum, kept: str = SINE) -> None:
        self.algebra = algebra
        self.total = total
        self.ring = Ring(algebra, total, kept)
        self.balanced = False

    def forms(self) -> Iterator[Sum]:
        """Yield the sum as one fraction: its numerator in factors, multiplied out, without roots below the line.

        exp(2*x) + 1 is also written as exp(x)*(exp(x) + exp(-x)). Raises TooLargeError.
        """
        quotient = self.quotient
        with suppress(TooLargeError):
            yield self._written(quotient)
            yield self._written(quotient, factored=False)
            if any(kernel.kind == EXP for kernel in self.ring.variables):
                self.balanced = True
                yield self._written(quotient)
        self.balanced = False
        if has_roots_below(self.ring, quotient):
            rational = rationalized(self.ring, quotient)
            if rational is not None:
                yield self._written(rational)

    @cached_property
    def quotient(self) -> Quotient:
        """The sum as one fraction, not cancelled."""
        ring = self.ring
        base, kernels = self._factor_base()
        exponents: list[list[int]] = []
        rests: list[tuple[Fraction, dict[int, int]]] = []
        for powers, number in self.total.terms.items():
            front, shift = Fraction(number), dict[int, int]()
            counts = [0] * len(base)
            for kernel, exponent in powers:
                if kernel in ring.index or kernel in ring.replaced:
                    ring.place(shift, kernel, exponent)
                    continue
                inner = ring.opened[kernel]
                front *= inner.number ** int(exponent)
                for index, power in inner.shift.items():
                    shift[index] = shift.get(index, 0) + power * int(exponent)
                for index, times_ in kernels[kernel]:
                    counts[index] += times_ * int(exponent)
            exponents.append(counts)
            rests.append((front, shift))
        least = [min(column) for column in zip(*exponents, strict=True)] if base else []
        terms = []
        for (front, shift), counts in zip(rests, exponents, strict=True):
            product: Polynomial = {0: 1}
            for index, count in enumerate(counts):
                if count > least[index]:
                    if count - least[index] > LARGEST:
                        raise TooLargeError
                    product = ring.product(product, ring.power(base[index], count - least[index]))
            terms.append((front, shift, product))
        return Quotient(ring.reduced(ring.gathered(terms)), base, least)

    def _factor_base(self) -> tuple[list[Polynomial], dict[Kernel, list[tuple[int, int]]]]:
        """Return polynomials without common divisors, and which of them, how often, each group of the total is."""
        ring = self.ring
        wanted = {
            kernel for powers in self.total.terms for kernel, e in powers if kernel.kind == GROUP
        } - ring.index.keys()
        kernels = [kernel for kernel in ring.groups if kernel in wanted]
        base: list[Polynomial] = []
        for kernel in kernels:
            ring.opened[kernel] = ring.reduced(ring.opened[kernel])
            _refine(base, ring.opened[kernel].polynomial)
        for index, _, square in ring.relations:
            if ring.variables[index].kind == GROUP and len(square.polynomial) > 1:
                _refine(base, square.polynomial, split=False)
        found: dict[Kernel, list[tuple[int, int]]] = {}
        for kernel in kernels:
            found[kernel], rest = _in_base(ring.opened[kernel].polynomial, base)
            inner = ring.opened[kernel]
            ring.opened[kernel] = Scaled(inner.number * rest, inner.shift, inner.polynomial)
        return base, found

    # The fraction, cancelled and written.

    def _written(self, quotient: Quotient, factored: bool = True) -> Sum:
        if not quotient.above:
            return self.algebra.zero
        quotient = quotient.copy()
        self._cancel(quotient, factored)
        self._cancel_squares(quotient)
        self._multiply_below(quotient)
        factors: Factors = {}
        self._join_circles(quotient, factors)
        number: Number = quotient.number
        for index, exponent in quotient.shift.items():
            number = number * self.algebra.include(factors, self._variable(index, exponent), 1)
        for factor, exponent in zip(quotient.factors, quotient.exponents, strict=True):
            if exponent:
                number = number * self._include(factors, factor, exponent)
        outside, rest = polynomial.content(quotient.above), polynomial.primitive(quotient.above)
        for part, exponent in polynomial.factors(rest) if factored and len(rest) > 1 else [(rest, 1)]:
            number = number * self._include(factors, part, exponent)
        self._join_sines(factors)
        return self.algebra.product(number * outside, factors)

    def _cancel(self, quotient: Quotient, factored: bool) -> None:
        """Divide the numerator by the factors; with `factored`, also by those that are above the line."""
        rest, exponents = quotient.above, quotient.exponents
        for index, factor in enumerate(quotient.factors):
            while len(rest) > 1 and (factored or exponents[index] < 0) and (smaller := divided(rest, factor)):
                rest = smaller
                exponents[index] += 1
            if exponents[index] < 0 and len(rest) > 1 and len(common_divisor(rest, factor)) > 1:
                raise TooLargeError
        quotient.above = rest

    def _cancel_squares(self, quotient: Quotient) -> None:
        """(1 - cos(p))/sin(p)**2 -> 1/(1 + cos(p))."""
        for index, order, square in self.ring.relations:
            while quotient.shift.get(index, 0) <= -order and not square.shift:
                divisor = common_divisor(quotient.above, square.polynomial)
                smaller, other = divided(quotient.above, divisor), divided(square.polynomial, divisor)
                if len(divisor) == 1 or smaller is None or other is None:
                    break
                quotient.above = smaller
                quotient.shift[index] += order
                quotient.include(Scaled(square.number, {}, other), -1)

    def _multiply_below(self, quotient: Quotient) -> None:
        """(sqrt(p) + q)*(sqrt(p) - q) -> p - q**2 below the line: multiply out if that removes roots or terms."""
        below = [index for index, count in enumerate(quotient.exponents) if count < 0]
        for first, second in combinations(below[:MOST_PAIRED], 2):
            count = quotient.exponents[first]
            if not count or count != quotient.exponents[second]:
                continue
            pair = [quotient.factors[index] for index in (first, second)]
            merged = self.ring.reduced(Scaled(Fraction(1), {}, self.ring.product(*pair)))
            if len(merged.polynomial) <= max(map(len, pair)):
                quotient.exponents[first] = quotient.exponents[second] = 0
                quotient.include(merged, count)

    def _join_circles(self, quotient: Quotient, factors: Factors) -> None:
        """(1 - cos(p))**3*(1 + cos(p))**2 -> sin(p)**4*(1 - cos(p)), where a sine of p was met."""
        exponents = quotient.exponents
        for index, kernel in enumerate(self.ring.variables):
            row = ALTERNATIVES.get((kernel.kind, -1))
            other = self.algebra.known(row.other, *kernel.operands) if row else None
            pair: list[Polynomial] = [{1 << (index * polynomial.WIDTH): 1, 0: sign} for sign in (1, -1)]
            if row is None or other is None or not all(factor in quotient.factors for factor in pair):
                continue
            places = [quotient.factors.index(factor) for factor in pair]
            first, second = (exponents[place] for place in places)
            if first * second > 0:
                shared = min(first, second) if first > 0 else max(first, second)
                for place in places:
                    exponents[place] -= shared
                # p**2 - 1 is the opposite of 1 - p**2.
                quotient.number *= Fraction(-row.sign) ** shared
                join(factors, other, row.exponent * shared)

    def _variable(self, index: int, exponent: int) -> Sum:
        kernel = self.ring.variables[index]
        return self.algebra.of(kernel, Fraction(exponent, self.ring.orders[kernel])) if exponent else self.algebra.one

    def _include(self, factors: Factors, p: Polynomial, exponent: int) -> Number:
        """Multiply `factors` by a polynomial to a power, as a sum; return the number that is left over."""
        algebra = self.algebra
        parts = []
        middle = self._middle(p)
        for power, number in sorted(p.items(), key=lambda term: self._rank(term[0])):
            term: Factors = {}
            for index, times_ in polynomial.exponents_of(power).items():
                kernel = self.ring.variables[index]
                term[kernel] = Fraction(times_, self.ring.orders[kernel])
            for kernel, half in middle.items():
                term[kernel] = term.get(kernel, 0) - half
            self._join_sines(term)
            parts.append((algebra.product(number, {k: reduced(e) for k, e in term.items() if e}), 1))
        for kernel, half in middle.items():
            join(factors, kernel, half * exponent)
        return algebra.include(factors, algebra.add(parts), exponent)

    def _join_sines(self, factors: Factors) -> None:
        """tan(p)*cos(p) -> sin(p)."""
        for sine, parts in self.ring.replaced.items() if self.ring.kept == TANGENT else ():
            exponents = [factors.get(part, 0) for part in parts]
            has_both = min(exponents) > 0 or max(exponents) < 0
            shared = min(exponents, key=size_of)
            if has_both and sine.kind != GROUP and shared.denominator == 1:
                for part in parts:
                    join(factors, part, -shared)
                join(factors, sine, shared)

    def _rank(self, power: int) -> tuple[int, list[str]]:
        """Return what orders the terms of a polynomial: falling powers, then the names."""
        exponents = polynomial.exponents_of(power)
        names = [
            name_of(self.ring.variables[index]) * exponent
            for index, exponent in exponents.items()
            if exponent < MOST_PAIRED
        ]
        return -sum(exponents.values()), sorted(names)

    def _middle(self, p: Polynomial) -> Factors:
        """Return half the exponents of the exponentials in `p`, if these are to be balanced."""
        if not self.balanced or len(p) < 2:
            return {}
        heights: Factors = {}
        for index, kernel in enumerate(self.ring.variables):
            found = {polynomial.degree_in(index, power) for power in p} if kernel.kind == EXP else ()
            if len(found) == 2 and max(found) % 2 == 0:
                heights[kernel] = Fraction(max(found), 2 * self.ring.orders[kernel])
        return heights


def _refine(base: list[Polynomial], p: Polynomial, split: bool = True) -> None:
    """Add a polynomial to a base whose elements have no common divisors."""
    pending = [polynomial.primitive(p)]
    while pending:
        p = pending.pop()
        if len(p) == 1 or p in base:
            continue
        for index, other in enumerate(base):
            divisor = common_divisor(p, other)
            if len(divisor) > 1:
                if not split and len(divisor) != len(p):
                    break
                del base[index]
                for part in (p, other):
                    quotient = divided(part, divisor)
                    if quotient is not None:
                        pending.append(polynomial.primitive(quotient))
                pending.append(divisor)
                break
        else:
            base.append(p)


def _in_base(p: Polynomial, base: list[Polynomial]) -> tuple[list[tuple[int, int]], int]:
    """Return which elements of the base make a polynomial, and the number that is left."""
    found = []
    front = polynomial.content(p)
    p = polynomial.primitive(p)
    for index, factor in [(base.index(p), p)] if p in base else enumerate(base):
        count = 0
        while len(p) > 1 and (smaller := divided(p, factor)) is not None:
            p = smaller
            count += 1
        if count:
            found.append((index, count))
    if set(p) != {0}:
        raise TooLargeError
    return found, front * p[0]

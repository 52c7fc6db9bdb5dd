"""The polynomial ring of a sum: its kernels as variables, and what powers of them are: sqrt(p)**2 is p."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import NamedTuple

from mgcli.simplify import polynomial
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors
from mgcli.simplify.kernels import GROUP, PRIME, SIGN, Kernel, Number, Sum
from mgcli.simplify.numbers import prime_powers
from mgcli.simplify.polynomial import Polynomial, plus, times, to_power
from mgcli.simplify.rules import ALTERNATIVES, QUOTIENTS, SQUARES

MOST_TERMS = 600
"""The maximum number of terms of a polynomial; a sum that needs more stays as it is."""

MOST_KERNELS = 24
"""The maximum number of kernels of a sum that is written as polynomials."""

LARGEST = 64
"""The largest exponent of a sum that is multiplied out."""

MOST_PAIRED = 6
"""The maximum number of roots of which pairs are compared."""

SINE, COSINE, TANGENT = "sine", "cosine", "tangent"


class TooLargeError(Exception):
    """A polynomial would be too large to be worth it."""


class Scaled(NamedTuple):
    """A polynomial times a number and powers of the variables, which may be negative."""

    number: Fraction
    shift: dict[int, int]
    polynomial: Polynomial


class Quotient:
    """A number times powers of the variables, a polynomial `above`, and `factors` to `exponents`, mostly below 0."""

    def __init__(self, above: Scaled, factors: list[Polynomial], exponents: list[int]) -> None:
        self.number, shift, self.above = above
        self.shift = dict(shift)
        self.factors = list(factors)
        self.exponents = list(exponents)

    def copy(self) -> Quotient:
        """Return a copy, to be cancelled."""
        return Quotient(Scaled(self.number, self.shift, self.above), self.factors, self.exponents)

    def include(self, part: Scaled, exponent: int) -> None:
        """Multiply by a power, its polynomial as a factor."""
        self.multiply(part, exponent)
        if part.polynomial in self.factors:
            self.exponents[self.factors.index(part.polynomial)] += exponent
        else:
            self.factors.append(part.polynomial)
            self.exponents.append(exponent)

    def multiply(self, part: Scaled, exponent: int) -> None:
        """Multiply by a power of all of a part but its polynomial."""
        self.number *= part.number**exponent
        for index, power in part.shift.items():
            self.shift[index] = self.shift.get(index, 0) + power * exponent


class Ring:
    """The polynomials in the kernels of one sum, reduced by what is known of roots, sines and cosines.

    `kept`: which of sine, cosine and tangent is kept where the squares of two of them meet, of hyperbolic ones, too.
    """

    def __init__(self, algebra: Algebra, total: Sum, kept: str = SINE) -> None:
        self.algebra = algebra
        self.total = total
        self.kept = kept
        # -(tan(p)**2 + 1)/tan(p)**2 -> -1/sin(p)**2
        self.opens_all = kept != TANGENT and any(
            kernel.kind in QUOTIENTS and exponent < 0 for powers in total.terms for kernel, exponent in powers
        )
        self.groups = self._opened_groups()
        self.replaced: dict[Kernel, Factors] = {}
        self.orders: dict[Kernel, int] = {}
        self._find_orders()
        self.variables = sorted(self.orders, key=lambda kernel: kernel.index)
        if len(self.variables) > MOST_KERNELS:
            raise TooLargeError
        self.index = {kernel: index for index, kernel in enumerate(self.variables)}
        self.opened: dict[Kernel, Scaled] = {}
        self._open_groups()
        self._relate_roots()
        self.relations = self._relations()
        if self._relate_inverse_roots():
            self.relations = self._relations()

    # What the variables are.

    def _opened_groups(self) -> list[Kernel]:
        """Return the groups that are multiplied out: all but those that are fractions themselves, inner ones first."""
        found: set[Kernel] = set()
        stack = [self.total]
        while stack:
            for powers in stack.pop().terms:
                for kernel, _ in powers:
                    if kernel.kind == GROUP and kernel not in found:
                        if len(found) == 2 * MOST_KERNELS:
                            raise TooLargeError
                        found.add(kernel)
                        stack.append(kernel.operands[0])
        return sorted(found, key=lambda kernel: kernel.index)

    def _find_orders(self) -> None:
        """Find what each kernel is a power of: x**(3/2) is the cube of x**(1/2)."""
        for part in (self.total, *(kernel.operands[0] for kernel in self.groups)):
            for powers in part.terms:
                for kernel, exponent in powers:
                    if kernel.kind != GROUP or exponent.denominator > 1:
                        self.orders[kernel] = lcm(self.orders.get(kernel, 1), exponent.denominator)
        present = {(kernel.kind, kernel.operands) for kernel in self.orders}
        for kernel in list(self.orders):
            parts = QUOTIENTS.get(kernel.kind)
            if parts and (self.opens_all or any((part, kernel.operands) in present for part in parts)):
                above, below = (self.algebra.kernel(part, kernel.operands) for part in parts)
                if self.kept == TANGENT:
                    self._keep_tangent(kernel, above, below)
                elif self.orders[kernel] == 1:
                    self._replace_tangent(kernel, above, below)

    def _replace_tangent(self, tangent: Kernel, sine: Kernel, cosine: Kernel) -> None:
        self.replaced[tangent] = {sine: 1, cosine: -1}
        del self.orders[tangent]
        self.orders.setdefault(sine, 1)
        self.orders.setdefault(cosine, 1)

    def _keep_tangent(self, tangent: Kernel, sine: Kernel, cosine: Kernel) -> None:
        """Make the secant a variable: the cosine to the power -1."""
        if self.orders.pop(sine, 1) == self.orders.get(cosine, 1) == 1:
            self.replaced[sine] = {tangent: 1, cosine: 1}
            self.orders[cosine] = -1
        else:
            raise TooLargeError

    def _open_groups(self) -> None:
        """Write what each group is; a root of a fraction is a variable about which nothing is known."""
        for kernel in self.groups:
            try:
                self.opened[kernel] = self.scaled(kernel.operands[0])
            except TooLargeError:
                if kernel not in self.index:
                    raise

    def _relate_roots(self) -> None:
        """Write roots with others that are beside them, so that all of these have values.

        sqrt((2*p)**2 + 8) -> 2*sqrt(p**2 + 2), sqrt(p**2 - 1) -> sqrt(p - 1)*sqrt(p + 1), sqrt(p/q) -> sqrt(p)/sqrt(q).
        """
        opened = [kernel for kernel in self.variables if kernel in self.opened]
        roots = [kernel for kernel in opened if not any(self.opened[kernel].shift.values())]
        for whole in opened:
            if whole not in roots:
                self._relate_to_variables(whole)
        for whole in sorted(roots, key=lambda kernel: -kernel.weight):
            parts = [kernel for kernel in roots if kernel is not whole and self.orders[kernel] == self.orders[whole]]
            if not self._relate_to_multiple(whole, parts):
                self._relate_to_product(whole, parts)
        if self.replaced:
            self._open_groups()

    def _relate_to_variables(self, whole: Kernel) -> None:
        inside = self.opened[whole]
        powers = {self.variables[index]: power for index, power in inside.shift.items() if power}
        are_roots = all(
            self.orders[part] % 2 == 0 and power % self.orders[whole] == 0 for part, power in powers.items()
        )
        if are_roots and set(inside.polynomial) == {0}:
            factors: Factors = {part: Fraction(power, self.orders[part]) for part, power in powers.items()}
            self._replace(whole, factors, inside.number * inside.polynomial[0])

    def _relate_to_multiple(self, whole: Kernel, parts: list[Kernel]) -> bool:
        inside = self.opened[whole]
        for part in parts:
            other = self.opened[part]
            if other.polynomial == inside.polynomial and part not in self.replaced:
                return self._replace(whole, {part: 1}, inside.number / other.number)
        return False

    def _relate_to_product(self, whole: Kernel, parts: list[Kernel]) -> None:
        inside = self.opened[whole]
        for first, second in combinations(parts[:MOST_PAIRED], 2):
            left, right = self.opened[first], self.opened[second]
            if len(left.polynomial) * len(right.polynomial) > MOST_TERMS or {first, second} & self.replaced.keys():
                continue
            if times(left.polynomial, right.polynomial) == inside.polynomial:
                self._replace(whole, {first: 1, second: 1}, inside.number / (left.number * right.number))
                return

    def _relate_inverse_roots(self) -> bool:
        """sqrt(sqrt(p**2 + 1) + p) -> 1/sqrt(sqrt(p**2 + 1) - p), where that is beside it; return whether any was."""
        related = {index for index, _, _ in self.relations}
        roots = [
            kernel
            for kernel, inside in self.opened.items()
            if kernel in self.index and related.intersection(polynomial.variables_of(inside.polynomial))
        ]
        found = False
        for first, second in combinations(roots[:MOST_PAIRED], 2):
            if self.orders[first] == self.orders[second] and not {first, second} & self.replaced.keys():
                product = self._product_of(self.opened[first], self.opened[second])
                if set(product.polynomial) == {0} and not any(product.shift.values()):
                    found |= self._replace(second, {first: -1}, product.number * product.polynomial[0])
        if found:
            self._open_groups()
        return found

    def _product_of(self, left: Scaled, right: Scaled) -> Scaled:
        shift = {index: left.shift.get(index, 0) + right.shift.get(index, 0) for index in {**left.shift, **right.shift}}
        product = self.product(left.polynomial, right.polynomial)
        return self.reduced(Scaled(left.number * right.number, shift, product))

    def _replace(self, whole: Kernel, factors: Factors, number: Fraction) -> bool:
        """Write a root as that of a product, of these factors and a number; return whether it can be done."""
        order = self.orders[whole]
        primes: Factors = {}
        for part, sign in ((number.numerator, 1), (number.denominator, -1)):
            for prime, power in prime_powers(part):
                primes[self.algebra.kernel(PRIME, (self.algebra.number(prime),))] = sign * power
        if number < 0 or any(self.orders.get(kernel, order) != order for kernel in primes):
            return False
        for kernel in primes:
            if kernel not in self.index:
                self.orders[kernel] = order
                self.index[kernel] = len(self.variables)
                self.variables.append(kernel)
        self.replaced[whole] = {**factors, **primes}
        return True

    def _relations(self) -> list[tuple[int, int, Scaled]]:
        """Return what powers of the variables are polynomials in the others: (variable, exponent, that power)."""
        found = []
        for kernel in reversed(self.variables):
            index, order = self.index[kernel], self.orders[kernel]
            if kernel in self.opened and kernel not in self.replaced:
                found.append((index, order, self.scaled(kernel.operands[0])))
            elif kernel.kind == SIGN:
                found.append((index, 2, Scaled(Fraction(1), {}, {0: 1})))
            elif kernel.kind == PRIME and kernel.operands:
                found.append((index, order, Scaled(Fraction(kernel.operands[0].number or 0), {}, {0: 1})))
        for first, second, constant, factor in SQUARES:
            for kernel in self.variables:
                kept, other = (first, second) if self.kept == SINE else (second, first)
                partner = self.algebra.known(kept, *kernel.operands) if kernel.kind == other else None
                if partner in self.index and self.orders[kernel] == self.orders[partner] == 1:
                    # first**2 = constant + factor*second**2, or the other way round.
                    square = {0: constant, 2 << (self.index[partner] * polynomial.WIDTH): factor}
                    if self.kept == SINE:
                        square = {0: -constant * factor, 2 << (self.index[partner] * polynomial.WIDTH): factor}
                    found.append((self.index[kernel], 2, Scaled(Fraction(1), {}, square)))
        found.extend(self._secants())
        return found

    def _secants(self) -> Iterator[tuple[int, int, Scaled]]:
        """Yield the squares of secants: 1/cos(p)**2 is 1 + tan(p)**2."""
        for (tangent, factor), row in ALTERNATIVES.items():
            for kernel in self.variables:
                secant = self.algebra.known(row.other, *kernel.operands) if kernel.kind == tangent else None
                if row.exponent == -2 and secant in self.index and self.orders[secant] == -1:
                    square = {0: 1, 2 * self.orders[kernel] << (self.index[kernel] * polynomial.WIDTH): factor}
                    yield self.index[secant], 2, Scaled(Fraction(1), {}, square)

    # From sums to polynomials.

    def place(self, shift: dict[int, int], kernel: Kernel, exponent: Number) -> None:
        """Multiply powers of the variables by that of a kernel."""
        for part, power in self.replaced.get(kernel, {kernel: 1}).items():
            index = self.index[part]
            shift[index] = shift.get(index, 0) + int(exponent * power * self.orders[part])

    def scaled(self, part: Sum) -> Scaled:
        """Return a sum as one polynomial, times a number and powers of the variables."""
        terms = []
        for powers, number in part.terms.items():
            front, shift = Fraction(number), dict[int, int]()
            product: Polynomial = {0: 1}
            for kernel, exponent in powers:
                if kernel in self.index or kernel in self.replaced:
                    self.place(shift, kernel, exponent)
                    continue
                if exponent < 0 or exponent > LARGEST:
                    raise TooLargeError
                inner = self.opened[kernel]
                front *= inner.number ** int(exponent)
                for index, power in inner.shift.items():
                    shift[index] = shift.get(index, 0) + power * int(exponent)
                product = self.product(product, self.power(inner.polynomial, int(exponent)))
            terms.append((front, shift, product))
        return self.gathered(terms)

    def power(self, p: Polynomial, exponent: int) -> Polynomial:
        """Return a power, not reduced. Raises TooLargeError."""
        if exponent > 1 and len(p) ** min(exponent, 9) > 400 * MOST_TERMS and len(p) * exponent > MOST_TERMS:
            raise TooLargeError
        power = to_power(p, exponent)
        if len(power) > MOST_TERMS:
            raise TooLargeError
        return power

    def product(self, p: Polynomial, q: Polynomial) -> Polynomial:
        """Return a product, not reduced. Raises TooLargeError."""
        if len(p) * len(q) > 40 * MOST_TERMS:
            raise TooLargeError
        return times(p, q)

    def gathered(self, terms: list[tuple[Fraction, dict[int, int], Polynomial]]) -> Scaled:
        """Return the sum of the terms."""
        indices = {index for _, shift, _ in terms for index in shift}
        least = {index: min(shift.get(index, 0) for _, shift, _ in terms) for index in indices}
        below = lcm(*(number.denominator for number, _, _ in terms)) if terms else 1
        total: Polynomial = {}
        for number, shift, part in terms:
            rest = {index: exponent - least[index] for index, exponent in (dict.fromkeys(indices, 0) | shift).items()}
            if any(exponent > polynomial.HIGHEST for exponent in rest.values()):
                raise TooLargeError
            factor = int(number * below)
            total = plus(total, polynomial.shifted(part, polynomial.monomial(rest)), factor)
        if len(total) > MOST_TERMS:
            raise TooLargeError
        return _normal(Scaled(Fraction(1, below), least, total))

    def reduced(self, found: Scaled) -> Scaled:
        """Replace each power of a variable that is a polynomial in others."""
        for index, order, square in self.relations:
            parts: dict[int, Polynomial] = {}
            mask = polynomial.MASK << (index * polynomial.WIDTH)
            for power, number in found.polynomial.items():
                exponent = polynomial.degree_in(index, power)
                whole = exponent // order
                rest = power & ~mask | (exponent % order) << (index * polynomial.WIDTH)
                parts.setdefault(whole, {})[rest] = number
            if set(parts) <= {0}:
                continue
            if max(parts) > LARGEST:
                raise TooLargeError
            terms = []
            for whole, part in parts.items():
                shift = {inner: exponent * whole for inner, exponent in square.shift.items()}
                terms.append((square.number**whole, shift, self.product(part, self.power(square.polynomial, whole))))
            total = self.gathered(terms)
            shift = dict(found.shift)
            for inner, exponent in total.shift.items():
                shift[inner] = shift.get(inner, 0) + exponent
            found = Scaled(found.number * total.number, shift, total.polynomial)
        return found


def _normal(found: Scaled) -> Scaled:
    """Take the content and the powers that all terms have out of the polynomial."""
    if not found.polynomial:
        return found
    common = polynomial.common_monomial(found.polynomial)
    shift = dict(found.shift)
    for index, exponent in polynomial.exponents_of(common).items():
        shift[index] = shift.get(index, 0) + exponent
    inner = polynomial.shifted(found.polynomial, -common)
    return Scaled(found.number * polynomial.content(inner), shift, polynomial.primitive(inner))

"""Powers, roots and exponentials of sums, taken where that is exact.

A formula never has another value than the function: `sqrt(x**2)` is `abs(x)`, which is `x*sign(x)`.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod

from mgcli.simplify import facts
from mgcli.simplify.arithmetic import Arithmetic, Factors, content_of, join
from mgcli.simplify.facts import NONNEGATIVE
from mgcli.simplify.kernels import (
    ABS,
    EXP,
    GROUP,
    HALF,
    ONE,
    POW,
    PRIME,
    SIGN,
    Kernel,
    Number,
    Powers,
    Sum,
    size_of,
)  # fmt: skip
from mgcli.simplify.numbers import exact_root, prime_powers

LARGEST_POWER = 4096
"""The largest exponent to which a number is raised."""


class Algebra(Arithmetic):
    """The arithmetic of sums, with powers of any kind.

    roots: the kernels of which a root was taken. hypotenuses: the roots that are written as hypot(p, q).
    """

    def __init__(self) -> None:
        super().__init__()
        self.roots: set[Kernel] = set()
        self.hypotenuses: dict[Kernel, tuple[Sum, ...]] = {}

    # Roots.

    def root(self, base: Sum, exponent: Fraction, *, real: bool = False, decimals: bool = False) -> Sum:
        """Return a sum to a fractional power; with `real`, an odd root that negative numbers have, too."""
        denested = self._denested(base) if exponent.denominator == 2 else None
        if denested is not None:
            return self.multiply((denested, exponent.numerator))
        number, powers = self.grouped(self._with_square_content(base))
        if not number:
            return self.zero if exponent > 0 else self.multiply((self.zero, -1))
        if exponent.denominator % 2 == 0:
            powers = self._with_squares(powers)
        factors: Factors = {}
        odd = exponent.denominator == 3 and not decimals
        rest: list[tuple[Kernel, Number]] = []
        for kernel, power in powers.items():
            self._mark(kernel, power, exponent, real, decimals, len(powers) > 1 or number < 0)
            if kernel.kind == POW and not kernel.facts & NONNEGATIVE:
                rest.append((self.kernel(GROUP, (self.sum({frozenset([(kernel, power)]): 1}),)), 1))
            elif odd or kernel.facts & NONNEGATIVE or power.denominator % 2 == 0:
                join(factors, kernel, power * exponent)
            elif power.numerator % 2 == 0:
                coefficient = self._include_absolute(factors, kernel, power * exponent)
                assert coefficient == 1
            else:
                rest.append((kernel, power))
        if not odd and (len(rest) > 1 or number < 0):
            self._include_rest(factors, rest, exponent, number)
        else:
            for kernel, power in rest:
                join(factors, kernel, power * exponent)
        sign = -1 if odd and number < 0 and exponent.numerator % 2 else 1
        return self.product(sign * self._root_of_number(factors, size_of(number), exponent), factors)

    def _denested(self, base: Sum) -> Sum | None:
        """sqrt(5 + 2*sqrt(6)) -> sqrt(2) + sqrt(3), sqrt(6 - 4*sqrt(2)) -> 2 - sqrt(2)."""
        a = base.terms.get(ONE, 0)
        others = [term for term in base.terms.items() if term[0] != ONE]
        if a <= 0 or len(others) != 1:
            return None
        ((powers, b),) = others
        if not all(kernel.kind == PRIME and kernel.operands and exponent == HALF for kernel, exponent in powers):
            return None
        n = prod(kernel.operands[0].number or 0 for kernel, _ in powers)
        s = exact_root(Fraction(a * a - b * b * n))
        if s is None:
            return None
        roots = [self.root(self.number((a + sign * s) / 2), HALF) for sign in (1, -1)]
        return self.add([(roots[0], 1), (roots[1], 1 if b > 0 else -1)])

    def hypotenuse(self, operands: tuple[Sum, ...]) -> Sum:
        """Return sqrt(p**2 + q**2) for hypot(p, q), and remember that it is written so."""
        total = self.add((self.multiply((operand, 2)), 1) for operand in operands)
        found = self.root(total, HALF, real=True)
        powers = found.only[0] if found.only is not None and found.only[1] == 1 else ONE
        for kernel, exponent in powers if len(powers) == 1 else ():
            if kernel.kind == GROUP and exponent == HALF and kernel.operands[0] is total:
                self.hypotenuses.setdefault(kernel, operands)
        return found

    def _with_square_content(self, part: Sum) -> Sum:
        """(2*p + 1)**2 + 3 -> 4*p**2 + 4*p + 4, of which a root can be taken out."""
        expanded = self.expanded(part)
        if expanded is part or len(expanded.terms) < 2:
            return part
        content = content_of(expanded)
        return part if content == 1 or exact_root(content) is None else expanded

    def _with_squares(self, powers: Factors) -> Factors:
        """1 - tanh(p)**2 -> cosh(p)**-2."""
        found: Factors = {}
        for kernel, power in powers.items():
            is_pair = kernel.kind == GROUP and len(kernel.operands[0].terms) == 2
            square = self.square_of(kernel.operands[0], self._function) if is_pair else None
            if square is not None and square[0] > 0:
                join(found, square[1], power * square[2])
            else:
                join(found, kernel, power)
        return found

    def _function(self, kind: str, *operands: Sum) -> Kernel:
        return self.kernel(kind, operands)

    def _mark(
        self, kernel: Kernel, power: Number, exponent: Fraction, real: bool, decimals: bool, several: bool
    ) -> None:
        self.roots.add(kernel)
        kernel.has_decimals = kernel.has_decimals or decimals
        if exponent.denominator == 3:
            kernel.is_real_root = kernel.is_real_root or real or several or power != 1
        elif real:
            kernel.has_roots = True

    def _include_absolute(self, factors: Factors, kernel: Kernel, exponent: Number) -> Number:
        if exponent.denominator == 1:
            join(factors, kernel, exponent)
            if exponent % 2:
                join(factors, self.kernel(SIGN, (self.of(kernel),)), 1)
        else:
            join(factors, self.kernel(ABS, (self.of(kernel),)), exponent)
        return 1

    def _include_rest(
        self, factors: Factors, rest: list[tuple[Kernel, Number]], exponent: Fraction, number: Number
    ) -> None:
        """Multiply by the root of a product whose factors may be below 0: sqrt(p*q**3) -> abs(q)*sqrt(p*q)."""
        inside: Factors = {}
        for kernel, power in rest:
            left = power if power.denominator > 1 else 1 if power > 0 else -1
            if power != left:
                self._include_absolute(factors, kernel, (power - left) * exponent)
            inside[kernel] = left
        sign = -1 if number < 0 else 1
        if len(inside) == 1 and next(iter(inside)).kind == GROUP and next(iter(inside.values())) == 1:
            (group,) = inside
            kernel = self.kernel(GROUP, (self.scaled(group.operands[0], sign),))
            if kernel is not group:
                self.opposites[group] = kernel
        else:
            kernel = self.kernel(GROUP, (self.sum({frozenset(inside.items()): sign}),))
        kernel.has_roots = kernel.has_roots or any(each.has_roots for each in inside)
        kernel.has_decimals = kernel.has_decimals or any(each.has_decimals for each in inside)
        self.roots.add(kernel)
        join(factors, kernel, exponent)

    def _root_of_number(self, factors: Factors, number: Number, exponent: Fraction) -> Number:
        """Multiply by a positive number to a fractional power: sqrt(12) -> 2*sqrt(3); return the number in front."""
        front: Number = 1
        for part, sign in ((number.numerator, 1), (number.denominator, -1)):
            for prime, power in prime_powers(part):
                total = sign * power * exponent
                whole = total // 1
                front = front * self.number_power(prime, whole, factors)
                if total - whole:
                    join(factors, self.kernel(PRIME, (self.number(prime),)), total - whole)
        return front

    # Powers.

    def power(self, base: Sum, exponent: Sum, *, decimals: bool = False) -> Sum:
        """Return `base**exponent`, whatever these are."""
        number = exponent.number
        if number is not None:
            return self.number_exponent(base, number, decimals)
        if base.number == 1:
            return base
        factors: Factors = {}
        front: Number = 1
        for powers, coefficient in self.distributed(exponent).terms.items():
            if powers == ONE:
                part = self.number_exponent(base, coefficient, decimals)
            else:
                part = self._one_exponent(base, powers, coefficient)
            front = front * self.include(factors, part, 1)
        return self.product(front, factors)

    def number_exponent(self, base: Sum, number: Number, decimals: bool = False) -> Sum:
        """Return `base` to the power of a number."""
        if number.denominator != 1:
            return self.root(base, Fraction(number), decimals=decimals)
        return (
            self.multiply((base, number))
            if size_of(number) < LARGEST_POWER**4
            else self._one_exponent(base, ONE, number)
        )

    def _one_exponent(self, base: Sum, powers: Powers, coefficient: Number) -> Sum:
        """Return `base` to one product that is not a number: exp(p)**q -> exp(p*q), (p**2)**q -> abs(p)**(2*q)."""
        unit = self.sum({powers: 1})
        if base.only is not None and base.only[1] == 1 and len(base.only[0]) == 1:
            ((kernel, power),) = base.only[0]
            if kernel.kind == EXP:
                return self.exponential(self.scaled(self.times(kernel.operands[0], unit), power * coefficient))
            if power != 1 and kernel.kind not in (PRIME, POW):
                if not kernel.facts & NONNEGATIVE and power.numerator % 2 == 0:
                    kernel = self.kernel(ABS, (self.of(kernel),))
                base, coefficient = self.sum({frozenset([(kernel, 1)]): 1}), power * coefficient
            elif kernel.kind == POW and of_positive(kernel.operands[0]):
                base, unit = kernel.operands[0], self.times(kernel.operands[1], unit)
                return self.power(base, self.scaled(unit, power * coefficient))
        return self.of(self.kernel(POW, (base, unit)), coefficient)

    def exponential(self, exponent: Sum) -> Sum:
        """Return the exponential of a sum: a product of exponentials of its terms, exp(q*log(p)) being p**q."""
        factors: Factors = {}
        for powers, coefficient in exponent.terms.items():
            logarithms = [kernel for kernel, _ in powers if kernel.kind == "log"]
            if len(logarithms) != 1 or (logarithms[0], 1) not in powers:
                join(factors, self.kernel(EXP, (self.sum({powers: 1}),)), coefficient)
                continue
            rest = self.sum({powers - {(logarithms[0], 1)}: coefficient})
            front = self.include(factors, self.power(logarithms[0].operands[0], rest), 1)
            if front != 1:
                factors[self.kernel(PRIME, (self.number(front),))] = 1
        return self.product(1, factors)


def of_positive(part: Sum) -> bool:
    """Return whether a sum is known to be positive."""
    return facts.of_sum(part) == facts.POSITIVE

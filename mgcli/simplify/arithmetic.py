"""The arithmetic of sums and products: each equal sum and kernel made once, and the powers of a kernel joined.

`/`, `**-1`, `sqrt`, `cbrt` and `**(1/2)` are one thing here: a kernel to an exponent. A formula agrees with the
function wherever that is defined; it may have values elsewhere: `x/x` is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from mgcli.simplify import facts
from mgcli.simplify.facts import NONNEGATIVE
from mgcli.simplify.kernels import (
    EXP,
    GROUP,
    ONE,
    POW,
    PRIME,
    SIGN,
    Kernel,
    Number,
    Powers,
    Sum,
    in_order,
    reduced,
    size_of,
)  # fmt: skip
from mgcli.simplify.rules import ALTERNATIVES

if TYPE_CHECKING:
    from mgcli.graph.value import Value

MOST_DIGITS = 15_000
"""The bits of the largest number that is written out."""

OPENED = 48
"""The maximum number of terms of a sum that is multiplied by a number term by term."""

LARGEST_EXPANDED = 3
"""The largest power of a sum that is multiplied out in an angle."""

Factors = dict[Kernel, Number]


def as_it_is(part: Sum) -> Sum:
    """Return `part`: how sums are tidied until forms are chosen among."""
    return part


class Arithmetic:
    """The kernels and sums made so far, and how they are added and multiplied.

    opposites: groups under a root whose opposites were met first.
    """

    def __init__(self) -> None:
        self._kernels: dict[object, Kernel] = {}
        self._sums: dict[object, Sum] = {}
        self._same: dict[Sum, Sum] = {}
        self._alone: dict[Kernel, Sum] = {}
        # Kept here, not in the sums: without cycles, all of it is freed as soon as it is no longer needed.
        self._groups: dict[Sum, tuple[Number, Factors]] = {}
        self.opposites: dict[Kernel, Kernel] = {}
        self.tidied: Callable[[Sum], Sum] = as_it_is
        self.zero = self.sum({})
        self.one = self.number(1)

    # Making.

    def kernel(self, kind: str, operands: tuple[Sum, ...], leaf: Value | None = None) -> Kernel:
        """Return the kernel of this kind on these operands; one is made where there is none yet."""
        key = (kind, operands, leaf)
        found = self._kernels.get(key)
        if found is None:
            found = self._kernels[key] = Kernel(kind, operands, leaf, len(self._kernels))
            found.facts = facts.of_kernel(found)
        return found

    def known(self, kind: str, *operands: Sum) -> Kernel | None:
        """Return the kernel of this kind on these operands, None where there is none yet."""
        return self._kernels.get((kind, operands, None))

    def sum(self, terms: dict[Powers, Number]) -> Sum:
        """Return the sum of these terms, whose numbers are not 0."""
        key = frozenset(terms.items())
        found = self._sums.get(key)
        if found is None:
            found = self._sums[key] = Sum(terms)
        return found

    def number(self, number: Number) -> Sum:
        """Return a number as a sum."""
        return self.sum({ONE: reduced(number)} if number else {})

    def of(self, kernel: Kernel, exponent: Number = 1) -> Sum:
        """Return a power of a kernel as a sum."""
        if exponent != 1:
            return self.product(1, {kernel: exponent})
        found = self._alone.get(kernel)
        if found is None:
            found = self._alone[kernel] = self.product(1, {kernel: 1})
        return found

    # Adding.

    def add(self, parts: Iterable[tuple[Sum, Number]]) -> Sum:
        """Return the sum of each part times its number, like terms added up."""
        total: dict[Powers, Number] = {}
        for part, factor in parts:
            for powers, number in part.terms.items():
                self._add_term(total, powers, number * factor)
        return self.sum({powers: reduced(number) for powers, number in total.items() if number})

    def _add_term(self, total: dict[Powers, Number], powers: Powers, number: Number) -> None:
        group = _lone_group(powers)
        if group is None:
            total[powers] = total.get(powers, 0) + number
            return
        for inner, part in group.operands[0].terms.items():
            total[inner] = total.get(inner, 0) + part * number

    def scaled(self, part: Sum, factor: Number) -> Sum:
        """Return a sum times a number."""
        return part if factor == 1 else self.add([(part, factor)])

    # Multiplying.

    def multiply(self, *parts: tuple[Sum, Number]) -> Sum:
        """Return the product of each part to its exponent, which is whole."""
        number: Number = 1
        factors: Factors = {}
        for part, exponent in parts:
            number = number * self.include(factors, part, exponent)
        return self.product(number, factors)

    def times(self, *parts: Sum) -> Sum:
        """Return the product of sums."""
        return self.multiply(*((part, 1) for part in parts))

    def include(self, factors: Factors, part: Sum, exponent: Number) -> Number:
        """Multiply `factors` by `part` to a whole exponent; return the number that is left over."""
        if exponent == 0:
            return 1
        content, powers = self.grouped(part) if part.only is None else _ordered(*part.only)
        if not content:
            if exponent < 0:
                join(factors, self.kernel(PRIME, (), None), exponent)
                return 1
            return 0
        for kernel, power in powers.items():
            join(factors, kernel, power * exponent)
        return self.number_power(content, exponent, factors)

    def number_power(self, number: Number, exponent: Number, factors: Factors) -> Number:
        """Return a number to a whole exponent; one that would be too large becomes a factor."""
        if number == 1 or _is_short(number, exponent):
            return number if exponent == 1 else Fraction(number) ** int(exponent)
        join(factors, self.kernel(PRIME, (self.number(number),)), exponent)
        return 1

    def product(self, number: Number, factors: Factors) -> Sum:
        """Return the product of a number and powers of kernels."""
        if not number:
            return self.zero
        while opened := _to_open(factors):
            number = number * self._open(factors, opened)
            if not number:
                return self.zero
        if self.opposites and len(factors) > 1:
            number = number * self._join_opposites(factors)
        powers = frozenset((kernel, exponent) for kernel, exponent in factors.items() if exponent)
        number = reduced(number)
        group = _lone_group(powers)
        if group is not None and (number == 1 or len(group.operands[0].terms) <= OPENED):
            return self.scaled(group.operands[0], number)
        return self.sum({powers: number})

    def _open(self, factors: Factors, kernel: Kernel) -> Number:
        """Expand a power of a kernel that is more than the kernel itself."""
        exponent = factors.pop(kernel)
        match kernel.kind:
            case "sign":
                # Beside a root of it, what it is the sign of is not below 0.
                if exponent.numerator % 2 and _exponent_of(factors, kernel.operands[0]).denominator % 2:
                    factors[kernel] = 1
                return 1
            case "abs":
                (operand,) = kernel.operands
                return self.include(factors, self.absolute(operand), exponent)
            case "prime":
                whole = exponent // 1
                if exponent - whole:
                    factors[kernel] = exponent - whole
                return Fraction(kernel.operands[0].number or 0) ** int(whole)
        # A group that is one product under a root.
        whole = exponent // 1
        if exponent - whole:
            factors[kernel] = exponent - whole
        ((powers, number),) = kernel.operands[0].terms.items()
        for inner, power in powers:
            join(factors, inner, power * whole)
        return self.number_power(number, whole, factors)

    def _join_opposites(self, factors: Factors) -> Number:
        """(1 - x)/sqrt(1 - x) is one power, also where x - 1 was met first; return the sign that is left over."""
        sign = 1
        for kernel, opposite in self.opposites.items():
            exponent = factors.get(kernel, 0)
            if exponent and exponent.denominator == 1 and opposite in factors:
                del factors[kernel]
                join(factors, opposite, exponent)
                sign = -sign if exponent % 2 else sign
        return sign

    # Sums as products.

    def grouped(self, part: Sum) -> tuple[Number, Factors]:
        """Return a sum as a product: its number, and its factors; what cannot be taken out of all terms is a group.

        The number is 0 also for a sum whose terms turn out to cancel.
        """
        found = self._groups.get(part)
        if found is None:
            number, factors = self._grouped(self.tidied(part))
            found = self._groups[part] = _ordered(factors.items(), number)
        return found

    def group_again(self, part: Sum) -> None:
        """Forget how a sum was grouped, now that its shortest form is known."""
        self._groups.pop(part, None)

    def keep(self, part: Sum) -> None:
        """Multiply by a sum as it is from now on, though it may have a shorter form."""
        number, factors = self._grouped(part)
        self._groups[part] = _ordered(factors.items(), number)

    def _grouped(self, part: Sum) -> tuple[Number, Factors]:
        if not part.terms:
            return 0, {}
        if part.only is not None:
            powers, number = part.only
            return number, dict(powers)
        content, common = content_of(part), _common(part)
        if self.known(GROUP, part) is None and in_order(part)[0][1] < 0:
            content = -content
        if common or content != 1:
            part = self._over(part, content, common)
        if len(part.terms) < 2:
            number, factors = self._grouped(part)
            for kernel, exponent in common.items():
                join(factors, kernel, exponent)
            return number * content, factors
        sign, kernel, exponent = self._oriented(part)
        factors = dict(common)
        join(factors, kernel, exponent)
        return content * sign, factors

    def _over(self, part: Sum, content: Number, common: Factors) -> Sum:
        terms: dict[Powers, Number] = {}
        for powers, number in part.terms.items():
            factors = dict(powers)
            for kernel, exponent in common.items():
                join(factors, kernel, -exponent)
            self._add_term(terms, frozenset(factors.items()), Fraction(number) / content)
        return self.sum({powers: reduced(number) for powers, number in terms.items() if number})

    def _oriented(self, part: Sum) -> tuple[int, Kernel, int]:
        """Return a sum as a sign, a kernel and its exponent.

        Mostly it is a group, or the opposite of the group of its opposite where that was made before; but 1 - sin(p)**2
        is cos(p)**2, where a cosine of p was met.
        """
        square = self.square_of(part, self.known) if len(part.terms) == 2 else None
        if square is not None:
            return square
        own, other = self.known(GROUP, part), self.known(GROUP, self.scaled(part, -1))
        if other is not None and (own is None or other.index < own.index):
            return -1, other, 1
        return 1, self.kernel(GROUP, (part,)), 1

    def square_of(self, part: Sum, find: Callable[..., Kernel | None]) -> tuple[int, Kernel, int] | None:
        """Return 1 - sin(p)**2 as a sign, a kernel and its exponent, if `find` finds cos(p)."""
        (powers,) = [powers for powers in part.terms if powers != ONE][:1]
        constant = part.terms.get(ONE, 0)
        if len(powers) != 1 or abs(constant) != 1:
            return None
        ((kernel, exponent),) = powers
        row = ALTERNATIVES.get((kernel.kind, int(part.terms[powers] * constant))) if exponent == 2 else None
        other = find(row.other, *kernel.operands) if row else None
        if row is None or other is None:
            return None
        return int(constant * row.sign), other, row.exponent

    # Signs.

    def absolute(self, part: Sum) -> Sum:
        """Return the absolute value: abs(p) is p*sign(p)."""
        return self.times(part, self.sign(part)) if part.terms else part

    def sign(self, part: Sum) -> Sum:
        """Return the sign of a sum, that of a product being the product of the signs."""
        number, powers = self.grouped(part)
        if not number:
            return self.zero
        factors: Factors = {}
        for kernel, power in powers.items():
            if not facts.of_power(kernel, power) & NONNEGATIVE:
                operand = self.of(kernel, power if kernel.kind == POW else 1)
                join(factors, kernel if kernel.kind == SIGN else self.kernel(SIGN, (operand,)), 1)
        return self.product(1 if number > 0 else -1, factors)

    # Products as sums.

    def distributed(self, part: Sum) -> Sum:
        """(1 - n)/n -> 1/n - 1: a product with a group as a sum."""
        powers, number = part.only or (ONE, 1)
        group = next((kernel for kernel, exponent in powers if kernel.kind == GROUP and exponent == 1), None)
        if group is None:
            return part
        outside = self.sum({powers - {(group, 1)}: number})
        terms = group.operands[0].terms.items()
        return self.add((self.times(outside, self.sum({inner: factor})), 1) for inner, factor in terms)

    def expanded(self, part: Sum) -> Sum:
        """2*(p + q)/r -> 2*p/r + 2*q/r, (p + q)**2 -> p**2 + 2*p*q + q**2: a sum with short powers of sums opened."""
        parts: list[tuple[Sum, Number]] = []
        for powers, number in part.terms.items():
            products = [(self.sum({ONE: number}), 1)]
            left: Factors = {}
            for kernel, exponent in powers:
                if kernel.kind == GROUP and exponent.denominator == 1 and 0 < exponent <= LARGEST_EXPANDED:
                    terms = [self.sum({inner: factor}) for inner, factor in kernel.operands[0].terms.items()]
                    for _ in range(int(exponent)):
                        products = [(self.times(one, term), 1) for one, _ in products for term in terms]
                else:
                    left[kernel] = exponent
            if len(products) > OPENED:
                return part
            front = self.product(1, left)
            parts.extend((self.times(front, term), sign) for term, sign in products)
        return self.add(parts)

    def as_met(self, part: Sum) -> Sum:
        """Return a sum in the form in which it was met first: (2*x + 1)**2/4 for x**2 + x + 1/4."""
        return self._same.setdefault(self.expanded(part), part)


def _ordered(powers: Iterable[tuple[Kernel, Number]], number: Number) -> tuple[Number, Factors]:
    """Return a product, its factors in the order in which they were made.

    A set is in another order in each process: so would be the kernels that are made of them.
    """
    return number, dict(sorted(powers, key=lambda power: power[0].index))


def join(factors: Factors, kernel: Kernel, exponent: Number) -> None:
    """Multiply by a power: the exponents of one kernel are added."""
    total = reduced(factors.get(kernel, 0) + exponent)
    if total:
        factors[kernel] = total
    else:
        factors.pop(kernel, None)


def _exponent_of(factors: Factors, part: Sum) -> Number:
    """Return the exponent of the kernel that a sum is, 0 where it is none of the factors."""
    return factors.get(part.kernel, 0) if part.kernel else 0


def _lone_group(powers: Powers) -> Kernel | None:
    """Return the group that a product is, None where it is something else."""
    if len(powers) != 1:
        return None
    ((kernel, exponent),) = powers
    return kernel if kernel.kind == GROUP and exponent == 1 else None


def _is_short(number: Number, exponent: Number) -> bool:
    """Return whether a power of a number can be written out."""
    return size_of(exponent) * max(number.numerator.bit_length(), number.denominator.bit_length()) < MOST_DIGITS


def _to_open(factors: Factors) -> Kernel | None:
    """Return a kernel whose power is more than itself, None if there is none."""
    for kernel, exponent in factors.items():
        match kernel.kind:
            case "sign":
                opens = exponent != 1 or _exponent_of(factors, kernel.operands[0]).denominator % 2 == 0
            case "abs":
                opens = exponent.denominator == 1
            case "prime":
                number = kernel.operands[0].number or 0 if kernel.operands else None
                opens = number is not None and not 0 < exponent < 1 and _is_short(number, exponent)
            case "group":
                part = kernel.operands[0]
                opens = part.only is not None and not 0 < exponent < 1
            case _:
                opens = False
        if opens:
            return kernel
    return None


def content_of(part: Sum) -> Number:
    """Return the largest number by which every term is a whole one."""
    numbers = part.terms.values()
    return reduced(Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers))))


def _common(part: Sum) -> Factors:
    """Return the powers that are in every term, and those below the line that are in any."""
    terms = iter(part.terms)
    least = dict(next(terms))
    below = {kernel for powers in part.terms for kernel, exponent in powers if exponent < 0}
    for powers in terms:
        if not least and not below:
            return {}
        factors = dict(powers)
        least = {kernel: min(exponent, factors[kernel]) for kernel, exponent in least.items() if kernel in factors}
    for kernel in sorted(below, key=lambda kernel: kernel.index):
        exponents = [dict(powers).get(kernel, 0) for powers in part.terms]
        if kernel.kind not in (EXP, POW):
            least[kernel] = min(exponents)
        elif max(exponents) > 0:
            # exp(x) + exp(-x), and 1 + exp(-x), stay as they are.
            least.pop(kernel, None)
    return {kernel: exponent for kernel, exponent in least.items() if exponent}

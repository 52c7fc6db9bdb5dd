"""A sum in other circular functions: in those of one angle, beside those of its half; of a sum of two angles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import partial, reduce
from itertools import combinations

from mgcli.simplify.algebra import Algebra
from mgcli.simplify.arithmetic import Factors
from mgcli.simplify.calls import Calls
from mgcli.simplify.kernels import HALF, Kernel, Number, Powers, Sum, kernels_in_groups, reduced, size_of
from mgcli.simplify.rules import QUOTIENTS, SQUARES
from mgcli.simplify.substitutions import NotWholeError, rewritten

MOST_PAIRS = 3
"""The maximum number of angles whose doubles are written with them."""

MOST_TERMS = 60
"""The maximum number of terms among which products of functions of two angles are sought."""

LARGEST = 12
"""The largest power of a function that is written in another angle."""


class Angle:
    """The functions of an angle, and of twice the angle.

    opens: whether functions of the double angle are worth opening: not cos(p) where there is only tan(p/2) beside it.
    square: cos(p)**2 is 1/2 + cos(2*p)/2, and sin(p)**2 is `square*(1 - cos(2*p))/2`: -1 for hyperbolic functions.
    """

    def __init__(self, algebra: Algebra, tangent: str, half: Sum, opens: bool) -> None:
        self.algebra = algebra
        self.names = (*QUOTIENTS[tangent], tangent)
        self.half = half
        self.opens = opens
        self.double = algebra.scaled(half, 2)
        self.square = _square(QUOTIENTS[tangent])

    def function(self, index: int, angle: Sum) -> Sum:
        """Return the sine (0), the cosine (1) or the tangent (2) of an angle."""
        return self.algebra.of(self.algebra.kernel(self.names[index], (angle,)))

    def opened(self, factors: Factors) -> Sum:
        """Return a product, its functions of the double angle written with those of the angle."""
        algebra = self.algebra
        sine, cosine = self.function(0, self.half), self.function(1, self.half)
        double_sine = algebra.scaled(algebra.times(sine, cosine), 2)
        double_cosine = algebra.add([(algebra.one, 1), (algebra.multiply((sine, 2)), -2 * self.square)])
        algebra.keep(double_cosine)
        written = (double_sine, double_cosine, algebra.multiply((double_sine, 1), (double_cosine, -1)))
        return self._replaced(factors, self.double, lambda index, power: [(written[index], power)])

    def closed(self, factors: Factors) -> Sum:
        """Return a product, its functions of the angle written with those of the double angle."""
        algebra = self.algebra
        sine, cosine = self.function(0, self.double), self.function(1, self.double)
        less, more = (algebra.add([(algebra.one, sign), (cosine, other)]) for sign, other in self._signs())
        kernels = [algebra.known(name, self.half) for name in self.names[:2]]
        powers = [factors.get(kernel, 0) if kernel else 0 for kernel in kernels]
        odd = int(powers[0] % 2)
        if powers[1] % 2 != odd or any(power.denominator > 1 for power in powers):
            raise NotWholeError
        # sin(p)*cos(p) is sin(2*p)/2.
        halves = algebra.multiply((algebra.scaled(sine, Fraction(1, 2)), odd))
        squares = (algebra.scaled(less, Fraction(1, 2)), algebra.scaled(more, Fraction(1, 2)))

        def written(index: int, power: Number) -> list[tuple[Sum, Number]]:
            if index < 2:
                return [(squares[index], reduced(Fraction(power - odd, 2)))]
            return [(sine, power % 2), (less, power // 2), (more, -(power // 2) - power % 2)]

        return algebra.times(halves, self._replaced(factors, self.half, written))

    def _signs(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return (self.square, -self.square), (1, 1)

    def _replaced(
        self, factors: Factors, angle: Sum, written: Callable[[int, Number], list[tuple[Sum, Number]]]
    ) -> Sum:
        algebra = self.algebra
        kernels: dict[Kernel | None, int] = {algebra.known(name, angle): index for index, name in enumerate(self.names)}
        parts: list[tuple[Sum, Number]] = []
        left: Factors = {}
        for kernel, power in factors.items():
            if kernel not in kernels:
                left[kernel] = power
            elif power.denominator > 1 or size_of(power) > LARGEST:
                raise NotWholeError
            else:
                parts.extend(written(kernels[kernel], power))
        return algebra.multiply((algebra.product(1, left), 1), *parts)


def _square(parts: tuple[str, str]) -> int:
    """Return the sign of sin(p)**2 in cos(p)**2 + sin(p)**2 = 1: -1 for hyperbolic functions."""
    return next(-sign for name, _, _, sign in SQUARES if name in parts)


def in_other_angles(algebra: Algebra, total: Sum) -> Iterator[Sum]:
    """Yield a sum with the functions of one angle only, where it has those of an angle and of its half.

    tan(x/2) and the like are also written with sin(x) and cos(x); not tanh(x/2), whose derivatives get longer by it.
    """
    angles = list(_pairs(algebra, total))[:MOST_PAIRS]
    ways = [Angle.closed, Angle.opened] if any(angle.opens for angle in angles) else [Angle.closed]
    for way in ways if angles else ():
        with suppress(NotWholeError):
            changes = [partial(way, angle) for angle in angles]
            yield reduce(partial(rewritten, algebra), changes, total)


def with_sums_of_angles(calls: Calls, total: Sum) -> Iterator[Sum]:
    """Yield a sum in which sin(p)*cos(q) + cos(p)*sin(q) is sin(p + q), and the like, if it has such terms."""
    if not 1 < len(total.terms) <= MOST_TERMS:
        return
    algebra = calls.algebra
    left = dict(total.terms)
    found: list[tuple[Sum, Number]] = []
    for sine, cosine in QUOTIENTS.values():
        square = _square((sine, cosine))
        for (rest, first, second), products in _products_of_two(total, sine, cosine).items():
            for one, other, name in (
                ((cosine, cosine), (sine, sine), cosine),
                ((sine, cosine), (cosine, sine), sine),
            ):
                terms = [products.get(pair) for pair in (one, other)]
                numbers = [left.get(powers, 0) if powers is not None else 0 for powers in terms]
                if not numbers[0] or size_of(numbers[0]) != size_of(numbers[1]):
                    continue
                sign = 1 if numbers[0] == numbers[1] else -1
                angle = algebra.add([(first, 1), (second, -sign * square if name == cosine else sign)])
                value = calls.call(name, (algebra.tidied(algebra.expanded(angle)),))
                found.append((algebra.times(algebra.sum({rest: 1}), value), numbers[0]))
                for powers in terms:
                    del left[powers]  # type: ignore[arg-type]
    if found:
        yield algebra.add([(algebra.sum(left), 1), *found])


def _products_of_two(
    total: Sum, sine: str, cosine: str
) -> dict[tuple[Powers, Sum, Sum], dict[tuple[str, str], Powers]]:
    """Return the terms with the sines or cosines of two angles: by their other factors, the angles and the kinds."""
    places: dict[tuple[Powers, Sum, Sum], dict[tuple[str, str], Powers]] = {}
    order: dict[Sum, int] = {}
    for powers in total.terms:
        kernels = [kernel for kernel, exponent in powers if kernel.kind in (sine, cosine) and exponent == 1]
        kernels.sort(key=lambda kernel: kernel.index)
        for kernel in kernels:
            order.setdefault(kernel.operands[0], len(order))
        for pair in combinations(kernels[:MOST_PAIRS], 2):
            first, second = sorted(pair, key=lambda kernel: order[kernel.operands[0]])
            if first.operands != second.operands:
                place = (powers - {(first, 1), (second, 1)}, first.operands[0], second.operands[0])
                places.setdefault(place, {})[first.kind, second.kind] = powers
    return places


def _pairs(algebra: Algebra, total: Sum) -> Iterator[Angle]:
    kernels = kernels_in_groups(total)
    for tangent, parts in QUOTIENTS.items():
        angles = {kernel.operands[0] for kernel in kernels if kernel.kind in (*parts, tangent)}
        for half in angles:
            if algebra.scaled(half, 2) in angles:
                with_sines = {kernel.operands[0] for kernel in kernels if kernel.kind in parts}
                opens = half in with_sines or algebra.scaled(half, 2) not in with_sines
                yield Angle(algebra, tangent, half, opens)
            elif tangent == "tan" and _is_half(half):
                yield Angle(algebra, tangent, half, opens=False)


def _is_half(angle: Sum) -> bool:
    return bool(angle.terms) and all(abs(number) == HALF for number in angle.terms.values())

"""`Monomial`: a product as an exact number and powers, the form in which the simplifier compares and multiplies.

A number is the decimal that its text says: 0.1 is a tenth, so that 3*0.1 is 0.3 and 1.4 - 1 is 0.4. What has too
many digits for a float stays as it stands.

A base stands above the line (`x**3`, `x**-3`) or below it (`1/x**3`). Two powers of one base become
one only where the result is defined at exactly the same points: `x**3/x**5` is `1/x**2`, but
`x**5/x**3` stays, since `x**2` has a value at 0. Where the base is known never to be 0, it is `x**2`.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from math import isfinite
from typing import NamedTuple, Protocol

from mgcli.graph.value import Value
from mgcli.simplify.facts import TOTAL, demands


class Bases(Protocol):
    """What a product has to be told of its bases."""

    def facts(self, base: Value) -> int:
        """Return what is known of the values of `base`."""

    def written_power(self, base: Value, exponent: float) -> Value:
        """Return the node of `base` to a constant power."""


ALL_WHOLE = 2**53
"""Up to this size every whole number is a float."""


def decimal(number: float) -> Fraction:
    """Return the number that the text of a finite float says."""
    if number.is_integer() and abs(number) <= ALL_WHOLE:
        return Fraction(int(number))
    # The smallest floats have so few digits that their text is another number than they are.
    return Fraction(repr(number) if abs(number) >= sys.float_info.min else number)


def is_exact(number: Fraction) -> bool:
    """Whether the text of a float says `number`."""
    if number.denominator == 1 and abs(number.numerator) <= ALL_WHOLE:
        return True
    try:
        return decimal(float(number)) == number
    except OverflowError:
        return False


def sum_of(x: float, y: float) -> float:
    """Return `x + y`, as decimals, to the nearest float."""
    return float(decimal(x) + decimal(y))


def product_of(x: float, y: float) -> float | None:
    """Return `x * y`, None where that is not exact."""
    product = decimal(x) * decimal(y)
    return float(product) if is_exact(product) else None


class Ratio(NamedTuple):
    """A number that is written exactly: the text of a float, or a quotient of two."""

    above: Fraction = Fraction(1)
    below: Fraction = Fraction(1)

    @property
    def value(self) -> Fraction:
        """The number itself."""
        return self.above / self.below

    def __neg__(self) -> Ratio:
        return Ratio(-self.above, self.below)


ONE, MINUS_ONE, ZERO = Ratio(), Ratio(Fraction(-1)), Ratio(Fraction(0))


def ratio(above: Fraction, below: Fraction = Fraction(1)) -> Ratio | None:
    """Return the quotient in its shortest form, None where it cannot be written exactly in floats."""
    quotient = above / below
    whole = Ratio(Fraction(quotient.numerator), Fraction(quotient.denominator))
    if above.denominator == below.denominator == 1:
        found = whole
    elif is_exact(quotient):
        found = Ratio(quotient)
    else:
        found = Ratio(-above, -below) if below < 0 else Ratio(above, below)
    if not all(map(is_exact, found)):
        return None
    # 1.8/2.7 is 2/3, but 0.07/12 is not 7/1200.
    shorter = found.below != 1 and all(_is_no_longer(part, other) for part, other in zip(whole, found, strict=True))
    return whole if shorter else found


def _is_no_longer(number: Fraction, other: Fraction) -> bool:
    return is_exact(number) and _length(number) <= _length(other)


def _length(number: Fraction) -> int:
    """Return how long the text of `number`, a float, is."""
    return len(repr(float(number)).removesuffix(".0"))


def times(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the product, None where it cannot be written exactly."""
    if x is ONE or y is ONE:
        # By far the most of them, and arithmetic on fractions takes its time.
        return x if y is ONE else y
    (x_above, y_below), (y_above, x_below) = _reduced(x.above, y.below), _reduced(y.above, x.below)
    return ratio(x_above * y_above, x_below * y_below)


def _reduced(above: Fraction, below: Fraction) -> tuple[Fraction, Fraction]:
    """8.314/69.122596 -> 1/8.314: where the one number is a multiple of the other, and the shorter for it."""
    if above.denominator == below.denominator == 1 or not above:
        return above, below
    for number, other in ((below / above, below), (above / below, above)):
        if is_exact(number) and _length(number) < _length(other):
            return (Fraction(1), number) if other is below else (number, Fraction(1))
    return above, below


def divided(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the quotient, None where there is none or it cannot be written exactly."""
    if y is ONE:
        return x
    reciprocal = ratio(y.below, y.above) if y.above else None
    return reciprocal and times(x, reciprocal)


def plus(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the sum, None where it cannot be written exactly."""
    if x.below == y.below:
        return ratio(x.above + y.above, x.below)
    total = x.value + y.value
    if all(_is_dyadic(part) for part in (*x, *y)):
        whole = all(part.denominator == 1 for part in (*x, *y))
        return Ratio(total) if is_exact(total) and not whole else ratio(*map(Fraction, total.as_integer_ratio()))
    # 1 + 0.07/12 reads better than 1207/1200.
    return Ratio(total) if is_exact(total) else None


def _is_dyadic(number: Fraction) -> bool:
    return number.denominator & (number.denominator - 1) == 0


def exact(number: float) -> Ratio | None:
    """Return a float as a ratio, None where it is not a finite one."""
    if number == 1.0:
        return ONE
    return Ratio(decimal(number)) if isfinite(number) else None


def _joined(x: float, y: float, facts: int) -> float | None:
    """Return `x + y` where a base to that power is defined just where it is to both, None elsewhere.

    facts: what is known of the base.
    """
    total = decimal(x) + decimal(y)
    asked = demands(x) | demands(y)
    if total == 0:
        return None if (asked | TOTAL) & ~facts else 0.0
    if not is_exact(total):
        return None
    joined = float(total)
    return None if (asked ^ demands(joined)) & ~facts else joined


class Monomial:
    """A product: `number`, the exponents of the bases `above` the line, and of those `below` it."""

    __slots__ = ("above", "below", "number")

    def __init__(self, number: Ratio = ONE) -> None:
        self.number = number
        self.above: dict[Value, float] = {}
        self.below: dict[Value, float] = {}

    @classmethod
    def of(cls, base: Value, exponent: float = 1.0) -> Monomial:
        """Return the product that is one power."""
        product = cls()
        product.above[base] = exponent
        return product

    def copy(self) -> Monomial:
        """Return another of the same number and powers."""
        other = Monomial(self.number)
        other.above.update(self.above)
        other.below.update(self.below)
        return other

    @property
    def powers(self) -> frozenset[tuple[bool, Value, float]]:
        """What tells like terms: all but the number."""
        return frozenset(
            [
                *((True, base, exponent) for base, exponent in self.above.items()),
                *((False, base, exponent) for base, exponent in self.below.items()),
            ]
        )

    def __len__(self) -> int:
        return len(self.above) + len(self.below)

    def multiply(self, base: Value, exponent: float, bases: Bases) -> None:
        """Multiply by `base` to `exponent`, which is not 0."""
        above, below = self.above, self.below
        if base in above:
            joined = _joined(above[base], exponent, bases.facts(base))
            if joined is None:
                self._keep_apart(above, base, exponent, bases)
            elif joined:
                above[base] = joined
            else:
                del above[base]
        elif base in below and (joined := _joined(-below[base], exponent, bases.facts(base))) is not None:
            # One side takes all: x**-3/x is x**-4, which has a value wherever both had.
            self._put(base, joined, exponent)
        else:
            above[base] = exponent

    def divide(self, base: Value, exponent: float, bases: Bases) -> None:
        """Divide by `base` to `exponent`, which is above 0."""
        above, below = self.above, self.below
        if base in below:
            joined = _joined(-below[base], -exponent, bases.facts(base))
            if joined is None:
                self._keep_apart(below, base, exponent, bases)
            else:
                below[base] = -joined
        elif base in above and (joined := _joined(above[base], -exponent, bases.facts(base))) is not None:
            self._put(base, joined, above[base])
        else:
            below[base] = exponent

    def _put(self, base: Value, exponent: float, written: float) -> None:
        """Let `base` stand to `exponent`: where that is negative, above the line only if `written` is so too."""
        self.above.pop(base, None)
        self.below.pop(base, None)
        if exponent > 0 or (exponent < 0 and written < 0):
            self.above[base] = exponent
        elif exponent < 0:
            self.below[base] = -exponent

    def _keep_apart(self, side: dict[Value, float], base: Value, exponent: float, bases: Bases) -> None:
        """Take a power that does not join the one that stands there as a base of its own: `x**0.5*x**0.5`."""
        there = side.pop(base)
        for part in (there, exponent):
            whole = bases.written_power(base, part)
            side[whole] = side.get(whole, 0.0) + 1.0

    def lower(self, base: Value, exponent: float) -> None:
        """Take `exponent` from that of `base` above the line."""
        self.above[base] = sum_of(self.above[base], -exponent)
        if not self.above[base]:
            del self.above[base]

    def cancel(self, base: Value) -> None:
        """Make one power of those above and below; for a base that is known not to be 0."""
        self._put(base, sum_of(self.above[base], -self.below[base]), 1.0)

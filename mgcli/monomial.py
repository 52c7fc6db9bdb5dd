"""`Monomial`: a product as an exact number and powers, the form in which the simplifier compares and multiplies.

A base stands above the line (`x**3`, `x**-3`) or below it (`1/x**3`). Two powers of one base become
one only where the result is defined at exactly the same points: `x**3/x**5` is `1/x**2`, but
`x**5/x**3` stays, since `x**2` has a value at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from mgcli.value import Value

NONZERO, NONNEGATIVE = 1, 2

Power = Callable[[Value, float], Value]
"""What makes the node of a base to a constant power."""


def is_exact(number: Fraction) -> bool:
    """Whether `number` is a float."""
    try:
        return Fraction(float(number)) == number
    except OverflowError:
        return False


class Ratio(NamedTuple):
    """A number that is written exactly: a float, or a quotient of two."""

    above: Fraction = Fraction(1)
    below: Fraction = Fraction(1)

    @property
    def value(self) -> Fraction:
        """The number itself."""
        return self.above / self.below


ONE = Ratio()


def ratio(above: Fraction, below: Fraction = Fraction(1)) -> Ratio | None:
    """Return the quotient in its shortest form, None where it cannot be written exactly in floats."""
    quotient = above / below
    if above.denominator == below.denominator == 1:
        above, below = Fraction(quotient.numerator), Fraction(quotient.denominator)
    elif is_exact(quotient):
        above, below = quotient, Fraction(1)
    elif below < 0:
        above, below = -above, -below
    return Ratio(above, below) if is_exact(above) and is_exact(below) else None


def times(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the product, None where it cannot be written exactly."""
    return ratio(x.above * y.above, x.below * y.below)


def divided(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the quotient, None where there is none or it cannot be written exactly."""
    return ratio(x.above * y.below, x.below * y.above) if y.above else None


def plus(x: Ratio, y: Ratio) -> Ratio | None:
    """Return the sum, None where it cannot be written exactly."""
    if x.below == y.below:
        return ratio(x.above + y.above, x.below)
    total = x.value + y.value
    if is_exact(total) and not all(part.denominator == 1 for part in (*x, *y)):
        return Ratio(total)
    return ratio(Fraction(total.numerator), Fraction(total.denominator))


def exact(number: float) -> Ratio | None:
    """Return a float as a ratio, None where it is not a finite one."""
    return Ratio(Fraction(number)) if isfinite(number) else None


def demands(exponent: float) -> int:
    """Return what a base to this power must be: NONZERO, NONNEGATIVE, both or neither."""
    return NONZERO * (exponent < 0) | NONNEGATIVE * (not exponent.is_integer())


def _joined(x: float, y: float) -> float | None:
    """Return `x + y` where a base to that power is defined just where it is to both, None elsewhere."""
    total = Fraction(x) + Fraction(y)
    if total == 0 or not is_exact(total):
        return None
    joined = float(total)
    return joined if demands(joined) == demands(x) | demands(y) else None


class Monomial:
    """A product: `number`, the exponents of the bases `above` the line, and of those `below` it."""

    __slots__ = ("above", "below", "number")

    def __init__(self, number: Ratio = ONE) -> None:
        self.number = number
        self.above: dict[Value, float] = {}
        self.below: dict[Value, float] = {}

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

    def multiply(self, base: Value, exponent: float, power: Power) -> None:
        """Multiply by `base` to `exponent`, which is not 0."""
        above, below = self.above, self.below
        if base in above:
            joined = _joined(above[base], exponent)
            if joined is None:
                self._keep_apart(above, base, exponent, power)
            else:
                above[base] = joined
        elif base in below and (joined := _joined(-below[base], exponent)) is not None:
            if exponent < 0:
                # One side takes all: x**-3/x is x**-4, which has a value wherever both had.
                del below[base]
                above[base] = joined
            else:
                below[base] = -joined
        else:
            above[base] = exponent

    def divide(self, base: Value, exponent: float, power: Power) -> None:
        """Divide by `base` to `exponent`, which is above 0."""
        above, below = self.above, self.below
        if base in below:
            joined = _joined(-below[base], -exponent)
            if joined is None:
                self._keep_apart(below, base, exponent, power)
            else:
                below[base] = -joined
        elif base in above and (joined := _joined(above[base], -exponent)) is not None:
            if above[base] < 0:
                above[base] = joined
            else:
                del above[base]
                below[base] = -joined
        else:
            below[base] = exponent

    def _keep_apart(self, side: dict[Value, float], base: Value, exponent: float, power: Power) -> None:
        """Take a power that does not join the one that stands there as a base of its own: `x**0.5*x**0.5`."""
        there = side.pop(base)
        for part in (there, exponent):
            whole = power(base, part)
            side[whole] = side.get(whole, 0.0) + 1.0

    def cancel(self, base: Value) -> None:
        """Make one power of those above and below; for a base that is known not to be 0."""
        exponent = self.above.pop(base) - self.below.pop(base)
        if exponent > 0:
            self.above[base] = exponent
        elif exponent < 0:
            self.below[base] = -exponent

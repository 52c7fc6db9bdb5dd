"""The numbers that balls are made of: floats, and mpmath's numbers of any precision, with their rounding errors."""

from __future__ import annotations

from math import inf
from typing import Any, Protocol

from mgcli.graph.floats import FLOATS


class Arithmetic(Protocol):
    """The numbers that balls are made of: their functions `m`, and how accurate these are.

    infinity: the radius of a ball about which nothing is known.
    smallest: what is added to a radius that may have been rounded to 0.
    """

    m: Any
    infinity: Any
    smallest: Any

    def number(self, x: Any) -> Any:
        """Return a float or an int as one of these numbers."""

    def negative(self, x: Any) -> Any:
        """Return -x, exactly."""

    def size(self, x: Any) -> Any:
        """Return abs(x), exactly."""

    def sum(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return x + y and its rounding error."""

    def rounded(self, z: Any, units: float) -> Any:
        """Return the error of a result `z` that is off by up to that many half units in the last place."""

    def is_exact_product(self, x: Any, y: Any, z: Any) -> bool:
        """Return whether the product `z` of x and y is known not to be rounded."""

    def is_exact_power(self, x: Any, exponent: Any, z: Any) -> bool:
        """Return whether the power `z` of x, of a whole exponent from 0, is known not to be rounded."""


class Floats:
    """Floats, with the functions of `math`."""

    m = FLOATS
    infinity = inf
    smallest = 5e-324

    def number(self, x: Any) -> float:
        """Return x as a float."""
        return float(x)

    def negative(self, x: float) -> float:
        """Return -x."""
        return -x

    def size(self, x: float) -> float:
        """Return abs(x)."""
        return abs(x)

    def sum(self, x: float, y: float) -> tuple[float, float]:
        """Return x + y, and its error, which Knuth's two-sum finds exactly."""
        z = x + y
        part = z - x
        return z, abs((x - (z - part)) + (y - part))

    def rounded(self, z: float, units: float) -> float:
        """Return the error of `z`; below 2**-1022, a float has fewer and fewer digits."""
        return units * 1.001 * 2.0**-53 * abs(z) + (5e-324 if abs(z) < 1e-290 else 0.0)

    def is_exact_product(self, x: float, y: float, z: float) -> bool:
        """Return whether x*y has to be a float."""
        if abs(x) == 1.0 or abs(y) == 1.0 or not (x and y):
            return True
        # 2**53 itself may be what 2**53 + 1 was rounded to.
        return abs(z) < 2.0**53 and x.is_integer() and y.is_integer()

    def is_exact_power(self, x: float, exponent: float, z: float) -> bool:
        """Return whether the power has to be a float."""
        return abs(z) <= 2.0**53 and x.is_integer()


class Multiprecision:
    """mpmath's numbers of `precision` bits."""

    def __init__(self, precision: int) -> None:
        from mpmath.libmp import mpf_abs, mpf_add, mpf_neg

        from mgcli.graph.multiprecision import LARGEST_EXPONENT, multiprecision

        self.m = multiprecision(precision)
        self.precision = precision
        context = self.m.context
        self.infinity = context.inf
        self.number = context.convert
        self._make = context.make_mpf
        self._add, self._negative, self._size = mpf_add, mpf_neg, mpf_abs
        self._unit = context.ldexp(1, -precision)
        self.smallest = context.ldexp(1, -LARGEST_EXPONENT)

    def negative(self, x: Any) -> Any:
        """Return -x; mpmath's operator would round a number of more bits."""
        return self._make(self._negative(x._mpf_))

    def size(self, x: Any) -> Any:
        """Return abs(x), which mpmath's function would round too."""
        return self._make(self._size(x._mpf_))

    def sum(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return x + y rounded down; it is exact if rounding up gives the same."""
        low, high = (self._add(x._mpf_, y._mpf_, self.precision, way) for way in "fc")
        z = self._make(low)
        return z, (0 if low == high else 2 * self._unit * abs(z))

    def rounded(self, z: Any, units: float) -> Any:
        """Return the error of `z`."""
        return units * self._unit * abs(z) + (0 if z else self.smallest)

    def is_exact_product(self, x: Any, y: Any, z: Any) -> bool:
        """Return whether x*y fits into the precision."""
        return _bits(x) + _bits(y) <= self.precision

    def is_exact_power(self, x: Any, exponent: Any, z: Any) -> bool:
        """Return whether the power fits into the precision."""
        return bool(_bits(x) * exponent <= self.precision)


def _bits(x: Any) -> int:
    bits: int = x._mpf_[3]
    return bits

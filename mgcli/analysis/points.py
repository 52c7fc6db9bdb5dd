"""The points of a variable that is swept, and how they are written: 0:3:0.5, 0:3:/7, log(1:1000:/4), 1,2.5,4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import ceil, copysign, isfinite

from mgcli.analysis.parentheses import closes_at_the_end, split
from mgcli.errors import ExpressionError

MOST_POINTS = 10_000_000


class Points:
    """The points of a variable that is swept; `start` is the first."""

    start: float

    def __len__(self) -> int:
        raise NotImplementedError

    def __iter__(self) -> Iterator[float]:
        raise NotImplementedError


class Sweep(Points):
    """The points `start + i*step`, none at or beyond `stop`, as `numpy.arange` gives them.

    Raises ExpressionError if there are none, or too many.
    """

    def __init__(self, start: float, stop: float, step: float = 1.0) -> None:
        self.start = start
        self.stop = stop
        self.step = step
        self.count = self._count()

    def _count(self) -> int:
        if self.step == 0.0:
            raise ExpressionError("a step of 0 never ends", hint="write another one, or leave it out for a step of 1")
        length = self._span() / self.step
        if length <= 0.0:
            hint = "a negative step goes down" if self.step > 0 else "a positive step goes up"
            hint = "the stop is excluded" if length == 0.0 else hint
            raise ExpressionError(f"no points from {self.start} to {self.stop} in steps of {self.step}", hint=hint)
        if length > MOST_POINTS:
            raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take a larger step")
        number = ceil(length)
        while number > 1 and not self._before_stop(self._point(number - 1)):
            number -= 1
        return number

    def _span(self) -> float:
        span = self.stop - self.start
        if not isfinite(span):
            raise ExpressionError("the range is longer than the largest float", hint="use a shorter one")
        return span

    def _point(self, index: int) -> float:
        return self.start + index * self.step

    def _before_stop(self, point: float) -> bool:
        return point < self.stop if self.step > 0 else point > self.stop

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[float]:
        return map(self._point, range(self.count))


class EvenSweep(Sweep):
    """`count` points from `start` to `stop`, both included, as `numpy.linspace` gives them.

    Raises ExpressionError if the two are the same.
    """

    def __init__(self, start: float, stop: float, count: int) -> None:
        self._last = count - 1
        super().__init__(start, stop, (stop - start) / self._last)

    def _count(self) -> int:
        if self._span() == 0.0:
            raise ExpressionError(f"no points from {self.start} to {self.stop}", hint="write two different ends")
        return self._last + 1

    def _point(self, index: int) -> float:
        return self.stop if index == self._last else self.start + index / self._last * (self.stop - self.start)


class FactorSweep(Points):
    """`count` points from `start` to `stop`, both included, each the one before times the same factor.

    Raises ExpressionError if the two are the same, or no factor leads from one to the other.
    """

    def __init__(self, start: float, stop: float, count: int) -> None:
        if start == 0.0 or stop == 0.0 or (start < 0.0) != (stop < 0.0):
            raise ExpressionError(
                f"no factor leads from {start} to {stop}", hint="write two ends of one sign, as in log(1e-3:1e3:/7)"
            )
        if start == stop:
            raise ExpressionError(f"no points from {start} to {stop}", hint="write two different ends")
        self.start = start
        self.stop = stop
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[float]:
        from decimal import Context, Decimal

        # With digits to spare, each point is the float nearest to the right one: 0.01, not 0.009999999999999997.
        exact = Context(prec=40)
        first, last = (exact.ln(abs(Decimal(end))) for end in (self.start, self.stop))
        step = exact.divide(last - first, self._count - 1)
        yield self.start
        for index in range(1, self._count - 1):
            yield copysign(float(exact.exp(first + index * step)), self.start)
        yield self.stop


class ListedPoints(Points):
    """Points as listed."""

    def __init__(self, points: Sequence[float]) -> None:
        self.start = points[0]
        self._points = tuple(points)

    def __len__(self) -> int:
        return len(self._points)

    def __iter__(self) -> Iterator[float]:
        return iter(self._points)


class NotPoints(Exception):  # noqa: N818
    """A text is neither a range nor a list of at least three numbers."""


def is_several(text: str) -> bool:
    """Return whether a value is a range, or a list of at least three numbers."""
    if len(split(text, ":")) > 1 or _of_factors(text) is not None:
        return True
    return len(split(text, ",")) > 2 and not has_thousands(text)


def has_thousands(text: str) -> bool:
    """Return whether `text` is a number with commas between its thousands."""
    return re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?", text.strip()) is not None


def points(text: str, constant: Callable[[str], float], even: int | None = None, *, by_factors: bool = False) -> Points:
    """Return the points that `text` writes; `constant` returns the number that an end or a step evaluates to.

    A range without a step has a step of 1, or `even` points, with `by_factors` equal factors apart.
    Raises NotPoints, and ExpressionError for points that there are none of, or too many.
    """
    inside = _of_factors(text)
    parts = split(text if inside is None else inside, ":")
    listed = split(text, ",") if len(parts) == 1 else []
    if len(parts) > 3 or not all(map(str.strip, listed or parts)):
        raise NotPoints
    if listed:
        return ListedPoints(list(map(constant, listed)))
    start, stop, *third = parts
    count = _count(third[0].strip()[1:]) if third and third[0].lstrip().startswith("/") else None
    if inside is not None:
        count = count or (None if third else even)
        if count is None:
            raise ExpressionError(f"{text} has no number of points", hint="write it after a /, as in log(1:1000:/4)")
        return FactorSweep(constant(start), constant(stop), count)
    if count is None and not third:
        count = even
        if count is not None and by_factors and min(constant(start), constant(stop)) > 0.0:
            return FactorSweep(constant(start), constant(stop), count)
    if count is not None:
        return EvenSweep(constant(start), constant(stop), count)
    return Sweep(*map(constant, parts))


def _count(text: str) -> int:
    """Return the number of points after a slash. Raises ExpressionError."""
    digits = text.strip()
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
    if number < 2:
        raise ExpressionError(f"/{text} is not a number of points", hint="write a whole number from 2, as in 0:3:/7")
    if number > MOST_POINTS:
        raise ExpressionError(f"more than {MOST_POINTS:,} points", hint="take fewer")
    return number


def _of_factors(text: str) -> str | None:
    """Return what is inside log(...), if that is the whole of `text` and a colon is directly inside."""
    text = text.strip()
    if not (text.startswith("log(") and text.endswith(")") and closes_at_the_end(text)):
        return None
    inside = text[4:-1]
    return inside if len(split(inside, ":")) > 1 else None

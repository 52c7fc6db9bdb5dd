"""The levels of a contour map: evenly spaced, or by factors where the values spread over decades, as in a valley."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log10

DECADES = 30.0
"""How many times as high as its lowest tenth a map is, from which its levels are spaced by factors."""

PEAK = 20.0
"""The same, on both sides of 0, in relation to half of the map: so it is next to a pole."""

MOST_DECADES = 12
"""The maximum number of decades that are distinguished."""

MOST_ON_BOTH_SIDES = 3
"""The same, on both sides of 0."""

MOST_LEVELS = 14
"""About the maximum number of levels."""

LARGEST = 1e249
"""The largest number that matplotlib draws without overflowing itself."""


def levels_of(values: Sequence[float]) -> list[float]:
    """Return the levels of a map with these values, ascending."""
    ascending = sorted(max(-LARGEST, min(LARGEST, value)) for value in values)
    if not ascending:
        return _even(0.0, 1.0)
    negated = [-value for value in reversed(ascending)]
    return (
        _by_factors(ascending)
        or [-level for level in reversed(_by_factors(negated))]
        or _on_both_sides(ascending)
        or _even(ascending[0], ascending[-1])
    )


def _even(low: float, high: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    if not low < high:
        margin = abs(low) / 2.0 or 1.0
        low, high = low - margin, high + margin
    return [float(level) for level in MaxNLocator(MOST_LEVELS).tick_values(low, high)]


def _by_factors(ascending: Sequence[float]) -> list[float]:
    """Return levels at growing distances from the lowest value, [] if the values do not spread over decades."""
    lowest = ascending[0]
    distances = [value - lowest for value in ascending if value > lowest]
    if not distances or distances[-1] < DECADES * distances[len(distances) // 10]:
        return []
    near = max(distances[len(distances) // 10], ascending[-1] / DECADES)
    # The distances from 0 are rounder numbers.
    base = 0.0 if 0.0 <= lowest <= near else lowest
    distances = [value - base for value in ascending if value > base]
    last = ceil(log10(distances[-1]))
    first = max(floor(log10(distances[len(distances) // 40])), last - MOST_DECADES)
    unit = 10.0**first
    base = floor(base / unit) * unit if abs(base) < 1e15 * unit else base
    levels = sorted({base + distance for distance in _distances(first, last, MOST_LEVELS)})
    return levels if len(levels) > 1 else []


def _on_both_sides(ascending: Sequence[float]) -> list[float]:
    """Return levels at growing distances from 0, [] if the values do not spread over decades on both sides."""
    sizes = sorted(abs(value) for value in ascending if value)
    if ascending[0] >= 0.0 or ascending[-1] <= 0.0 or sizes[-1] < PEAK * sizes[len(sizes) // 2]:
        return []
    last = ceil(log10(sizes[-1]))
    first = max(floor(log10(sizes[len(sizes) // 3])), last - MOST_ON_BOTH_SIDES)
    distances = list(_distances(first, last, MOST_LEVELS // 2))
    above = [distance for distance in distances if distance < 10.0 * ascending[-1]]
    below = [-distance for distance in distances if distance < -10.0 * ascending[0]]
    return [*reversed(below), 0.0, *above]


def _distances(first: int, last: int, most: int) -> Iterator[float]:
    """Yield numbers from one power of ten to another by factors, about `most` of them."""
    decades = last - first
    factors = (1, 2, 5) if 3 * decades <= most else (1, 3) if 2 * decades <= most else (1,)
    for power in range(first, last):
        yield from (factor * 10.0**power for factor in factors)
    yield 10.0**last

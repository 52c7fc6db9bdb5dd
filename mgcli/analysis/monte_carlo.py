"""Propagation of distributions by Monte Carlo, as in JCGM 101:2008."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from math import ceil, floor, fsum, isfinite, log10, nan, sqrt
from typing import NamedTuple

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.nonlinearity import Estimate
from mgcli.graph.node import topological
from mgcli.language.program import Program

MOST_SAMPLES = 10_000_000
"""The maximum number of samples that are drawn until the numbers settle."""

MANY = 50_000
"""The number of samples from which on loading numpy pays."""

BLOCK = 10_000
"""The samples of one block; the run may stop after each."""

Watch = Callable[[Iterable[int]], Iterable[int]]
"""Iterates over the numbers of blocks, to show progress and to stop early."""


class Samples:
    """The values of a result at samples of its quantities, in ascending order.

    drawn: the number of samples. outside: the number of those where the result is undefined.
    """

    def __init__(self, values: Iterable[float], drawn: int) -> None:
        self.values = sorted(values)
        self.drawn = drawn
        self.outside = drawn - len(self.values)
        self.estimate = _estimate(self.values)

    @property
    def count(self) -> int:
        """The number of values."""
        return len(self.values)

    def interval(self, probability: float) -> tuple[float, float]:
        """Return the interval with as many values below as above it (JCGM 101, 7.7)."""
        return _interval(self.values, probability)

    def noise(self, end: float, probability: float) -> float:
        """Return two standard deviations of one end of that interval, from the values next to it."""
        outside = (1 - probability) / 2
        steps = ceil(2 * sqrt(self.count * outside * (1 - outside)))
        rank = bisect_left(self.values, end)
        below, above = self.values[max(0, rank - steps)], self.values[min(self.count - 1, rank + steps)]
        return max(end - below, above - end)


class Verdict(NamedTuple):
    """Whether samples confirm an interval of first order (JCGM 101, 8.1).

    low, high: how far apart the ends are. tolerance: half a unit of the second digit of u. noise: how far those of the
    samples may be off by chance, two standard deviations of each.
    """

    low: float
    high: float
    tolerance: float
    noise: tuple[float, float]

    @property
    def is_valid(self) -> bool:
        """Whether both ends agree."""
        return self.low <= self.tolerance and self.high <= self.tolerance

    @property
    def is_open(self) -> bool:
        """Whether chance may be the reason why they do not agree: there are too few samples to tell."""
        off = [self.low - self.noise[0], self.high - self.noise[1]]
        return not self.is_valid and max(off) <= self.tolerance


def verdict(first: Estimate, expanded: float, samples: Samples, probability: float) -> Verdict:
    """Compare the interval of first order with that of samples."""
    low, high = samples.interval(probability)
    ends = abs(first.value - expanded - low), abs(first.value + expanded - high)
    return Verdict(
        *ends, numerical_tolerance(first.u), (samples.noise(low, probability), samples.noise(high, probability))
    )


def numerical_tolerance(u: float) -> float:
    """Return half a unit of the second significant digit of u (JCGM 101, 7.9.2)."""
    if not u or not isfinite(u):
        return 0.0
    exponent = floor(log10(u)) - 1
    if round(u / 10.0**exponent) >= 100:
        exponent += 1
    return 0.5 * 10.0**exponent


def sampled(part: Program, quantities: Quantities, count: int, seed: int = 0, watch: Watch = iter) -> Samples:
    """Return the values of a result at `count` samples of its quantities; fewer where `watch` stops early.

    The same seed gives the same samples.
    """
    draw = _Drawn(part, quantities, seed, count)
    values = array("d")
    drawn = 0
    for number in watch(range(-(-count // BLOCK))):
        size = min(BLOCK, count - number * BLOCK)
        values.extend(draw(size))
        drawn += size
    draw.finish()
    return Samples(values, drawn)


def sampled_until_settled(
    part: Program, quantities: Quantities, probability: float, seed: int = 0, watch: Watch = iter
) -> tuple[Samples, bool]:
    """Return as many samples as it takes for two digits of u, and whether they were enough (JCGM 101, 7.9).

    Blocks of samples are drawn until the value, its uncertainty and both ends of the interval, each the mean over the
    blocks, have twice their standard deviations within the tolerance.
    """
    size = max(BLOCK, ceil(100 / max(1 - probability, 1e-5)))
    draw = _Drawn(part, quantities, seed, MOST_SAMPLES)
    values = array("d")
    rows: list[tuple[float, float, float, float]] = []
    drawn = 0
    settled = False
    for _ in watch(range(MOST_SAMPLES // size)):
        block = sorted(draw(size))
        values.extend(block)
        drawn += size
        estimate = _estimate(block)
        rows.append((*estimate, *_interval(block, probability)))
        if len(rows) > 1:
            tolerance = numerical_tolerance(fsum(row[1] for row in rows) / len(rows))
            settled = all(2 * _deviation_of_mean(column) <= tolerance for column in zip(*rows, strict=True))
            if settled:
                break
    draw.finish()
    return Samples(values, drawn), settled


class _Drawn:
    """A source of values of a result: each call draws that many samples, and leaves out those without a value.

    The samples come from `random.Random`, whether they are evaluated one by one or, where numpy is installed and there
    are many, all at once: the same seed gives the same values but for the last digits.
    """

    def __init__(self, part: Program, quantities: Quantities, seed: int, times: int) -> None:
        from random import Random

        self._part = part
        self._quantities = quantities
        self._random = Random(seed)
        self._leaves = [part.node(name) for name in quantities.names]
        self._middle = [leaf.data for leaf in self._leaves]
        on_arrays = self._on_arrays() if times >= MANY else None
        self._values = on_arrays or self._one_by_one(times)

    def __call__(self, count: int) -> list[float]:
        draw, random = self._quantities.draw, self._random
        points = [draw(random) for _ in range(count)]
        return [value for value in self._values(points) if isfinite(value)]

    def _on_arrays(self) -> Callable[[list[list[float]]], list[float]] | None:
        """Return the function from samples to values that numpy computes, None without numpy."""
        try:
            import numpy as np
        except ImportError:
            return None
        from mgcli.codegen.function import Compiled

        root = self._part.root
        if root in self._leaves:
            return None
        function = Compiled(root, [])
        arguments = [node for node in topological(root) if node.operation is None and node.varies]
        positions = {leaf: index for index, leaf in enumerate(self._leaves)}

        def values(points: list[list[float]]) -> list[float]:
            columns = np.array(points).T
            given = [columns[positions[node]] if node in positions else node.data for node in arguments]
            found = function(*given)[0]
            return [float(found)] * len(points) if not np.ndim(found) else list(found.tolist())

        return values

    def _one_by_one(self, times: int) -> Callable[[list[list[float]]], list[float]]:
        from mgcli.codegen.function import Repeated

        function = Repeated(self._part.root, self._leaves, [], times=times)

        def value(point: list[float]) -> float:
            answer = function(point)
            return answer[0] if answer else self._evaluated(point)

        return lambda points: list(map(value, points))

    def _evaluated(self, point: list[float]) -> float:
        for leaf, number in zip(self._leaves, point, strict=True):
            leaf.data = number
        self._part.evaluate()
        return self._part.root.data

    def finish(self) -> None:
        """Restore the program."""
        self._evaluated(self._middle)


def _estimate(values: list[float]) -> Estimate:
    count = len(values)
    if count < 2:
        return Estimate(values[0] if values else nan, nan)
    # Divided first, since the sum of large numbers may be too large.
    mean = fsum(value / count for value in values)
    largest = max(mean - min(values), max(values) - mean)
    if not largest or not isfinite(largest):
        return Estimate(mean, 0.0 if not largest else nan)
    return Estimate(mean, largest * sqrt(fsum(((value - mean) / largest) ** 2 for value in values) / (count - 1)))


def _interval(values: list[float], probability: float) -> tuple[float, float]:
    count = len(values)
    if not count:
        return nan, nan
    # Of the values, `inside` are between the two ends, half of the others below.
    inside = min(count - 1, floor(probability * count + 0.5))
    below = (count - inside) // 2
    low = max(1, below)
    return values[low - 1], values[min(count, low + inside) - 1]


def _deviation_of_mean(numbers: tuple[float, ...]) -> float:
    count = len(numbers)
    mean = fsum(numbers) / count
    return sqrt(fsum((number - mean) ** 2 for number in numbers) / (count * (count - 1)))

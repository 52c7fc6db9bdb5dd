"""The curve of a sweep, with gaps at poles, at jumps, and where it is undefined.

Between two points of a sweep a curve may be steep, or have a gap. A continuous curve looks straight
from close up, and a gap does not: so the function is evaluated at further points between the two,
closer and closer to where its slopes disagree most with its rise. The tangent of a curve is here
too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import inf, nan
from sys import float_info
from typing import NamedTuple

from mgcli.analysis.sweep import Swept
from mgcli.analysis.trusted import differentiated
from mgcli.errors import EvaluationError
from mgcli.language.program import Program

SPLIT = 0.4871
"""Where an interval is cut: not in its middle, which is too often exactly where the function is undefined."""

MOST_CUTS = 200
"""The maximum number of times that an interval is cut: it is then narrower by a factor of 1e-58."""

MOST_PROBES = 200_000
"""The maximum number of further points for one curve; what is undecided by then is joined."""

RECOMPUTED = 10_000
"""How many probes one counts for where floats have no value, so that many digits are tried."""

FAR_OUT = 2.0
"""How far outside the quartiles a value near a pole lies, in distances of the quartiles."""

ROUNDING = 4.0
"""The rounding error of a value, in units of the last digit."""

RESOLUTION = 0.01
"""The fraction of the height of a picture below which jumps and errors are not seen."""


class Sample(NamedTuple):
    """A point, with the value and the slope there; nan where there is none."""

    point: float
    value: float
    slope: float


class Curve:
    """Values over the points of a sweep.

    gaps: where two neighbours with a value are not joined: the index of the second, and whether the curve may diverge
    there, as at a pole.
    pieces: the connected parts, as ranges of indices, in order; points without a value are in none.
    """

    def __init__(self, points: Sequence[float], values: Sequence[float], gaps: dict[int, bool]) -> None:
        self.points = points
        self.values = values
        self.gaps = gaps
        self.pieces = _pieces(values, gaps)

    def range(
        self, scaled: Callable[[float], float] = float, within: tuple[float, float] | None = None
    ) -> tuple[float, float] | None:
        """Return the lowest and the highest value that a picture should show, None where there is no value.

        Values that diverge towards a pole or the end of the domain do not count. scaled: what a value
        is on the axis, such as its logarithm; nan if it is not on it. within: the points that are shown, if not all.
        """
        values = list(map(scaled, self.values))
        if within:
            inside = [within[0] <= point <= within[1] for point in self.points]
            values = [value if shown else nan for value, shown in zip(values, inside, strict=True)]
        known = sorted(value for value in values if value == value)
        if not known:
            return None
        low, high = fence(known)
        runaway = [values[index] for index in self._ends()]
        low = low if known[0] in runaway else known[0]
        high = high if known[-1] in runaway else known[-1]
        return low, high

    def _ends(self) -> set[int]:
        """Return the indices next to a pole, or to a point without a value."""
        ends: set[int] = set()
        for before, after in zip(self.pieces, self.pieces[1:], strict=False):
            if self.gaps.get(after.start, True):
                ends.update((before.stop - 1, after.start))
        if self.pieces and self.pieces[0].start > 0:
            ends.add(self.pieces[0].start)
        if self.pieces and self.pieces[-1].stop < len(self.values):
            ends.add(self.pieces[-1].stop - 1)
        return ends


def fence(ascending: Sequence[float]) -> tuple[float, float]:
    """Return the range of `ascending` values without the outliers.

    An outlier is, as in a box plot (Tukey, Exploratory Data Analysis, 1977), further from the
    quartiles than a multiple of the distance between them. If they are equal, it is the whole range.
    """
    low, high = ascending[0], ascending[-1]
    quarter = len(ascending) // 4
    lower, upper = ascending[quarter], ascending[-1 - quarter]
    reach = FAR_OUT * (upper - lower)
    return (max(low, lower - reach), min(high, upper + reach)) if reach > 0.0 else (low, high)


class Tangent:
    """The line that touches a curve at `point`, where it has `value` and `slope`."""

    def __init__(self, point: float, value: float, slope: float) -> None:
        self.point = point
        self.value = value
        self.slope = slope

    def at(self, point: float) -> float:
        """Return the value of the line at `point`."""
        return self.value + self.slope * (point - self.point)


def tangent_at(program: Program, values: Mapping[str, float], name: str, point: float) -> Tangent:
    """Return the tangent to the result over the variable `name`, at `point`, the others at `values`.

    Raises EvaluationError, with its span, if there is none, as at a kink.
    """
    program.bind({**values, name: point})
    report = differentiated(program, [name])
    if report.error:
        raise report.error
    if report.uses_convention:
        note = report.notes[0]
        why = note.message.partition(";")[0]
        raise EvaluationError(f"no tangent at {name} = {point}: {why}", text=note.text, span=note.span)
    return Tangent(point, program.root.data, program.node(name).grad)


def value_curve(swept: Swept) -> Curve:
    """Return the curve of the result. `swept` must hold the gradient of the variable that is swept."""
    gaps: dict[int, bool] = {}
    for index, _, closest in _apart(swept, swept.result.data, gaps, _value_mismatch):
        # Next to a pole the slopes are as steep as the whole step; next to a jump they show nothing of it.
        gaps[index] = closest is None or _steepest(closest) > 0.1 * _slope_mismatch(*closest)
    return Curve(swept.columns[swept.name].data, swept.result.data, gaps)


def blurred(swept: Swept) -> int:
    """Return the number of points that rounding may move by more than a hundredth of the height of the curve."""
    known = sorted(value for value in swept.result.data if value == value)
    if not known:
        return 0
    low, high = fence(known)
    visible = RESOLUTION * ((high - low) or abs(high))
    both = zip(swept.result.data, swept.rounding, strict=True)
    return sum(low <= value <= high and not bound <= visible for value, bound in both)


def slope_curve(swept: Swept, value: Curve) -> Curve:
    """Return the curve of the derivative with respect to the swept variable; `value` is the curve of the result."""
    slopes = swept.columns[swept.name].grad
    gaps = dict(value.gaps)
    for index, ends, closest in _apart(swept, slopes, gaps, _slope_mismatch):
        gaps[index] = closest is None or _steepest(closest) > 2.0 * _steepest(ends)
    return Curve(value.points, slopes, gaps)


class _Probe:
    """The result and its derivative at any point, as long as there are probes `left`."""

    def __init__(self, swept: Swept) -> None:
        self.left = MOST_PROBES
        self._sampler = swept.sampler
        self._index = (swept.sampler.wrt or []).index(swept.name)

    def at(self, point: float) -> Sample:
        self.left -= 1
        answer = self._sampler.rough(point)
        if answer is None:
            self.left = max(0, self.left - RECOMPUTED)
            answer = self._sampler(point)
        value, gradient, _ = answer
        slope = gradient[self._index]
        return Sample(point, value, slope if slope - slope == 0.0 else nan)


Mismatch = Callable[[Sample, Sample], float]


def _slope_mismatch(a: Sample, b: Sample) -> float:
    """Return how far the slopes at two points are from each other, and the rise between them from both.

    It is 0 for a straight line, and goes to 0 with the distance where the slope is continuous. At a
    pole or a jump the rise is not one of the slopes between, against the mean value theorem.
    """
    rise = (b.value - a.value) / (b.point - a.point)
    known = [slope for slope in (a.slope, b.slope) if slope == slope]
    if not known:
        return abs(rise)
    low, high = min(known), max(known)
    rounding = ROUNDING * float_info.epsilon * (max(abs(a.value), abs(b.value)) / abs(b.point - a.point))
    return high - low + max(0.0, rise - high - rounding, low - rise - rounding)


def _value_mismatch(a: Sample, b: Sample) -> float:
    """Return by how much the slopes at two points miss what lies between.

    It goes to 0 with the distance where the value is continuous, stays where it jumps, and grows at a pole.
    """
    return abs(b.point - a.point) * _slope_mismatch(a, b)


Pair = tuple[Sample, Sample]


def _steepest(pair: Pair) -> float:
    return max((abs(sample.slope) for sample in pair if sample.slope == sample.slope), default=inf)


def _apart(
    swept: Swept, shown: Sequence[float], gaps: Collection[int], mismatch: Mismatch
) -> Iterator[tuple[int, Pair, Pair | None]]:
    """Yield where two neighbours with a value are not joined, beside the known `gaps`.

    For each: the index of the second; the two; and the closest pair between them that is not joined
    either, None if something between them is not defined.
    """
    known = sorted(value for value in shown if value == value)
    if not known:
        return
    low, high = fence(known)
    finest = max(RESOLUTION * (high - low), 16.0 * float_info.epsilon * max(-known[0], known[-1]))
    probe = _Probe(swept)
    column = swept.columns[swept.name]
    before = None
    for index, sample in enumerate(map(Sample, column.data, swept.result.data, column.grad)):
        if shown[index] != shown[index]:
            before = None
            continue
        # Neighbouring floats may be the same point.
        if before and before.point != sample.point and index not in gaps:
            joined = max(finest, 0.1 * abs(shown[index] - shown[index - 1]))
            try:
                closest = _closest((before, sample), joined, probe, mismatch)
            except _HoleError:
                yield index, (before, sample), None
            else:
                if closest:
                    yield index, (before, sample), closest
        before = sample


class _HoleError(Exception):
    """A point between two others where nothing is defined."""


def _closest(pair: Pair, joined: float, probe: _Probe, mismatch: Mismatch) -> Pair | None:
    """Return the closest pair within `pair` that cannot be joined, None if all is joined. Raises _HoleError."""
    for _ in range(MOST_CUTS):
        if mismatch(*pair) <= joined or probe.left == 0:
            return None
        a, b = pair
        point = a.point + SPLIT * (b.point - a.point)
        if point in (a.point, b.point):
            break
        middle = probe.at(point)
        if middle.value != middle.value:
            raise _HoleError
        pair = max((a, middle), (middle, b), key=lambda half: _slope_mismatch(*half))
    return pair


def _pieces(values: Sequence[float], gaps: dict[int, bool]) -> list[range]:
    pieces = []
    start = 0
    for index, value in enumerate(values):
        if index in gaps or value != value:
            pieces.append(range(start, index))
            start = index if value == value else index + 1
    pieces.append(range(start, len(values)))
    return [piece for piece in pieces if piece]

"""Plots as text for a terminal, made by plotext, which comes with the extra `plot` and is loaded when one is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import NamedTuple

from mgcli.notation import number_text, short_number
from mgcli.render.plot import CurvePlot, lines_of, made_by, one_line
from mgcli.render.visible import visible

MARKS = {"value": "⠒", "derivative": "•", "tangent": "·"}
"""The character of each line in a terminal, so that they differ even without colours."""

PLAIN = str.maketrans("⠒•·─│┌┐└┘├┤┬┴┼", "*o.-|+++++++++")
"""The same, and the frame, for a terminal that has only ASCII characters."""


def terminal_picture(
    plot: CurvePlot, width: int, height: int, *, colour: bool = False, plain: bool = False
) -> Iterator[str]:
    """Yield the lines of a picture of `plot`, `width` columns wide, `height` of them with the legend below.

    Without `colour` they contain no colour codes; with `plain`, only ASCII except for the
    expression itself. Raises RenderError without plotext.
    """
    legend = list(_legend(plot, width))
    with made_by("plotext", "a picture in the terminal"):
        legend.extend(line.center(width) for line in _offsets(plot, width, height - len(legend)))
        drawn = _built(plot, width, height - len(legend), colour, plain)
    for line in (*drawn.splitlines(), *legend):
        yield line.translate(PLAIN).rstrip() if plain else line.rstrip()


WIDEST_LABEL = 12
"""The maximum length of the label of a tick."""


class Axis(NamedTuple):
    """The ends of an axis. plotext, which takes more memory for larger numbers, gets fractions of it."""

    low: float
    high: float

    def share(self, number: float) -> float:
        """Return where `number` is between the ends: 0 is `low`, 1 is `high`."""
        return (number / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)


def _built(plot: CurvePlot, width: int, height: int, colour: bool, plain: bool) -> str:
    """Return the picture without its legend."""
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    (low, high), (bottom, top) = plot.width(), plot.height()
    across, up = Axis(low, high), Axis(bottom, top)
    plotext.xlim(0.0, 1.0)
    plotext.ylim(0.0, 1.0)
    for ticks, axis, most in ((plotext.xticks, across, width // 12), (plotext.yticks, up, height // 4)):
        marks = list(_ticks(axis.low, axis.high, max(most, 1)))
        ticks([axis.share(mark) for mark in marks], tick_labels(marks).labels)

    def draw(line: list[tuple[float, float]], marker: str, shade: str) -> None:
        for part in clipped(line, bottom, top):
            points = [across.share(point) for point, _ in part]
            values = [up.share(value) for _, value in part]
            plotext.plot(points, values, marker=marker.translate(PLAIN) if plain else marker, color=shade)

    if plot.tangent:
        draw([(end, plot.tangent.at(end)) for end in (low, high)], MARKS["tangent"], "green")
    for line in lines_of(plot.derivative) if plot.derivative else ():
        draw(line, MARKS["derivative"], "orange")
    for line in lines_of(plot.value):
        draw(line, MARKS["value"] if plain else "braille", "blue")
    plotext.title(_cut(visible(one_line(plot.text)), width - 4))
    plotext.xlabel(_cut(plot.name, width - 4))
    drawn: str = plotext.build()
    return drawn if colour else plotext.uncolorize(drawn)


class Labels(NamedTuple):
    """The labels of the ticks of an axis; `offset` is what is to be added to each."""

    labels: list[str]
    offset: float


def tick_labels(marks: Sequence[float]) -> Labels:
    """Return labels that differ from each other: with more digits, or else as distances from the first tick."""
    for digits in range(6, 18):
        labels = [number_text(float(f"{mark:.{digits}g}")) for mark in marks]
        if len(set(labels)) == len(labels) and max(map(len, labels), default=0) <= WIDEST_LABEL:
            return Labels(labels, 0.0)
    # Ticks are equally far apart, by a round number that rounding hides here.
    step = float(f"{(marks[-1] - marks[0]) / (len(marks) - 1):.3g}")
    distances = [f"+{short_number(index * step)}" for index in range(len(marks))]
    return Labels(distances, float(f"{marks[0]:.15g}"))


def _offsets(plot: CurvePlot, width: int, height: int) -> Iterator[str]:
    """Yield what is to be added to the labels of an axis, for those that are distances."""
    for ends, most, what in ((plot.width(), width // 12, "on the axis"), (plot.height(), height // 4, "at the left")):
        offset = tick_labels(list(_ticks(*ends, max(most, 1)))).offset
        if offset:
            yield f"numbers {what} that begin with + are from {number_text(offset)}"


def _legend(plot: CurvePlot, width: int) -> Iterator[str]:
    """Yield the lines of the legend."""
    labels = {"value": plot.value_label}
    if plot.derivative:
        labels["derivative"] = plot.derivative_label
    if plot.tangent:
        labels["tangent"] = plot.tangent_label
    shown = [f"{MARKS[what] * 3} {label}" for what, label in labels.items()]
    line = "   ".join(shown)
    for part in [line] if len(line) <= width else shown:
        yield _cut(part, width).center(width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def clipped(line: Sequence[tuple[float, float]], bottom: float, top: float) -> Iterator[list[tuple[float, float]]]:
    """Yield the parts of a line that lie between `bottom` and `top`, cut where it crosses them."""
    part: list[tuple[float, float]] = []
    for index, (point, value) in enumerate(line):
        if index and (ends := _inside(line[index - 1], (point, value), bottom, top)):
            if part and part[-1] != ends[0]:
                yield part
                part = []
            part.extend(ends if not part else ends[1:])
        elif bottom <= value <= top and len(line) == 1:
            part.append((point, value))
    if part:
        yield part


def _inside(
    a: tuple[float, float], b: tuple[float, float], bottom: float, top: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the ends of the part of the line from `a` to `b` between `bottom` and `top`, None if there is none."""
    if max(a[1], b[1]) < bottom or min(a[1], b[1]) > top:
        return None
    return _moved(a, b, bottom, top), _moved(b, a, bottom, top)


def _moved(end: tuple[float, float], other: tuple[float, float], bottom: float, top: float) -> tuple[float, float]:
    """Return `end` or, if it is outside, the point where the line to `other` enters."""
    edge = min(max(end[1], bottom), top)
    if edge == end[1]:
        return end
    share = (edge / 2.0 - end[1] / 2.0) / (other[1] / 2.0 - end[1] / 2.0)
    return end[0] + share * (other[0] - end[0]), edge


def _ticks(low: float, high: float, most: int) -> Iterator[float]:
    """Yield round numbers between `low` and `high`: 1, 2 or 5 times a power of ten apart, at most `most` plus one."""
    least = (high / most - low / most) or high
    power = 10.0 ** floor(log10(least))
    step = next((step for step in (power, 2.0 * power, 5.0 * power) if step >= least), 10.0 * power)
    for index in range(-floor(-low / step), floor(high / step) + 1):
        yield index * step

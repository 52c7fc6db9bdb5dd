"""Plots as text for a terminal, made by plotext, which comes with the extra `plot` and is loaded when one is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mgcli.errors import columns_of
from mgcli.notation import number_text, short_number
from mgcli.render.plot import Axis, CurvePlot, Point, made_by
from mgcli.render.visible import visible, visible_title

MARKS = "⠒•+×#%@="
"""The character of each curve, so that they differ even without colours; that of the first, in the legend only."""

TANGENT = "·"
"""The character of the tangent."""

PLAIN = str.maketrans("⠒•×·─│┌┐└┘├┤┬┴┼", "*ox.-|+++++++++")
"""The same, and the frame, for a terminal that has only ASCII characters."""

SHADES = (33, 166, 163, 94, 61, 136, 37, 244)
"""The colour of each curve, of the 256 of a terminal: readable on black and on white."""

TANGENT_SHADE = 29
"""The colour of the tangent."""

SAME = 8
"""The number of columns in a row where two curves are the same, from which they are drawn by turns."""

TURN = 3
"""The number of columns of a turn."""


class Series(NamedTuple):
    """The lines that are drawn with one character in one colour."""

    lines: Sequence[Sequence[Point]]
    label: str
    mark: str
    shade: int


def terminal_picture(
    plot: CurvePlot, width: int, height: int, *, colour: bool = False, plain: bool = False
) -> Iterator[str]:
    """Yield the lines of a picture of `plot`, `width` columns wide, `height` of them with the legend below.

    Without `colour` they contain no colour codes; with `plain`, only ASCII except for the
    expression itself. Raises RenderError without plotext.
    """
    across, up = plot.across(), plot.up()
    series = _series(plot, across, up)
    above = [_cut(visible_title(plot.look.ylabel), width)] if plot.look.ylabel else []
    below = list(_legend(series, width, colour))
    with made_by("plotext", "a picture in the terminal"):
        below.extend(line.center(width) for line in _offsets(across, up, width, height - len(above) - len(below)))
        room = height - len(above) - len(below)
        canvases = [_canvas(plot, each, across, up, width, room, plain) for each in series]
    title, *drawn = _merged(canvases, [each.shade if colour else None for each in series], len(plot.lines))
    for line in (title, *above, *drawn, *below):
        yield line.translate(PLAIN).rstrip() if plain else line.rstrip()


def _series(plot: CurvePlot, across: Axis, up: Axis) -> list[Series]:
    """Return what is drawn, the first above the others."""
    found = []
    for index, line in enumerate(plot.lines):
        parts = list(plot.drawn(line, across, up))
        found.append(Series(parts, visible(line.label), MARKS[index % len(MARKS)], SHADES[index % len(SHADES)]))
    if plot.tangent:
        found.append(Series(list(plot.drawn_tangent(across, up)), plot.tangent_label, TANGENT, TANGENT_SHADE))
    return found


def _canvas(plot: CurvePlot, series: Series, across: Axis, up: Axis, width: int, height: int, plain: bool) -> list[str]:
    """Return the lines of a picture with one series."""
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    # plotext takes more memory for larger numbers, so it gets shares of the axes.
    plotext.xlim(0.0, 1.0)
    plotext.ylim(0.0, 1.0)
    for ticks, axis, most in ((plotext.xticks, across, width // 12), (plotext.yticks, up, height // 4)):
        marks = axis.ticks(max(most, 1))
        ticks([axis.share(axis.scaled(mark)) for mark in marks], tick_labels(marks).labels)
    for line in series.lines:
        points = [across.share(point) for point, _ in line]
        values = [up.share(value) for _, value in line]
        fine = series.mark == MARKS[0] and not plain
        plotext.plot(points, values, marker="braille" if fine else series.mark)
    plotext.title(_cut(plot.title or " ", width - 4))
    plotext.xlabel(_cut(visible_title(plot.look.xlabel or plot.name), width - 4))
    drawn: str = plotext.uncolorize(plotext.build())
    return drawn.splitlines()


def _merged(canvases: Sequence[Sequence[str]], shades: Sequence[int | None], curves: int) -> Iterator[str]:
    """Yield the lines of one picture with all series, the first of them above.

    Where two of the first `curves` are the same, they take turns.
    """
    first = canvases[0]
    bottom = next(line for line in reversed(first) if "└" in line)
    left, right = bottom.index("└") + 1, bottom.index("┘")
    rows = range(next(index for index, line in enumerate(first) if "┌" in line) + 1, list(first).index(bottom))
    columns = [[[canvas[row][column] for row in rows] for column in range(left, right)] for canvas in canvases]
    above = [_on_top([canvas[column] for canvas in columns]) for column in range(right - left)]
    _take_turns(columns[:curves], above)
    for index, line in enumerate(first):
        if index not in rows:
            yield line
            continue
        cells = []
        for column in range(right - left):
            top = above[column][index - rows.start]
            character = columns[top][column][index - rows.start]
            shade = None if character == " " else shades[top]
            cells.append(character if shade is None else f"\x1b[38;5;{shade}m{character}\x1b[0m")
        yield line[:left] + "".join(cells) + line[right:]


def _on_top(column: Sequence[Sequence[str]]) -> list[int]:
    """Return the series that is seen in each cell of a column, given by series."""
    return [next((index for index, cell in enumerate(cells) if cell != " "), 0) for cells in zip(*column, strict=True)]


def _take_turns(columns: Sequence[Sequence[Sequence[str]]], above: list[list[int]]) -> None:
    """Let the later of two series that are the same over many columns be seen in every other turn."""
    for later in range(1, len(columns)):
        for earlier in range(later):
            run: list[int] = []
            for column in range(len(above) + 1):
                if column < len(above) and _is_same(columns[earlier][column], columns[later][column]):
                    run.append(column)
                    continue
                for each in run if len(run) >= SAME else ():
                    if (each // TURN) % 2:
                        above[each] = [
                            later if cell != " " else top
                            for cell, top in zip(columns[later][each], above[each], strict=True)
                        ]
                run = []


def _is_same(column: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two series are in the same cells of a column, or in the next: a dot and Braille differ by one."""
    filled, others = ([row for row, cell in enumerate(cells) if cell != " "] for cells in (column, other))
    if not filled or not others:
        return False
    return abs(filled[0] - others[0]) <= 1 and abs(filled[-1] - others[-1]) <= 1


WIDEST_LABEL = 12
"""The maximum length of the label of a tick."""


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


def _offsets(across: Axis, up: Axis, width: int, height: int) -> Iterator[str]:
    """Yield what is to be added to the labels of an axis, for those that are distances."""
    for axis, most, what in ((across, width // 12, "on the axis"), (up, height // 4, "at the left")):
        offset = tick_labels(axis.ticks(max(most, 1))).offset
        if offset:
            yield f"numbers {what} that begin with + are from {number_text(offset)}"


def _legend(series: Sequence[Series], width: int, colour: bool) -> Iterator[str]:
    """Yield the lines of the legend: as few as are wide enough."""
    entries = [(_cut(f"{each.mark * 3} {each.label}", width), each.shade) for each in series]
    rows: list[list[tuple[str, int]]] = [[]]
    for entry in entries:
        if rows[-1] and sum(columns_of(text) + 3 for text, _ in [*rows[-1], entry]) - 3 > width:
            rows.append([])
        rows[-1].append(entry)
    if len(rows) > 1 and len(entries) <= 3:
        rows = [[entry] for entry in entries]
    for row in rows:
        space = " " * ((width - sum(columns_of(text) + 3 for text, _ in row) + 3) // 2)
        yield space + "   ".join(f"\x1b[38;5;{shade}m{text}\x1b[0m" if colour else text for text, shade in row)


def _cut(text: str, width: int) -> str:
    """Return `text`, cut if it is wider than `width` columns."""
    if columns_of(text) <= width:
        return text
    while columns_of(text) > width - 3:
        text = text[: min(len(text) - 1, width)]
    return f"{text}..."

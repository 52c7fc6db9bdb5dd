"""Curves and contour maps as pictures: for a file by matplotlib, for a terminal by plotext.

Both come with the extra `plot`, and are loaded when a picture is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from math import floor, hypot, inf, isfinite, log10
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from mgcli.curves import Curve, Tangent, fence
from mgcli.errors import RenderError
from mgcli.notation import short_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
"""What a picture can be written as."""

MOST_DRAWN = 4000
"""The most points of a piece that are drawn; of more, the lowest and the highest of each few."""

MOST_ARROWS = 18
"""The most gradient arrows along one axis."""

LARGEST = 1e249
"""The largest value that is shown."""

PEAK = 20.0
"""How many times as high as most of a map a peak may be before it is cut off, as that of a pole is."""

# The colours of Okabe and Ito, which the colour-blind tell apart too.
BLUE, ORANGE, GREEN, INK, PALE = "#0072B2", "#D55E00", "#009E73", "#222222", "#DDDDDD"

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#888888",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 15,
    "axes.linewidth": 1.0,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "figure.constrained_layout.h_pad": 0.12,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.dpi": 150,
    "figure.figsize": (9.6, 5.4),
    "font.family": ["DejaVu Sans"],
    "font.size": 13,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 13,
    "lines.linewidth": 2.6,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "text.color": INK,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    # The ids of a picture are hashes with this salt: the same expression gives the same file.
    "svg.hashsalt": "mgcli",
}

MARKS = {"value": "⠒", "derivative": "•", "tangent": "·"}
"""What stands for each line in a terminal: they differ without colours too."""

PLAIN = str.maketrans("⠒•·─│┌┐└┘├┤┬┴┼", "*o.-|+++++++++")
"""The same, and the frame, for a terminal that has no other characters than ASCII."""


class CurvePlot:
    """What a picture of curves shows.

    text: the expression. given: the values of the variables that are not swept. name: the one that is.
    result: what the result is called, and so, with d, its derivative.
    """

    def __init__(
        self,
        text: str,
        given: dict[str, float],
        name: str,
        result: str,
        value: Curve,
        derivative: Curve | None = None,
        tangent: Tangent | None = None,
    ) -> None:
        self.text = text
        self.given = given
        self.name = name
        self.value_label = f"{result}({name})"
        self.derivative_label = f"d{result}/d{name}"
        self.value = value
        self.derivative = derivative
        self.tangent = tangent

    @property
    def tangent_label(self) -> str:
        """The tangent in words, with its slope."""
        assert self.tangent
        return f"tangent at {self.name} = {short_number(self.tangent.point)}, slope {short_number(self.tangent.slope)}"

    def width(self) -> tuple[float, float]:
        """Return the lowest and the highest point that is shown."""
        points = self.value.points
        ends = [points[0], points[-1], *([self.tangent.point] if self.tangent else [])]
        return _apart(min(ends), max(ends))

    def height(self) -> tuple[float, float]:
        """Return the lowest and the highest value that is shown; 0 to 1 where there is none."""
        ranges = [curve.range() for curve in (self.value, self.derivative) if curve]
        ends = [end for both in ranges if both for end in both]
        if self.tangent:
            ends.append(self.tangent.value)
        return _apart(min(ends), max(ends)) if ends else (0.0, 1.0)


class ContourPlot:
    """What a contour map shows: values over two variables, with gradients.

    names: the variables. across, up: their points. rows: the values, a row for each point of `up`.
    gradient: those by the first and by the second variable, in rows too.
    """

    def __init__(
        self,
        text: str,
        given: dict[str, float],
        names: tuple[str, str],
        result: str,
        across: Sequence[float],
        up: Sequence[float],
        rows: Sequence[Sequence[float]],
        gradient: tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]],
    ) -> None:
        self.text = text
        self.given = given
        self.names = names
        self.label = f"{result}({', '.join(names)})"
        self.across = across
        self.up = up
        self.rows = rows
        self.gradient = gradient


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return two different ends, around `low` and `high`, not so far apart that there is no number for it."""
    low, high = (min(max(end, -LARGEST), LARGEST) for end in (low, high))
    if low < high:
        return low, high
    margin = abs(low) / 2.0 or 1.0
    return low - margin, high + margin


def _one_line(text: str) -> str:
    """Return the statements of a program on one line, without its comments."""
    statements = (" ".join(line.partition("#")[0].split()) for line in text.splitlines())
    return "; ".join(statement.rstrip("; ") for statement in statements if statement)


def _given(given: dict[str, float]) -> str:
    return ", ".join(f"{name} = {short_number(value)}" for name, value in given.items())


def thinned(points: Sequence[float], values: Sequence[float], most: int = MOST_DRAWN) -> Iterator[tuple[float, float]]:
    """Yield the points of a line, no more than `most` and a few: of many, the lowest and highest of each group."""
    group = -(-len(points) // (most // 2))
    pairs = iter(zip(points, values, strict=True))
    if group <= 2:
        yield from pairs
        return
    while some := list(islice(pairs, group)):
        low, high = min(some, key=lambda pair: pair[1]), max(some, key=lambda pair: pair[1])
        first, second = sorted((low, high), key=some.index)
        yield from (first, second)


def _lines(curve: Curve) -> Iterator[list[tuple[float, float]]]:
    for piece in curve.pieces:
        some = slice(piece.start, piece.stop)
        yield list(thinned(curve.points[some], curve.values[some]))


# Files


def curve_picture(plot: CurvePlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with _matplotlib() as figure:
        axes = figure.add_subplot()
        low, high = plot.width()
        bottom, top = plot.height()
        _frame(axes, (low, high), (bottom, top))
        if plot.tangent:
            ends = [plot.tangent.at(low), plot.tangent.at(high)]
            axes.plot([low, high], ends, color=GREEN, linewidth=2.0, linestyle=(0, (5, 2)), label=plot.tangent_label)
        if plot.derivative:
            _draw(axes, plot.derivative, ORANGE, plot.derivative_label, 2.0)
        _draw(axes, plot.value, BLUE, plot.value_label, 2.6)
        if plot.tangent:
            axes.plot([plot.tangent.point], [plot.tangent.value], "o", color=GREEN, markersize=9, zorder=5)
        axes.set_xlabel(plot.name, parse_math=False)
        _name(axes, plot.text, plot.given)
        if plot.derivative or plot.tangent:
            handles, labels = axes.get_legend_handles_labels()
            figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=3)
        else:
            axes.set_ylabel(plot.value_label, parse_math=False)
        return _written(figure, form, plot.text)


def contour_picture(plot: ContourPlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with _matplotlib() as figure:
        import numpy
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap
        from matplotlib.ticker import MaxNLocator

        figure.set_size_inches(8.4, 6.4)
        axes = figure.add_subplot()
        values = numpy.ma.masked_invalid(numpy.array(plot.rows))
        low, high = _levels(values.compressed().tolist())
        levels = MaxNLocator(14).tick_values(low, high)
        beyond = {(True, True): "both", (True, False): "min", (False, True): "max", (False, False): "neither"}
        extend = beyond[bool(values.min() < levels[0]), bool(values.max() > levels[-1])]
        # Pale, so that lines, labels and arrows in ink are seen on every shade.
        shades = ListedColormap(1.0 - 0.62 * (1.0 - colormaps["viridis"](numpy.linspace(0.0, 1.0, 256))[:, :3]))
        filled = axes.contourf(plot.across, plot.up, values, levels, cmap=shades, extend=extend)
        style: dict[str, Any] = {"colors": INK, "linewidths": 0.7, "alpha": 0.55, "linestyles": "solid"}
        lines: Any = axes.contour(plot.across, plot.up, values, levels, **style)
        axes.clabel(lines, lines.levels[::2], fontsize=11, fmt=short_number)
        _arrows(axes, plot)
        bar = figure.colorbar(filled, ax=axes, label=None, shrink=0.95)
        bar.outline.set_visible(False)
        bar.ax.set_title(plot.label, fontsize=13, pad=12, parse_math=False)
        axes.grid(visible=False)
        (left, right), (bottom, top) = _span(plot.across), _span(plot.up)
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        if 0.5 <= (top - bottom) / (right - left) <= 2.0:
            axes.set_aspect("equal")
        axes.set_xlabel(plot.names[0], parse_math=False)
        axes.set_ylabel(plot.names[1], parse_math=False, rotation=0, labelpad=12)
        _name(axes, plot.text, plot.given)
        return _written(figure, form, plot.text)


@contextmanager
def _matplotlib() -> Iterator[Figure]:
    """Give an empty figure; what is drawn on it here is free of the user's own settings of matplotlib."""
    import logging
    import warnings

    logger = logging.getLogger("matplotlib")
    level = logger.level
    # That it builds a cache of fonts, or has no place for one, is of no interest here.
    logger.setLevel(logging.ERROR)
    try:
        with _made_by("matplotlib", "a picture in a file"):
            import matplotlib
            from matplotlib.figure import Figure

            with matplotlib.rc_context(), warnings.catch_warnings():
                # A character that no font has, or a line off the picture, is to be seen there.
                warnings.simplefilter("ignore")
                matplotlib.rcdefaults()
                matplotlib.rcParams.update(STYLE)  # type: ignore[arg-type]
                yield Figure(layout="constrained")
    finally:
        logger.setLevel(level)


@contextmanager
def _made_by(module: str, what: str) -> Iterator[None]:
    """Turn into RenderError that `module`, which makes `what`, is not there, or that the numbers are beyond it."""
    try:
        yield
    except ImportError:
        message = f"{what} needs {module}, which is not installed"
        raise RenderError(message, hint="install it: pip install 'mgcli[plot]'") from None
    except (ArithmeticError, ValueError) as error:
        hint = "very large and very small numbers are beyond it: scale them"
        raise RenderError(f"{module} cannot draw this: {error}", hint=hint) from error


def _written(figure: Figure, form: str, text: str) -> bytes:
    # No date, and no version: the same plot is the same file.
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "mg", "Title": _one_line(text)},
        "pdf": {"CreationDate": None, "Creator": "mg", "Producer": None, "Title": _one_line(text)},
        "png": {"Software": None, "Title": _one_line(text)},
    }
    content = BytesIO()
    figure.savefig(content, format=form, metadata=metadata[form])
    return content.getvalue()


def _frame(axes: Any, width: tuple[float, float], height: tuple[float, float]) -> None:
    """Set what is shown, with a margin, and draw the lines at 0."""
    for (low, high), limit, line in ((width, axes.set_xlim, axes.axvline), (height, axes.set_ylim, axes.axhline)):
        margin = high / 20.0 - low / 20.0
        limit(low - margin, high + margin)
        if low - margin < 0.0 < high + margin:
            line(0.0, color="#999999", linewidth=1.2, zorder=1)


def _draw(axes: Any, curve: Curve, colour: str, label: str, width: float) -> None:
    for line in _lines(curve):
        points, values = zip(*line, strict=True)
        style = {"marker": "o", "markersize": width * 1.6} if len(line) == 1 else {}
        axes.plot(points, values, color=colour, linewidth=width, label=label, **style)
        label = "_"


def _name(axes: Any, text: str, given: dict[str, float]) -> None:
    """Set the title: the expression, in a size in which it fits, and the values of the variables that stay."""
    lines = wrap(_one_line(text), 96, break_on_hyphens=False) or [""]
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]} ..."]
    size = 19 if len(lines[0]) <= 44 else 15 if len(lines[0]) <= 64 else 11.5
    beside = _given(given)
    axes.set_title("\n".join(lines), fontsize=size, pad=30 if beside else 14, parse_math=False, linespacing=1.4)
    if beside:
        place = {"xycoords": "axes fraction", "xytext": (0, 9), "textcoords": "offset points", "ha": "center"}
        axes.annotate(beside, (0.5, 1.0), fontsize=12, color="#555555", parse_math=False, **place)


def _levels(values: list[float]) -> tuple[float, float]:
    """Return the lowest and the highest value that a map tells apart."""
    if not values:
        return 0.0, 1.0
    values.sort()
    low, high = fence(values)
    if values[-1] / PEAK - values[0] / PEAK < high - low:
        low, high = values[0], values[-1]
    return _apart(low, high)


def _span(points: Sequence[float]) -> tuple[float, float]:
    return min(points[0], points[-1]), max(points[0], points[-1])


def _arrows(axes: Any, plot: ContourPlot) -> None:
    """Draw the gradient at some of the points."""
    columns = _some(len(plot.across))
    rows = _some(len(plot.up))
    by_first, by_second = plot.gradient
    places = [(row, column) for row in rows for column in columns]
    lengths = {place: hypot(by_first[place[0]][place[1]], by_second[place[0]][place[1]]) for place in places}
    known = sorted(length for length in lengths.values() if isfinite(length))
    if not known or known[-1] == 0.0:
        return
    # The longest reaches to its neighbour; those next to a pole are no longer than it.
    longest = fence(known)[1]
    arrows = []
    for (row, column), length in lengths.items():
        if 0.0 < length < inf:
            share = min(1.0, longest / length)
            arrows.append(
                (plot.across[column], plot.up[row], by_first[row][column] * share, by_second[row][column] * share)
            )
    style: dict[str, Any] = {"scale": longest * MOST_ARROWS, "scale_units": "width", "width": 0.0032, "color": INK}
    axes.quiver(*zip(*arrows, strict=True), angles="xy", zorder=3, **style)


def _some(count: int) -> range:
    """Return the indices of at most `MOST_ARROWS` of `count` points, evenly spaced and centred."""
    step = -(-count // MOST_ARROWS)
    return range((count - 1) % step // 2, count, step)


# The terminal


def terminal_picture(
    plot: CurvePlot, width: int, height: int, *, colour: bool = False, plain: bool = False
) -> Iterator[str]:
    """Yield the lines of a picture of `plot`, `width` columns wide, `height` of them with the legend below.

    Without `colour` they hold no codes for it, with `plain` nothing but ASCII beside what the
    expression brings. Raises RenderError without plotext.
    """
    legend = list(_legend(plot, width))
    with _made_by("plotext", "a picture in the terminal"):
        drawn = _built(plot, width, height - len(legend), colour, plain)
    for line in (*drawn.splitlines(), *legend):
        yield line.translate(PLAIN).rstrip() if plain else line.rstrip()


def _built(plot: CurvePlot, width: int, height: int, colour: bool, plain: bool) -> str:
    """Return the picture without its legend."""
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    (low, high), (bottom, top) = plot.width(), plot.height()
    plotext.xlim(low, high)
    plotext.ylim(bottom, top)
    for ticks, ends, most in ((plotext.xticks, (low, high), width // 12), (plotext.yticks, (bottom, top), height // 4)):
        marks = list(_ticks(*ends, max(most, 1)))
        ticks(marks, [short_number(mark) for mark in marks])

    def draw(line: list[tuple[float, float]], marker: str, shade: str) -> None:
        for part in clipped(line, bottom, top):
            points, values = zip(*part, strict=True)
            plotext.plot(points, values, marker=marker.translate(PLAIN) if plain else marker, color=shade)

    if plot.tangent:
        draw([(end, plot.tangent.at(end)) for end in (low, high)], MARKS["tangent"], "green")
    for line in _lines(plot.derivative) if plot.derivative else ():
        draw(line, MARKS["derivative"], "orange")
    for line in _lines(plot.value):
        draw(line, MARKS["value"] if plain else "braille", "blue")
    plotext.title(_cut(_one_line(plot.text), width - 4))
    plotext.xlabel(plot.name)
    drawn: str = plotext.build()
    return drawn if colour else plotext.uncolorize(drawn)


def _legend(plot: CurvePlot, width: int) -> Iterator[str]:
    """Yield the lines that say what is drawn with what."""
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
    """Return the ends of what lies between `bottom` and `top` of the line from `a` to `b`, None where nothing does."""
    if max(a[1], b[1]) < bottom or min(a[1], b[1]) > top:
        return None
    return _moved(a, b, bottom, top), _moved(b, a, bottom, top)


def _moved(end: tuple[float, float], other: tuple[float, float], bottom: float, top: float) -> tuple[float, float]:
    """Return `end` or, where it lies outside, the place where the line to `other` comes in."""
    edge = min(max(end[1], bottom), top)
    if edge == end[1]:
        return end
    share = (edge / 2.0 - end[1] / 2.0) / (other[1] / 2.0 - end[1] / 2.0)
    return end[0] + share * (other[0] - end[0]), edge


def _ticks(low: float, high: float, most: int) -> Iterator[float]:
    """Yield round numbers between `low` and `high`: 1, 2 or 5 of a power of ten apart, at most `most` and one."""
    least = (high / most - low / most) or high
    power = 10.0 ** floor(log10(least))
    step = next((step for step in (power, 2.0 * power, 5.0 * power) if step >= least), 10.0 * power)
    for index in range(-floor(-low / step), floor(high / step) + 1):
        yield index * step

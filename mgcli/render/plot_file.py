"""Plots as pictures in files, made by matplotlib, which comes with the extra `plot` and is loaded when one is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from math import hypot, inf, isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from mgcli.analysis.curves import Curve, fence
from mgcli.notation import short_number
from mgcli.render.plot import ContourPlot, CurvePlot, apart, lines_of, made_by, one_line
from mgcli.render.visible import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
"""What a picture can be written as."""

LARGEST = 1e249
"""The largest number that matplotlib draws without overflowing itself."""

MOST_ARROWS = 18
"""The maximum number of gradient arrows along one axis."""

PEAK = 20.0
"""How many times as high as most of a map a peak may be before it is cut off, as at a pole."""

# The colours of Okabe and Ito, which colour-blind readers can distinguish.
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


def curve_picture(plot: CurvePlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with empty_figure() as figure:
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
        return written(figure, form, plot.text)


def contour_picture(plot: ContourPlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with empty_figure() as figure:
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
        # Pale, so that lines, labels and arrows in ink are visible on every shade.
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
        return written(figure, form, plot.text)


@contextmanager
def empty_figure() -> Iterator[Figure]:
    """Give an empty figure, unaffected by the user's settings of matplotlib."""
    import logging
    import warnings

    logger = logging.getLogger("matplotlib")
    level = logger.level
    # Its messages about the font cache are of no interest here.
    logger.setLevel(logging.ERROR)
    try:
        with made_by("matplotlib", "a picture in a file"):
            import matplotlib
            from matplotlib.figure import Figure

            with matplotlib.rc_context(), warnings.catch_warnings():
                # A character that no font has, or a line outside the picture, is visible in the picture itself.
                warnings.simplefilter("ignore")
                matplotlib.rcdefaults()
                matplotlib.rcParams.update(STYLE)  # type: ignore[arg-type]
                yield Figure(layout="constrained")
    finally:
        logger.setLevel(level)


def written(figure: Figure, form: str, text: str) -> bytes:
    """Return the picture in `form`; `text` is its title."""
    title = visible(one_line(text))
    # No date, and no version: the same plot is the same file.
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "mg", "Title": title},
        "pdf": {"CreationDate": None, "Creator": "mg", "Producer": None, "Title": title},
        "png": {"Software": None, "Title": title},
    }
    content = BytesIO()
    figure.savefig(content, format=form, metadata=metadata[form])
    return content.getvalue()


def _frame(axes: Any, width: tuple[float, float], height: tuple[float, float]) -> None:
    """Set what is shown, with a margin, and draw the lines at 0."""
    for ends, limit, line in ((width, axes.set_xlim, axes.axvline), (height, axes.set_ylim, axes.axhline)):
        low, high = apart(*ends, LARGEST)
        margin = high / 20.0 - low / 20.0
        limit(low - margin, high + margin)
        if low - margin < 0.0 < high + margin:
            line(0.0, color="#999999", linewidth=1.2, zorder=1)


def _draw(axes: Any, curve: Curve, colour: str, label: str, width: float) -> None:
    for line in lines_of(curve):
        points, values = zip(*line, strict=True)
        style = {"marker": "o", "markersize": width * 1.6} if len(line) == 1 else {}
        axes.plot(points, values, color=colour, linewidth=width, label=label, **style)
        label = "_"


def _given(given: dict[str, float]) -> str:
    return ", ".join(f"{name} = {short_number(value)}" for name, value in given.items())


def _name(axes: Any, text: str, given: dict[str, float]) -> None:
    """Set the title: the expression, in a size in which it fits, and the values of the fixed variables."""
    lines = wrap(visible(one_line(text)), 96, break_on_hyphens=False) or [""]
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]} ..."]
    size = 19 if len(lines[0]) <= 44 else 15 if len(lines[0]) <= 64 else 11.5
    beside = _given(given)
    axes.set_title("\n".join(lines), fontsize=size, pad=30 if beside else 14, parse_math=False, linespacing=1.4)
    if beside:
        place = {"xycoords": "axes fraction", "xytext": (0, 9), "textcoords": "offset points", "ha": "center"}
        axes.annotate(beside, (0.5, 1.0), fontsize=12, color="#555555", parse_math=False, **place)


def _levels(values: list[float]) -> tuple[float, float]:
    """Return the lowest and the highest value that a map distinguishes."""
    if not values:
        return 0.0, 1.0
    values.sort()
    low, high = fence(values)
    if values[-1] / PEAK - values[0] / PEAK < high - low:
        low, high = values[0], values[-1]
    return apart(low, high, LARGEST)


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
    # The longest reaches its neighbour; those next to a pole are no longer than that.
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

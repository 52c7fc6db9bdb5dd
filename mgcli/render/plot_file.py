"""Plots as pictures in files, made by matplotlib, which comes with the extra `plot` and is loaded when one is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from math import floor, hypot, inf, log10
from typing import TYPE_CHECKING, Any

from mgcli.notation import LATEX, short_number
from mgcli.render.lettering import depth, families, largest, marked_up, mathematics, portable, width, wrapped
from mgcli.render.levels import levels_of
from mgcli.render.plot import Axis, ContourPlot, CurvePlot, Line, Look, Point, made_by
from mgcli.render.visible import visible, visible_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
"""What a picture can be written as."""

VIEWED = ("svg",)
"""The formats whose text is set in the fonts of the viewer."""

DOTS = 150
"""The dots of an inch in a png."""

SIZE, MAP_SIZE = (9.6, 5.4), (9.6, 6.4)
"""The width and height of a plot of curves and of a map, in inches."""

ORDINARY = 1e200
"""What matplotlib draws as it is; larger numbers, and those below its inverse, are drawn in another unit."""

MOST_ARROWS = 18
"""The maximum number of gradient arrows along one axis."""

MARGIN = 0.05
"""The margin of a plot of curves on each side, as a fraction of its length."""

# The colours of Okabe and Ito, which colour-blind readers can distinguish.
BLUE, ORANGE, GREEN, INK, PALE = "#0072B2", "#D55E00", "#009E73", "#222222", "#DDDDDD"
COLOURS = (BLUE, ORANGE, "#CC79A7", "#E69F00", "#56B4E9", INK)
"""The colours of curves; the tangent is green."""

DASHES: tuple[Any, ...] = ((0, (5, 1.8)), (0, (2, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (1, 1)))
"""How all curves but the first are dashed: where two coincide, both are seen."""

TANGENT: dict[str, Any] = {"color": GREEN, "linewidth": 2.0, "linestyle": (0, (5, 2))}
"""How the tangent is drawn."""

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
    "figure.dpi": DOTS,
    "figure.figsize": SIZE,
    "font.size": 13,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 13,
    "legend.handlelength": 2.6,
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
    # Text that can be searched, copied and edited.
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def curve_picture(plot: CurvePlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with empty_figure(_letters(plot)) as figure:
        figure.set_size_inches(*(plot.look.size or SIZE))
        axes = figure.add_subplot()
        across, up = plot.across(), plot.up()
        units = _frame(axes, across, up, plot.look)
        styles = [_style(index, line) for index, line in enumerate(plot.lines)]
        for index, (line, style) in enumerate(zip(plot.lines, styles, strict=True)):
            for part in plot.drawn(line, across, up, 2 * MARGIN):
                dot = {"marker": "o", "markersize": 1.6 * style["linewidth"]} if len(part) == 1 else {}
                axes.plot(*_unscaled(part, across, up, units), zorder=2.5 + 0.1 * index, **style, **dot)
        for part in plot.drawn_tangent(across, up, 2 * MARGIN):
            axes.plot(*_unscaled(part, across, up, units), **TANGENT)
        if plot.tangent:
            touched = (across.scaled(plot.tangent.point), up.scaled(plot.tangent.value))
            axes.plot(*_unscaled([touched], across, up, units), "o", color=GREEN, markersize=9, zorder=5)
        _label(axes.set_xlabel, plot.look.xlabel, plot.name, LATEX.name(plot.name))
        _title(axes, plot, plot.look)
        alone = len(plot.lines) == 1 and not plot.tangent
        if alone or plot.look.ylabel is not None:
            _label(axes.set_ylabel, plot.look.ylabel, plot.lines[0].label, plot.lines[0].latex)
        if not alone:
            _legend(figure, plot, styles)
        return written(figure, form, plot.title)


def contour_picture(plot: ContourPlot, form: str) -> bytes:
    """Return the picture of `plot` in `form`, the same for the same plot. Raises RenderError without matplotlib."""
    with empty_figure(_letters(plot)) as figure:
        import numpy
        from matplotlib import colormaps
        from matplotlib.colors import BoundaryNorm, ListedColormap

        figure.set_size_inches(*(plot.look.size or _map_size(plot)))
        axes = figure.add_subplot()
        if "x" in plot.look.log:
            axes.set_xscale("log")
        if "y" in plot.look.log:
            axes.set_yscale("log")
        values = numpy.ma.masked_invalid(numpy.array(plot.rows))
        levels = levels_of(values.compressed().tolist())
        below, above = bool(values.min() < levels[0]), bool(values.max() > levels[-1])
        beyond = {(True, True): "both", (True, False): "min", (False, True): "max", (False, False): "neither"}
        extend: Any = beyond[below, above]
        # Pale, so that lines, labels and arrows are visible on every shade.
        shades = ListedColormap(1.0 - 0.5 * (1.0 - colormaps["viridis"](numpy.linspace(0.0, 1.0, 256))[:, :3]))
        norm = BoundaryNorm(levels, shades.N, extend=extend)
        filled = axes.contourf(plot.across, plot.up, values, levels, cmap=shades, norm=norm, extend=extend)
        style: dict[str, Any] = {"colors": INK, "linewidths": 0.7, "alpha": 0.55, "linestyles": "solid"}
        lines: Any = axes.contour(plot.across, plot.up, values, levels, **style)
        axes.grid(visible=False)
        _map_ends(axes, plot)
        axes.clabel(lines, lines.levels[::2], fontsize=11, fmt=_signed, zorder=4)
        _arrows(figure, axes, plot)
        _bar(figure, axes, filled, plot.label, plot.label_latex)
        _label(axes.set_xlabel, plot.look.xlabel, plot.names[0], LATEX.name(plot.names[0]))
        flat = len(plot.look.ylabel or plot.names[1]) <= 3
        turned = {"rotation": 0, "labelpad": 12} if flat else {}
        _label(axes.set_ylabel, plot.look.ylabel, plot.names[1], LATEX.name(plot.names[1]), **turned)
        _title(axes, plot, plot.look)
        return written(figure, form, plot.title, cropped=plot.look.size is None)


def missing_letters(plot: CurvePlot | ContourPlot, form: str) -> str:
    """Return the letters of a picture in `form` for which there is no font. See `letters_without_font`."""
    return letters_without_font(_letters(plot), form)


def letters_without_font(text: str, form: str) -> str:
    """Return the letters of `text` for which this machine has no font, so that a picture in `form` has boxes instead.

    Raises RenderError without matplotlib.
    """
    if form in VIEWED or text.isascii():
        return ""
    with _quiet():
        return families(text)[1]


def _letters(plot: CurvePlot | ContourPlot) -> str:
    """Return all texts of a picture."""
    names = [plot.name] if isinstance(plot, CurvePlot) else plot.names
    return "".join([plot.title, *names, *plot.given, plot.look.xlabel or "", plot.look.ylabel or ""])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep matplotlib's messages and warnings from the user."""
    import logging
    import warnings

    logger = logging.getLogger("matplotlib")
    level = logger.level
    # Its messages about the font cache are of no interest here.
    logger.setLevel(logging.ERROR)
    try:
        with made_by("matplotlib", "a picture in a file"), warnings.catch_warnings():
            # A character that no font has, or a line outside the picture, is visible in the picture itself.
            warnings.simplefilter("ignore")
            import matplotlib  # noqa: F401

            yield
    finally:
        logger.setLevel(level)


@contextmanager
def empty_figure(text: str = "") -> Iterator[Figure]:
    """Give an empty figure with fonts for the letters of `text`, unaffected by the user's settings of matplotlib."""
    with _quiet():
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            settings: Any = {**STYLE, "font.family": families(text)[0]}
            matplotlib.rcParams.update(settings)
            yield Figure(layout="constrained")


def written(figure: Figure, form: str, text: str, *, cropped: bool = False) -> bytes:
    """Return the picture in `form`; `text` is its title. With `cropped`, nothing around it is left empty."""
    title = visible_title(text)
    # No date, and no version: the same plot is the same file.
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "mg", "Title": title},
        "pdf": {"CreationDate": None, "Creator": "mg", "Producer": None, "Title": title},
        "png": {"Software": None, "Title": title},
    }
    content = BytesIO()
    crop: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.15} if cropped else {}
    figure.savefig(content, format=form, metadata=metadata[form], **crop)
    return portable(content.getvalue().decode()).encode() if form == "svg" else content.getvalue()


Units = tuple[float, float]
"""What a number is divided by along each axis before it is drawn."""


def _unit(axis: Axis) -> float:
    """Return 1, or a power of ten for an axis whose numbers matplotlib cannot handle."""
    reach = max(abs(axis.low), abs(axis.high))
    return 1.0 if axis.log or 1.0 / ORDINARY < reach < ORDINARY else 10.0 ** max(floor(log10(reach)), -323)


def _unscaled(part: Iterable[Point], across: Axis, up: Axis, units: Units) -> list[list[float]]:
    """Return the points of a part of a curve as matplotlib gets them: all the first numbers, all the second."""
    both = zip((across, up), units, zip(*part, strict=True), strict=True)
    return [[axis.number(scaled) / unit for scaled in ends] for axis, unit, ends in both]


def _frame(axes: Any, across: Axis, up: Axis, look: Look) -> Units:
    """Set what is shown, and draw the lines at 0; return the units."""
    from matplotlib.ticker import FuncFormatter

    units = _unit(across), _unit(up)
    sides = (
        (across, units[0], look.xlim, axes.xaxis, axes.set_xscale, axes.set_xlim, axes.axvline),
        (up, units[1], look.ylim, axes.yaxis, axes.set_yscale, axes.set_ylim, axes.axhline),
    )
    for axis, unit, chosen, ruler, set_scale, limit, line in sides:
        low, high = map(axis.number, axis.ends(0.0 if chosen else MARGIN))
        if axis.log:
            set_scale("log")
            _set_powers(ruler, axis)
        elif low < 0.0 < high:
            line(0.0, color="#999999", linewidth=1.2, zorder=1)
        limit(low / unit, high / unit)
        if unit != 1.0:
            ruler.set_major_formatter(FuncFormatter(lambda mark, _, unit=unit: _signed(mark * unit)))
    return units


def _set_powers(ruler: Any, axis: Axis) -> None:
    """Set the ticks of a logarithmic axis; matplotlib's own overflow where the numbers do nearly."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ruler.set_major_locator(FixedLocator(axis.ticks(8)))
    ruler.set_major_formatter(FuncFormatter(lambda mark, _: _power(mark)))
    if axis.high - axis.low > 12.0 or max(abs(axis.low), abs(axis.high)) > 300.0:
        ruler.set_minor_locator(NullLocator())
    ruler.set_minor_formatter(FuncFormatter(lambda mark, _: ""))


def _power(mark: float) -> str:
    """Return a number on a logarithmic axis: a large or small power of ten with its exponent."""
    exponent = round(log10(mark))
    is_power = abs(10.0**exponent - mark) < 1e-9 * mark
    return _signed(mark) if 1e-3 <= mark <= 1e4 or not is_power else f"$10^{{{exponent}}}$"


def _style(index: int, line: Line) -> dict[str, Any]:
    """Return the colour, width and dashes of the curve at this index."""
    dashes = DASHES[(index - 1) % len(DASHES)] if index else "solid"
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linewidth": 2.0 if line.derivative else 2.6,
        "linestyle": dashes,
    }


def _labelled(line: Line, several: bool) -> str:
    """Return the label of a curve in the legend, as mathematics if it can be set."""
    # A fraction would be too small here, and words in a formula could not be searched.
    plain = line.latex is None or r"\frac" in line.latex or (line.derivative and several)
    formula = None if plain else mathematics(line.latex)
    if formula and width(formula, 13, math=True) <= 300.0:
        return formula
    text = visible(line.label)
    return (text if len(text) <= 48 else f"{text[:45]}...").replace("$", r"\$")


def _legend(figure: Figure, plot: CurvePlot, styles: Sequence[dict[str, Any]]) -> None:
    """Add the legend below the picture, in as many columns as are wide enough."""
    from matplotlib.lines import Line2D

    shown = [_labelled(line, plot.several) for line in plot.lines]
    handles = [Line2D([], [], **style) for style in styles]
    if plot.tangent:
        shown.append(plot.tangent_label)
        handles.append(Line2D([], [], **TANGENT))
    widths = [width(label, 13, math="$" in label) + 72.0 for label in shown]
    room = 72.0 * figure.get_size_inches()[0]
    # The columns are filled one after the other.
    counts = range(len(shown), 1, -1)
    fitting = (count for count in counts if sum(map(max, _columns(widths, count))) <= room)
    count = next(fitting, 1)
    figure.legend(handles, shown, loc="outside lower center", ncols=count)


def _columns(widths: Sequence[float], count: int) -> list[Sequence[float]]:
    """Return the widths of the entries of a legend by columns, as matplotlib fills them."""
    rows, more = divmod(len(widths), count)
    starts = [column * rows + min(column, more) for column in range(count + 1)]
    return [widths[start:stop] for start, stop in pairwise(starts)]


def _signed(number: float) -> str:
    """Return a number rounded to 6 digits, with a true minus sign."""
    text = short_number(number)
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text


def _label(setter: Any, chosen: str | None, text: str, latex: str | None, **style: Any) -> None:
    """Set a label: the one chosen, or mathematics, or text."""
    formula = mathematics(latex) if chosen is None else marked_up(chosen)
    shown = formula or visible_title(text if chosen is None else chosen)
    setter(shown, parse_math=bool(formula), **style)


def _title(axes: Any, plot: CurvePlot | ContourPlot, look: Look) -> None:
    """Set the title, in a size in which it fits, and below it the values of the fixed variables."""
    # Beside a map are its scales.
    room = 72.0 * axes.figure.get_size_inches()[0] * (0.88 if isinstance(plot, CurvePlot) else 0.66)
    formula = mathematics(plot.latex, displayed=True) if look.title is None else marked_up(look.title)
    size = largest(formula, (20, 17, 14), room, math=True) if formula else None
    shown = formula or ""
    if size is None:
        size = largest(plot.title, (19, 15), room) or 11.5
        shown, formula = "\n".join(wrapped(plot.title, size, room, 3)), None
    given = {} if look.title is not None else plot.given
    # matplotlib places a title by its baseline, and a fraction reaches below that.
    pad = (30 if given else 12) + (depth(shown, size) if formula else 4)
    # A line of a fixed height would cut a formula.
    spacing = {} if formula else {"linespacing": 1.4}
    axes.set_title(shown, fontsize=size, pad=pad, parse_math=bool(formula), **spacing)
    if given:
        place = {"xycoords": "axes fraction", "xytext": (0, 9), "textcoords": "offset points", "ha": "center"}
        beside, is_formula = _given(given, room)
        axes.annotate(beside, (0.5, 1.0), fontsize=12, color="#555555", parse_math=is_formula, **place)


def _given(given: dict[str, float], room: float) -> tuple[str, bool]:
    """Return the values of the fixed variables, and whether they are mathematics."""
    latex = [f"{LATEX.name(name)} = {LATEX.number(float(f'{value:.6g}'))}" for name, value in given.items()]
    formula = mathematics(r",\quad ".join(latex))
    if formula and largest(formula, (12,), room, math=True):
        return formula, True
    text = ", ".join(f"{name} = {short_number(value)}" for name, value in given.items())
    return wrapped(visible(text), 12, room, 1)[0], False


def _map_ends(axes: Any, plot: ContourPlot) -> None:
    """Set what is shown of a map, with one scale for both axes where that is possible."""
    across, up = _map_spans(plot)
    axes.set_xlim(*across)
    axes.set_ylim(*up)
    if _proportion(plot):
        axes.set_aspect("equal")


def _map_size(plot: ContourPlot) -> tuple[float, float]:
    """Return the width and height of a map: one that is wider than high needs less room for its scales."""
    width, height = MAP_SIZE
    return width, min(height, 2.0 + 5.8 * (_proportion(plot) or 1.0))


def _map_spans(plot: ContourPlot) -> tuple[Point, Point]:
    return plot.look.xlim or _span(plot.across), plot.look.ylim or _span(plot.up)


def _proportion(plot: ContourPlot) -> float | None:
    """Return the height of a map by its width, None if the two axes have scales of their own."""
    (left, right), (bottom, top) = _map_spans(plot)
    proportion = (top - bottom) / (right - left)
    return proportion if not plot.look.log and 0.5 <= proportion <= 2.0 else None


def _span(points: Sequence[float]) -> tuple[float, float]:
    return min(points[0], points[-1]), max(points[0], points[-1])


def _arrows(figure: Figure, axes: Any, plot: ContourPlot) -> None:
    """Draw the gradient at some of the points: all arrows are of one length, and their colour is how steep it is."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, LogNorm, Normalize

    by_first, by_second = plot.gradient
    arrows = []
    proportion = _proportion(plot) or 0.85
    most_across, most_up = (round(MOST_ARROWS * min(1.0, part)) for part in (1 / proportion, proportion))
    for row in _some(len(plot.up), most_up):
        for column in _some(len(plot.across), most_across):
            first, second = by_first[row][column], by_second[row][column]
            length = hypot(first, second)
            if 0.0 < length < inf and _is_shown(axes, plot.across[column], plot.up[row]):
                arrows.append((plot.across[column], plot.up[row], first / length, second / length, length))
    if not arrows:
        return
    across, up, firsts, seconds, lengths = map(list, zip(*arrows, strict=True))
    # On a logarithmic axis an arrow must not reach beyond 0.
    short = 1e-6 * min(map(abs, (*across, *up))) if plot.look.log else 1.0
    low, high = _middle_of(lengths)
    spread = low > 0.0 and high / low > 30.0
    norm: Normalize = LogNorm(low, high) if spread else Normalize(low if low < high else 0.0, high)
    shades = ListedColormap(colormaps["inferno_r"](range(70, 256, 2)))
    style: dict[str, Any] = {
        "scale": short * 1.25 * most_across,
        "scale_units": "width",
        "units": "inches",
        "width": 0.021,
        "zorder": 3,
    }
    drawn = axes.quiver(
        across,
        up,
        [short * part for part in firsts],
        [short * part for part in seconds],
        lengths,
        angles="xy",
        pivot="mid",
        clip_on=False,
        cmap=shades,
        norm=norm,
        **style,
    )
    # It would be measured as if it reached far beyond the picture.
    drawn.set_in_layout(False)
    ticks = Axis(log10(low), log10(high), log=True).ticks(6) if spread else None
    _bar(figure, axes, drawn, f"length of the gradient of {plot.label.partition('(')[0]}", plot.slope_latex, ticks)


def _bar(figure: Figure, axes: Any, drawn: Any, label: str, latex: str, ticks: Sequence[float] | None = None) -> None:
    """Add the scale of the colours of what is `drawn`."""
    form: Any = lambda level, _: _signed(level)  # noqa: E731
    bar: Any = figure.colorbar(drawn, ax=axes, shrink=0.95, pad=0.02, format=form, ticks=ticks)
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    _label(bar.ax.set_ylabel, None, label, latex, fontsize=13)


def _is_shown(axes: Any, point: float, other: float) -> bool:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    return bool(left <= point <= right and bottom <= other <= top)


def _middle_of(lengths: Sequence[float]) -> tuple[float, float]:
    """Return the range of nearly all lengths, without the hundredth that is shortest and the one that is longest."""
    ascending = sorted(lengths)
    few = len(ascending) // 100
    return ascending[few], ascending[-1 - few]


def _some(count: int, most: int) -> range:
    """Return the indices of at most `most` of `count` points, evenly spaced and centred."""
    step = -(-count // most)
    number = count // step
    first = (count - 1 - (number - 1) * step) // 2
    return range(first, first + number * step, step)

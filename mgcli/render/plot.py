"""What a plot shows: curves over one variable, or a contour map over two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from math import floor, inf, isfinite, log10, nan
from typing import NamedTuple

from mgcli.analysis.curves import Curve, Tangent, slope_curve, value_curve
from mgcli.analysis.sweep import Swept
from mgcli.errors import RenderError
from mgcli.language.program import Program
from mgcli.notation import LATEX, short_number
from mgcli.render.formulas import equations_of, function_letter
from mgcli.render.visible import program_line, visible, visible_title

MOST_DRAWN = 4000
"""The maximum number of points of a piece that are drawn; of more, the lowest and the highest of each group."""

LARGEST = 1.7e308
"""The largest number that an axis reaches."""

LOGARITHMS = (-323.0, 308.23)
"""The decimal logarithms of nearly the smallest and the largest float."""

MOST_TEXT = 300
"""The maximum length of a program that is written as mathematics."""

Point = tuple[float, float]


class Look(NamedTuple):
    """What the user chooses of a picture; None, or nothing, where mg chooses.

    log: the axes that are logarithmic: "x", "y", "xy" or "".
    size: the width and height of a file's picture in inches.
    """

    title: str | None = None
    xlabel: str | None = None
    ylabel: str | None = None
    xlim: tuple[float, float] | None = None
    ylim: tuple[float, float] | None = None
    log: str = ""
    size: tuple[float, float] | None = None


CHOSEN_BY_MG = Look()


class Axis:
    """An axis, linear or logarithmic, from `low` to `high`; these are logarithms on a logarithmic axis."""

    def __init__(self, low: float, high: float, log: bool = False) -> None:
        self.low = low
        self.high = high
        self.log = log

    def scaled(self, number: float) -> float:
        """Return `number`, or its logarithm; nan where that is not defined."""
        return _logarithm(number) if self.log else number

    def number(self, scaled: float) -> float:
        """Return the number that is scaled to `scaled`."""
        return float(10.0**scaled) if self.log else scaled

    def ends(self, margin: float = 0.0) -> tuple[float, float]:
        """Return its ends, scaled, with a margin, a fraction of its length, on both sides."""
        beyond = margin * self.high - margin * self.low
        low, high = self.low - beyond, self.high + beyond
        smallest, largest = LOGARITHMS if self.log else (-LARGEST, LARGEST)
        return max(low, smallest), min(high, largest)

    def share(self, scaled: float) -> float:
        """Return where a scaled number is between the ends: 0 is `low`, 1 is `high`."""
        return (scaled / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)

    def ticks(self, most: int) -> list[float]:
        """Return round numbers on the axis, about `most`."""
        if not self.log:
            return _two_or_more(self.low, self.high, most)
        step = max(1, -floor(-(self.high - self.low) / most))
        powers = range(-floor(-self.low), floor(self.high) + 1)
        marks = [10.0**power for power in powers if power % step == 0]
        if len(marks) > 2 or (len(marks) > 1 and self.high - self.low > 1.5):
            return marks
        low, high = self.number(self.low), self.number(self.high)
        powers = range(floor(self.low), floor(self.high) + 1)
        marks = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
        marks = [mark for mark in marks if low <= mark <= high]
        return marks if len(marks) > 2 else _two_or_more(low, high, most)


def _logarithm(number: float) -> float:
    return log10(number) if number > 0.0 else nan


def _axis(ends: Iterable[float], chosen: tuple[float, float] | None, log: bool) -> Axis:
    """Return the axis that `ends`, which are scaled, or `chosen`, which are not, lie on."""
    if chosen:
        low, high = map(log10, chosen) if log else chosen
        return Axis(low, high, log)
    known = [end for end in ends if isfinite(end)] or [0.0, 1.0]
    return Axis(*apart(min(known), max(known)), log)


class Line(NamedTuple):
    """The curve of the value or the derivative of an expression, by its index; `latex` is the label's formula."""

    curve: Curve
    label: str
    latex: str | None
    expression: int = 0
    derivative: bool = False


class CurvePlot:
    """What a picture of curves shows.

    texts: the expressions, and latex: their formulas, if they are short. given: the values of the variables that are
    not swept. name: the one that is. lines: the curves.
    """

    def __init__(
        self,
        texts: Sequence[str],
        latex: Sequence[str | None],
        given: dict[str, float],
        name: str,
        lines: Sequence[Line],
        tangent: Tangent | None = None,
        look: Look = CHOSEN_BY_MG,
    ) -> None:
        self.text = ", ".join(map(program_line, texts))
        self.latex = _joined(latex)
        self.given = given
        self.name = name
        self.lines = lines
        self.tangent = tangent
        self.look = look

    @property
    def title(self) -> str:
        """The title as text on one line."""
        return visible(self.text) if self.look.title is None else visible_title(self.look.title)

    @property
    def tangent_label(self) -> str:
        """The tangent in words, with its slope."""
        assert self.tangent
        return f"tangent at {self.name} = {short_number(self.tangent.point)}, slope {short_number(self.tangent.slope)}"

    @property
    def several(self) -> bool:
        """Whether it shows more than one expression."""
        return any(line.expression for line in self.lines)

    def hidden(self) -> int:
        """Return how many values a logarithmic axis cannot show."""
        if "y" not in self.look.log:
            return 0
        return sum(value <= 0.0 for line in self.lines for value in line.curve.values)

    def across(self) -> Axis:
        """Return the axis of the variable."""
        log = "x" in self.look.log
        points = self.lines[0].curve.points
        ends = [points[0], points[-1], *([self.tangent.point] if self.tangent else [])]
        return _axis(map(_logarithm, ends) if log else ends, self.look.xlim, log)

    def up(self) -> Axis:
        """Return the axis of the values; from 0 to 1 if there is none."""
        log = "y" in self.look.log
        ranges = [line.curve.range(_logarithm if log else float, self.look.xlim) for line in self.lines]
        ends = [end for both in ranges if both for end in both]
        if self.tangent:
            ends.append(_logarithm(self.tangent.value) if log else self.tangent.value)
        return _axis(ends, self.look.ylim, log)

    def drawn(self, line: Line, across: Axis, up: Axis, margin: float = 0.0) -> Iterator[list[Point]]:
        """Yield the points to draw of each piece of a curve, scaled, and cut where it leaves the picture."""
        for piece in lines_of(line.curve):
            yield from inside(piece, across, up, margin)

    def drawn_tangent(self, across: Axis, up: Axis, margin: float = 0.0) -> Iterator[list[Point]]:
        """Yield the points to draw of the tangent, as `drawn` does."""
        if self.tangent:
            low, high = map(across.number, across.ends(margin))
            # A straight line is curved over a logarithm.
            shares = [index / 200 for index in range(201)] if across.log or up.log else [0.0, 1.0]
            points = [low * (1.0 - share) + high * share for share in shares]
            yield from inside([(point, self.tangent.at(point)) for point in points], across, up, margin)


class ContourPlot:
    """What a contour map shows: values over two variables, with gradients.

    names: the variables. across, up: their points. rows: the values, a row for each point of `up`.
    gradient: with respect to the first and to the second variable, in rows too. latex: the formula, if it is short.
    """

    def __init__(
        self,
        text: str,
        latex: str | None,
        given: dict[str, float],
        names: tuple[str, str],
        result: str,
        across: Sequence[float],
        up: Sequence[float],
        rows: Sequence[Sequence[float]],
        gradient: tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]],
        look: Look = CHOSEN_BY_MG,
    ) -> None:
        self.text = program_line(text)
        self.latex = latex
        self.given = given
        self.names = names
        self.label = f"{result}({', '.join(names)})"
        self.label_latex = call_latex(result, *names)
        self.slope_latex = rf"|\nabla {LATEX.name(result)}|"
        self.across = across
        self.up = up
        self.rows = rows
        self.gradient = gradient
        self.look = look

    @property
    def title(self) -> str:
        """The title as text on one line."""
        return visible(self.text) if self.look.title is None else visible_title(self.look.title)


def curve_plot(
    programs: Sequence[Program],
    given: dict[str, float],
    swept: Sequence[Swept],
    derivative: bool = False,
    tangent: Tangent | None = None,
    look: Look = CHOSEN_BY_MG,
) -> CurvePlot:
    """Return the plot of sweeps, one of each of `programs`; each must hold the gradient.

    With `derivative`, the curves of the derivatives are added.
    """
    name = swept[0].name
    formulas = [formula_latex(program) for program in programs]
    values = [value_curve(each) for each in swept]
    slopes = [slope_curve(each, value) for each, value in zip(swept, values, strict=True)] if derivative else []
    if len(programs) == 1:
        letter = function_letter(programs[0], name)
        labels: list[tuple[str, str | None]] = [(f"{letter}({name})", call_latex(letter, name))]
        slope_labels: list[tuple[str, str | None]] = [
            (f"d{letter}/d{name}", f"d{LATEX.name(letter)}/d{LATEX.name(name)}")
        ]
    else:
        texts = [program.result or program_line(program.text) for program in programs]
        labels = [
            (text, call_latex(program.result, name) if program.result else formula)
            for text, program, formula in zip(texts, programs, formulas, strict=True)
        ]
        slope_labels = [(f"derivative of {text}", latex) for text, latex in labels]
    lines = [Line(curve, *label, index) for index, (curve, label) in enumerate(zip(values, labels, strict=True))]
    lines += [
        Line(curve, *label, index, derivative=True)
        for index, (curve, label) in enumerate(zip(slopes, slope_labels, strict=False))
    ]
    return CurvePlot([program.text for program in programs], formulas, given, name, lines, tangent, look)


def contour_plot(
    program: Program,
    given: dict[str, float],
    names: tuple[str, str],
    across: Iterable[float],
    up: Iterable[float],
    rows: Sequence[Swept],
    look: Look = CHOSEN_BY_MG,
) -> ContourPlot:
    """Return the map of the sweeps `rows` over the first of `names`, one for each point of the second."""
    values = [row.result.data for row in rows]
    by_first, by_second = ([row.columns[name].grad for row in rows] for name in names)
    letter = function_letter(program, *names)
    gradient = (by_first, by_second)
    latex = formula_latex(program)
    return ContourPlot(program.text, latex, given, names, letter, list(across), list(up), values, gradient, look)


def formula_latex(program: Program) -> str | None:
    """Return the statements of a program as LaTeX, in one row; None for a long program."""
    if len(program.text) > MOST_TEXT:
        return None
    sides = equations_of(program, {"": program.root}, LATEX)
    # The last one repeats the name of the result, if it has one.
    shown = sides[:-1] if program.result and len(sides) > 1 else sides
    return _joined([f"{left} = {right}" if left else right for left, right in shown])


def call_latex(function: str, *names: str) -> str:
    """Return f(x) as LaTeX."""
    return rf"{LATEX.name(function)}\left({', '.join(map(LATEX.name, names))}\right)"


def _joined(formulas: Sequence[str | None]) -> str | None:
    known = [formula for formula in formulas if formula is not None]
    return r",\quad ".join(known) if len(known) == len(formulas) else None


def apart(low: float, high: float, largest: float = LARGEST) -> tuple[float, float]:
    """Return two different ends, around `low` and `high`, neither of them beyond `largest`."""
    low, high = (min(max(end, -largest), largest) for end in (low, high))
    if low < high:
        return low, high
    margin = abs(low) / 2.0 or 1.0
    return max(low - margin, -largest), min(high + margin, largest)


def thinned(points: Sequence[float], values: Sequence[float], most: int = MOST_DRAWN) -> Iterator[Point]:
    """Yield the points of a line, about `most` at the most: of many, the lowest and highest of each group."""
    group = -(-len(points) // (most // 2))
    pairs = iter(zip(points, values, strict=True))
    if group <= 2:
        yield from pairs
        return
    while some := list(islice(pairs, group)):
        low, high = min(some, key=lambda pair: pair[1]), max(some, key=lambda pair: pair[1])
        first, second = sorted((low, high), key=some.index)
        yield from (first, second)


def lines_of(curve: Curve) -> Iterator[list[Point]]:
    """Yield the points to draw of each piece of `curve`."""
    for piece in curve.pieces:
        some = slice(piece.start, piece.stop)
        yield list(thinned(curve.points[some], curve.values[some]))


def inside(line: Sequence[Point], across: Axis, up: Axis, margin: float = 0.0) -> Iterator[list[Point]]:
    """Yield the parts of a line that are on the axes or, with a margin, near them; their points are scaled.

    The line is interrupted where it has no logarithm.
    """
    wide, high = across.ends(margin), up.ends(margin)
    part: list[Point] = []
    for point, value in (*line, (nan, nan)):
        scaled = (across.scaled(point), up.scaled(value))
        if scaled[0] == scaled[0] and scaled[1] == scaled[1]:
            part.append(scaled)
            continue
        for between in clipped(part, *high):
            for turned in clipped([(b, a) for a, b in between], *wide):
                yield [(b, a) for a, b in turned]
        part = []


def clipped(line: Sequence[Point], bottom: float, top: float) -> Iterator[list[Point]]:
    """Yield the parts of a line that lie between `bottom` and `top`, cut where it crosses them."""
    part: list[Point] = []
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


def _inside(a: Point, b: Point, bottom: float, top: float) -> tuple[Point, Point] | None:
    """Return the ends of the part of the line from `a` to `b` between `bottom` and `top`, None if there is none."""
    if max(a[1], b[1]) < bottom or min(a[1], b[1]) > top:
        return None
    return _moved(a, b, bottom, top), _moved(b, a, bottom, top)


def _moved(end: Point, other: Point, bottom: float, top: float) -> Point:
    """Return `end` or, if it is outside, the point where the line to `other` enters."""
    edge = min(max(end[1], bottom), top)
    if edge == end[1]:
        return end
    share = (edge / 2.0 - end[1] / 2.0) / (other[1] / 2.0 - end[1] / 2.0)
    return end[0] * (1.0 - share) + share * other[0], edge


def _two_or_more(low: float, high: float, most: int) -> list[float]:
    """Return round numbers between `low` and `high`: about `most`, two at least."""
    tried = (list(_round_numbers(low, high, number)) for number in range(most, most + 4))
    return next((marks for marks in tried if len(marks) > 1), list(_round_numbers(low, high, most)))


def _round_numbers(low: float, high: float, most: int) -> Iterator[float]:
    """Yield round numbers between `low` and `high`: 1, 2 or 5 times a power of ten apart, at most `most` plus one."""
    least = (high / most - low / most) or high
    power = 10.0 ** floor(log10(least))
    step = next((step for step in (power, 2.0 * power, 5.0 * power) if step >= least), 10.0 * power)
    if step == inf:
        step = power
    for index in range(-floor(-low / step), floor(high / step) + 1):
        yield index * step


REQUIREMENTS = {"plotext": "'plotext<6'"}
"""What to install with pip to get a library, unless it is the library's name."""


@contextmanager
def made_by(module: str, what: str) -> Iterator[None]:
    """Raise RenderError if `module`, which makes `what`, is missing, or cannot handle the numbers."""
    try:
        yield
    except ImportError:
        message = f"{what} needs {module}, which is not installed"
        requirement = REQUIREMENTS.get(module, module)
        raise RenderError(message, hint=f"install it: python -m pip install {requirement}") from None
    except (ArithmeticError, ValueError) as error:
        hint = "it cannot handle very large or very small numbers: rescale the expression"
        raise RenderError(f"{module} cannot draw this: {error}", hint=hint) from error

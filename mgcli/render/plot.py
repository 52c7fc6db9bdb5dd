"""What a plot shows: curves over one variable, or a contour map over two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from mgcli.analysis.curves import Curve, Tangent, slope_curve, value_curve
from mgcli.analysis.sweep import Swept
from mgcli.errors import RenderError
from mgcli.language.program import Program
from mgcli.notation import short_number
from mgcli.render.formulas import function_letter

MOST_DRAWN = 4000
"""The maximum number of points of a piece that are drawn; of more, the lowest and the highest of each group."""

LARGEST = 5e307
"""The largest value that is shown: the distance between two ends must be a float too."""


class CurvePlot:
    """What a picture of curves shows.

    text: the expression. given: the values of the variables that are not swept. name: the one that is.
    result: what the result is called; with d, its derivative.
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
        return apart(min(ends), max(ends))

    def height(self) -> tuple[float, float]:
        """Return the lowest and the highest value that is shown; 0 to 1 where there is none."""
        ranges = [curve.range() for curve in (self.value, self.derivative) if curve]
        ends = [end for both in ranges if both for end in both]
        if self.tangent:
            ends.append(self.tangent.value)
        return apart(min(ends), max(ends)) if ends else (0.0, 1.0)


class ContourPlot:
    """What a contour map shows: values over two variables, with gradients.

    names: the variables. across, up: their points. rows: the values, a row for each point of `up`.
    gradient: with respect to the first and to the second variable, in rows too.
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


def curve_plot(
    program: Program, given: dict[str, float], swept: Swept, derivative: bool, tangent: Tangent | None
) -> CurvePlot:
    """Return the plot of a sweep, with the curve of the derivative if wanted; `swept` must hold the gradient."""
    value = value_curve(swept)
    slope = slope_curve(swept, value) if derivative else None
    letter = function_letter(program, swept.name)
    return CurvePlot(program.text, given, swept.name, letter, value, slope, tangent)


def contour_plot(
    program: Program,
    given: dict[str, float],
    names: tuple[str, str],
    across: Iterable[float],
    up: Iterable[float],
    rows: Sequence[Swept],
) -> ContourPlot:
    """Return the map of the sweeps `rows` over the first of `names`, one for each point of the second."""
    values = [row.result.data for row in rows]
    by_first, by_second = ([row.columns[name].grad for row in rows] for name in names)
    letter = function_letter(program, *names)
    return ContourPlot(program.text, given, names, letter, list(across), list(up), values, (by_first, by_second))


def apart(low: float, high: float, largest: float = LARGEST) -> tuple[float, float]:
    """Return two different ends, around `low` and `high`, neither of them beyond `largest`."""
    low, high = (min(max(end, -largest), largest) for end in (low, high))
    if low < high:
        return low, high
    margin = abs(low) / 2.0 or 1.0
    return low - margin, high + margin


def one_line(text: str) -> str:
    """Return the statements of a program on one line, without its comments."""
    statements = (" ".join(line.partition("#")[0].split()) for line in text.splitlines())
    return "; ".join(statement.rstrip("; ") for statement in statements if statement)


def thinned(points: Sequence[float], values: Sequence[float], most: int = MOST_DRAWN) -> Iterator[tuple[float, float]]:
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


def lines_of(curve: Curve) -> Iterator[list[tuple[float, float]]]:
    """Yield the points to draw of each piece of `curve`."""
    for piece in curve.pieces:
        some = slice(piece.start, piece.stop)
        yield list(thinned(curve.points[some], curve.values[some]))


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

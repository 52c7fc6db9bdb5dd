"""`mg plot`: the curve of an expression over a sweep."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.arguments import Arguments, way
from mgcli.cli.inputs import ExpressionCommand, Inputs, constant_option, inputs
from mgcli.cli.output import echo_json, echo_lines, json_option
from mgcli.cli.pictures import picture_format, picture_options, write_picture
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, function_letter, sweep_status
from mgcli.render.plot import ContourPlot, CurvePlot
from mgcli.render.plot_file import FORMATS

if TYPE_CHECKING:
    from mgcli.analysis.curves import Tangent
    from mgcli.analysis.sweep import Swept
    from mgcli.language.program import Program

SIZE = (80, 24)
"""The columns and lines of a picture that does not go to a terminal."""


def _even(swept: int) -> int:
    """Return how many points a range without a step has: one for a pixel or so of a curve, fewer along a map.

    An even number leaves out the middle, which is too often just the point where nothing is defined.
    """
    return 1000 if swept == 1 else 100


@click.command(cls=ExpressionCommand)
@click.option("--derivative", is_flag=True, help="Add the curve of the derivative.")
@click.option("--tangent", metavar="X", help="Add the tangent at X, a constant expression, with its slope.")
@picture_options(FORMATS)
@json_option
def command(
    arguments: Arguments, derivative: bool, tangent: str | None, out: str | None, form: str | None, as_json: bool
) -> int:
    """Plot the curve of an expression over a range.

    \b
    mg plot "3*x**2 - 4*x + 5" -x -5:5               in the terminal
    mg plot "3*x**2 - 4*x + 5" -x -5:5 --derivative --tangent 2 --out curve.png
    mg plot "A*sin(x)/x" -A 2 -x -20:20 --out - --format svg
    mg plot "(x - 1)**2 + (y + 2)**2" -x -4:6 -y -6:2 --out map.svg
    mg plot "x**2" -x 0:3:0.5 --json                 six points, 3 not among them

    A range goes from end to end, in as many points as the picture needs: 1000, or 100 by 100 of
    a map. With a step, as in -5:5:0.25, it is the sweep of the other commands, its stop excluded.

    The curve is left open at a pole, at a jump, and where it is not defined; points without a value
    are counted, and the exit status is 1. Two variables that are swept give a contour map with
    gradient arrows, which are longer where it is steeper. Pictures are made by matplotlib, and in
    the terminal by plotext: pip install 'mgcli[plot]'.

    \b
    --json writes the points, and the picture only with --out FILE:
    {"expression": "...", "variables": {"x": [-5.0, 5.0]}, "value": [100.0, 60.0],
     "rounding": [0.0, 0.0]}
    --derivative adds "gradient": {"x": [-34.0, 26.0]},
    --tangent 2 adds "tangent": {"x": 2.0, "value": 9.0, "slope": 8.0}.
    Over two variables, value and each gradient hold a list for each point of the second.
    """  # noqa: D301
    chosen = _chosen(out, form, as_json)
    at = None if tangent is None else constant_option("--tangent", tangent, "2")
    given = inputs(arguments, sweeps=True, even=_even)
    _check(given, arguments, at is not None, out is None and not as_json)
    given.bind()
    if len(given.sweeps) == 2:
        return _contour(given, derivative, out, chosen, as_json)
    return _curve(given, derivative, at, out, chosen, as_json)


def _chosen(out: str | None, form: str | None, as_json: bool) -> str | None:
    """Return the format of the picture, None for a picture in the terminal."""
    if out is None:
        if form:
            raise click.UsageError(f"--format {form} needs --out\nhint: add --out FILE, or --out - for standard output")
        return None
    if out == "-" and as_json:
        raise click.UsageError("--out - and --json both write to standard output\nhint: write the picture to a file")
    return picture_format(out, form, FORMATS)


def _check(given: Inputs, arguments: Arguments, tangent: bool, terminal: bool) -> None:
    """Refuse a number of sweeps that makes no picture."""
    program, swept = given.program, list(given.sweeps)
    if not program.variables:
        raise click.UsageError("the expression has no variable\nhint: write one, as in x**2 with -x -5:5")
    if not swept:
        free = [name for name in program.variables if name not in given.values] or list(program.variables)
        example = way(free[0], "-5:5", arguments.options)
        raise click.UsageError(f"no variable is swept\nhint: write a range for its value, as in {example}")
    if len(swept) > 2:
        raise click.UsageError(
            f"{', '.join(swept[:-1])} and {swept[-1]} are swept\nhint: sweep one or two, and give the others one value"
        )
    if len(swept) == 2:
        _check_map(given, tangent, terminal)


def _check_map(given: Inputs, tangent: bool, terminal: bool) -> None:
    from mgcli.analysis.sweep import MOST_POINTS

    names = " and ".join(given.sweeps)
    if tangent:
        raise click.UsageError(f"--tangent is a line, and {names} are both swept\nhint: give one of them one value")
    if terminal:
        raise click.UsageError(f"{names} are both swept: a contour map is a file\nhint: add --out map.png")
    first, second = given.sweeps.values()
    if len(first) * len(second) > MOST_POINTS:
        raise click.UsageError(f"more than {MOST_POINTS:,} points\nhint: take larger steps")
    for name, points in given.sweeps.items():
        if len(points) < 2:
            raise click.UsageError(f"a contour map takes two points of {name} or more\nhint: take a smaller step")


def _curve(given: Inputs, derivative: bool, at: float | None, out: str | None, form: str | None, as_json: bool) -> int:
    from mgcli.analysis.curves import tangent_at
    from mgcli.analysis.sweep import sweep

    program = given.program
    ((name, points),) = given.sweeps.items()
    tangent = None if at is None else tangent_at(program, given.values, name, at)
    watched = Watched(points, len(points))
    swept = sweep(program, given.values, name, watched, [name])
    _stop_where_interrupted(watched)
    if form or not as_json:
        _show(program, given, swept, derivative, tangent, out, form)
    slopes = swept.columns[name].grad
    if as_json:
        added: dict[str, Any] = {"gradient": {name: slopes}} if derivative else {}
        if tangent:
            added["tangent"] = {name: tangent.point, "value": tangent.value, "slope": tangent.slope}
        echo_json({**document(program, swept.result.data, swept.rounding, **{name: swept.columns[name].data}), **added})
    asked = [swept.result.data, *([slopes] if derivative else [])]
    return sweep_status(_refused(*asked), len(points))


def _show(
    program: Program,
    given: Inputs,
    swept: Swept,
    derivative: bool,
    tangent: Tangent | None,
    out: str | None,
    form: str | None,
) -> None:
    from mgcli.analysis.curves import slope_curve, value_curve
    from mgcli.render.plot_file import curve_picture
    from mgcli.render.plot_text import terminal_picture

    letter = function_letter(program, swept.name)
    value = value_curve(swept)
    slope = slope_curve(swept, value) if derivative else None
    plot = CurvePlot(program.text, given.values, swept.name, letter, value, slope, tangent)
    if out is not None and form is not None:
        write_picture(out, curve_picture(plot, form))
        return
    terminal = sys.stdout.isatty()
    width, height = get_terminal_size(SIZE) if terminal else SIZE
    # The last line is left for the prompt.
    echo_lines(terminal_picture(plot, max(width, 40), max(height, 12) - 1, colour=terminal, plain=not _has_braille()))


def _has_braille() -> bool:
    try:
        "⠒".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _contour(given: Inputs, derivative: bool, out: str | None, form: str | None, as_json: bool) -> int:
    from mgcli.analysis.sweep import grid
    from mgcli.render.plot_file import contour_picture

    program = given.program
    (first, across), (second, up) = given.sweeps.items()
    names = (first, second)
    watched = Watched(up, len(up))
    rows = list(grid(program, given.values, names, across, watched, names))
    _stop_where_interrupted(watched)
    values = [row.result.data for row in rows]
    gradient = {name: [row.columns[name].grad for row in rows] for name in names}
    if out is not None and form is not None:
        letter = function_letter(program, *names)
        by_first, by_second = gradient.values()
        plot = ContourPlot(
            program.text, given.values, names, letter, list(across), list(up), values, (by_first, by_second)
        )
        write_picture(out, contour_picture(plot, form))
    if as_json:
        added = {"gradient": gradient} if derivative else {}
        echo_json(
            {
                **document(program, values, [row.rounding for row in rows], **{first: list(across), second: list(up)}),
                **added,
            }
        )
    refused = sum(_refused(row.result.data, *(row.columns[name].grad for name in names if derivative)) for row in rows)
    return sweep_status(refused, len(across) * len(up))


def _refused(*columns: Sequence[float]) -> int:
    """Return at how many points one of `columns` has no number."""
    return sum(any(value != value for value in row) for row in zip(*columns, strict=True))


def _stop_where_interrupted(watched: Watched[float]) -> None:
    # Half a sweep is no picture of it.
    if watched.interrupted:
        raise click.Abort

"""`mg plot`: the curve of an expression over a range."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli import colour
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.options import constant, json_option
from mgcli.cli.output import echo_json, echo_lines
from mgcli.cli.pictures import picture_format, picture_options, write_picture
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, sweep_status
from mgcli.render.plot_file import FORMATS

if TYPE_CHECKING:
    from mgcli.analysis.curves import Tangent
    from mgcli.analysis.sweep import Swept

SIZE = (80, 24)
"""The columns and lines of a plot that does not go to a terminal."""


def _even(swept: int) -> int:
    """Return how many points a range without a step has: about one per pixel of a curve, fewer along a map.

    With an even number the middle is not a point: the result is too often undefined there.
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
    mg plot "x**2" -x 0:3:0.5 --json                 six points, without 3

    A range includes both ends, and has as many points as the picture needs:
    1000, or 100 by 100 for a map. With a step, as in -5:5:0.25, it is the sweep
    of the other commands, which excludes its stop.

    The curve has gaps at a pole, at a jump, and where it is undefined; undefined
    points are counted, and the exit status is 1. Two swept variables give a
    contour map with gradient arrows, longer where it is steeper. Pictures are
    made by matplotlib, and in the terminal by plotext, which are installed with
    mg's extra "plot": pip install ".[plot]" in a checkout.
    """  # noqa: D301
    from mgcli.analysis.sweep import refuse_sweeps

    chosen = _chosen(out, form, as_json)
    at = None if tangent is None else constant("--tangent", tangent, "2")
    given = inputs(arguments, sweeps=True, even=_even)
    refuse_sweeps(given.program, given.values, given.sweeps)
    if len(given.sweeps) == 1:
        given.bind()
        return _curve(given, derivative, at, out, chosen, as_json)
    _check_map_options(" and ".join(given.sweeps), at is not None, out is None and not as_json)
    given.bind()
    return _contour(given, derivative, out, chosen, as_json)


def _chosen(out: str | None, form: str | None, as_json: bool) -> str | None:
    """Return the format of the picture, None for a picture in the terminal."""
    if out is None:
        if form:
            raise click.UsageError(f"--format {form} needs --out\nhint: add --out FILE, or --out - for standard output")
        return None
    if out == "-" and as_json:
        raise click.UsageError("--out - and --json both write to standard output\nhint: write the picture to a file")
    return picture_format(out, form, FORMATS)


def _check_map_options(names: str, tangent: bool, terminal: bool) -> None:
    if tangent:
        raise click.UsageError(f"--tangent needs one swept variable, not {names}\nhint: give one of them one value")
    if terminal:
        raise click.UsageError(f"a contour map, here of {names}, needs a file\nhint: add --out map.png")


def _curve(given: Inputs, derivative: bool, at: float | None, out: str | None, form: str | None, as_json: bool) -> int:
    from mgcli.analysis.curves import tangent_at
    from mgcli.analysis.sweep import sweep, undefined_points

    program = given.program
    ((name, points),) = given.sweeps.items()
    tangent = None if at is None else tangent_at(program, given.values, name, at)
    watched = Watched(points, len(points))
    swept = sweep(program, given.values, name, watched, [name])
    _stop_if_interrupted(watched)
    if form or not as_json:
        _show(given, swept, derivative, tangent, out, form)
    slopes = swept.columns[name].grad
    if as_json:
        added: dict[str, Any] = {"gradient": {name: slopes}} if derivative else {}
        if tangent:
            added["tangent"] = {name: tangent.point, "value": tangent.value, "slope": tangent.slope}
        echo_json({**document(program, swept.result.data, swept.rounding, **{name: swept.columns[name].data}), **added})
    undefined = undefined_points(swept, [name] if derivative else [])
    return sweep_status(undefined, len(points))


def _show(
    given: Inputs, swept: Swept, derivative: bool, tangent: Tangent | None, out: str | None, form: str | None
) -> None:
    from mgcli.render.plot import curve_plot
    from mgcli.render.plot_file import curve_picture
    from mgcli.render.plot_text import terminal_picture

    plot = curve_plot(given.program, given.values, swept, derivative, tangent)
    if out is not None and form is not None:
        write_picture(out, curve_picture(plot, form))
        return
    terminal = sys.stdout.isatty()
    coloured = colour.is_wanted(sys.stdout)
    width, height = get_terminal_size(SIZE) if terminal else SIZE
    # The last line is left for the prompt.
    echo_lines(terminal_picture(plot, max(width, 40), max(height, 12) - 1, colour=coloured, plain=not _has_braille()))


def _has_braille() -> bool:
    try:
        "⠒".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _contour(given: Inputs, derivative: bool, out: str | None, form: str | None, as_json: bool) -> int:
    from mgcli.analysis.sweep import grid, undefined_points
    from mgcli.render.plot import contour_plot
    from mgcli.render.plot_file import contour_picture

    program = given.program
    (first, across), (second, up) = given.sweeps.items()
    names = (first, second)
    watched = Watched(up, len(up))
    rows = list(grid(program, given.values, names, across, watched, names))
    _stop_if_interrupted(watched)
    if out is not None and form is not None:
        plot = contour_plot(program, given.values, names, across, up, rows)
        write_picture(out, contour_picture(plot, form))
    if as_json:
        gradient = {name: [row.columns[name].grad for row in rows] for name in names}
        added = {"gradient": gradient} if derivative else {}
        values = [row.result.data for row in rows]
        rounding = [row.rounding for row in rows]
        echo_json({**document(program, values, rounding, **{first: list(across), second: list(up)}), **added})
    undefined = sum(undefined_points(row, names if derivative else ()) for row in rows)
    return sweep_status(undefined, len(across) * len(up))


def _stop_if_interrupted(watched: Watched[float]) -> None:
    # A plot of half a sweep would be wrong.
    if watched.interrupted:
        raise click.Abort

"""`mg plot`: the curves of expressions over a range."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli import colour
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Even, Inputs, several_inputs
from mgcli.cli.looks import Chosen, look_options
from mgcli.cli.messages import say
from mgcli.cli.options import constant, json_option
from mgcli.cli.output import echo_json, echo_lines
from mgcli.cli.pictures import file_format, picture_options, warn_of_missing_letters, write_picture
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, sweep_status
from mgcli.render.plot_file import FORMATS

if TYPE_CHECKING:
    from mgcli.analysis.curves import Tangent
    from mgcli.analysis.sweep import Swept
    from mgcli.render.plot import ContourPlot, CurvePlot

SIZE = (80, 24)
"""The columns and lines of a plot that does not go to a terminal."""

LEAST = (40, 12)
"""The smallest number of columns and lines."""


def _even(swept: int) -> int:
    """Return how many points a range without a step has: about one per pixel of a curve, fewer along a map.

    With an even number the middle is not a point: the result is too often undefined there.
    """
    return 1000 if swept == 1 else 100


@click.command(cls=ExpressionCommand, several=True)
@click.option("--derivative", is_flag=True, help="Add the curve of the derivative.")
@click.option("--tangent", metavar="X", help="Add the tangent at X, a constant expression, with its slope.")
@look_options
@picture_options(FORMATS)
@json_option
def command(
    arguments: Arguments,
    derivative: bool,
    tangent: str | None,
    out: str | None,
    form: str | None,
    as_json: bool,
    **chosen: str | None,
) -> int:
    """Plot the curves of expressions over a range.

    \b
    mg plot "3*x**2 - 4*x + 5" -x -5:5               in the terminal
    mg plot "3*x**2 - 4*x + 5" -x -5:5 --derivative --tangent 2 --out curve.png
    mg plot "sin(x)" "cos(x)" -x 0:2*pi              two curves
    mg plot "1/(1 + w**2)" -w 0.01:100 --log xy --out gain.pdf --size 16x9cm
    mg plot "A*sin(x)/x" -A 2 -x -20:20 --out - --format svg
    mg plot "(x - 1)**2 + (y + 2)**2" -x -4:6 -y -6:2 --out map.svg
    mg plot "x**2" -x 0:3:0.5 --json                 six points, without 3

    A range includes both ends, and has as many points as the picture needs:
    1000, or 100 by 100 for a map. With a step, as in -5:5:0.25, it is the sweep
    of the other commands, which excludes its stop.

    The curve has gaps at a pole, at a jump, and where it is undefined; undefined
    points are counted, and the exit status is 1. Two swept variables give a
    contour map with gradient arrows, whose colour is the steepness. Pictures are
    made by matplotlib, and in the terminal by plotext, which are installed with
    mg's extra "plot": pip install ".[plot]" in a checkout.
    """  # noqa: D301
    from mgcli.analysis.sweep import refuse_sweeps

    written_as = _written_as(out, form, as_json)
    look = Chosen(chosen, in_a_file=written_as is not None)
    at = None if tangent is None else constant("--tangent", tangent, "2")
    everything = several_inputs(arguments, Even(_even, look.by_factors))
    first = everything[0]
    sweeps = {name: points for given in everything for name, points in given.sweeps.items()}
    for given in everything:
        refuse_sweeps(given.program, given.values, sweeps)
    look.check(sweeps)
    if len(sweeps) == 1:
        _refuse_tangent_of_several(everything, at)
        for given in everything:
            given.bind()
        return _curves(everything, derivative, at, out, written_as, as_json, look)
    _refuse_map(everything, at is not None, out is None and not as_json)
    first.bind()
    return _contour(first, derivative, out, written_as, as_json, look)


def _written_as(out: str | None, form: str | None, as_json: bool) -> str | None:
    """Return the format of the picture, None for a picture in the terminal."""
    if out == "-" and as_json:
        raise click.UsageError("--out - and --json both write to standard output\nhint: write the picture to a file")
    return file_format(out, form, FORMATS)


def _refuse_tangent_of_several(everything: Sequence[Inputs], at: float | None) -> None:
    if at is not None and len(everything) > 1:
        raise click.UsageError(f"--tangent needs one expression, not {len(everything)}\nhint: plot one of them")


def _refuse_map(everything: Sequence[Inputs], tangent: bool, terminal: bool) -> None:
    names = " and ".join(everything[0].sweeps)
    if len(everything) > 1:
        raise click.UsageError(
            f"a contour map, here of {names}, shows one expression, not {len(everything)}\nhint: plot one of them"
        )
    if tangent:
        raise click.UsageError(f"--tangent needs one swept variable, not {names}\nhint: give one of them one value")
    if terminal:
        raise click.UsageError(f"a contour map, here of {names}, needs a file\nhint: add --out map.png")


def _curves(
    everything: Sequence[Inputs],
    derivative: bool,
    at: float | None,
    out: str | None,
    form: str | None,
    as_json: bool,
    look: Chosen,
) -> int:
    from mgcli.analysis.curves import blurred, tangent_at
    from mgcli.analysis.sweep import undefined_points
    from mgcli.render.plot import curve_plot

    first = everything[0]
    (name,) = first.sweeps
    tangent = None if at is None else tangent_at(first.program, first.values, name, at)
    swept = [_swept(given, name) for given in everything]
    if form or not as_json:
        values = {name: value for given in everything for name, value in given.values.items()}
        programs = [given.program for given in everything]
        plot = curve_plot(programs, values, swept, derivative, tangent, look.look)
        _show(plot, out, form, look)
    if as_json:
        documents = [_document(given, each, derivative, tangent) for given, each in zip(everything, swept, strict=True)]
        echo_json(documents[0] if len(documents) == 1 else {"curves": documents})
    for each in swept:
        if points := blurred(each):
            say(f"note: rounding may move the curve visibly at {points} of {len(each.result.data)} points")
    undefined = sum(undefined_points(each, [name] if derivative else []) for each in swept)
    return sweep_status(undefined, sum(len(each.result.data) for each in swept))


def _swept(given: Inputs, name: str) -> Swept:
    from mgcli.analysis.sweep import sweep

    points = given.sweeps[name]
    watched = Watched(points, len(points))
    swept = sweep(given.program, given.values, name, watched, [name])
    _stop_if_interrupted(watched)
    return swept


def _document(given: Inputs, swept: Swept, derivative: bool, tangent: Tangent | None) -> dict[str, Any]:
    """Return the points of one curve for JSON."""
    column = swept.columns[swept.name]
    added: dict[str, Any] = {"gradient": {swept.name: column.grad}} if derivative else {}
    if tangent:
        added["tangent"] = {swept.name: tangent.point, "value": tangent.value, "slope": tangent.slope}
    return {**document(given.program, swept.result.data, swept.rounding, **{swept.name: column.data}), **added}


def _show(plot: CurvePlot, out: str | None, form: str | None, look: Chosen) -> None:
    from mgcli.render.plot_file import curve_picture
    from mgcli.render.plot_text import terminal_picture

    if hidden := plot.hidden():
        what = "1 value that is" if hidden == 1 else f"{hidden} values that are"
        say(f"note: a logarithmic axis does not show {what} not positive")
    if out is not None and form is not None:
        write_picture(out, curve_picture(plot, form))
        _warn_of_missing_letters(plot, form)
        return
    # The last line is left for the prompt.
    columns, lines = get_terminal_size(SIZE) if sys.stdout.isatty() else SIZE
    width, height = look.cells or (columns, lines - 1)
    least = LEAST[0], LEAST[1] - 1
    coloured = colour.is_wanted(sys.stdout)
    lines_drawn = terminal_picture(
        plot, max(width, least[0]), max(height, least[1]), colour=coloured, plain=not _has_braille()
    )
    echo_lines(lines_drawn)


def _warn_of_missing_letters(plot: CurvePlot | ContourPlot, form: str) -> None:
    from mgcli.render.plot_file import missing_letters

    warn_of_missing_letters(missing_letters(plot, form))


def _has_braille() -> bool:
    try:
        "⠒".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _contour(given: Inputs, derivative: bool, out: str | None, form: str | None, as_json: bool, look: Chosen) -> int:
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
        plot = contour_plot(program, given.values, names, across, up, rows, look.look)
        write_picture(out, contour_picture(plot, form))
        _warn_of_missing_letters(plot, form)
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

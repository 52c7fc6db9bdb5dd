"""`mg draw`: the graph of an expression as a picture."""

from __future__ import annotations

import click

from mgcli.command_line import Arguments, ExpressionCommand, inputs
from mgcli.output import echo_error
from mgcli.rendering import FORMATS
from mgcli.results import warn_of_unused


@click.command(cls=ExpressionCommand)
@click.option(
    "--out",
    type=click.Path(),
    metavar="FILE",
    help=f"Write the picture to FILE, by its suffix ({', '.join(FORMATS)}); '-' is standard output.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="What to write, where no suffix tells.")
def command(arguments: Arguments, out: str | None, form: str | None) -> int:
    """Draw the graph of an expression.

    Each value is a record with its data and grad, each operation an oval.

    \b
    mg draw "a*b + c" -a 2 -b -3 -c 10 --out g.svg
    mg draw "a*b + c" --out g.png           with no values, the bare structure
    mg draw "a*b + c" --out - --format svg  to standard output
    mg draw "a*b + c"                       DOT, for pipes

    A value that is not defined is drawn in red, and the exit status is 1.
    """  # noqa: D301
    chosen = _format(out, form)
    given = inputs(arguments)
    program = given.program
    error = None
    if given.values or not program.variables:
        given.bind()
        error = program.differentiate()
    else:
        program.clear()

    from pathlib import Path

    from mgcli.drawing import draw_dot

    drawing = draw_dot(program.root)
    content = drawing.source.encode() if chosen == "dot" else drawing.pipe(chosen)
    if out is None or out == "-":
        click.echo(content, nl=False)
    else:
        from mgcli.files import write_whole

        write_whole(Path(out), content)
    if given.values:
        warn_of_unused(program)
    if error is None:
        return 0
    echo_error(error)
    return 1


def _format(out: str | None, form: str | None) -> str:
    """Return what to write. Raises click.UsageError where neither the suffix nor `form` tells."""
    from pathlib import Path

    suffix = Path(out or "").suffix[1:].lower()
    if form and suffix in FORMATS and suffix != form:
        raise click.UsageError(f"{out} is to be a {suffix}, and --format says {form}\nhint: leave out one of them")
    if form:
        return form
    if out is None:
        return "dot"
    if out == "-":
        raise click.UsageError("--out - needs a format\nhint: add --format svg")
    if suffix not in FORMATS:
        what = f"the suffix of {out} is not one of a picture" if suffix else f"{out} has no suffix"
        raise click.UsageError(f"{what}\nhint: end it in one of .{', .'.join(FORMATS)}")
    return suffix

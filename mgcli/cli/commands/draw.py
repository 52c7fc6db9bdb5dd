"""`mg draw`: the graph of an expression as a picture."""

from __future__ import annotations

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import echo_error
from mgcli.cli.options import of_option
from mgcli.cli.pictures import picture_format, picture_options, write_picture
from mgcli.cli.wording import warn_of_unused
from mgcli.render.dot import FORMATS


@click.command(cls=ExpressionCommand)
@of_option
@picture_options(FORMATS)
def command(arguments: Arguments, of: tuple[str, ...], out: str | None, form: str | None) -> int:
    """Draw the graph of an expression.

    Each value is a record with its data and grad, each operation an oval.

    \b
    mg draw "a*b + c" -a 2 -b -3 -c 10 --out g.svg
    mg draw "a*b + c" --out g.png           without values, only the structure
    mg draw "a*b + c" --out - --format svg  to standard output
    mg draw "a*b + c"                       DOT, for pipes
    mg draw "s = a + b; p = a*b" -a 2 -b 3 --of s --of p --out g.svg

    A value that is undefined is drawn in red, and the exit status is 1.
    """  # noqa: D301
    chosen = form or "dot" if out is None else picture_format(out, form, FORMATS)
    given = inputs(arguments)
    program = given.program
    results = {name: program.of(name) for name in of} or {program.title: program}
    errors = []
    gradients = {}
    if given.at_a_point:
        given.bind()
        for name, part in results.items():
            errors.append(part.differentiate())
            gradients[name] = {node: node.grad for node in part.nodes}
    else:
        given.without_values().clear()
    error = next(filter(None, errors), None)

    from mgcli.render.drawing import draw_dot

    roots = [part.root for part in results.values()]
    drawing = draw_dot(roots if of else roots[0], gradients if len(roots) > 1 else None)
    content = drawing.source.encode() if chosen == "dot" else drawing.pipe(chosen)
    write_picture(out or "-", content)
    if given.values:
        warn_of_unused(program)
    if error is None:
        return 0
    echo_error(error)
    return 1

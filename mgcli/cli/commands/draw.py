"""`mg draw`: the graph of an expression as a picture."""

from __future__ import annotations

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import digits_option, names, of_option, typed_names
from mgcli.cli.pictures import picture_format, picture_options, write_picture
from mgcli.cli.wording import warn_of_unused
from mgcli.render.dot import FORMATS


@click.command(cls=ExpressionCommand)
@of_option
@picture_options(FORMATS)
@digits_option
@click.option("--no-grad", is_flag=True, help="Leave out the gradients.")
@click.option("--no-data", is_flag=True, help="A worksheet: leave space for what is computed.")
@click.option(
    "--direction",
    type=click.Choice(["LR", "TB"], case_sensitive=False),
    default="LR",
    help="From left to right, or from top to bottom.",
)
@click.option("--compact", is_flag=True, help="One box for a node, with the operation in its first cell.")
@click.option(
    "--highlight",
    multiple=True,
    callback=names,
    metavar="NAME",
    shell_complete=typed_names,
    help="Highlight the paths from the result to this variable or name; may be repeated.",
)
def command(
    arguments: Arguments,
    of: tuple[str, ...],
    out: str | None,
    form: str | None,
    digits: int | None,
    no_grad: bool,
    no_data: bool,
    direction: str,
    compact: bool,
    highlight: tuple[str, ...],
) -> int:
    """Draw the graph of an expression.

    Each value is a record with its data and grad, each operation an oval.

    \b
    mg draw "a*b + c" -a 2 -b -3 -c 10 --out g.svg
    mg draw "a*b + c" --out g.png           without values, only the structure
    mg draw "a*b + c" --out - --format svg  to standard output
    mg draw "a*b + c"                       DOT, for pipes
    mg draw "s = a + b; p = a*b" -a 2 -b 3 --of s --of p --out g.svg
    mg draw "a*b + a" -a 2 -b 3 --compact --direction TB --out g.svg
    mg draw "a*b + a" -a 2 -b 3 --highlight b --digits 3 --out g.svg
    mg draw "a*b + a" -a 2 -b 3 --no-data --out worksheet.pdf

    A value that is undefined is drawn in red, and the exit status is 1.
    """  # noqa: D301
    chosen = form or "dot" if out is None else picture_format(out, form, FORMATS)
    given = inputs(arguments)
    program = given.program
    results = {name: program.of(name) for name in of} or {program.title: program}
    lit = {name: program.node(name) for name in highlight}
    errors = []
    gradients = {}
    if given.at_a_point:
        given.bind()
        for name, part in results.items():
            errors.append(part.error() if no_grad else part.differentiate())
            gradients[name] = {node: node.grad for node in part.nodes}
    else:
        given.without_values().clear()
    error = next(filter(None, errors), None)

    from mgcli.graph.node import topological
    from mgcli.render.drawing import draw_dot

    roots = [part.root for part in results.values()]
    drawing = draw_dot(
        roots if of else roots[0],
        gradients if len(roots) > 1 else None,
        digits=digits,
        data=not no_data,
        grad=not no_grad,
        direction=direction,
        compact=compact,
        highlight=lit.values(),
    )
    content = drawing.source.encode() if chosen == "dot" else drawing.pipe(chosen)
    write_picture(out or "-", content)
    if given.values:
        warn_of_unused(program)
    used = set(topological(*roots)) if lit else set()
    for name, node in lit.items():
        if node not in used:
            say(f"note: {name} is not highlighted: the result does not use it")
    if error is None:
        return 0
    echo_error(error)
    return 1

"""`mg draw`: the graph of an expression as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import digits_option, names_option, of_option
from mgcli.cli.pages import FORMAT, check_options, page_options, show_in_browser, write_page
from mgcli.cli.pictures import picture_format, picture_options, write_picture
from mgcli.cli.wording import warn_of_unused
from mgcli.render.dot import FORMATS

FILES = (*FORMATS, FORMAT)
"""The formats of a drawing, and that of a page."""


@click.command(cls=ExpressionCommand)
@of_option
@picture_options(FILES)
@digits_option
@click.option("--no-grad", is_flag=True, help="Leave out the gradients.")
@click.option("--no-data", is_flag=True, help="A worksheet: leave space for what is computed.")
@click.option(
    "--direction",
    type=click.Choice(["LR", "TB"], case_sensitive=False),
    default="LR",
    metavar="LR|TB",
    help="From left to right, or from top to bottom.",
)
@click.option("--compact", is_flag=True, help="One box for a node, with the operation in its first cell.")
@names_option("--highlight", "Highlight the paths from the result to this variable or name")
@page_options
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
    quiz: bool,
    seed: str | None,
    opens: bool,
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

    \b
    mg draw "a*b + a" -a 2 -b 3 --out g.html        every step, with sliders
    mg draw "a*b + a" -a 2 -b 3 --out g.html --quiz

    A value that is undefined is drawn in red, and the exit status is 1.
    """  # noqa: D301
    chosen = form or "dot" if out is None else picture_format(out, form, FILES)
    shaping = {
        "--no-grad": no_grad,
        "--no-data": no_data,
        "--direction": direction == "TB",
        "--compact": compact,
        "--highlight": highlight,
        "a second --of": of[1:],
    }
    check_options(chosen, out, quiz, seed, opens, *[option for option, used in shaping.items() if used])
    given = inputs(arguments)
    if chosen == FORMAT:
        status = write_page(given.of(of[0]) if of else given, out or "-", digits, quiz, seed)
    else:
        look = {"digits": digits, "data": not no_data, "direction": direction, "compact": compact}
        status = _draw(given, of, out, chosen, highlight, grad=not no_grad, **look)
    if opens and out:
        show_in_browser(out)
    return status


def _draw(
    given: Inputs,
    of: Sequence[str],
    out: str | None,
    chosen: str,
    highlight: Sequence[str],
    *,
    grad: bool,
    **look: Any,
) -> int:
    """Write a drawing of the results `of` in the format `chosen`; return the exit status."""
    program = given.program
    results = {name: program.of(name) for name in of} or {program.title: program}
    lit = {name: program.node(name) for name in highlight}
    errors = []
    gradients = {}
    if given.at_a_point:
        given.bind()
        for name, part in results.items():
            errors.append(part.differentiate() if grad else part.error())
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
        grad=grad,
        highlight=lit.values(),
        **look,
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

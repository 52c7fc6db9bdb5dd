"""`mg slope`: the difference quotient over a step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import constant, digits_option, json_option, typed_names
from mgcli.cli.output import echo_json, echo_lines, echo_table, terminal_width
from mgcli.cli.wording import document, kink_text, say_notes
from mgcli.render.tables import number, table

if TYPE_CHECKING:
    from mgcli.analysis.slopes import Convergence, Slope
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@click.option(
    "--wrt",
    metavar="NAME",
    shell_complete=typed_names,
    help="The variable or name to add the step to, if there are several.",
)
@click.option("--step", metavar="H", default="0.001", show_default=True, help="The step, a constant expression.")
@click.option(
    "--shrink", type=click.IntRange(1, 300), metavar="N", help="Show a table of N steps, each 10 times smaller."
)
@json_option
@digits_option
def command(
    arguments: Arguments, wrt: str | None, step: str, shrink: int | None, as_json: bool, digits: int | None
) -> int:
    """Print the slope over a small step.

    \b
    mg slope "3*x**2 - 4*x + 5" -x 3 --step 1e-8
    mg slope "e = a*b; d = e + c; L = d*f" -a 2 -b -3 -c 10 -f -2 --wrt e
    mg slope "sin(x)" -x 1 --shrink 12       h is divided by 10 each time

    The slope shows how the result responds when one value changes. A named
    intermediate can be changed too: what it is computed from stays, and
    everything computed from it is computed again. With --shrink the slopes are
    compared with the exact derivative: their error falls with the step, then
    rises again as rounding takes over. If there is no derivative (nan), the
    slopes show why, and the exit status is 1.
    """  # noqa: D301
    from mgcli.analysis.derivatives import only_variable
    from mgcli.analysis.slopes import convergence, slope
    from mgcli.analysis.trusted import evaluated

    width = _width(step)
    given = inputs(arguments)
    name = only_variable(given.program) if wrt is None else wrt
    given.program.node(name)
    program = given.bind()
    if error := program.error():
        raise error
    if shrink:
        return _report(program, name, convergence(program, name, width, shrink), as_json, digits)
    report = evaluated(program)
    found = slope(program, name, width)
    if as_json:
        echo_json({**document(program, None, report.rounding), "wrt": name, **_document(found)})
    else:
        echo_lines(_text(program, name, found, digits))
    say_notes(report.value_notes, digits)
    _warn_of_lost_step([found], name)
    return 0


def _width(text: str) -> float:
    step = constant("--step", text, "1e-8")
    if step == 0.0:
        raise click.UsageError("--step is 0\nhint: write a small number, such as 1e-8")
    return step


def _text(program: Program, name: str, found: Slope, digits: int | None) -> Iterator[str]:
    f, h = _letters(program, name)
    before, after = f"{f}({name})", f"{f}({name} + {h})"
    lines = [
        (name, found.at),
        (h, found.step),
        (before, found.before),
        (after, found.after),
        (f"{after} - {before}", found.difference),
        (f"({after} - {before})/{h}", found.quotient),
    ]
    width = max(len(what) for what, _ in lines)
    for what, value in lines:
        yield f"{what.ljust(width)} = {number(value, digits)}"


def _letters(program: Program, name: str) -> tuple[str, str]:
    """Return the names of the result and the step, both different from the name that the step is added to."""
    from mgcli.render.formulas import function_letter

    return function_letter(program, name), "h" if name != "h" else "step"


def _document(found: Slope) -> dict[str, float]:
    return {"step": found.step, "shifted": found.after, "difference": found.difference, "slope": found.quotient}


def _report(program: Program, name: str, found: Convergence, as_json: bool, digits: int | None) -> int:
    slopes, exact = found.slopes, found.derivative
    if as_json:
        steps = [{**_document(each), "error": each.quotient - exact} for each in slopes]
        echo_json({**document(program, None, found.rounding), "wrt": name, "derivative": exact, "steps": steps})
    else:
        f, h = _letters(program, name)
        click.echo(f"d{f}/d{name} = {number(exact, digits)} at {name} = {number(slopes[0].at, digits)}\n")
        cells = [
            [number(each.step), number(each.quotient, digits), number(each.quotient - exact, 2)] for each in slopes
        ]
        echo_table(table([h, "slope", "error"], cells, terminal_width()))
    _warn_of_lost_step(slopes, name)
    if found.kink:
        say(f"note: {kink_text(found.kink, digits)}")
    else:
        say_notes(found.notes, digits)
    if found.error:
        echo_error(found.error)
    if found.undefined:
        echo_error(f"undefined after {found.undefined} of {len(slopes)} steps (nan)")
    return 1 if found.undefined or found.error else 0


def _warn_of_lost_step(slopes: list[Slope], name: str) -> None:
    """Report a step that is so small that adding it changes nothing."""
    from mgcli.analysis.slopes import lost_step

    lost = lost_step(slopes)
    if lost is not None:
        say(f"warning: {name} + {number(lost)} equals {name}: the step is lost in rounding")

"""`mg descend`: gradient descent from the values given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from sys import stdout
from typing import TYPE_CHECKING, Any

import click

from mgcli.analysis.descent import METHODS, SMALLER_STEPS, Point, Run, descend, parameters, return_to
from mgcli.analysis.trace import Trace, every_nth
from mgcli.analysis.trusted import differentiated
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.hints import worded
from mgcli.cli.inputs import inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import constant, count, json_option, names_option, positive_count, short_digits_option
from mgcli.cli.output import echo_json, echo_lines, echo_table, terminal_width
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, say_notes, warn_of_unused
from mgcli.render.tables import BLOCK, Streamed, apart, number, table

if TYPE_CHECKING:
    from mgcli.language.program import Program

ROWS = 20
"""The approximate number of rows in the table without --every."""

COLUMNS = 5
"""The maximum number of variables in the table: at 6 digits they usually fit in 80 columns."""

MOST_LISTED = 6
"""The maximum number of variables that a note lists."""

FLAT = 1e-3
"""The ratio of the last norm of the gradient to the first below which a run counts as near its end."""

STATUS = {"steps": 0, "converged": 0, "restless": 0, "diverged": 1, "stopped": 1, "interrupted": 130}
"""The exit status for each outcome."""


def _positive(context: click.Context, parameter: click.Parameter, text: str) -> float:
    value = constant("--rate", text, "0.01")
    if value > 0.0:
        return value
    hint = "to ascend, add --ascend" if value < 0.0 else "write a small number, as in --rate 0.01"
    raise click.UsageError(f"--rate takes a positive number, not {value}\nhint: {hint}", context)


def _not_negative(context: click.Context, parameter: click.Parameter, text: str) -> float:
    value = constant("--tolerance", text, "1e-6")
    if value >= 0.0:
        return value
    message = f"--tolerance takes a number that is not negative, not {value}"
    raise click.UsageError(f"{message}\nhint: write a small number, as in 1e-6", context)


@click.command(cls=ExpressionCommand)
@click.option(
    "--rate",
    default="0.01",
    metavar="R",
    callback=_positive,
    help="The step size, a constant expression.  [default: 0.01]",
)
@click.option("--steps", default="100", callback=count, metavar="N", help="Maximum number of steps.  [default: 100]")
@click.option("--ascend", is_flag=True, help="Step along the gradient, not against it.")
@names_option("--fix", "Keep this variable fixed")
@click.option("--method", type=click.Choice(list(METHODS)), default="gd", show_default=True, help="The method.")
@click.option(
    "--tolerance",
    default="0",
    callback=_not_negative,
    metavar="T",
    help="Stop when the norm of the gradient is T or less.  [default: 0]",
)
@click.option("--every", callback=positive_count, metavar="N", help="Show every Nth step; about 20 rows by default.")
@json_option
@short_digits_option
def command(
    arguments: Arguments,
    rate: float,
    steps: int,
    ascend: bool,
    fix: tuple[str, ...],
    method: str,
    tolerance: float,
    every: int | None,
    as_json: bool,
    digits: int,
) -> int:
    """Run gradient descent from the values given.

    A step is a = a - rate*gradient for each variable a, all at once. Every
    variable moves, and every number that the expression names (as in 'a = 2'),
    except those given to --fix.

    \b
    mg descend "(x - 1)**2 + (y + 2)**2" -x 5 -y 5 --rate 0.1
    mg descend "e = a*b; L = (e + c)*f" -a 2 -b -3 -c 10 -f -2 --ascend --steps 1
    mg descend "(x - k)**4" -x 5 -k 3 --fix k --method adam --tolerance 1e-6

    The table shows the value, the first five variables and the norm of the
    gradient; the last point follows with all variables. A step that goes too
    far, out of the domain or beyond the range of numbers, ends the run at the
    last good point with exit status 1; so does a final value that is worse than
    the first. A warning reports that the second half of the steps brought no
    improvement. Ctrl-C stops the run and shows the last point.
    """  # noqa: D301
    program = inputs(arguments).bind()
    moving = parameters(program, fix)
    every = every or max(1, ceil(steps / ROWS))
    rate = -rate if ascend else rate
    points = descend(program, moving, rate=rate, steps=steps, method=method, tolerance=tolerance)
    # Rows that appear on the same terminal during the run are progress enough.
    watched = Watched(points, steps, bar=steps // every < BLOCK or not stdout.isatty())
    run = Run(watched, rate=rate, steps=steps, tolerance=tolerance)
    shown = every_nth(run, every)
    moved = list(moving)
    if as_json:
        trace = Trace(moved, shown)
    else:
        named = moved[:COLUMNS]
        header = ["step", program.title, *named, "norm"]
        rows = (_row(point, digits) for point in shown)
        lines = Streamed(header, rows, terminal_width(), range(2, 2 + len(named)))
        echo_table(lines)
    return_to(program, moving, run.last)
    report = differentiated(program, moving)
    gradient = run.last.gradient if report.error else [node.grad for node in moving.values()]
    outcome = "interrupted" if watched.interrupted else run.outcome()
    if as_json:
        echo_json(_document(program, moved, gradient, run, outcome, trace, report.rounding))
    else:
        echo_lines(_ending(program, moved, gradient, run.last, outcome, digits))
        _report_columns(moved[len(named) - lines.left_out :])
    _report(run, outcome, tolerance, digits)
    if not run.error:
        say_notes([*report.value_notes, *report.notes], digits)
    warn_of_unused(program)
    return STATUS[outcome]


def _row(point: Point, digits: int) -> list[str]:
    shown = point.value, *point.variables[:COLUMNS], point.norm
    return [str(point.step), *(number(value, digits) for value in shown)]


def _report_columns(rest: Sequence[str]) -> None:
    """Report the variables that do not fit in the table."""
    if rest:
        listed = ", ".join(rest) if len(rest) <= MOST_LISTED else f"{', '.join(rest[:MOST_LISTED])}, ..."
        say(f"the table of steps leaves out {listed}; --json has them")


def _document(
    program: Program,
    names: Sequence[str],
    gradient: Sequence[float],
    run: Run,
    outcome: str,
    trace: Trace,
    rounding: float,
) -> dict[str, Any]:
    return {
        **document(program, None, rounding),
        "gradient": dict(zip(names, gradient, strict=True)),
        "named": {name: node.data for name, node in program.names.items()},
        "steps": run.last.step,
        "outcome": outcome,
        "error": run.error.message if run.error else None,
        "trace": trace.document(),
    }


def _ending(
    program: Program, names: Sequence[str], gradient: Sequence[float], last: Point, outcome: str, digits: int
) -> Iterator[str]:
    """Yield the lines that describe the last point."""
    yield ""
    if outcome == "converged":
        yield f"converged after {_steps(last.step)}"
    yield f"{program.title} = {number(last.value, digits)}"
    yield ""
    rows = zip(names, last.variables, gradient, strict=True)
    yield from table(
        ["", "value", "gradient"],
        [[name, number(value, digits), number(slope, digits)] for name, value, slope in rows],
        terminal_width(),
    )


def _report(run: Run, outcome: str, tolerance: float, digits: int) -> None:
    """Report an outcome that is not a success."""
    first, last = run.first, run.last
    smaller = worded(SMALLER_STEPS)
    if run.error:
        echo_error(run.error)
    elif outcome == "diverged":
        verb = "rose" if last.value > first.value else "fell"
        before, after = apart([first.value, last.value], digits)
        echo_error(f"diverged: the value {verb} from {before} to {after}\nhint: {smaller}")
    elif outcome == "interrupted":
        say(f"interrupted after {_steps(last.step)}")
    elif outcome == "restless":
        late = "last step" if run.late == 1 else f"last {_steps(run.late)}"
        say(f"warning: not converged: no improvement in the {late}\nhint: {smaller}")
    if outcome in ("steps", "restless") and tolerance > 0.0:
        say(f"warning: not converged after {_steps(last.step)}: the norm is {number(last.norm, digits)}")
    elif outcome == "steps" and last.step > 1 and last.norm > FLAT * first.norm:
        say(f"note: not converged after {_steps(last.step)}: the norm is {number(last.norm, digits)}")


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"

"""`mg descend`: gradient descent from the values given."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import ceil, inf
from sys import stdout
from typing import Any

import click

from mgcli.analysis.descent import METHODS, SMALLER_STEPS, Point, Run, descend, parameters, return_to
from mgcli.cli.arguments import MOST_LISTED, Arguments
from mgcli.cli.inputs import ExpressionCommand, constant_option, inputs, named
from mgcli.cli.output import (
    BLOCK,
    digits_option,
    echo_error,
    echo_json,
    echo_lines,
    json_option,
    number,
    streamed,
    table,
)
from mgcli.cli.progress import Watched
from mgcli.cli.wording import document, warn_of_unused
from mgcli.language.program import Program

ROWS = 20
"""How many rows the table has, about, unless --every tells."""

COLUMNS = 5
"""The most variables that the table shows: at 6 digits they fit in 80 columns."""

STATUS = {"steps": 0, "converged": 0, "restless": 0, "diverged": 1, "stopped": 1, "interrupted": 130}
"""The exit status for each way in which a descent ends."""


def _count(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Return the whole number that `text` says; 1e6 is one too."""
    if text is None:
        return None
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if 0.0 <= count < inf and count.is_integer():
        return int(count)
    raise click.BadParameter(f"{text} is not a whole number", context, parameter)


def _positive_count(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Return the whole number above 0 that `text` says."""
    count = _count(context, parameter, text)
    if count == 0:
        raise click.BadParameter("0 is less than 1", context, parameter)
    return count


def _positive(context: click.Context, parameter: click.Parameter, text: str) -> float:
    value = constant_option("--rate", text, "0.01")
    if value > 0.0:
        return value
    hint = "to climb, add --ascend" if value < 0.0 else "write a small number, as in --rate 0.01"
    raise click.UsageError(f"--rate takes a positive number, not {value}\nhint: {hint}", context)


def _not_negative(context: click.Context, parameter: click.Parameter, text: str) -> float:
    value = constant_option("--tolerance", text, "1e-6")
    if value >= 0.0:
        return value
    raise click.UsageError(f"--tolerance takes a number that is not negative, not {value}\nhint: as in 1e-6", context)


@click.command(cls=ExpressionCommand)
@click.option(
    "--rate",
    default="0.01",
    metavar="R",
    callback=_positive,
    help="How far a step goes, a constant expression.  [default: 0.01]",
)
@click.option("--steps", default="100", callback=_count, metavar="N", help="The most steps.  [default: 100]")
@click.option("--ascend", is_flag=True, help="Climb: step along the gradient, not against it.")
@click.option("--fix", multiple=True, callback=named, metavar="NAME", help="Hold this variable; may be repeated.")
@click.option(
    "--method",
    type=click.Choice(list(METHODS)),
    default="gd",
    help="Plain gradient descent unless told otherwise.",
)
@click.option(
    "--tolerance",
    default="0",
    callback=_not_negative,
    metavar="T",
    help="Stop where the norm of the gradient is T or less.  [default: 0]",
)
@click.option("--every", callback=_positive_count, metavar="N", help="Show every Nth step; about 20 unless told.")
@json_option
@digits_option
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
    digits: int | None,
) -> int:
    """Go down the gradient, step by step, from the values given.

    A step is a = a - rate*gradient for each variable a, all at once. Every variable moves, and
    every number that the expression names (as in 'a = 2'), but for those of --fix.

    \b
    mg descend "(x - 1)**2 + (y + 2)**2" -x 5 -y 5 --rate 0.1
    mg descend "e = a*b; L = (e + c)*f" -a 2 -b -3 -c 10 -f -2 --ascend --steps 1
    mg descend "(x - k)**4" -x 5 -k 3 --fix k --method adam --tolerance 1e-6

    The table shows the value, the first five of the variables and the norm of the gradient, to 6
    digits unless --digits tells; below it stands the last point in full, and a line names what the
    table leaves out. A step that goes too far, out of the domain or beyond the numbers, ends it at
    the last good point, with exit status 1; so does, at the end, a value that is worse than at the
    start. A warning tells where the second half of the steps brought nothing. Ctrl-C shows where it
    stands.

    \b
    --json writes
    {"expression": "...", "variables": {"x": 1.0}, "value": 0.0, "rounding": 0.0,
     "gradient": {"x": 0.0}, "named": {"e": -6.0},
     "steps": 100, "outcome": "steps", "error": null,
     "trace": {"step": [0, 100], "value": [16.0, 0.0], "norm": [8.0, 0.0],
               "variables": {"x": [5.0, 1.0]}}}

    The outcome is steps (all were done), converged, restless (all were done, and the second half
    came no lower), diverged (worse than at the start), stopped (a step went too far: error says
    why) or interrupted.
    """  # noqa: D301
    program = inputs(arguments).bind()
    moving = parameters(program, fix)
    every = every or max(1, ceil(steps / ROWS))
    rate = -rate if ascend else rate
    points = descend(program, moving, rate=rate, steps=steps, method=method, tolerance=tolerance)
    # Rows that go to the same terminal while the work goes on are progress enough.
    watched = Watched(points, steps, bar=steps // every < BLOCK or not stdout.isatty())
    run = Run(watched, rate=rate, steps=steps, tolerance=tolerance)
    shown = _shown(run, every)
    names = list(moving)
    if as_json:
        trace = _Trace(names)
        for point in shown:
            trace.add(point)
    else:
        header = ["step", program.title, *names[:COLUMNS], "norm"]
        echo_lines(streamed(header, (_row(point, digits or 6) for point in shown)))
    return_to(program, moving, run.last)
    outcome = "interrupted" if watched.interrupted else run.outcome()
    if as_json:
        echo_json(_document(program, names, run, outcome, trace))
    else:
        echo_lines(_ending(program, names, run.last, outcome, digits))
        _tell_of_columns(names)
    _explain(run, outcome, ascend, tolerance)
    warn_of_unused(program)
    return STATUS[outcome]


def _shown(run: Run, every: int) -> Iterator[Point]:
    """Yield every so many of the points of `run`, and its last."""
    for point in run:
        if point.step % every == 0:
            yield point
    if run.last.step % every:
        yield run.last


class _Trace:
    """The points that are shown, by columns: many of them take little room."""

    def __init__(self, names: Iterable[str]) -> None:
        self.step = array("q")
        self.value = array("d")
        self.norm = array("d")
        self.variables = {name: array("d") for name in names}

    def add(self, point: Point) -> None:
        self.step.append(point.step)
        self.value.append(point.value)
        self.norm.append(point.norm)
        for column, value in zip(self.variables.values(), point.variables, strict=True):
            column.append(value)

    def document(self) -> dict[str, Any]:
        return {"step": self.step, "value": self.value, "norm": self.norm, "variables": self.variables}


def _row(point: Point, digits: int) -> list[str]:
    shown = point.value, *point.variables[:COLUMNS], point.norm
    return [str(point.step), *(number(value, digits) for value in shown)]


def _tell_of_columns(names: Sequence[str]) -> None:
    """Say on standard error which variables the table has no room for."""
    if rest := names[COLUMNS:]:
        listed = ", ".join(rest) if len(rest) <= MOST_LISTED else f"{', '.join(rest[:MOST_LISTED])}, ..."
        click.echo(f"the table of steps leaves out {listed}; --json has them", err=True)


def _document(program: Program, names: Sequence[str], run: Run, outcome: str, trace: _Trace) -> dict[str, Any]:
    return {
        **document(program),
        "gradient": dict(zip(names, run.last.gradient, strict=True)),
        "named": {name: node.data for name, node in program.names.items()},
        "steps": run.last.step,
        "outcome": outcome,
        "error": run.error.message if run.error else None,
        "trace": trace.document(),
    }


def _ending(program: Program, names: Sequence[str], last: Point, outcome: str, digits: int | None) -> Iterator[str]:
    """Yield the lines that say where the descent stands."""
    yield ""
    if outcome == "converged":
        yield f"converged after {_steps(last.step)}"
    yield f"{program.title} = {number(last.value, digits)}"
    yield ""
    rows = zip(names, last.variables, last.gradient, strict=True)
    yield from table(
        ["", "value", "gradient"],
        [[name, number(value, digits), number(slope, digits)] for name, value, slope in rows],
    )


def _explain(run: Run, outcome: str, ascend: bool, tolerance: float) -> None:
    """Say on standard error what was not to be expected."""
    first, last = run.first, run.last
    if run.error:
        echo_error(run.error)
    elif outcome == "diverged":
        verb = "rose" if last.value > first.value else "fell"
        echo_error(f"it diverges: the value {verb} from {first.value} to {last.value}\nhint: {SMALLER_STEPS}")
    elif outcome == "interrupted":
        click.echo(f"interrupted after {_steps(last.step)}", err=True)
    elif outcome == "restless":
        late = "last step" if run.late == 1 else f"last {_steps(run.late)}"
        way = "higher" if ascend else "lower"
        click.echo(
            f"warning: it has not come to rest: the {late} brought the value no {way}\nhint: {SMALLER_STEPS}", err=True
        )
    if outcome in ("steps", "restless") and tolerance > 0.0:
        click.echo(f"warning: not converged after {_steps(last.step)}: the norm is {last.norm}", err=True)


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"

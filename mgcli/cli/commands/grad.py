"""`mg grad`: the value of an expression and its gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from mgcli.analysis.trusted import differentiated
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.messages import echo_error
from mgcli.cli.options import (
    csv_option,
    digits_option,
    exact_option,
    json_option,
    latex_option,
    of_option,
    refuse,
    wrt_option,
)
from mgcli.cli.output import echo_json, echo_table, terminal_width
from mgcli.cli.wording import document, exact_document, say_notes, sweep_notes, sweep_status, warn_of_unused
from mgcli.render.tables import columns, number, table

if TYPE_CHECKING:
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@wrt_option
@of_option
@click.option(
    "--along", metavar="NAME=NUMBER,...", help="The derivative along this direction, in place of the gradient."
)
@click.option(
    "--relative", is_flag=True, help="Add the elasticity x/f * df/dx: percent of the result per percent of x."
)
@latex_option
@json_option
@csv_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    wrt: tuple[str, ...],
    of: tuple[str, ...],
    along: str | None,
    relative: bool,
    as_latex: bool,
    as_json: bool,
    as_csv: bool,
    digits: int | None,
    exact: int | None,
) -> int:
    """Print the value and the gradient of every variable and name.

    \b
    mg grad "a*b + c" -a 2 -b -3 -c 10
    mg grad "e = a*b; L = (e + c)*f" -a 2 -b -3 -c 10 -f -2 --wrt a --wrt e
    mg grad "x*sin(x)" -x 0:3:0.5           a sweep: a table
    mg grad "m*v**2/2" -m 3 -v 2 --relative
    mg grad "(exp(x) - 1)/x" -x 1e-9 --exact 30
    mg grad "a*b + c" -a 2 -b -3 -c 10 --latex
    mg grad "x = r*cos(t); y = r*sin(t)" -r 2 -t 0.5 --of x --of y
    mg grad "r*cos(t)" -r 2 -t 0.5 --along r=1,t=0.5
    """  # noqa: D301
    if as_latex:
        refuse("latex", json=as_json, of=of, along=along is not None, relative=relative, exact=exact)
    if as_csv:
        refuse(
            "csv",
            json=as_json,
            latex=as_latex,
            digits=digits,
            exact=exact,
            along=along is not None,
            relative=relative,
        )
    given = inputs(arguments, sweeps=not as_latex)
    program = given.program
    for name in wrt:
        program.node(name)
    wanted = [name for name in program.known() if name in wrt] if wrt else None
    if as_csv:
        from mgcli.cli import spreadsheet

        return spreadsheet.write(given, of, wanted or list(program.variables or program.inputs()))
    if along is not None:
        from mgcli.cli import results

        refuse("along", wrt=wrt, relative=relative, exact=exact)
        return results.move(given, of, along, as_json, digits)
    if of:
        from mgcli.cli import results

        refuse("of", relative=relative, exact=exact)
        return results.differentiate(given, of, wanted, as_json, digits)
    if exact:
        return _exactly(given, wanted, exact, as_json)
    if given.sweeps:
        return _sweep(given, wanted, relative, as_json, digits)
    return _at_a_point(given, wanted, relative, as_latex, as_json, digits)


def _at_a_point(
    given: Inputs, wanted: Sequence[str] | None, relative: bool, as_latex: bool, as_json: bool, digits: int | None
) -> int:
    """Print the value and the gradient, and return the exit status."""
    program = given.bind()
    report = differentiated(program, wanted)
    if report.error:
        raise report.error
    names = _shown(program, wanted, as_json)
    sensitivities: Mapping[str, float] = {}
    if relative:
        from mgcli.analysis.elasticity import elasticities

        sensitivities = elasticities(program, names)
    if as_json:
        added = {"relative": sensitivities} if relative else {}
        echo_json({**document(program, None, report.rounding), **_gradients(program, wanted), **added})
    elif as_latex:
        from mgcli.render.values import gradient_latex

        click.echo(gradient_latex(program, names, digits))
    else:
        click.echo(f"{program.title} = {number(program.root.data, digits)}")
        echo_table(_table(program, names, sensitivities, digits))
    say_notes([*report.value_notes, *report.notes], digits)
    warn_of_unused(program)
    return _relative_status(program, sensitivities)


def _exactly(given: Inputs, wanted: Sequence[str] | None, digits: int, as_json: bool) -> int:
    program = given.program
    names = _shown(program, wanted, as_json=True)
    exact = given.exactly(digits)
    with program.pointing():
        value = exact.value()
        gradient = exact.gradient({name: program.node(name) for name in names})
    if as_json:
        echo_json({**exact_document(program, value), "exact": {"value": value, "gradient": gradient}})
    else:
        click.echo(f"{program.title} = {value}")
        if gradient:
            click.echo()
            echo_table(table(["", "gradient"], [[name, slope] for name, slope in gradient.items()], terminal_width()))
    return 0


def _relative_status(program: Program, relative: Mapping[str, float]) -> int:
    """Return the exit status, and report the names without an elasticity."""
    undefined = [name for name, share in relative.items() if share != share and isfinite(program.node(name).data)]
    if not undefined:
        return 0
    why = "is undefined where the result is 0.0" if program.root.data == 0.0 else "is too large for a float"
    echo_error(f"the relative sensitivity to {', '.join(undefined)} {why}")
    return 1


def _shown(program: Program, wanted: Sequence[str] | None, as_json: bool) -> list[str]:
    """Return the names whose gradient is shown; the text also shows intermediates."""
    if wanted is not None:
        return list(wanted)
    return [*program.variables, *(name for name in program.names if not as_json and name != program.title)]


def _gradients(program: Program, wanted: Sequence[str] | None) -> dict[str, Any]:
    gradient = {name: program.node(name).grad for name in (program.variables if wanted is None else wanted)}
    named: dict[str, dict[str, float]] = {}
    for name, node in program.names.items():
        named[name] = {"data": node.data}
        if wanted is None or name in wanted:
            named[name]["grad"] = node.grad
    return {"gradient": gradient, "named": named}


def _table(program: Program, names: Sequence[str], relative: Mapping[str, float], digits: int | None) -> Iterator[str]:
    if not names:
        return
    rows = []
    for name in names:
        node = program.node(name)
        shown = [node.data, node.grad, *([relative[name]] if relative else [])]
        rows.append([name, *(number(value, digits) for value in shown)])
    yield ""
    yield from table(["", "value", "gradient", *(["relative"] if relative else [])], rows, terminal_width())


def _sweep(given: Inputs, wanted: Sequence[str] | None, relative: bool, as_json: bool, digits: int | None) -> int:
    program = given.program
    names = _shown(program, wanted, as_json)
    swept = given.sweep(program.known() if wanted is None else wanted)
    points, result = swept.points(), swept.result.data
    sensitivities: Mapping[str, Sequence[float]] = {}
    undefined = 0
    if relative:
        from mgcli.analysis.elasticity import swept_elasticities

        sensitivities, undefined = swept_elasticities(swept, names)
    if as_json:
        gradient = {name: swept.columns[name].grad for name in names}
        named: dict[str, dict[str, Sequence[float]]] = {}
        for name in program.names:
            named[name] = {"data": swept.columns[name].data}
            if wanted is None or name in wanted:
                named[name]["grad"] = swept.columns[name].grad
        opening = document(program, result, swept.rounding, **points)
        added = {"relative": sensitivities} if relative else {}
        echo_json({**opening, "gradient": gradient, "named": named, **added})
    else:
        over = program.title if program.title in program.names else ""
        between = [name for name in names if name in program.names and name != program.title]
        header = [*points, program.title, *between, *(f"d{over}/d{name}" for name in names)]
        header.extend(f"relative({name})" for name in sensitivities)
        values = (swept.columns[name].data for name in between)
        gradients = (swept.columns[name].grad for name in names)
        shown = [*points.values(), result, *values, *gradients, *sensitivities.values()]
        echo_table(columns(header, shown, digits, terminal_width()))
    sweep_notes(swept)
    return sweep_status(swept.refused + undefined, len(result))

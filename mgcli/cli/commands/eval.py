"""`mg eval`: the value of an expression."""

from __future__ import annotations

import click

from mgcli.analysis.trusted import evaluated
from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.options import csv_option, digits_option, exact_option, json_option, of_option, refuse
from mgcli.cli.output import echo_json, echo_table, terminal_width
from mgcli.cli.wording import document, exact_document, say_notes, sweep_notes, sweep_status, warn_of_unused
from mgcli.render.tables import columns, number


@click.command(cls=ExpressionCommand)
@of_option
@json_option
@csv_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    of: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    digits: int | None,
    exact: int | None,
) -> int:
    """Print the value of an expression.

    \b
    mg eval "a*b + c" -a 2 -b -3 -c 10      4.0
    mg eval "sin(x)/x" -x pi/6              a value may be a constant expression
    mg eval "x**2" -x -1:1:0.25             start:stop:step is a sweep: a table
    mg eval "(exp(x) - 1)/x" -x 1e-9 --exact 30
    mg eval "s = a + b; p = a*b" -a 2 -b 3 --of s --of p
    """  # noqa: D301
    if as_csv:
        refuse("csv", json=as_json, digits=digits, exact=exact)
    given = inputs(arguments, sweeps=True)
    if as_csv:
        from mgcli.cli import spreadsheet

        return spreadsheet.write(given, of, None)
    if of:
        from mgcli.cli import results

        refuse("of", exact=exact)
        return results.evaluate(given, of, as_json, digits)
    if exact:
        return _exactly(given, exact, as_json)
    if given.sweeps:
        return _sweep(given, as_json, digits)
    program = given.bind()
    report = evaluated(program)
    if report.error:
        raise report.error
    if as_json:
        named = {name: node.data for name, node in program.names.items()}
        echo_json({**document(program, None, report.rounding), "named": named})
    else:
        click.echo(number(program.root.data, digits))
    say_notes(report.value_notes, digits)
    warn_of_unused(program)
    return 0


def _exactly(given: Inputs, digits: int, as_json: bool) -> int:
    value = given.exactly(digits).value()
    if as_json:
        echo_json({**exact_document(given.program, value), "exact": {"value": value}})
    else:
        click.echo(value)
    return 0


def _sweep(given: Inputs, as_json: bool, digits: int | None) -> int:
    table = given.sweep()
    program = given.program
    points, result = table.points(), table.result.data
    if as_json:
        named = {name: table.columns[name].data for name in program.names}
        echo_json({**document(program, result, table.rounding, **points), "named": named})
    else:
        echo_table(columns([*points, program.title], [*points.values(), result], digits, terminal_width()))
    sweep_notes(table)
    return sweep_status(table.refused, len(result))

"""`mg eval`: the value of an expression."""

from __future__ import annotations

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.options import digits_option, json_option
from mgcli.cli.output import columns, echo_json, echo_lines, number
from mgcli.cli.wording import document, sweep_status, warn_of_unused


@click.command(cls=ExpressionCommand)
@json_option
@digits_option
def command(arguments: Arguments, as_json: bool, digits: int | None) -> int:
    """Print the value of an expression.

    \b
    mg eval "a*b + c" -a 2 -b -3 -c 10      4.0
    mg eval "sin(x)/x" -x pi/6              a value may be a constant expression
    mg eval "x**2" -x -1:1:0.25             start:stop:step is a sweep: a table

    \b
    --json writes
    {"expression": "...", "variables": {"a": 2.0}, "value": 4.0,
     "named": {"e": -6.0}}
    with lists for everything that changes over a sweep.
    """  # noqa: D301
    given = inputs(arguments, sweeps=True)
    if given.sweeps:
        return _sweep(given, as_json, digits)
    program = given.bind()
    if error := program.error():
        raise error
    if as_json:
        echo_json({**document(program), "named": {name: node.data for name, node in program.names.items()}})
    else:
        click.echo(number(program.root.data, digits))
    warn_of_unused(program)
    return 0


def _sweep(given: Inputs, as_json: bool, digits: int | None) -> int:
    table = given.sweep()
    program = given.program
    points, result = table.columns[table.name].data, table.result.data
    if as_json:
        named = {name: table.columns[name].data for name in program.names}
        echo_json({**document(program, result, **{table.name: points}), "named": named})
    else:
        echo_lines(columns([table.name, program.title], [points, result], digits))
    return sweep_status(table.refused, len(points))

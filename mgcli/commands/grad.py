"""`mg grad`: the value of an expression and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mgcli.command_line import Arguments, ExpressionCommand, Inputs, inputs
from mgcli.output import columns, digits_option, echo_json, echo_lines, json_option, number, table
from mgcli.results import document, sweep_status, warn_of_unused

if TYPE_CHECKING:
    from mgcli.program import Program

wrt_option = click.option(
    "--wrt", multiple=True, metavar="NAME", help="Only the gradient of this variable or name; may be repeated."
)


@click.command(cls=ExpressionCommand)
@wrt_option
@json_option
@digits_option
def command(arguments: Arguments, wrt: tuple[str, ...], as_json: bool, digits: int | None) -> int:
    """Print the value and the gradient of every variable and name.

    \b
    mg grad "a*b + c" -a 2 -b -3 -c 10
    mg grad "e = a*b; L = (e + c)*f" -a 2 -b -3 -c 10 -f -2 --wrt a --wrt e
    mg grad "x*sin(x)" -x 0:3:0.5           a sweep gives a table

    \b
    --json writes
    {"expression": "...", "variables": {"a": 2.0}, "value": 4.0,
     "gradient": {"a": -3.0}, "named": {"e": {"data": -6.0, "grad": -2.0}}}
    with lists for what changes over a sweep.
    """  # noqa: D301
    given = inputs(arguments, sweeps=True)
    program = given.program
    for name in wrt:
        program.node(name)
    wanted = [name for name in program.known() if name in wrt] if wrt else None
    if given.sweeps:
        return _sweep(given, wanted, as_json, digits)
    given.bind()
    error = program.error() or program.differentiate(wanted)
    if error:
        raise error
    if as_json:
        echo_json({**document(program), **_gradients(program, wanted)})
    else:
        click.echo(f"{program.title} = {number(program.root.data, digits)}")
        echo_lines(_table(program, wanted, digits))
    warn_of_unused(program)
    return 0


def _gradients(program: Program, wanted: Sequence[str] | None) -> dict[str, Any]:
    gradient = {name: program.node(name).grad for name in (program.variables if wanted is None else wanted)}
    named: dict[str, dict[str, float]] = {}
    for name, node in program.names.items():
        named[name] = {"data": node.data}
        if wanted is None or name in wanted:
            named[name]["grad"] = node.grad
    return {"gradient": gradient, "named": named}


def _table(program: Program, wanted: Sequence[str] | None, digits: int | None) -> list[str]:
    names = [*program.variables, *(name for name in program.names if name != program.title)]
    names = names if wanted is None else list(wanted)
    if not names:
        return []
    nodes = [(name, program.node(name)) for name in names]
    rows = [[name, number(node.data, digits), number(node.grad, digits)] for name, node in nodes]
    return ["", *table(["", "value", "gradient"], rows)]


def _sweep(given: Inputs, wanted: Sequence[str] | None, as_json: bool, digits: int | None) -> int:
    program = given.program
    names = list(program.variables) if wanted is None else list(wanted)
    swept = given.sweep(program.known() if wanted is None else wanted)
    points, result = swept.columns[swept.name].data, swept.result.data
    if as_json:
        gradient = {name: swept.columns[name].grad for name in names}
        named: dict[str, dict[str, Sequence[float]]] = {}
        for name in program.names:
            named[name] = {"data": swept.columns[name].data}
            if wanted is None or name in wanted:
                named[name]["grad"] = swept.columns[name].grad
        opening = document(program, result, **{swept.name: points})
        echo_json({**opening, "gradient": gradient, "named": named})
    else:
        over = "" if program.title == "value" else program.title
        header = [swept.name, program.title, *(f"d{over}/d{name}" for name in names)]
        echo_lines(columns(header, [points, result, *(swept.columns[name].grad for name in names)], digits))
    return sweep_status(swept.refused, len(points))

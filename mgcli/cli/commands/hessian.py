"""`mg hessian`: the matrix of second derivatives of an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.options import digits_option, json_option, names
from mgcli.cli.output import echo_json, echo_lines, number, table
from mgcli.cli.wording import document

if TYPE_CHECKING:
    from mgcli.calculus.hessian import Hessian
    from mgcli.graph.value import Value
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@click.option(
    "--wrt",
    multiple=True,
    callback=names,
    metavar="NAME",
    help="Only with respect to this variable; may be repeated.",
)
@click.option("--formulas", "as_formulas", is_flag=True, help="Print the second derivatives as expressions.")
@json_option
@digits_option
def command(arguments: Arguments, wrt: tuple[str, ...], as_formulas: bool, as_json: bool, digits: int | None) -> None:
    """Print the matrix of second derivatives.

    \b
    mg hessian "x**2*y + exp(y)" -x 1 -y 0
    mg hessian "x**2*y + exp(y)" --formulas
    mg hessian "a*x**2 + b*x" -a 1 -b 2 -x 3 --wrt x --wrt a

    --formulas needs no values. Each pair is printed once, as d2_dx_dy, or
    d2L_dx_dy if the result is called L, and the output is an expression again.

    \b
    --json writes
    {"expression": "...", "variables": {"x": 1.0, "y": 0.0}, "value": 1.0,
     "gradient": {"x": 0.0, "y": 2.0},
     "hessian": {"x": {"x": 0.0, "y": 2.0}, "y": {"x": 2.0, "y": 1.0}}}
    and with --formulas
    {"expression": "...",
     "formulas": {"x": {"x": "2*y", "y": "2*x"}, "y": {...}}}
    """  # noqa: D301
    from mgcli.analysis.derivatives import independent_variables_of
    from mgcli.calculus.hessian import hessian

    given = inputs(arguments)
    program = given.program
    variables = independent_variables_of(program, wrt)
    if as_formulas:
        _formulas(given.without_values(wrt), variables, as_json)
        return
    if error := given.bind().error():
        raise error
    with program.pointing():
        found = hessian(program.root, variables)
    if as_json:
        echo_json({**document(program), "gradient": found.gradient, "hessian": found.matrix})
    else:
        echo_lines(_table(found, digits))


def _table(found: Hessian, digits: int | None) -> Iterator[str]:
    rows = [[name, *(number(value, digits) for value in row.values())] for name, row in found.matrix.items()]
    return table(["", *found.matrix], rows)


def _formulas(program: Program, variables: Mapping[str, Value], as_json: bool) -> None:
    from mgcli.calculus.hessian import formulas
    from mgcli.render.formulas import hessian_text, one_line

    with program.pointing():
        found = formulas(program.root, variables)
    if not as_json:
        click.echo(hessian_text(program, found))
        return
    texts = {pair: one_line(program, node) for pair, node in found.items()}
    matrix = {
        name: {other: texts.get((name, other)) or texts[other, name] for other in variables} for name in variables
    }
    echo_json({"expression": program.text, "formulas": matrix})

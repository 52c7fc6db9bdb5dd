"""`mg hessian`: the matrix of second derivatives of an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from mgcli.analysis.trusted import differentiated
from mgcli.cli.arguments import Arguments
from mgcli.cli.inputs import ExpressionCommand, Inputs, inputs, named
from mgcli.cli.output import digits_option, echo_json, echo_lines, exact_option, json_option, number, table
from mgcli.cli.wording import equations_of, say, wanted_of
from mgcli.errors import ExpressionError
from mgcli.language.program import Program

if TYPE_CHECKING:
    from mgcli.analysis.higher_orders import Curvature
    from mgcli.graph.value import Value


@click.command(cls=ExpressionCommand)
@click.option("--wrt", multiple=True, callback=named, metavar="NAME", help="Only by this variable; may be repeated.")
@click.option("--formulas", "as_formulas", is_flag=True, help="Print the second derivatives as expressions.")
@json_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    wrt: tuple[str, ...],
    as_formulas: bool,
    as_json: bool,
    digits: int | None,
    exact: int | None,
) -> None:
    """Print the matrix of second derivatives.

    \b
    mg hessian "x**2*y + exp(y)" -x 1 -y 0
    mg hessian "x**2*y + exp(y)" --formulas
    mg hessian "a*x**2 + b*x" -a 1 -b 2 -x 3 --wrt x --wrt a

    --formulas needs no values; each pair is printed once, as d2_dx_dy, or d2L_dx_dy where L is the
    result, and what is printed is an expression again.

    \b
    --json writes
    {"expression": "...", "variables": {"x": 1.0, "y": 0.0}, "value": 1.0, "rounding": 0.0,
     "gradient": {"x": 0.0, "y": 2.0},
     "hessian": {"x": {"x": 0.0, "y": 2.0}, "y": {"x": 2.0, "y": 1.0}}}
    with --formulas {"expression": "...", "formulas": {"x": {"x": "2*y", "y": "2*x"}, "y": {...}}}
    """  # noqa: D301
    given = inputs(arguments)
    program = given.program
    variables = wanted_of(program, wrt)
    _refuse_intermediates(program, variables)
    if as_formulas:
        _formulas(given.without_values(wrt), variables, as_json)
        return
    if exact:
        _exactly(given, variables, exact, as_json)
        return
    given.bind()
    report = differentiated(program, variables)
    if report.error:
        raise report.error

    from mgcli.analysis.higher_orders import second_derivatives
    from mgcli.cli.wording import document

    gradient = {name: node.grad for name, node in variables.items()}
    found = second_derivatives(program, variables)
    if found.report.error:
        found.report.error.text = program.text
        raise found.report.error
    if as_json:
        opening = document(program, None, report.rounding)
        echo_json({**opening, "gradient": gradient, "hessian": found.matrix})
    else:
        echo_lines(_table(found, digits))
    say([*report.notes, *found.report.notes])


def _exactly(given: Inputs, variables: Mapping[str, Value], digits: int, as_json: bool) -> None:
    from mgcli.cli.wording import document

    exact = given.exactly(digits)
    with given.program.pointing():
        matrix = exact.hessian(variables)
        if as_json:
            value, gradient = exact.value(), exact.gradient(variables)
            numbers = {"value": value, "gradient": gradient, "hessian": matrix}
            echo_json({**document(given.program, float(value)), "exact": numbers})
        else:
            echo_lines(table(["", *matrix], [[name, *row.values()] for name, row in matrix.items()]))


def _refuse_intermediates(program: Program, variables: Mapping[str, Value]) -> None:
    """Refuse a name whose value depends on variables: its second derivatives would not be symmetric."""
    for name, node in variables.items():
        if not node.is_input():
            raise ExpressionError(
                f"{name} depends on other variables",
                text=program.text,
                span=program.first_use[name],
                hint=f"make it a variable: leave '{name} = ...' out",
            )


def _table(found: Curvature, digits: int | None) -> Iterator[str]:
    rows = [[name, *(number(value, digits) for value in row.values())] for name, row in found.matrix.items()]
    return table(["", *found.matrix], rows)


def _formulas(program: Program, variables: Mapping[str, Value], as_json: bool) -> None:
    from mgcli.calculus.hessian import formulas
    from mgcli.notation import FreeNames
    from mgcli.notation import program as program_text

    with program.pointing():
        found = formulas(program.root, variables)
    if as_json:
        texts = {pair: program_text(equations_of(program, {"": node}), "; ") for pair, node in found.items()}
        matrix = {
            name: {other: texts.get((name, other)) or texts[other, name] for other in variables} for name in variables
        }
        echo_json({"expression": program.text, "formulas": matrix})
    else:
        free = FreeNames(program.known())
        titled = {free.take(_title(program, *pair)): node for pair, node in found.items()}
        click.echo(program_text(equations_of(program, titled)))


def _title(program: Program, name: str, other: str) -> str:
    over = f"d2{program.result or ''}"
    return f"{over}_d{name}2" if name == other else f"{over}_d{name}_d{other}"

"""`mg hessian`: the matrix of second derivatives of an expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.options import digits_option, exact_option, json_option, latex_option, names_option, refuse
from mgcli.cli.output import echo_json, echo_table, terminal_width
from mgcli.cli.wording import document, exact_document, say_notes
from mgcli.render.tables import number

if TYPE_CHECKING:
    from mgcli.analysis.definiteness import Definiteness
    from mgcli.graph.value import Value
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@names_option("--wrt", "Only with respect to this variable")
@click.option("--formulas", "as_formulas", is_flag=True, help="Print the second derivatives as expressions.")
@latex_option
@json_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    wrt: tuple[str, ...],
    as_formulas: bool,
    as_latex: bool,
    as_json: bool,
    digits: int | None,
    exact: int | None,
) -> None:
    """Print the matrix of second derivatives.

    \b
    mg hessian "x**2*y + exp(y)" -x 1 -y 0
    mg hessian "x**2*y + exp(y)" --formulas
    mg hessian "a*x**2 + b*x" -a 1 -b 2 -x 3 --wrt x --wrt a

    --formulas needs no values. Each pair is printed once, as d2_dx_dy, or
    d2L_dx_dy if the result is called L, and the output is an expression again.
    """  # noqa: D301
    from mgcli.analysis.definiteness import definiteness
    from mgcli.analysis.derivatives import independent_variables_of
    from mgcli.analysis.higher_orders import twice_differentiated
    from mgcli.render.matrix import hessian_lines

    if as_latex:
        refuse("latex", json=as_json, exact=exact)
    given = inputs(arguments)
    program = given.program
    variables = independent_variables_of(program, wrt)
    if as_formulas:
        _formulas(given.without_values(wrt), variables, as_json, as_latex)
        return
    if exact:
        _exactly(given, variables, exact, as_json)
        return
    given.bind("" if given.values else "or add --formulas, which needs none")
    report, found = twice_differentiated(program, variables)
    gradient = {name: node.grad for name, node in variables.items()}
    kind = definiteness(found.matrix)
    if as_json:
        derivatives = {"gradient": gradient, **_kind_document(kind), "hessian": found.matrix}
        echo_json({**document(program, None, report.rounding), **derivatives})
    elif as_latex:
        from mgcli.render.values import hessian_values_latex

        click.echo(hessian_values_latex(program, found.matrix, digits))
    else:
        rows = {name: {other: number(x, digits) for other, x in row.items()} for name, row in found.matrix.items()}
        echo_table(hessian_lines(rows, kind, gradient, digits, terminal_width()))
    say_notes([*report.notes, *found.report.notes], digits)


def _kind_document(found: Definiteness) -> dict[str, Any]:
    return {"eigenvalues": found.eigenvalues, "definiteness": found.kind}


def _exactly(given: Inputs, variables: Mapping[str, Value], digits: int, as_json: bool) -> None:
    from mgcli.analysis.definiteness import definiteness
    from mgcli.render.matrix import hessian_lines

    exact = given.exactly(digits)
    with given.program.pointing():
        matrix, value, gradient = exact.hessian(variables), exact.value(), exact.gradient(variables)
    kind = definiteness({name: {other: float(x) for other, x in row.items()} for name, row in matrix.items()})
    if as_json:
        numbers = {"value": value, "gradient": gradient, "hessian": matrix}
        echo_json({**exact_document(given.program, value), **_kind_document(kind), "exact": numbers})
    else:
        slopes = {name: float(slope) for name, slope in gradient.items()}
        echo_table(hessian_lines(matrix, kind, slopes, width=terminal_width()))


def _formulas(program: Program, variables: Mapping[str, Value], as_json: bool, as_latex: bool) -> None:
    from mgcli.calculus.hessian import formulas
    from mgcli.render.formulas import hessian_formulas_latex, hessian_text, one_line

    with program.pointing():
        found = formulas(program.root, variables)
    if not as_json:
        click.echo(hessian_formulas_latex(program, found) if as_latex else hessian_text(program, found))
        return
    texts = {pair: one_line(program, node) for pair, node in found.items()}
    matrix = {
        name: {other: texts.get((name, other)) or texts[other, name] for other in variables} for name in variables
    }
    echo_json({"expression": program.text, "formulas": matrix})

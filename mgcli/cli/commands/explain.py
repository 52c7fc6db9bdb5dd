"""`mg explain`: the forward and the backward pass, step by step."""

from __future__ import annotations

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import inputs
from mgcli.cli.options import json_option, latex_option, refuse, short_digits_option, wrt_option
from mgcli.cli.output import echo_json, echo_lines
from mgcli.cli.wording import document, say_notes
from mgcli.render.tables import number


@click.command(cls=ExpressionCommand)
@wrt_option
@json_option
@latex_option
@short_digits_option
def command(arguments: Arguments, wrt: tuple[str, ...], as_json: bool, as_latex: bool, digits: int) -> None:
    """Show the forward pass and the backward pass, step by step.

    \b
    mg explain "e = a*b; d = e + c; L = d*f" -a 2 -b -3 -c 10 -f -2
    mg explain "x**2*sin(x)" -x 2 --digits 4
    mg explain "e = a*b; L = e*a" -a 2 -b -3 --wrt a   only what leads to a

    In the backward pass each line is one product of the chain rule: the
    incoming gradient times the local derivative. If a value is used more than
    once, its products add up.
    """  # noqa: D301
    if as_json:
        refuse("json", latex=as_latex)
    from mgcli.analysis.explain import explain
    from mgcli.render import explanation as views
    from mgcli.render.formulas import has_several_variables, result_letter

    given = inputs(arguments)
    for name in wrt:
        given.program.node(name)
    program = given.bind()
    explanation = explain(program, wrt or None, result_letter(program) if as_latex else None)

    def show(value: float) -> str:
        return number(value, digits)

    if as_json:
        echo_json({**document(program, None, explanation.report.rounding), **views.document(explanation)})
    elif as_latex:
        click.echo(views.latex(explanation, show, partial=has_several_variables(program)))
    else:
        echo_lines(views.text(explanation, show))
    say_notes([*explanation.report.value_notes, *explanation.report.notes], digits)

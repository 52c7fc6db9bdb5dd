"""`mg diff`: the derivative of an expression as an expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.arguments import Arguments
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.inputs import Inputs, inputs
from mgcli.cli.messages import say
from mgcli.cli.options import digits_option, exact_option, json_option, latex_option, refuse, wrt_option
from mgcli.cli.output import echo_json, echo_lines, terminal_width
from mgcli.cli.wording import document, opening, say_notes
from mgcli.render.tables import number

if TYPE_CHECKING:
    from mgcli.analysis.derivatives import Derivatives
    from mgcli.analysis.equations import ImplicitDerivatives
    from mgcli.calculus.derivation import Reached
    from mgcli.graph.value import Value
    from mgcli.language.program import Program


@click.command(cls=ExpressionCommand)
@wrt_option
@click.option("--of", metavar="NAME", help="For an equation: the variable that is a function of the others.")
@click.option("--order", type=click.IntRange(1, 100), default=1, metavar="N", help="Differentiate N times.")
@latex_option
@click.option("--steps", is_flag=True, help="First show which rule was used where.")
@json_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    wrt: tuple[str, ...],
    of: str | None,
    order: int,
    as_latex: bool,
    steps: bool,
    as_json: bool,
    digits: int | None,
    exact: int | None,
) -> int:
    """Print the derivative as an expression.

    \b
    mg diff "3*x**2 - 4*x + 5" -x 2         6*x - 4  # 8.0
    mg diff "x**2*y" --wrt x                one variable of several
    mg diff "log(1 + x)" --order 10
    mg diff "x**2*sin(x)" --steps
    mg diff "x**2*sin(x)" --latex
    mg diff "x**2 + y**2 = 25" --wrt x --of y

    The output is an expression again; its value, if values are given, is a
    comment. A part that is used more than once gets a name where that is
    shorter. With several variables each derivative is named: d_dx, or dL_dx
    if the result is called L.
    """  # noqa: D301
    if as_json:
        refuse("json", latex=as_latex)
    from mgcli.analysis.derivatives import derivatives, variables_of

    given = inputs(arguments, equations=True)
    program = given.program
    if program.equation or of is not None:
        return _implicitly(given, wrt, of, order, as_latex, steps, as_json, digits, exact)
    wanted = variables_of(program, wrt)
    at_a_point = given.at_a_point
    if not at_a_point:
        given.without_values(wrt)
    else:
        given.bind()
    found = derivatives(program, wanted, order, at_a_point=at_a_point)
    derived = _derived(program, wanted, order, as_latex, as_json) if steps else []
    written = {name: number(value, digits) for name, value in found.values.items()}
    known = _exactly(given, wanted, order, exact) if exact and at_a_point else {}
    if as_json:
        echo_json(_document(program, found, derived, order, at_a_point, known))
    else:
        _print(program, found, derived, order, as_latex, {**written, **known})
    say_notes(found.notes, digits)
    for name in found.without_formula_value():
        say(f"the formula with respect to {name} is undefined at this point; the number shown is from 'mg grad'")
    if found.failure and not known:
        raise found.failure
    return 0


def _derived(program: Program, wanted: Mapping[str, Value], order: int, as_latex: bool, as_json: bool) -> list[Reached]:
    """Return how each derivative is reached, step by step."""
    from mgcli.calculus.derivation import derivations
    from mgcli.notation import LATEX, TEXT

    # Read by a program, each derivative has all of its steps; read by people, what several share is shown once.
    apart = [{name: node} for name, node in wanted.items()] if as_json else [wanted]
    notation = LATEX if as_latex else TEXT
    return [each for some in apart for each in derivations(program.root, some, order, notation)]


def _implicitly(
    given: Inputs,
    wrt: tuple[str, ...],
    of: str | None,
    order: int,
    as_latex: bool,
    steps: bool,
    as_json: bool,
    digits: int | None,
    exact: int | None,
) -> int:
    """Print the derivative of a variable that an equation makes a function of the others."""
    from mgcli.analysis.equations import implicit_derivatives
    from mgcli.render.formulas import implicit_document, implicit_text

    program = given.program
    if not given.at_a_point:
        given.without_values([*wrt, *([of] if of else [])])
    elif program.equation:
        given.bind()
    found = implicit_derivatives(program, wrt, of, order, at_a_point=given.at_a_point)
    known = _implicitly_exact(given, found, order, exact) if exact and found.values else {}
    if as_json:
        derived = {"order": order, "of": found.of, "derivative": implicit_document(program, found, known, steps=steps)}
        echo_json({"expression": program.text, **derived, **(opening(program) if given.at_a_point else {})})
    else:
        written = {name: number(value, digits) for name, value in found.values.items()}
        click.echo(implicit_text(program, found, {**written, **known}, order, latex=as_latex, steps=steps))
    say_notes(found.notes)
    if found.failure:
        raise found.failure
    return 0


def _implicitly_exact(given: Inputs, found: ImplicitDerivatives, order: int, digits: int) -> dict[str, str]:
    """Return each derivative of an equation with that many digits."""
    exact = given.exactly(digits)
    node = given.program.node
    with given.program.pointing():
        return {name: exact.implicit(node(found.of), node(name), order) for name in found.values}


def _exactly(given: Inputs, wanted: Mapping[str, Value], order: int, digits: int) -> dict[str, str]:
    """Return each derivative with that many digits."""
    exact = given.exactly(digits)
    with given.program.pointing():
        if order == 1:
            return exact.gradient(wanted)
        return {name: exact.derivative(name, node, order) for name, node in wanted.items()}


def _print(
    program: Program,
    found: Derivatives,
    derived: list[Reached],
    order: int,
    as_latex: bool,
    written: Mapping[str, str],
) -> None:
    from mgcli.render.formulas import derivatives_text, steps_latex, steps_text

    if derived:
        text = steps_latex(derived, order) if as_latex else [*steps_text(derived, order, terminal_width()), ""]
        echo_lines(text)
    taken = {name for each in derived for name, _ in each.derivation.names}
    click.echo(
        derivatives_text(
            program,
            found.formulas,
            written,
            order,
            latex=as_latex,
            display=bool(derived),
            taken=taken,
        )
    )


def _document(
    program: Program, found: Derivatives, derived: list[Reached], order: int, at_a_point: bool, known: Mapping[str, str]
) -> dict[str, Any]:
    from mgcli.render.formulas import one_line

    entries: dict[str, dict[str, Any]] = {}
    for name, node in found.formulas.items():
        entries[name] = {"formula": one_line(program, node)}
        if at_a_point:
            entries[name]["value"] = found.values.get(name)
        if name in known:
            entries[name]["exact"] = known[name]
    for (name,), reached, each in derived:
        steps = {"names": dict(each.names), "steps": [step._asdict() for step in each.steps]}
        if reached == 1:
            entries[name].update(steps)
        else:
            entries[name].setdefault("further", []).append(steps)
    opening = {"expression": program.text, "order": order, "derivative": entries}
    return {**opening, **document(program, None, found.rounding)} if at_a_point else opening

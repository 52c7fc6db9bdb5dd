"""`mg diff`: the derivative of an expression as an expression."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from mgcli.analysis.trusted import differentiated
from mgcli.cli.arguments import Arguments
from mgcli.cli.inputs import ExpressionCommand, Inputs, inputs, wrt_option
from mgcli.cli.output import digits_option, echo_json, exact_option, json_option, number
from mgcli.cli.wording import document, equations_of, say, wanted_of
from mgcli.errors import EvaluationError
from mgcli.language.program import Program

if TYPE_CHECKING:
    from mgcli.analysis.trusted import Report
    from mgcli.calculus.derivation import Derivation
    from mgcli.graph.value import Value


@click.command(cls=ExpressionCommand)
@wrt_option
@click.option("--order", type=click.IntRange(1, 100), default=1, metavar="N", help="Differentiate N times.")
@click.option("--latex", "as_latex", is_flag=True, help="Write LaTeX.")
@click.option("--steps", is_flag=True, help="Show first which rule was used where.")
@json_option
@digits_option
@exact_option
def command(
    arguments: Arguments,
    wrt: tuple[str, ...],
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

    What it prints is an expression again, its value, where values are given, a comment. A part used
    more than once is given a name where that is shorter. Of several variables, each derivative is
    named: d_dx, or dL_dx where L is the result.

    \b
    --json writes
    {"expression": "...", "order": 1,
     "derivative": {"x": {"formula": "6*x - 4", "value": 8.0}},
     "variables": {"x": 2.0}, "value": 9.0, "rounding": 0.0}
    without the values where none are given, and with --steps two more entries in each derivative, the
    second written with the names of the first:
     "names": {"v1": "..."},
     "steps": [{"of": "...", "rule": "...", "to": "...", "product": "...", "contribution": "..."}]
    and with an --order above 1 a third, "further": the names and steps of each further order.
    """  # noqa: D301
    if steps and as_latex:
        raise click.UsageError("--steps and --latex do not go together\nhint: leave one of them out")
    given = inputs(arguments)
    program = given.program
    wanted = wanted_of(program, wrt)
    bound = bool(given.values) or not program.variables
    if not bound:
        given.without_values(wrt)
    else:
        given.bind()
        report = differentiated(program, wanted)
        if program.error():
            raise report.error or EvaluationError("the result is not a number")

    from mgcli.calculus.differentiation import each_derivative

    with program.pointing():
        formulas = each_derivative(program.root, wanted, order)
    values, failure = _values(program, wanted, order, report) if bound else ({}, None)
    known = _exactly(given, wanted, order, exact) if exact and bound else {}
    if as_json:
        echo_json(_document(program, wanted, formulas, values, order, steps, report.rounding if bound else None, known))
    else:
        found = list(_derivations(program, wanted, order)) if steps else []
        if steps:
            click.echo("\n".join([*_steps(found, order), ""]))
        names = {name for _, _, each in found for name, _ in each.names}
        click.echo(_text(program, formulas, values, order, as_latex, digits, names, known))
    for name in values:
        if formulas[name].data != formulas[name].data:
            click.echo(
                f"the formula by {name} has no value at this point; the number beside it is that of 'mg grad'", err=True
            )
    if bound:
        say(report.notes)
    if failure:
        raise failure
    return 0


def _values(
    program: Program, wanted: Mapping[str, Value], order: int, report: Report
) -> tuple[dict[str, float], EvaluationError | None]:
    """Return the derivatives that have a value, and why the first that has none has none."""
    from mgcli.analysis.higher_orders import derivative_at

    if order == 1:
        return {name: node.grad for name, node in wanted.items() if node.grad == node.grad}, report.error
    values: dict[str, float] = {}
    failure = None
    for name, node in wanted.items():
        value, further = derivative_at(program, name, node, order)
        report.add(further.notes)
        if further.error:
            further.error.text = program.text
            failure = failure or further.error
        else:
            values[name] = value
    return values, failure


def _exactly(given: Inputs, wanted: Mapping[str, Value], order: int, digits: int) -> dict[str, str]:
    """Return each derivative with so many digits."""
    exact = given.exactly(digits)
    with given.program.pointing():
        if order == 1:
            return exact.gradient(wanted)
        return {name: exact.derivative(name, node, order) for name, node in wanted.items()}


def _text(
    program: Program,
    formulas: Mapping[str, Value],
    values: Mapping[str, float],
    order: int,
    as_latex: bool,
    digits: int | None,
    taken: Collection[str] = (),
    known: Mapping[str, str] | None = None,
) -> str:
    from mgcli.notation import LATEX, FreeNames, latex_block
    from mgcli.notation import program as program_text

    alone = len(formulas) == 1
    free = FreeNames(program.known())
    titles = {name: "" if alone else _title(program, name, order, as_latex) for name in formulas}
    if not alone and not as_latex:
        titles = {name: free.take(title) for name, title in titles.items()}
    results = {titles[name]: node for name, node in formulas.items()}
    sides = equations_of(program, results, LATEX if as_latex else None, taken)
    mark = "%" if as_latex else "#"
    written = {**{name: number(value, digits) for name, value in values.items()}, **(known or {})}
    comments = {
        place: f"  {mark} {written[name]}"
        for place, name in enumerate(formulas, len(sides) - len(formulas))
        if name in written
    }
    return latex_block(sides, comments) if as_latex else program_text(sides, comments=comments)


def _title(program: Program, name: str, order: int, as_latex: bool) -> str:
    """Return what the derivative by `name` is called."""
    power = "" if order == 1 else str(order)
    if not as_latex:
        return f"d{power}{program.result or ''}_d{name}{power}"
    from mgcli.notation import latex_name

    raised = f"^{{{power}}}" if power else ""
    over = latex_name(program.result) if program.result else "f"
    return rf"\frac{{\partial{raised} {over}}}{{\partial {latex_name(name)}{raised}}}"


def _derivations(program: Program, wanted: Mapping[str, Value], order: int) -> Iterator[tuple[str, int, Derivation]]:
    """Yield how each derivative is found: of each variable, and of that each order, the derivation."""
    from mgcli.calculus.derivation import derivation
    from mgcli.calculus.differentiation import derivative

    for name, node in wanted.items():
        root = program.root
        for reached in range(1, order + 1):
            yield name, reached, derivation(root, node)
            if reached < order:
                root = derivative(root, node)


def _steps(found: Iterable[tuple[str, int, Derivation]], order: int) -> Iterator[str]:
    """Yield the lines that tell which rule was used where."""
    for name, reached, each in found:
        times = "" if order == 1 else f", {reached} of {order}"
        yield f"by {name}{times}:"
        yield from (f"  {left} = {right}" for left, right in each.names)
        rows = [(step.of, step.rule, step.to, _equation(step.product, step.contribution)) for step in each.steps]
        yield from _aligned([("of", "rule", "to", "contribution"), *rows])


def _equation(product: str, simplified: str) -> str:
    return product if product == simplified else f"{product} = {simplified}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _document(
    program: Program,
    wanted: Mapping[str, Value],
    formulas: Mapping[str, Value],
    values: Mapping[str, float],
    order: int,
    steps: bool,
    rounding: float | None,
    known: Mapping[str, str],
) -> dict[str, Any]:
    from mgcli.notation import program as program_text

    derivatives: dict[str, dict[str, Any]] = {}
    for name, node in formulas.items():
        entry: dict[str, Any] = {"formula": program_text(equations_of(program, {"": node}), "; ")}
        if rounding is not None:
            entry["value"] = values.get(name)
        if name in known:
            entry["exact"] = known[name]
        derivatives[name] = entry
    for name, reached, each in _derivations(program, wanted, order) if steps else ():
        made = {"names": dict(each.names), "steps": [step._asdict() for step in each.steps]}
        if reached == 1:
            derivatives[name].update(made)
        else:
            derivatives[name].setdefault("further", []).append(made)
    opening = {"expression": program.text, "order": order, "derivative": derivatives}
    return opening if rounding is None else {**opening, **document(program, None, rounding)}

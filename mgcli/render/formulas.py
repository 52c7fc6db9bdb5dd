"""Derivatives as text, which mg reads again, and as LaTeX."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mgcli.notation import LATEX, TEXT, FreeNames, Notation, equations, latex_block, latex_name, names_of_shared
from mgcli.notation import program as program_text
from mgcli.render.tables import WIDEST, blocks

if TYPE_CHECKING:
    from mgcli.analysis.equations import ImplicitDerivatives
    from mgcli.calculus.derivation import Reached
    from mgcli.graph.value import Value
    from mgcli.language.program import Program


def function_letter(program: Program, *names: str) -> str:
    """Return what the result is called as a function of `names`: its own name, or a letter that is not among them."""
    f = "f" if program.title in ("value", *names) else program.title
    return f if f not in names else "F"


def equations_of(
    program: Program, results: Mapping[str, Value], notation: Notation = TEXT, taken: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return the statements that compute `results`, by name, one named "" as an expression.

    Shared parts get names, none of them in `taken`.
    """
    kept = {node for name, node in program.names.items() if node.label == name}
    shared = names_of_shared(list(results.values()), taken=[*program.known(), *results, *taken], kept=kept)
    return equations(results, shared, notation)


def one_line(program: Program, formula: Value) -> str:
    """Return `formula` on one line, with a statement before it for each part that is used more than once."""
    return program_text(equations_of(program, {"": formula}), "; ")


def derivatives_text(
    program: Program,
    formulas: Mapping[str, Value],
    numbers: Mapping[str, str],
    order: int,
    *,
    latex: bool = False,
    taken: Collection[str] = (),
    of: str | None = None,
) -> str:
    """Return the derivatives of one order as statements, each with its number, if it has one, as a comment.

    A single one has no name. numbers: how each number is written. taken: names that are used
    elsewhere in the output.
    """
    alone = len(formulas) == 1
    free = FreeNames(program.known())
    titles = {name: "" if alone else _title(of or program.result, name, order, latex) for name in formulas}
    if not alone and not latex:
        titles = {name: free.take(title) for name, title in titles.items()}
    results = {titles[name]: node for name, node in formulas.items()}
    sides = equations_of(program, results, LATEX if latex else TEXT, taken)
    mark = "%" if latex else "#"
    comments = {
        index: f"  {mark} {numbers[name]}"
        for index, name in enumerate(formulas, len(sides) - len(formulas))
        if name in numbers
    }
    return latex_block(sides, comments) if latex else program_text(sides, comments=comments)


def _title(result: str | None, name: str, order: int, latex: bool) -> str:
    """Return what the derivative of `result` with respect to `name` is called."""
    power = "" if order == 1 else str(order)
    if not latex:
        return f"d{power}{result or ''}_d{name}{power}"
    raised = f"^{{{power}}}" if power else ""
    over = latex_name(result) if result else "f"
    return rf"\frac{{\partial{raised} {over}}}{{\partial {latex_name(name)}{raised}}}"


def hessian_text(program: Program, formulas: Mapping[tuple[str, str], Value]) -> str:
    """Return the second derivatives as statements, each pair of variables once."""
    free = FreeNames(program.known())
    titled = {free.take(_second_title(program, *pair)): node for pair, node in formulas.items()}
    return program_text(equations_of(program, titled))


def _second_title(program: Program, name: str, other: str) -> str:
    over = f"d2{program.result or ''}"
    return f"{over}_d{name}2" if name == other else f"{over}_d{name}_d{other}"


def steps_text(found: Iterable[Reached], order: int, width: int | None = None) -> Iterator[str]:
    """Yield the lines that show which rule was used where."""
    for names, reached, each in found:
        *others, last = names
        listed = f"{', '.join(others)} and {last}" if others else last
        times = "" if order == 1 else f", {reached} of {order}"
        yield f"with respect to {listed}{times}:"
        yield from (f"  {left} = {right}" for left, right in each.names)
        rows = [(step.of, step.rule, step.to, _equation(step.product, step.contribution)) for step in each.steps]
        if rows:
            yield from _aligned(("of", "rule", "to", "contribution"), rows, width)
        else:
            yield f"  the result does not depend on {'any of them' if others else 'it'}"


def _equation(product: str, simplified: str) -> str:
    return product if product == simplified else f"{product} = {simplified}"


def _aligned(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], width: int | None) -> Iterator[str]:
    """Yield the lines of a table, all columns aligned left; blocks where it would be wider than `width`."""
    widths = [min(max(map(len, column)), WIDEST) for column in zip(header, *rows, strict=True)]
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    if width is None or max(map(len, lines)) <= width:
        yield from lines
    else:
        yield from (f"  {line}".rstrip() for line in blocks(header, rows))


def implicit_text(
    program: Program,
    derivatives: ImplicitDerivatives,
    numbers: Mapping[str, str],
    order: int,
    *,
    latex: bool = False,
    steps: bool = False,
) -> str:
    """Return the derivatives of an equation as statements; with `steps`, first the partial derivatives they need."""
    formulas = {name: each.formula for name, each in derivatives.found.items()}
    lines = list(_implicit_steps(program, derivatives, order)) if steps else []
    written = derivatives_text(program, formulas, numbers, order, latex=latex, of=derivatives.of)
    return "\n".join([*lines, written])


def _implicit_steps(program: Program, derivatives: ImplicitDerivatives, order: int) -> Iterator[str]:
    of = derivatives.of
    partial = FreeNames(program.known()).take("F")
    yield f"{partial} = {one_line(program, program.root)}"
    (first, *_) = derivatives.found.values()
    for name, each in derivatives.found.items():
        yield f"{partial}_{name} = {one_line(program, each.by_wrt)}"
    yield f"{partial}_{of} = {one_line(program, first.by_of)}"
    for name in derivatives.found:
        slope = f"d{of}/d{name}"
        yield f"{slope} = -{partial}_{name}/{partial}_{of}"
        for reached in range(2, order + 1):
            before = slope if reached == 2 else f"d{reached - 1}{of}/d{name}{reached - 1}"
            yield f"d{reached}{of}/d{name}{reached} = d({before})/d{name} + d({before})/d{of} * {slope}"
    yield ""


def implicit_document(
    program: Program, derivatives: ImplicitDerivatives, exact: Mapping[str, str], *, steps: bool
) -> dict[str, Any]:
    """Return the derivatives of an equation for JSON, by name; `exact` are their numbers of many digits, if known."""
    document: dict[str, Any] = {}
    for name, each in derivatives.found.items():
        document[name] = {"formula": one_line(program, each.formula)}
        if name in derivatives.values:
            document[name]["value"] = derivatives.values[name]
        if name in exact:
            document[name]["exact"] = exact[name]
        if steps:
            document[name]["steps"] = {
                "F": one_line(program, program.root),
                f"F_{name}": one_line(program, each.by_wrt),
                f"F_{derivatives.of}": one_line(program, each.by_of),
            }
    return document

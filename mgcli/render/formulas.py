"""Derivatives as text, which mg reads again, and as LaTeX."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mgcli.errors import listed
from mgcli.notation import (
    LATEX,
    TEXT,
    FreeNames,
    Notation,
    aligned,
    equations,
    latex_block,
    latex_name,
    names_of_shared,
)
from mgcli.notation import program as program_text
from mgcli.render.tables import WIDEST, blocks

if TYPE_CHECKING:
    from mgcli.analysis.equations import ImplicitDerivatives
    from mgcli.calculus.derivation import Reached, Step
    from mgcli.graph.value import Value
    from mgcli.language.program import Program

LONG_TABLE = 30
"""The number of steps above which each rule is written once, before the table, not in every row that uses it."""


def function_letter(program: Program, *names: str) -> str:
    """Return what the result is called as a function of `names`: its own name, or a letter that is not among them."""
    f = "f" if program.title in ("value", *names) else program.title
    return f if f not in names else "F"


def result_letter(program: Program) -> str:
    """Return what the result is called in LaTeX: its own name, or a letter that nothing else is called."""
    others = [name for name in program.known() if name != program.title]
    letter = function_letter(program, *others)
    return letter if letter == program.title else FreeNames(others).take(letter)


def has_several_variables(program: Program) -> bool:
    """Return whether the derivatives of a program are partial ones."""
    return len(program.variables or program.inputs()) > 1


def derivative_latex(of: str, wrt: str, *, partial: bool, order: int = 1) -> str:
    r"""Return the derivative of `of` with respect to `wrt`, both in LaTeX, as \frac{df}{dx}."""
    d = r"\partial " if partial else "d"
    power = f"^{{{order}}}" if order > 1 else ""
    return rf"\frac{{{d.rstrip() if power else d}{power}{of}}}{{{d}{wrt}{power}}}"


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
    display: bool = False,
    taken: Collection[str] = (),
    of: str | None = None,
) -> str:
    """Return the derivatives of one order as statements, each with its number, if it has one, as a comment.

    A single one has no name in text. In LaTeX it is a formula, or with `display` an align* block, as several are.
    numbers: how each number is written. taken: names that are used elsewhere in the output.
    """
    alone = len(formulas) == 1
    free = FreeNames(program.known())
    if latex:
        partial = has_several_variables(program) if of is None else len(program.inputs()) > 2
        whole = latex_name(of or result_letter(program))
        titles = {name: derivative_latex(whole, latex_name(name), partial=partial, order=order) for name in formulas}
    else:
        titles = {name: "" if alone else free.take(_title(of or program.result, name, order)) for name in formulas}
    results = {titles[name]: node for name, node in formulas.items()}
    sides = equations_of(program, results, LATEX if latex else TEXT, taken)
    mark = "%" if latex else "#"
    comments = {
        index: f"  {mark} {numbers[name]}"
        for index, name in enumerate(formulas, len(sides) - len(formulas))
        if name in numbers
    }
    if not latex:
        return program_text(sides, comments=comments)
    return aligned(sides, comments) if display else latex_block(sides, comments)


def _title(result: str | None, name: str, order: int) -> str:
    """Return what the derivative of `result` with respect to `name` is called."""
    power = "" if order == 1 else str(order)
    return f"d{power}{result or ''}_d{name}{power}"


def hessian_text(program: Program, formulas: Mapping[tuple[str, str], Value]) -> str:
    """Return the second derivatives as statements, each pair of variables once."""
    free = FreeNames(program.known())
    titled = {free.take(_second_title(program, *pair)): node for pair, node in formulas.items()}
    return program_text(equations_of(program, titled))


def hessian_formulas_latex(program: Program, formulas: Mapping[tuple[str, str], Value]) -> str:
    """Return the matrix of second derivatives in LaTeX, after a line for each part that is named."""
    titled = {f"{index}": node for index, node in enumerate(formulas.values())}
    sides = equations_of(program, titled, LATEX)
    shared, entries = sides[: -len(titled)], [right for _, right in sides[-len(titled) :]]
    found = dict(zip(formulas, entries, strict=True))
    names = list(dict.fromkeys(name for name, _ in formulas))
    rows = [[found.get((name, other)) or found[other, name] for other in names] for name in names]
    return latex_block([*shared, (hessian_letter(program), matrix_latex(rows))])


def hessian_letter(program: Program) -> str:
    """Return what the matrix of second derivatives is called in LaTeX."""
    return rf"\mathbf{{H}}_{{{latex_name(result_letter(program))}}}"


def matrix_latex(rows: Sequence[Sequence[str]]) -> str:
    """Return a matrix of any size in LaTeX."""
    has_fractions = any(r"\frac" in entry for row in rows for entry in row)
    body = (r" \\[1ex] " if has_fractions else r" \\ ").join(" & ".join(row) for row in rows)
    return rf"\left(\begin{{array}}{{{'c' * len(rows[0])}}} {body} \end{{array}}\right)"


def _second_title(program: Program, name: str, other: str) -> str:
    over = f"d2{program.result or ''}"
    return f"{over}_d{name}2" if name == other else f"{over}_d{name}_d{other}"


def steps_text(found: Iterable[Reached], order: int, width: int | None = None) -> Iterator[str]:
    """Yield the lines that show which rule was used where."""
    for names, reached, each in found:
        times = "" if order == 1 else f", {reached} of {order}"
        yield f"with respect to {listed(names)}{times}:"
        yield from (f"  {left} = {right}" for left, right in each.names)
        rules, rows = _rules_and_rows(each.steps)
        yield from (f"  {rule}" for rule in rules)
        if rows:
            yield from _aligned(("of", "rule", "to", "contribution"), rows, width)
        else:
            yield f"  the result does not depend on {'any of them' if len(names) > 1 else 'it'}"


def steps_latex(found: Iterable[Reached], order: int) -> Iterator[str]:
    """Yield the lines that show which rule was used where, as a table in LaTeX for each derivative."""
    for names, reached, each in found:
        times = "" if order == 1 else f", {reached} of {order}"
        yield rf"% with respect to {', '.join(names)}{times}"
        if each.names:
            yield aligned([(latex_name(left), right) for left, right in each.names])
        rules, rows = _rules_and_rows(each.steps)
        if rules:
            yield aligned([(left, right) for left, _, right in (rule.partition(" = ") for rule in rules)])
        if not rows:
            yield "% the result does not depend on it"
            continue
        yield r"\begin{equation*}"
        yield r"  \begin{array}{llll}"
        yield r"    \text{of} & \text{rule} & \text{to} & \text{contribution} \\ \hline \\[-1.5ex]"
        yield " \\\\[1.5ex]\n".join(f"    {' & '.join(row)}" for row in rows)
        yield r"  \end{array}"
        yield r"\end{equation*}"


def _rules_and_rows(steps: Sequence[Step]) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """Return the rules before a table of steps, if that is long, and its rows: they have left sides, d sin(p)/dp."""
    rules = [*dict.fromkeys(step.rule for step in steps)] if len(steps) > LONG_TABLE else []
    names = {rule: rule.partition(" = ")[0] for rule in rules}
    rows = [
        (step.of, names.get(step.rule, step.rule), step.to, _equation(step.product, step.contribution, bool(rules)))
        for step in steps
    ]
    return rules, rows


def _equation(product: str, simplified: str, briefly: bool) -> str:
    """Return that a product is what it is simplified to; `briefly` only where that is shorter."""
    is_said = len(simplified) < len(product) if briefly else simplified != product
    return f"{product} = {simplified}" if is_said else product


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
    lines: list[str] = []
    if steps:
        lines = [_implicit_steps_latex(program, derivatives, order)] if latex else []
        lines = lines or list(_implicit_steps(program, derivatives, order))
    written = derivatives_text(program, formulas, numbers, order, latex=latex, display=bool(lines), of=derivatives.of)
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


def _implicit_steps_latex(program: Program, derivatives: ImplicitDerivatives, order: int) -> str:
    """Return the same as an align* block."""
    whole = latex_name(FreeNames(program.known()).take("F"))
    of = latex_name(derivatives.of)
    (first, *_) = derivatives.found.values()
    parts = {**{name: each.by_wrt for name, each in derivatives.found.items()}, derivatives.of: first.by_of}
    partial = {name: derivative_latex(whole, latex_name(name), partial=True) for name in parts}
    sides = equations_of(program, {whole: program.root}, LATEX)
    for name, node in parts.items():
        sides.extend(equations_of(program, {partial[name]: node}, LATEX))
    several = len(program.inputs()) > 2
    for name in derivatives.found:
        wrt = latex_name(name)
        slope = derivative_latex(of, wrt, partial=several)
        sides.append((slope, rf"-{partial[name]} \Big/ {partial[derivatives.of]}"))
        for reached in range(2, order + 1):
            before = derivative_latex(of, wrt, partial=several, order=reached - 1)
            along = rf"\frac{{\partial}}{{\partial {wrt}}} {before} + \frac{{\partial}}{{\partial {of}}} {before}"
            sides.append((derivative_latex(of, wrt, partial=several, order=reached), rf"{along} \cdot {slope}"))
    return aligned(sides)


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

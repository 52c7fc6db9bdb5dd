"""Values, gradients and Hessians at a point, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.notation import LATEX, aligned, expression, latex_name, written_nodes
from mgcli.render.formulas import (
    derivative_latex,
    has_several_variables,
    hessian_letter,
    matrix_latex,
    result_letter,
)
from mgcli.render.tables import number

LONGEST = 60
"""The maximum number of nodes of a formula that is written out."""


def gradient_latex(program: Program, names: Iterable[str], digits: int | None = None) -> str:
    """Return an align* block: the value of each name and of the result, and the derivatives with respect to `names`."""
    return aligned([*_values(program, digits), *_derivatives(program, names, digits)])


def _values(program: Program, digits: int | None) -> Iterator[tuple[str, str]]:
    letters = {node: name for name, node in {**program.variables, **program.names}.items() if node.label == name}
    for name, node in program.names.items():
        if node.operation and name != program.title:
            yield latex_name(name), _value(node, letters, digits)
    yield latex_name(result_letter(program)), _value(program.root, letters, digits)


def _value(node: Value, letters: Mapping[Value, str], digits: int | None) -> str:
    shown = number_latex(node.data, digits)
    if node.operation is None or written_nodes(node) > LONGEST:
        return shown
    return f"{expression(node, letters, LATEX, open_root=True)} = {shown}"


def _derivatives(program: Program, names: Iterable[str], digits: int | None) -> Iterator[tuple[str, str]]:
    whole = latex_name(result_letter(program))
    partial = has_several_variables(program)
    for name in names:
        left = derivative_latex(whole, latex_name(name), partial=partial)
        yield left, number_latex(program.node(name).grad, digits)


def hessian_values_latex(program: Program, matrix: Mapping[str, Mapping[str, float]], digits: int | None = None) -> str:
    """Return an equation in LaTeX: the matrix of second derivatives."""
    rows = [[number_latex(value, digits) for value in row.values()] for row in matrix.values()]
    return f"{hessian_letter(program)} = {matrix_latex(rows)}"


def number_latex(value: float, digits: int | None = None) -> str:
    """Return a number in LaTeX, with the fewest digits that read back as the same float, or rounded to `digits`."""
    return LATEX.rounded(lambda each: number(each, digits)).number(value)

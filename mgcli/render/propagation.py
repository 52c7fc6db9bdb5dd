"""The law of propagation of uncertainty for one program in LaTeX: the formula, and the numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.uncertainty import FIRST, Propagated
from mgcli.calculus.differentiation import each_derivative
from mgcli.errors import EvaluationError
from mgcli.graph.operation import PRODUCT
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.notation import BEFORE_FACTOR, LATEX, aligned, expression, latex_name, written_nodes
from mgcli.render.budget import measurement
from mgcli.render.formulas import derivative_latex, function_letter
from mgcli.render.values import LONGEST


def propagation_latex(part: Program, quantities: Quantities, result: Propagated, digits: int | None = None) -> str:
    """Return an align* block: the result, the law of propagation, the derivatives in it, and the numbers in it."""
    return aligned(list(_lines(part, quantities, result, digits)))


def _lines(part: Program, quantities: Quantities, result: Propagated, digits: int | None) -> Iterator[tuple[str, str]]:
    letter = latex_name(function_letter(part, *part.variables))
    leaves = {node: name for name, node in part.variables.items()}
    leaves.update({node: name for name, node in part.inputs().items()})
    if written_nodes(part.root) <= LONGEST and part.root.operation:
        yield letter, expression(part.root, leaves, LATEX, open_root=True)
    shown = _pair(measurement(*result.shown, digits))
    note = "" if result.method == FIRST else rf" \quad \text{{({result.method})}}"
    yield (letter if written_nodes(part.root) > LONGEST else "", shown + note)
    if result.first is None:
        return
    names = [latex_name(name) for name in quantities.names]
    symbols = [derivative_latex(letter, name, partial=True) for name in names]
    uncertainties = [f"u({name})" for name in names]
    yield f"u({letter})", _root(symbols, uncertainties, quantities, lambda i, j: f"r({names[i]}, {names[j]})")
    if formulas := _formulas(part, quantities, leaves):
        yield "", _root(formulas, uncertainties, quantities, lambda i, j: f"r({names[i]}, {names[j]})")
    slopes = [_number(share.slope) for share in result.budget]
    sizes = [_number(u) for u in quantities.uncertainties]
    yield "", _root(slopes, sizes, quantities, lambda i, j: _number(quantities.correlation[i][j]), r" \cdot ")
    yield "", _number(result.first.u)


def _formulas(part: Program, quantities: Quantities, leaves: Mapping[Value, str]) -> list[str] | None:
    """Return the derivatives as formulas, None where one is undefined or too long."""
    try:
        found = each_derivative(part.root, {name: part.node(name) for name in quantities.names})
    except EvaluationError:
        return None
    if any(written_nodes(node) > LONGEST for node in found.values()):
        return None
    try:
        return [expression(node, leaves, LATEX, loosest=PRODUCT, position=BEFORE_FACTOR) for node in found.values()]
    except ValueError:
        return None


def _root(
    slopes: Sequence[str],
    uncertainties: Sequence[str],
    quantities: Quantities,
    coefficient: Callable[[int, int], str],
    times: str = r" \, ",
) -> str:
    """Return the root of the sum of squares, with a product for each pair that is correlated."""
    parts = [slope + times + u for slope, u in zip(slopes, uncertainties, strict=True)]
    terms = [rf"\left({part}\right)^{{2}}" for part in parts]
    for i in range(len(parts)):
        for j in range(i + 1, len(parts)):
            if quantities.correlation[i][j]:
                factors = [coefficient(i, j), rf"\left({parts[i]}\right)", rf"\left({parts[j]}\right)"]
                terms.append(rf"2 \cdot {times.join(_enclosed(factors))}")
    return rf"\sqrt{{{' + '.join(terms)}}}"


def _enclosed(factors: Sequence[str]) -> list[str]:
    """Return the factors, a negative number in parentheses."""
    return [rf"\left({factor}\right)" if factor.startswith("-") else factor for factor in factors]


def _number(number: float) -> str:
    return LATEX.number(float(f"{number:.6g}"))


def _pair(text: str) -> str:
    """Return `value +- u` in LaTeX; a common exponent is that of 10."""
    text = text.replace("+-", r"\pm")
    if text.startswith("("):
        inside, _, exponent = text[1:].partition(")e")
        return rf"\left({inside}\right) \cdot 10^{{{int(exponent)}}}"
    return text

"""`Equation`: a last statement that sets two expressions equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mgcli.errors import ExpressionError, Remedy, Span
from mgcli.graph.operation import SUM
from mgcli.graph.value import Value

if TYPE_CHECKING:
    from mgcli.language.program import Program

Side = tuple[Value, int, int]
"""A node and the span of its text."""

LONGEST = 60
"""The longest equation that a hint repeats."""


class Equation:
    """The two sides of an equation.

    left, right: their nodes. span: that of the whole equation.
    """

    def __init__(self, left: Side, right: Side) -> None:
        self.left, self.right = left[0], right[0]
        self._left_span, self._right_span = left[1:], right[1:]
        self.span: Span = left[1], right[2]

    def refused(self, program: Program) -> ExpressionError:
        """Return the error where a value is asked for."""
        names = list(program.variables if len(program.variables) > 1 else program.inputs())
        hint: str | None = None
        if len(names) > 1:
            of = "y" if "y" in names else names[-1]
            wrt = "x" if "x" in names and of != "x" else next(name for name in names if name != of)
            shown = program.text.strip()
            text = shown if len(shown) <= LONGEST and shown.isprintable() and "'" not in shown else "EQUATION"
            hint = Remedy(
                f"mgcli.calculus.implicit.derivative gives d{of}/d{wrt}", "equation", equation=text, of=of, wrt=wrt
            )
        elif written := self._difference(program.text):
            hint = f"for the difference of its sides, write {written}"
        return ExpressionError("an equation has no value", text=program.text, span=self.span, hint=hint)

    def _difference(self, text: str) -> str | None:
        """Return the difference of the sides as text, None if it is long."""
        return difference(text[slice(*self._left_span)], text, (self.right, *self._right_span))


def as_equation(program: Program) -> str | None:
    """Return the last statement, an assignment, as an equation: x - cos(y) = 0 for x = cos(y); None if it is long."""
    if program.result is None:
        return None
    written = difference(program.result, program.text, (program.root, *program.last_span))
    return f"{written} = 0" if written else None


def difference(left: str, text: str, right: Side) -> str | None:
    """Return the text `left` minus the part of `text` that is `right`, None if that is long."""
    node, *span = right
    written = text[slice(*span)]
    loose = node.operation is not None and node.operation.text.precedence <= SUM and node.span == tuple(span)
    result = f"{left} - {f'({written})' if loose or written.startswith(('-', '+')) else written}"
    return result if len(result) <= LONGEST and result.isprintable() else None

"""`Equation`: a last statement that sets two expressions equal."""

from __future__ import annotations

from collections.abc import Sequence

from mgcli.errors import ExpressionError, Remedy, Span
from mgcli.graph.operation import SUM
from mgcli.graph.value import Value

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

    def refused(self, program_text: str, names: Sequence[str]) -> ExpressionError:
        """Return the error where a value is asked for; `names` are those that vary."""
        hint: str | None = None
        if len(names) > 1:
            of, wrt = likely_roles(names)
            shown = program_text.strip()
            text = shown if len(shown) <= LONGEST and shown.isprintable() and "'" not in shown else "EQUATION"
            hint = Remedy(
                f"mgcli.calculus.implicit.derivative gives d{of}/d{wrt}", "equation", equation=text, of=of, wrt=wrt
            )
        elif written := self._difference(program_text):
            hint = f"for the difference of its sides, write {written}"
        return ExpressionError("an equation has no value", text=program_text, span=self.span, hint=hint)

    def _difference(self, text: str) -> str | None:
        """Return the difference of the sides as text, None if it is long."""
        return difference(text[slice(*self._left_span)], text, (self.right, *self._right_span))


def likely_roles(names: Sequence[str]) -> tuple[str, str]:
    """Return which of several variables is probably a function, and of which other one: y of x, else the last."""
    of = "y" if "y" in names else names[-1]
    return of, "x" if "x" in names and of != "x" else next(name for name in names if name != of)


def difference(left: str, text: str, right: Side) -> str | None:
    """Return the text `left` minus the part of `text` that is `right`, None if that is long."""
    node, *span = right
    written = text[slice(*span)]
    loose = node.operation is not None and node.operation.text.precedence <= SUM and node.span == tuple(span)
    result = f"{left} - {f'({written})' if loose or written.startswith(('-', '+')) else written}"
    return result if len(result) <= LONGEST and result.isprintable() else None

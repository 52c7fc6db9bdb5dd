"""Values and derivatives to any number of digits, from literals and values that are exact as typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from math import log2
from typing import Any

from mgcli.analysis.one_sided import derivative_of, sides, value_of
from mgcli.analysis.recomputed import Answer, computed_again, decimal_of
from mgcli.analysis.trusted import side_note
from mgcli.calculus.differentiation import derivatives, exact_derivatives, simplifies_exactly, unsimplified
from mgcli.calculus.implicit import implicit
from mgcli.errors import EvaluationError, ExpandedSpan
from mgcli.graph.ball_passes import Given, forward
from mgcli.graph.balls import Ball, Balls, multiprecision_balls
from mgcli.graph.node import Node, by_span, leading_to, topological
from mgcli.graph.table import CONSTANTS
from mgcli.graph.value import Value
from mgcli.language.parser import parse_program
from mgcli.language.program import Program

MOST_DIGITS = 1_000


class Exact:
    """A program whose literals and values are exact as typed, at one point.

    values: the text of the value of each variable: a constant expression, such as 1/3 or pi/4.
    digits: the number of significant digits of the results.
    """

    def __init__(self, program: Program, values: Mapping[str, str], digits: int) -> None:
        self.program = program
        self._digits = digits
        self._values = {program.node(name): parse_program(text) for name, text in values.items()}
        bits = int(digits * log2(10)) + 64
        self._precisions = (bits, 2 * bits, 4 * bits, 8 * bits, max(2000, 16 * bits))

    def value(self) -> str:
        """Return the value. Raises EvaluationError where it is not defined or not known."""
        answer = self._answer(self.program.root, [])
        return self._known(answer.value, "the value", answer)

    def gradient(self, wrt: Mapping[str, Value]) -> dict[str, str]:
        """Return the derivatives by name. Raises EvaluationError where one is not defined or not known."""
        answer = self._answer(self.program.root, wrt.values())
        return {name: self._derivative(name, node, answer) for name, node in wrt.items()}

    def derivative(self, name: str, node: Value, order: int) -> str:
        """Return the derivative of that order with respect to `node`, called `name`."""
        root = self.program.root
        if simplifies_exactly(root, self._is_exact):
            for _ in range(order - 1):
                (root,) = derivatives(root, [node])
        else:
            root = unsimplified(root, node, order - 1)
        return self._further(root, name, node, f"the derivative of order {order} with respect to {name}")

    def hessian(self, wrt: Mapping[str, Value]) -> dict[str, dict[str, str]]:
        """Return the matrix of second derivatives by name."""
        matrix: dict[str, dict[str, str]] = {name: {} for name in wrt}
        firsts = exact_derivatives(self.program.root, list(wrt.values()), self._is_exact)
        for (name, node), first in zip(wrt.items(), firsts, strict=True):
            for other, second in wrt.items():
                if name in matrix[other]:
                    matrix[name][other] = matrix[other][name]
                else:
                    what = f"the second derivative with respect to {name} and {other}"
                    matrix[name][other] = self._further(first, other, second, what, node)
        return matrix

    def implicit(self, of: Value, wrt: Value, order: int) -> str:
        """Return the derivative of `of` with respect to `wrt` on the curve where the program is 0."""
        what = f"the derivative of {of.label} with respect to {wrt.label}"
        for node, certain in self._answer(self.program.root, []).kinks.items():
            if certain:
                raise EvaluationError(
                    f"{what} cannot be determined: the point is at a kink", text=self.program.text, span=node.span
                )
        answer = self._answer(implicit(self.program.root, of, wrt, order, simplify=False).formula, [])
        return self._known(answer.value, what, answer)

    def _is_exact(self, leaf: Value) -> bool:
        """Return whether a number, as typed, has no more digits than the simplifier knows: those of its float."""
        if leaf.label in CONSTANTS:
            return True
        return Decimal(_typed(leaf, self.program.text) or leaf.data) == Decimal(repr(leaf.data))

    def _given(self, root: Value) -> Given:
        leaves = [node for node in topological(root) if node.operation is None]

        def given(balls: Balls) -> Mapping[Node, Ball]:
            found: dict[Node, Ball] = {leaf: self._leaf(leaf, self.program.text, balls) for leaf in leaves}
            for leaf, program in self._values.items():
                nodes = topological(program.root)
                written: dict[Node, Ball] = {
                    node: self._leaf(node, program.text, balls) for node in nodes if node.operation is None
                }
                outcome = forward(nodes, balls, written, held=False)[program.root]
                if isinstance(outcome, Exception):
                    raise EvaluationError(f"the value of {leaf.label} is not defined")
                found[leaf] = outcome
            return found

        return given

    def _leaf(self, leaf: Value, text: str, balls: Balls) -> Ball:
        constant = None if leaf.varies else balls.constant(leaf.label)
        return constant or balls.decimal(_typed(leaf, text) or decimal_of(leaf))

    def _answer(self, root: Value, wrt: Iterable[Value]) -> Answer:
        answer = computed_again(
            root,
            wrt,
            rounded=self._rounded,
            given=self._given(root),
            precisions=self._precisions,
            held=False,
        )
        if answer.failure is not None and root is self.program.root:
            raise self.program.error() or EvaluationError(
                "the result cannot be determined, however many digits are used"
            )
        return answer

    def _rounded(self, ball: Ball) -> str | None:
        context = ball.arithmetic.m.context
        ends = [
            context.nstr(end, self._digits, strip_zeros=False, min_fixed=-5, max_fixed=max(16, self._digits))
            for end in (ball.low, ball.high)
        ]
        return ends[0] if ends[0] == ends[1] else None

    def _derivative(self, name: str, node: Value, answer: Answer) -> str:
        what = f"the derivative with respect to {name}"
        nodes = topological(self.program.root)
        if node not in nodes:
            return "0.0"
        above = leading_to([node], nodes)
        tied = [other for other, certain in answer.kinks.items() if certain and other in above]
        number = answer.derivatives[node]
        if number is not None and not tied:
            return str(number)
        if tied or answer.undefined:
            return self._by_sides(value_of(self.program.root, held=False), node, what)
        return self._known(number, what, answer)

    def _further(self, before: Value, name: str, node: Value, what: str, by: Value | None = None) -> str:
        nodes = topological(before)
        if node not in nodes:
            return "0.0"
        answer = self._answer(before, [node])
        tied = any(answer.kinks.values()) or any(self._answer(self.program.root, []).kinks.values())
        number = answer.derivatives[node]
        if number is not None and not tied:
            return str(number)
        if by is not None:
            return self._by_sides(derivative_of(self.program.root, by, held=False), node, what, by)
        return self._known(number, what)

    def _by_sides(self, quantity: Any, node: Value, what: str, by: Value | None = None) -> str:
        both = sides(quantity, node, by=by, given=self._given(self.program.root))
        limit = both.derivative()
        if limit is None:
            raise EvaluationError(f"{what} does not exist: {side_note(both)}")
        # The quotients are known up to this error.
        balls = multiprecision_balls(limit.context.prec)
        radius = abs(limit) * balls.arithmetic.m.context.ldexp(1, -300)
        return self._known(self._rounded(balls.ball(limit, radius)), what)

    def _known(self, number: Any, what: str, answer: Answer | None = None) -> str:
        if number is not None:
            return str(number)
        message = f"{what} cannot be determined to {self._digits} digits"
        if answer and (condition := _undecided_condition(self.program, answer)):
            raise EvaluationError(
                f"{message}: whether the condition holds does not show at any precision",
                text=self.program.text,
                span=condition.span,
            )
        raise EvaluationError(f"{message}: a condition, or what may be 0 exactly, does not show at any precision")


def _undecided_condition(program: Program, answer: Answer) -> Value | None:
    """Return the first condition, in the order of the text, that rounding leaves open; None if there is none."""

    def is_open(node: Value) -> bool:
        outcome = answer.found.get(node)
        return node.operation is not None and node.operation.compares and isinstance(outcome, Ball) and outcome.radius

    opened = [node for node in topological(program.root) if is_open(node)]
    return min(opened, key=by_span, default=None)


def _typed(leaf: Value, text: str) -> str | None:
    """Return the number that a leaf was typed as, None where it was not."""
    span = leaf.span
    if span is None:
        return None
    if isinstance(span, ExpandedSpan):
        span = span.inside
    written = text[span[0] : span[1]].replace("_", "")
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return written if number.is_finite() and float(number) == leaf.data else None

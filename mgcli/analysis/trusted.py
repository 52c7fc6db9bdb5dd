"""Numbers that can be trusted: floats where they are accurate, more digits where they are not.

A pass over balls of floats shows how many digits of a value and of its derivatives are right. If
they are too few, or something underflowed on the way, the same rules run on mpmath's numbers until
the nearest float is known. At a kink, at the boundary of a condition, and where a rule of
differentiation is not defined, the derivative is the slope on which both sides of the point agree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import inf, isfinite, log10, nan
from sys import float_info
from typing import TYPE_CHECKING, Any, NamedTuple

from mgcli.errors import EvaluationError, MgError, Span
from mgcli.graph.ball_passes import Given, forward, gradient, kinks, nothing
from mgcli.graph.balls import Ball, Balls, UndecidedError, float_balls
from mgcli.graph.node import Node, by_span, leading_to, topological
from mgcli.graph.operation import none
from mgcli.graph.value import Value
from mgcli.language.program import Program

if TYPE_CHECKING:
    from mgcli.analysis.one_sided import Quantity, Sides
    from mgcli.analysis.recomputed import Answer

TOLERANCE = 1e-9
"""The relative error from which a number is computed again."""

KEPT = "kept"
AGAIN = "again"
CONVENTION = "convention"
UNKNOWN = "unknown"
UNDEFINED = "undefined"


class Note(NamedTuple):
    """A note on a number: a line, its span in the text, and a remedy.

    numbers: those of the line, which then has `{}` in their places.
    """

    line: str
    text: str | None = None
    span: Span | None = None
    hint: str | None = None
    numbers: tuple[float, ...] = ()

    @property
    def message(self) -> str:
        """The line with its numbers, in the fewest digits that read back as the same floats."""
        return self._filled(lambda numbers: map(repr, numbers))

    def worded(self, show: Callable[[Sequence[float]], Iterable[str]]) -> str:
        """Return the note with its numbers as `show` writes them."""
        return str(MgError(self._filled(show), text=self.text, span=self.span, hint=self.hint))

    def __str__(self) -> str:
        return str(MgError(self.message, text=self.text, span=self.span, hint=self.hint))

    def _filled(self, show: Callable[[Sequence[float]], Iterable[str]]) -> str:
        return self.line.format(*show(self.numbers)) if self.numbers else self.line


class Derivative:
    """A derivative, and how it is known.

    number: nan if there is none.
    kind: KEPT from floats; computed AGAIN; a CONVENTION, where the two sides differ; UNKNOWN, where rounding hides it
    at any precision; UNDEFINED.
    node, sides: the kink, and the slopes to its left and right.
    overflows: whether there is one, which is larger than any float.
    """

    __slots__ = ("kind", "node", "number", "overflows", "sides")

    def __init__(self, number: float, kind: str = KEPT, node: Value | None = None, sides: Sides | None = None) -> None:
        self.number = number
        self.kind = kind
        self.node = node
        self.sides = sides
        self.overflows = False


class Question:
    """The derivatives that are wanted of a graph: those of `root` with respect to nodes that vary.

    floats: the derivatives in floats, nan where there is none.
    slope: the slope whose formula `root` is, for derivatives of higher order.
    by: what that slope is taken with respect to.
    origins: the graphs whose kinks count too.
    here: the slope at the point itself, if it is known.
    given: the nodes that do not hold the intended number.
    """

    __slots__ = ("by", "floats", "given", "here", "origins", "root", "slope")

    def __init__(
        self,
        root: Value,
        floats: Mapping[Value, float],
        slope: Quantity | None = None,
        by: Value | None = None,
        origins: Sequence[Value] = (),
        here: float | None = None,
        given: Given = nothing,
    ) -> None:
        self.root = root
        self.floats = floats
        self.slope = slope
        self.by = by
        self.origins = origins
        self.here = here
        self.given = given


class Judged:
    """A graph whose nodes hold floats, judged by a pass over balls of floats; but for what is `given`."""

    def __init__(self, root: Value, given: Given = nothing) -> None:
        self.root = root
        self.nodes = topological(root)
        self.balls = float_balls()
        self.found = forward(self.nodes, self.balls, given(self.balls))
        self.outcome = self.found[root]

    def rounding(self) -> float:
        """Return a bound for the error of the value."""
        return _off(self.outcome, self.root.data)

    def is_precise(self) -> bool:
        """Return whether rounding leaves the value enough digits."""
        return self.rounding() <= TOLERANCE * abs(self.root.data)

    def doubtful(self, floats: Mapping[Value, float], by: Value | None = None) -> list[Value]:
        """Return the nodes whose derivative may be wrong in floats, or that may be at a kink, as `by` may be."""
        known = {node for node in self.nodes if node.varies}
        nodes = [node for node in floats if node in known]
        if not nodes:
            return []
        slopes = gradient(self.root, nodes, self.balls, self.found).derivatives
        at_kink = kinks(self.root, self.balls, self.found)
        depended_on = set(topological(*at_kink)) if at_kink else set()
        return [
            node
            for node in nodes
            if node in depended_on
            or by in depended_on
            or not _off(slopes[node], floats[node]) <= TOLERANCE * abs(floats[node])
        ]

    def most_lost(self) -> Value:
        """Return the node where the most digits are lost."""
        lost = dict.fromkeys(self.nodes, 0.0)
        for node in self.nodes:
            before = max((self._relative(operand) for operand in node.operands), default=0.0)
            lost[node] = self._relative(node) / max(before, 2.0**-53)
        return max(lost, key=lambda node: lost[node])

    def _relative(self, node: Value) -> float:
        ball = self.found[node]
        if isinstance(ball, Exception) or not ball.radius:
            return 0.0
        return min(1.0, ball.radius / abs(ball.number)) if ball.number else 1.0


def _off(outcome: Any, number: float) -> float:
    """Return a bound for the error of a float, from the ball of the same rules."""
    if isinstance(outcome, Exception) or number != number:
        return inf
    return float(outcome.radius + abs(outcome.number - number))


def derivatives(question: Question) -> dict[Value, Derivative]:
    """Return each derivative of a question."""
    return settled(question, Judged(question.root, question.given).doubtful(question.floats, question.by))


def settled(question: Question, doubtful: Sequence[Value], answer: Answer | None = None) -> dict[Value, Derivative]:
    """Return each derivative of a question, the `doubtful` ones computed again, as in `answer`."""
    kept = {node: Derivative(number) for node, number in question.floats.items()}
    if not doubtful:
        return kept
    if answer is None:
        from mgcli.analysis.recomputed import computed_again

        answer = computed_again(question.root, doubtful, with_value=False, given=_intended(question))
    own = topological(question.root)
    nodes = topological(question.root, *question.origins) if question.origins else own
    tied = {node for node, certain in answer.kinks.items() if certain}
    tied.update(node for origin in question.origins for node in _certain_kinks(origin))
    found = {}
    for node in doubtful:
        above = leading_to([node], nodes)
        if _lacks_rule(own, above):
            found[node] = Derivative(nan, UNDEFINED)
            continue
        crossing = above if question.by in (None, node) else leading_to([node, question.by], nodes)
        at_kink = [other for other in nodes if other in tied and other in crossing]
        found[node] = _settled(question, node, at_kink, answer)
    return {**kept, **found}


def _intended(question: Question) -> Given:
    """Return what is given, and the constants of the formula to full precision; those of its origins are floats."""
    before = set(topological(*question.origins)) if question.origins else set(topological(question.root))
    leaves = [node for node in topological(question.root) if node.operation is None and node not in before]

    def given(balls: Balls) -> Mapping[Node, Ball]:
        found = dict(question.given(balls))
        found.update((leaf, constant) for leaf in leaves if (constant := balls.constant(leaf.label)) is not None)
        return found

    return given


def _settled(question: Question, node: Value, at_kink: Sequence[Value], answer: Answer) -> Derivative:
    number = answer.derivatives[node]
    convention = question.floats[node]
    if number is not None and not at_kink:
        return Derivative(number, AGAIN) if isfinite(number) else _overflowing()
    if question.slope is None and answer.failure is not None:
        return Derivative(convention, UNKNOWN if convention == convention else UNDEFINED)
    from mgcli.analysis.one_sided import STEEP, sides, value_of

    quantity = question.slope or value_of(question.root)
    both = sides(quantity, node, by=question.by, here=question.here, given=question.given)
    derivative = both.derivative()
    if derivative is not None and isfinite(float(derivative)):
        return Derivative(float(derivative) + 0.0, AGAIN)
    is_steep = STEEP in (both.left.kind, both.right.kind)
    if convention != convention or is_steep:
        return Derivative(nan, UNDEFINED, None, both)
    if at_kink:
        first = min(at_kink, key=by_span)
        return Derivative(convention if number is None else number, CONVENTION, first, both)
    return Derivative(nan, UNDEFINED, None, both) if answer.undefined else Derivative(convention, UNKNOWN)


def _overflowing() -> Derivative:
    """Return a derivative that is larger than any float."""
    derivative = Derivative(nan, UNDEFINED)
    derivative.overflows = True
    return derivative


def _lacks_rule(nodes: Iterable[Value], above: Collection[Node]) -> bool:
    """Return whether one of `nodes` has no derivative with respect to an operand that is in `above`."""
    return any(
        rule is none
        for other in nodes
        if other.operation and other in above
        for rule, operand in zip(other.operation.derivatives, other.operands, strict=True)
        if operand in above
    )


def _certain_kinks(root: Value) -> list[Node]:
    """Return the nodes of a graph that are at a kink."""
    from mgcli.analysis.recomputed import computed_again

    if not kinks(root, float_balls(), forward(topological(root), float_balls(), {})):
        return []
    return [node for node, certain in computed_again(root, [], with_value=False).kinks.items() if certain]


class Report:
    """How accurate the value of a program and its derivatives are.

    rounding: a bound for the error of the value. error: why there is no value, or no derivative.
    value_notes, notes: the notes on the value and on `derivatives`.
    """

    def __init__(self) -> None:
        self.rounding = 0.0
        self.error: EvaluationError | None = None
        self.value_notes: list[Note] = []
        self.notes: list[Note] = []
        self.derivatives: dict[Value, Derivative] = {}

    @property
    def uses_convention(self) -> bool:
        """Whether only a convention gives one of the derivatives."""
        return any(derivative.kind == CONVENTION for derivative in self.derivatives.values())

    def add(self, notes: Iterable[Note]) -> None:
        """Add notes on derivatives, each only once."""
        self.notes.extend(note for note in notes if note not in self.notes)


def evaluated(program: Program, *, digits: bool = True) -> Report:
    """Report on the value of an evaluated program; if floats overflow on the way, it is computed with more digits.

    Without `digits`, the correct digits of the value are not counted.
    """
    return _reported(program, {}, None, digits)


def differentiated(program: Program, wrt: Iterable[str] | None = None, *, digits: bool = True) -> Report:
    """Set `grad` of the nodes that `wrt` names, or of all that have a name, and report on them and on the value.

    The program is evaluated. Each `grad` has at least 9 correct digits of the derivative of the function, and is nan
    where there is none; where only a convention gives a number, a note says so. Without `digits`, the correct
    digits of the value are not counted.
    """
    failure = program.error()
    error = program.differentiate(wrt)
    names = program.known() if wrt is None else wrt
    return _reported(program, {program.node(name): name for name in names}, failure or error, digits)


def _reported(
    program: Program, names: Mapping[Value, str], error: EvaluationError | None, digits: bool = True
) -> Report:
    root = program.root
    failure = program.error()
    report = Report()
    judged = Judged(root)
    floats = {node: node.grad if isfinite(node.grad) else nan for node in names if node.varies}
    doubtful = [*floats] if failure else judged.doubtful(floats)
    report.rounding = judged.rounding()
    if failure and isinstance(judged.outcome, Exception) and not _may_have_value(judged.outcome):
        report.error = failure
        return report
    answer = None
    if failure or (digits and not judged.is_precise()):
        from mgcli.analysis.recomputed import computed_again

        answer = computed_again(root, doubtful)
        if failure and _held(root, answer):
            answer = computed_again(root, doubtful)
        if failure and not _given_value(program, failure, answer):
            report.error = failure
            return report
        exact = answer.value
        report.rounding = abs(root.data - exact) + abs(exact) * 2.0**-53 if exact is not None else report.rounding
        report.value_notes = [_overflow_note(root, failure)] if failure else _value_notes(program, judged, answer)
    report.derivatives = settled(Question(root, floats), doubtful, answer)
    for node, derivative in report.derivatives.items():
        node.grad = derivative.number
        report.add(derivative_notes(program, names[node], derivative))
    if any(derivative.kind == UNDEFINED for derivative in report.derivatives.values()):
        report.error = error or _no_derivative(program, report)
    return report


def _no_derivative(program: Program, report: Report) -> EvaluationError:
    """Return the error for a derivative that exists in floats, but not in mathematics."""
    both = next(each.sides for each in report.derivatives.values() if each.kind == UNDEFINED)
    message = "the gradient overflows" if both is None else f"there is no derivative: {side_note(both)}"
    return EvaluationError(message, text=program.text, span=program.root.span)


def _may_have_value(outcome: Exception) -> bool:
    """Return whether an operation that fails in floats may still be defined."""
    return isinstance(outcome, (UndecidedError, OverflowError))


def _held(root: Value, answer: Answer) -> bool:
    """Put floats into the named numbers that floats could not compute; return whether there is any."""
    found = [(node, number) for node, number in _missing_numbers(root, answer) if node.is_input() and isfinite(number)]
    for node, number in found:
        node.data, node.error = number, None
    return bool(found)


def _missing_numbers(root: Value, answer: Answer) -> Iterator[tuple[Value, float]]:
    """Yield each node that has no number in floats, with the float nearest to what it evaluates to."""
    from mgcli.analysis.recomputed import nearest_float

    for node in topological(root):
        ball = answer.found[node]
        number = nearest_float(ball) if isinstance(ball, Ball) and node.data != node.data else None
        if number is not None:
            yield node, number


def _given_value(program: Program, failure: EvaluationError, answer: Answer) -> bool:
    """Put the value that floats cannot compute into the graph, and return whether there is one."""
    value = answer.value
    if value is None or not isfinite(value):
        return False
    for node, number in _missing_numbers(program.root, answer):
        # Infinite if too large for a float: comparisons with it are right, and it is no result.
        node.error = None if isfinite(number) else node.error
        node.data = number
    return True


def _value_notes(program: Program, judged: Judged, answer: Answer) -> list[Note]:
    """Return the notes on the digits of the value."""
    number, exact = program.root.data, answer.value
    if exact is None:
        if answer.failure is None or isinstance(answer.failure, UndecidedError):
            return [Note("the number of correct digits is unknown: a condition or the domain is undecided")]
        return [Note("the exact result is not defined here; only rounding gives it a value")]
    off = abs(number - exact)
    if off <= TOLERANCE * abs(exact):
        return []
    digits = int(-log10(off / abs(exact))) if 0.0 < off < abs(exact) else 0
    right = f"about {digits} digits are correct" if digits > 1 else "almost no digit is correct"
    worst = judged.most_lost()
    message = f"{right}, since {_reason(worst)}; the value is {{}}"
    # Digits after the 14th may not be correct either.
    shown = float(f"{exact:.14g}")
    return [Note(message, text=program.text if worst.span else None, span=worst.span, numbers=(shown,))]


def _reason(node: Value) -> str:
    operation = node.operation
    if operation is not None and operation.name in ("add", "sub"):
        return "terms cancel"
    if operation is not None and operation.name in ("mul", "div", "pow") and abs(node.data) < float_info.min:
        return f"{operation.noun} underflows"
    return "rounding is magnified"


def _overflow_note(root: Value, failure: EvaluationError) -> Note:
    from mgcli.analysis.stable_forms import stable_form

    message = f"{failure.message} in floats, so more digits are used"
    return Note(message, text=failure.text, span=failure.span, hint=stable_form(root))


def derivative_notes(program: Program, name: str, derivative: Derivative, order: int = 1) -> list[Note]:
    """Return the notes on a derivative with respect to `name`."""
    if derivative.kind == UNKNOWN:
        which = "derivative" if order == 1 else "second derivative" if order == 2 else f"derivative of order {order}"
        return [Note(f"the {which} with respect to {name} may be wrong: rounding hides it at any precision")]
    node, both = derivative.node, derivative.sides
    if derivative.kind != CONVENTION or node is None or both is None:
        return []
    by = f" with respect to {name}" if len(program.inputs()) > 1 else ""
    function = "value" if order == 1 else "derivative" if order == 2 else f"derivative of order {order - 1}"
    kink, at = _kink(node)
    message = f"{kink}: {side_note(both, by, function)}; {{}} is the convention"
    numbers = *at, derivative.number
    return [Note(message, text=program.text if node.span else None, span=node.span, numbers=numbers)]


def kink_text(node: Value) -> str:
    """Return which kink or jump a node is at, in words."""
    kink, numbers = _kink(node)
    return kink.format(*numbers)


def _kink(node: Value) -> tuple[str, Sequence[float]]:
    """Return what happens at a node, with `{}` in the places of the numbers, and the numbers."""
    operation = node.operation
    assert operation is not None
    operands = [operand.data for operand in node.operands]
    if operation.selects:
        return "the condition is at its boundary, {}", operands[:1]
    point = operation.at(operands, lambda number: "{}")
    if operation.compares:
        what = f"the condition is at its boundary, {point}"
    else:
        what = f"{operation.noun} {'jumps' if operation.is_discontinuous else 'has a kink'} at {point}"
    return what, operation.text.arranged(operands)


def side_note(both: Sides, by: str = "", function: str = "value") -> str:
    """Return the slopes on both sides of a point in words."""
    from mgcli.analysis.one_sided import ENDS, JUMPS, SETTLED, STEEP, UNSETTLED

    slope = f"the slope{by}" if function == "value" else f"the slope of the {function}{by}"
    words = {
        JUMPS: f"the {function} jumps",
        STEEP: f"{slope} is infinite",
        ENDS: f"the {function} is undefined",
        UNSETTLED: f"{slope} does not settle",
    }
    kinds = [f"{slope} is {float(side.limit):.6g}" if side.kind == SETTLED else words[side.kind] for side in both]
    left, right = kinds
    if left == right:
        return f"{left} on both sides"
    if left.startswith(f"{slope} is ") and right.startswith(f"{slope} is "):
        right = right[len(f"{slope} is ") :]
    return f"{left} on the left and {right} on the right"

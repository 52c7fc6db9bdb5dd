"""Common mistakes in differentiating by hand, and which of them explains a wrong derivative.

A mistake is made at one node: its derivative is wrong there, and the chain rule is right everywhere
else. Or it is a habit, made at every node of its kind. Both give a number: in a forward pass, each
node gets its tangent, the derivative with respect to the variable, from those of its operands; a
node with a mistake gets a different one, and its gradient gives the effect on the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from math import nan
from typing import NamedTuple

from mgcli.analysis.differences import dependents
from mgcli.graph.chain_rule import backward_pass, contributions
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import FUNCTIONS
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.notation import expression, short_number

LONGEST = 40
"""The maximum length of a formula that a message quotes."""


class Sample(NamedTuple):
    """A point, the derivative there, what is claimed for it, how far off floats may be, and whether the two differ."""

    values: Mapping[str, float]
    derivative: float
    claimed: float
    allowed: float
    differs: bool = False

    @property
    def distance(self) -> float:
        """How far apart the two are."""
        return abs(self.derivative - self.claimed)


class Term(NamedTuple):
    """One term of a tangent: a node's local derivative with respect to an operand, and the tangent of that operand."""

    slope: float
    tangent: float

    @property
    def amount(self) -> float:
        """Their product."""
        return self.slope * self.tangent


Terms = Mapping[int, Term]
"""The terms of a tangent, each by the index of its operand; those that depend on the variable."""


class Mistake(NamedTuple):
    """A wrong way to differentiate `node`, which depends on the variable through one operand.

    tangent: what it gives instead of the sum of the terms.
    words: its description, where {whole} is the node, {operand} the operand, {other} the other one, and {rate} the
    derivative of the operand.
    written: the function that a claim with this mistake contains, if any.
    """

    node: Value
    operand_index: int
    tangent: Callable[[Terms], float]
    words: str
    written: Operation | None = None

    @property
    def habit(self) -> tuple[int, str]:
        """What the mistakes of one habit have in common."""
        return self.operand_index, self.words


class _Moment:
    """Both passes of a graph at one point: the terms of each node, its tangent and its gradient."""

    def __init__(self, root: Value, wrt: Value) -> None:
        self.root = root
        steps = list(contributions(root, [wrt]))
        self.gradients: dict[Value, float] = {wrt: wrt.grad, **{step.node: step.node.grad for step in steps}}
        self.tangents: dict[Value, float] = {wrt: 1.0}
        self.terms: dict[Value, dict[int, Term]] = {}
        for step in reversed(steps):
            # A node reached only through a branch that is not taken has no tangent.
            term = Term(step.slope, self.tangents.get(step.operand, 0.0))
            self.terms.setdefault(step.node, {})[step.operand_index] = term
            self.tangents[step.node] = self.tangents.get(step.node, 0.0) + term.amount
        self.gradient = wrt.grad

    def with_mistake(self, mistake: Mistake) -> float:
        """Return the derivative of the result that `mistake` leads to."""
        terms = self.terms.get(mistake.node)
        if terms is None:
            return self.gradient
        return self.gradient + self.gradients[mistake.node] * (
            _number(mistake.tangent, terms) - self.tangents[mistake.node]
        )

    def with_habit(self, mistakes: Mapping[Value, Mistake]) -> float:
        """Return the derivative of the result that all of `mistakes`, one for each node, lead to."""
        tangents = dict(self.tangents)
        for node, terms in self.terms.items():
            now = {index: Term(term.slope, tangents.get(node.operands[index], 0.0)) for index, term in terms.items()}
            mistake = mistakes.get(node)
            tangents[node] = _number(mistake.tangent, now) if mistake else sum(term.amount for term in now.values())
        return tangents.get(self.root, 0.0)


def _number(rule: Callable[[Terms], float], terms: Terms) -> float:
    try:
        return rule(terms)
    except KeyError:
        # The branch of the term is not taken at this point.
        return _total(terms)
    except (ArithmeticError, ValueError):
        return nan


def likely_mistake(program: Program, name: str, claim: Value, samples: Sequence[Sample]) -> str | None:
    """Return the description of the first mistake that explains all `samples`, None if there is none.

    Afterwards the program is at the last sample that was examined.
    """
    wrt = program.node(name)
    written = {node.operation for node in topological(claim)}
    theories = _theories(program, wrt, _Writer(program, name), written)
    for sample in samples:
        program.rebind(sample.values)
        moment = _Moment(program.root, wrt)
        theories = [(words, claim) for words, claim in theories if _is_near(claim(moment), sample)]
        if not theories:
            return _constant_apart(samples)
    words, _ = theories[0]
    return words()


def _is_near(number: float, sample: Sample) -> bool:
    return abs(number - sample.claimed) <= sample.allowed + 1e-9 * max(abs(number), abs(sample.claimed))


def _constant_apart(samples: Sequence[Sample]) -> str | None:
    """Return the description of a claim that is off by the same factor, or the same distance, at several points."""
    if len(samples) < 3:
        return None
    firm = [sample for sample in samples if abs(sample.derivative) > sample.allowed]
    factor = firm[0].claimed / firm[0].derivative if firm else nan
    if all(_is_near(factor * sample.derivative, sample) for sample in samples):
        return f"wrong constant factor: the claim is {_factor(factor)} times the derivative"
    distance = samples[0].claimed - samples[0].derivative
    if all(_is_near(sample.derivative + distance, sample) for sample in samples):
        sign = "-" if distance < 0 else "+"
        return f"an extra constant: the claim is the derivative {sign} {short_number(abs(distance))}"
    return None


def _factor(factor: float) -> str:
    """Return a factor with as many digits as show that it is not 1."""
    for digits in range(4, 17):
        written = f"{factor:.{digits}g}"
        if abs(float(written) - factor) <= 1e-3 * abs(factor - 1.0):
            return short_number(factor) if digits == 4 else written
    return repr(factor)


Theory = tuple[Callable[[], str], Callable[[_Moment], float]]
"""The description of a mistake, and the derivative that it leads to."""


class _Writer:
    """How nodes are written in a description: by name if they have one, and abbreviated."""

    def __init__(self, program: Program, name: str) -> None:
        self.name = name
        self.names = {node: known for known, node in reversed([*program.variables.items(), *program.names.items()])}

    def formula(self, node: Value, *, whole: bool = False) -> str:
        written = expression(node, self.names, open_root=whole and node.operation is not None)
        return written if len(written) <= LONGEST else f"{written[: LONGEST - 3]}..."

    def rate(self, node: Value) -> str:
        written = self.formula(node)
        return f"d{written}/d{self.name}" if written.isidentifier() else f"d({written})/d{self.name}"

    def words(self, mistake: Mistake) -> str:
        operand = mistake.node.operands[mistake.operand_index]
        other = mistake.node.operands[mistake.operand_index - 1]
        return mistake.words.format(
            whole=self.formula(mistake.node, whole=True),
            operand=self.formula(operand),
            other=self.formula(other),
            rate=self.rate(operand),
        )


def _theories(program: Program, wrt: Value, writer: _Writer, written: Collection[Operation | None]) -> list[Theory]:
    """Return every explanation of a claim that contains these operations, the most likely first."""
    depending = dependents(wrt, program.root)
    moved = {wrt, *depending}
    found = [
        (node, [index for index, operand in enumerate(node.operands) if operand in moved])
        for node in reversed(depending)
    ]
    # Signs come after the chain rule, where the missing factor may be -1.
    chain = [mistake for node, indices in found for mistake in _chain(node, indices, wrt)]
    mistakes = [mistake for kind in _KINDS for node, indices in found for mistake in kind(node, indices)]
    mistakes = [mistake for mistake in mistakes if mistake.written is None or mistake.written in written]
    mistakes += [mistake for node, indices in found for mistake in _outer(node, indices, wrt)]
    habits: dict[tuple[int, str], dict[Value, Mistake]] = {}
    for mistake in chain + mistakes:
        habits.setdefault(mistake.habit, {})[mistake.node] = mistake
    return [
        *(_one(mistake, writer) for mistake in chain),
        (lambda: "wrong sign", lambda moment: -moment.gradient),
        *(_one(mistake, writer) for mistake in mistakes),
        *(_everywhere(habit, writer) for habit in habits.values() if len(habit) > 1),
        *(_other(leaf, other) for other, leaf in program.variables.items() if leaf is not wrt),
        (lambda: "this is the expression itself, not its derivative", lambda moment: moment.root.data),
    ]


def _one(mistake: Mistake, writer: _Writer) -> Theory:
    return lambda: writer.words(mistake), lambda moment: moment.with_mistake(mistake)


def _everywhere(mistakes: Mapping[Value, Mistake], writer: _Writer) -> Theory:
    first = next(iter(mistakes.values()))
    return lambda: f"{writer.words(first)}; the same elsewhere", lambda moment: moment.with_habit(mistakes)


def _other(leaf: Value, name: str) -> Theory:
    def gradient(moment: _Moment) -> float:
        backward_pass(moment.root, [leaf])
        return leaf.grad

    return lambda: f"this is the derivative with respect to {name}", gradient


def _total(terms: Terms) -> float:
    return sum(term.amount for term in terms.values())


def _without(index: int) -> Callable[[Terms], float]:
    return lambda terms: _total(terms) - terms[index].amount


def _instead(index: int, amount: Callable[[Term], float]) -> Callable[[Terms], float]:
    """Return the rule of differentiation with another amount for the term at `index`."""
    return lambda terms: _total(terms) - terms[index].amount + amount(terms[index])


def _is_applied(node: Value, index: int) -> bool:
    """Return whether `node` is a function, or a power or a reciprocal, of its operand."""
    operation = node.operation
    return operation is not None and (bool(operation.names) or (operation.name == "div" and index == 1))


def _chain(node: Value, indices: Sequence[int], wrt: Value) -> Iterator[Mistake]:
    for index in indices:
        if _is_applied(node, index) and node.operands[index] is not wrt:
            words = "the factor {rate} of the chain rule is missing"
            yield Mistake(node, index, _instead(index, lambda term: term.slope), words)


def _product(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    if node._op != "*":
        return
    if len(indices) == 1:
        (only,) = indices
        yield Mistake(node, only, lambda terms: terms[only].tangent, "the constant factor {other} is missing")
        return
    for index in indices:
        yield Mistake(node, index, _without(index), "a term of the product rule is missing, the one with {rate}")
    words = "(u*v)' is not u'*v', at {whole}"
    yield Mistake(node, 0, lambda terms: terms[0].tangent * terms[1].tangent, words)


def _quotient(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    if node._op != "/":
        return
    denominator = node.operands[1]
    if list(indices) == [0]:
        yield Mistake(node, 0, lambda terms: terms[0].tangent, "the division by {other} is missing")
        return
    if len(indices) == 2:
        for index in indices:
            yield Mistake(node, index, _without(index), "a term of the quotient rule is missing, the one with {rate}")
        words = "wrong sign in the quotient rule, (u'*v - u*v')/v**2, at {whole}"
        yield Mistake(node, 0, lambda terms: terms[0].amount - terms[1].amount, words)
        words = "(u/v)' is not u'/v', at {whole}"
        yield Mistake(node, 0, lambda terms: terms[0].tangent / terms[1].tangent, words)
    words = "the quotient rule divides by the square of the denominator, {operand}"
    yield Mistake(node, 1, lambda terms: _total(terms) * denominator.data**2, words)
    yield Mistake(node, 1, lambda terms: _total(terms) * denominator.data, words)


def _power(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    variable_exponent = "the power rule does not apply to a variable exponent, at {whole}"
    if node._op == "exp":
        (x,) = node.operands
        lowered = _instead(0, lambda term: x.data * math.exp(x.data - 1.0) * term.tangent)
        yield Mistake(node, 0, lowered, variable_exponent)
    if node._op != "**":
        return
    base, exponent = node.operands

    def power(change: float) -> float:
        return math.pow(base.data, exponent.data + change)

    by_base: tuple[tuple[str, Callable[[], float]], ...] = (
        ("the power of {whole} is not lowered", lambda: exponent.data * power(0.0)),
        ("the power of {whole} is raised, not lowered", lambda: exponent.data * power(1.0)),
        ("the exponent of {whole} is missing as a factor", lambda: power(-1.0)),
        (
            "the exponent of {whole} is lowered too early",
            lambda: (exponent.data - 1.0) * power(-1.0),
        ),
    )
    by_exponent: tuple[tuple[str, Callable[[], float]], ...] = (
        (variable_exponent, lambda: exponent.data * power(-1.0)),
        ("the factor log({other}) is missing", lambda: power(0.0)),
    )
    for index in indices:
        for words, slope in (by_base, by_exponent)[index]:
            yield Mistake(node, index, _instead(index, _with_slope(slope)), words)


def _root(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    """Yield the mistake of a denominator without its parentheses: 1/2*sqrt(x)."""
    degree = {"sqrt": 2, "cbrt": 3}.get(node._op)
    if degree:
        power = "" if degree == 2 else "**2"
        words = f"1/{degree}*{{whole}}{power} is not 1/({degree}*{{whole}}{power})"
        yield Mistake(node, 0, _instead(0, _with_slope(lambda: node.data ** (degree - 1) / degree)), words)


def _with_slope(slope: Callable[[], float]) -> Callable[[Term], float]:
    return lambda term: slope() * term.tangent


def _function(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    """Yield a mistake for each function of the table that may be written for the derivative of this one."""
    operation = node.operation
    if operation is None or operation.arity != 1 or not operation.names:
        return
    right = _derivative_by_name(operation)
    (operand,) = node.operands
    for sign, other in _signed_functions():
        taken = f"{sign}{other.name}"
        if right:
            words = f"{taken} for {right} in the derivative of {{whole}}"
        elif taken == operation.name:
            words = "{whole} is not differentiated"
        else:
            words = f"the derivative of {operation.name} is not {taken}"
        yield Mistake(node, 0, _instead(0, _with_slope(_signed(sign, other, operand))), words, other)


def _signed_functions() -> list[tuple[str, Operation]]:
    unary = [operation for operation in dict.fromkeys(FUNCTIONS.values()) if operation.arity == 1]
    smooth = [operation for operation in unary if not operation.jumps]
    return [(sign, operation) for operation in smooth for sign in ("", "-")]


def _signed(sign: str, operation: Operation, operand: Value) -> Callable[[], float]:
    factor = -1.0 if sign else 1.0
    return lambda: factor * operation.forward(FLOATS, operand.data)


@cache
def _derivative_by_name(operation: Operation) -> str | None:
    """Return the function of the table that is the derivative of `operation`, with its sign; None where none is."""
    (example,) = operation.example
    points = [Value(example * stretch) for stretch in (1.0, 0.9, 0.7)]
    for sign, other in _signed_functions():
        if all(_is_slope(operation, point.data, _signed(sign, other, point)) for point in points):
            return f"{sign}{other.name}"
    return None


def _is_slope(operation: Operation, point: float, candidate: Callable[[], float]) -> bool:
    try:
        slope = operation.stable[0](FLOATS, operation.forward(FLOATS, point), point)
        return math.isclose(slope, candidate(), rel_tol=1e-12)
    except (ArithmeticError, ValueError):
        return False


def _sum(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    if node._op in ("+", "-") and len(indices) == 2:
        for index in indices:
            yield Mistake(node, index, _without(index), "a term of the sum is missing: {rate}")


def _sign(node: Value, indices: Sequence[int]) -> Iterator[Mistake]:
    words = "wrong sign in the derivative of {whole}" if len(indices) == 1 else "wrong sign of the term with {rate}"
    for index in indices:
        yield Mistake(node, index, _instead(index, lambda term: -term.amount), words)


def _outer(node: Value, indices: Sequence[int], wrt: Value) -> Iterator[Mistake]:
    operation = node.operation
    if operation is None or operation.arity != 1 or not operation.names or node.operands[0] is wrt:
        return

    def misplaced(term: Term) -> float:
        z = operation.forward(FLOATS, term.tangent)
        return operation.stable[0](FLOATS, z, term.tangent)  # type: ignore[no-any-return]

    name = operation.name
    yield Mistake(node, 0, lambda terms: terms[0].tangent, f"the derivative of {name} is missing next to {{rate}}")
    words = f"the derivative of {name} is taken at {{rate}}, not at {{operand}}"
    yield Mistake(node, 0, lambda terms: misplaced(terms[0]), words)
    yield Mistake(node, 0, lambda terms: misplaced(terms[0]) * terms[0].tangent, words)


_KINDS = (_product, _quotient, _sign, _power, _root, _function, _sum)
"""The kinds of mistakes, the most likely first."""

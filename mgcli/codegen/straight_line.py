"""A graph as straight-line code: a list of steps, each a function of arguments, numbers and earlier steps.

To transform is to interpret differently: the table's rules run on terms (`mgcli.codegen.terms`) as
they run on floats and on nodes, and the chain rule adds and multiplies the resulting terms. The
steps do what the passes over the graph do, in the same order, so they give the same floats to the
last bit, in any language that they are written in: `mgcli.codegen.python` and `mgcli.codegen.arrays`
write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain
from math import nan
from typing import Any, NamedTuple

from mgcli.codegen.terms import OPPOSITES, Term, Terms
from mgcli.graph.chain_rule import chain_rule
from mgcli.graph.node import Node, topological
from mgcli.graph.operation import Rule

_SHOWING = {
    **dict.fromkeys(("add", "sub", "mul"), (0, 1)),
    **dict.fromkeys(("div", "neg", "abs", "sqrt", "cbrt", "log", "log1p", "log2", "log10"), (0,)),
    **dict.fromkeys(("sin", "cos", "tan", "sinh", "cosh", "asinh"), (0,)),
}
"""The operands of a function that are finite wherever its result is, in floating-point arithmetic."""


class Gradient(NamedTuple):
    """A gradient as a term.

    guard: the condition that one of the branches that lead to it is taken, None if one always is. Where it does not
    hold the `term` is 0, whatever is undefined in the branch.
    body: the term where it holds.
    """

    term: Term
    guard: Term | None
    body: Term


class Slope(NamedTuple):
    """A local derivative as a term; `chooses`: where it is 0 the operand is not taken."""

    term: Term
    chooses: bool


class Algebra:
    """The algebra of terms, for `chain_rule`: a branch not taken is closed by a choice.

    plain: the values of the nodes; known ones are floats.
    sound: the terms that are finite wherever the code has an answer.
    checked: filled with the gradients that a choice may hide although they must be finite.
    """

    def __init__(self, terms: Terms, plain: dict[Node, Term | float], sound: set[Term]) -> None:
        self.one = Gradient(terms.one, None, terms.one)
        self.checked: list[Term] = []
        self._terms = terms
        self._plain = plain
        self._sound = sound

    def total(self, node: Node, products: list[Gradient]) -> Gradient:
        """Return the gradient with respect to `node`, whose branch is open where that of one of its parts is."""
        total = products[0] if len(products) == 1 else reduce(self.plus, products)
        assert node.operation is not None
        if node.operation.chooses:
            self.checked.append(total.term)
        return total

    def plus(self, total: Gradient, product: Gradient) -> Gradient:
        """Return a sum with one more product."""
        term = self._sum(total.term, product.term)
        return Gradient(term, self._terms.either(total.guard, product.guard), term)

    def _sum(self, x: Term, y: Term) -> Term:
        """Return x + y; adding -y is subtracting y, to the last bit."""
        if y.function == "neg":
            return self._terms.sub(x, y.operands[0])
        if x.function == "neg":
            return self._terms.sub(y, x.operands[0])
        return self._terms.add(x, y)

    def slope(self, node: Node, index: int) -> Slope | None:
        """Return the local derivative in its stable form, None where it is 0 because the operand is never taken."""
        operation = node.operation
        assert operation is not None
        slope: Any = operation.slopes[index]
        if slope is None:
            plain = self._plain
            operands = [plain[operand] for operand in node.operands]
            slope = computed(self._terms, operation.stable[index], plain[node], *operands)
        term = self._terms.term(slope)
        return None if operation.chooses and term.number == 0.0 else Slope(term, operation.chooses)

    def product(self, incoming: Gradient, slope: Slope) -> Gradient:
        """Return the product; where the branch is closed it is 0, not 0 times what may be undefined there."""
        gradient, guard, body = incoming
        term, chooses = slope
        if chooses and term.number is None:
            guard = self._terms.both(term, guard)
            return Gradient(self._through(term, gradient), guard, self._opened(term, body))
        if guard is None or (body.number is None and self._is_sound(term)):
            product = self._product(gradient, term)
            return Gradient(product, guard, product)
        product = self._product(body, term)
        return Gradient(self._terms.choice(guard, product, self._terms.zero), guard, product)

    def _product(self, gradient: Term, slope: Term) -> Term:
        """Return the product with its sign outermost, where a sum can take it."""
        if slope is self._terms.one:
            return gradient
        negative, gradient = _unsigned(gradient)
        opposite, slope = _unsigned(slope)
        product = self._terms.mul(gradient, slope)
        return product if negative == opposite else self._terms.neg(product)

    def _through(self, slope: Term, gradient: Term) -> Term:
        """Return the gradient past a choice, 0 where the local derivative is."""
        if slope.number is not None:
            return self._terms.mul(gradient, slope) if slope.number else self._terms.zero
        if slope.function != "where":
            return self._terms.choice(slope, gradient, self._terms.zero)
        condition, x, y = slope.operands
        return self._terms.choice(condition, self._through(x, gradient), self._through(y, gradient))

    def _opened(self, slope: Term, gradient: Term) -> Term:
        """Return the gradient past a choice, where the local derivative is not 0."""
        if slope.number is not None:
            return self._terms.mul(gradient, slope)
        if slope.function != "where":
            return gradient
        condition, x, y = slope.operands
        if x.number == 0.0 or y.number == 0.0:
            return self._opened(y if x.number == 0.0 else x, gradient)
        return self._terms.choice(condition, self._opened(x, gradient), self._opened(y, gradient))

    def _is_sound(self, slope: Term) -> bool:
        return slope.number is not None or slope in self._sound


def _unsigned(term: Term) -> tuple[bool, Term]:
    """Return whether `term` is the opposite of another, of -x and of -x/y, and that other, or itself."""
    if term.function == "neg":
        return True, term.operands[0]
    if term.function == "div" and term.operands[0].function == "neg":
        x, y = term.operands
        return True, term.terms.div(x.operands[0], y)
    return False, term


class Code(NamedTuple):
    """Straight-line code: the steps from the arguments to the results, and the names of the terms.

    steps: every term that a result depends on, except numbers and arguments, operands first.
    values: one for each root. derivatives: for each root those with respect to each of `wrt`.
    also: the values of more nodes.
    checked: terms that must be finite, like the results: if one is not, there is no answer. Where the values are
    wanted apart, there is then no value, and no derivative.
    labels: the names of arguments and intermediates.
    gradients: for a gradient, and for each partial sum of it, the term that it is taken with respect to.
    """

    arguments: list[Term]
    steps: list[Term]
    values: list[Term]
    derivatives: list[list[Term]]
    also: list[Term]
    checked: list[Term]
    labels: dict[Term, str]
    gradients: dict[Term, Term]

    @property
    def results(self) -> list[Term]:
        """Every term that is returned."""
        return [*self.values, *chain.from_iterable(self.derivatives), *self.also, *self.checked]


def straight_line(
    roots: Sequence[Node],
    arguments: Sequence[Node],
    wrt: Sequence[Node],
    also: Sequence[Node] = (),
    *,
    apart: bool = False,
    lenient: bool = False,
) -> Code:
    """Return the code of the values of `roots` and of their derivatives with respect to `wrt`.

    arguments: the nodes whose numbers the code is given; every other leaf keeps its own.
    also: nodes whose values are wanted too. apart: whether values are wanted where derivatives are undefined.
    Raises ValueError or ArithmeticError where a part that does not depend on the arguments has no value; if it is
    `lenient`, such a part is nan.
    """
    return _Translation(arguments, lenient=lenient).code(roots, wrt, also, apart=apart)


def live_steps(code: Code) -> list[Term]:
    """Return those of its steps that the results of `code` depend on."""
    live = set(code.results)
    steps = []
    for term in reversed(code.steps):
        if term in live:
            live.update(term.operands)
            steps.append(term)
    return steps[::-1]


class _Translation:
    """The two passes over a graph, on terms."""

    def __init__(self, arguments: Sequence[Node], *, lenient: bool) -> None:
        self._terms = Terms(lenient=lenient)
        self._arguments = {node: self._terms.argument() for node in arguments}
        self._values: dict[Node, Term] = dict(self._arguments)
        self._plain: dict[Node, Term | float] = dict(self._arguments)
        self._labels = {term: node.label for node, term in self._arguments.items() if node.label}
        self._gradients: dict[Term, Term] = {}
        self._of_nodes: set[Term] = set()

    def code(self, roots: Sequence[Node], wrt: Sequence[Node], also: Sequence[Node], *, apart: bool) -> Code:
        """Return the code: the forward pass, the values that it may hide, a backward pass from each root."""
        nodes = topological(*roots, *also)
        self._forward(nodes)
        needed, hidden = self._needed(nodes, [*roots, *also])
        sound = {self._values[node] for node, condition in needed.items() if condition is None}
        algebra = Algebra(self._terms, self._plain, sound.union(self._arguments.values()))
        derivatives = [self._derivatives(root, wrt, algebra) for root in roots]
        values, others = ([self._values[node] for node in some] for some in (roots, also))
        hiding = [self._checked(self._values[node], condition) for node, condition in hidden.items()]
        results = [*values, *chain.from_iterable(derivatives), *others]
        checked = _unseen([*values, *others], hiding) if apart else _unseen(results, algebra.checked + hiding)
        always = (self._values[node] for node, condition in needed.items() if condition is None)
        checked.extend({term for term in always if term.number is not None and not term.is_known})
        steps = self._steps(results + checked)
        arguments = list(self._arguments.values())
        return Code(arguments, steps, values, derivatives, others, checked, self._labels, self._gradients)

    def _forward(self, nodes: Sequence[Node]) -> None:
        """Compute the value of each node from its operands'."""
        for node in nodes:
            if node not in self._arguments:
                self._values[node] = value = self._value(node)
                self._plain[node] = plain(value)
                if node.label and value.operands:
                    self._labels.setdefault(value, node.label)
        self._of_nodes = set(self._values.values())

    def _value(self, node: Node) -> Term:
        """Return the value of `node` from its operands'."""
        operation = node.operation
        if operation is None:
            return self._terms.number(node.data)
        operands = [self._plain[operand] for operand in node.operands]
        return self._terms.term(computed(self._terms, operation.forward, *operands))

    def _needed(
        self, nodes: Sequence[Node], outputs: Sequence[Node]
    ) -> tuple[dict[Node, Term | None], dict[Node, Term | None]]:
        """Return the conditions under which values are needed, and under which they may be undefined unnoticed.

        A value is needed if a value that is computed from it is, except in a branch that is not taken.
        It is noticed in a sum of it, which is finite only if the value is; in a comparison it is not.
        None is always.
        """
        needed: dict[Node, Term | None] = dict.fromkeys(outputs)
        hidden: dict[Node, Term | None] = {}
        for node in reversed(nodes):
            operation = node.operation
            if operation is None or node not in needed:
                continue
            shown = self._shown(self._values[node])
            for index, operand in enumerate(node.operands):
                value = self._values[operand]
                if value.is_known:
                    continue
                condition = needed[node]
                if operation.selects and index > 0:
                    condition = self._terms.both(condition, self._branch(node, index))
                    if condition is not None and condition.number == 0.0:
                        continue
                elif operation.selects or value not in shown:
                    hidden[operand] = self._terms.either(hidden[operand], condition) if operand in hidden else condition
                needed[operand] = self._terms.either(needed[operand], condition) if operand in needed else condition
        return needed, hidden

    def _checked(self, value: Term, condition: Term | None) -> Term:
        """Return what is finite if `value` is, or need not be; a comparison always is."""
        if condition is None or value.function in OPPOSITES:
            return value
        return self._terms.choice(condition, value, self._terms.zero)

    def _branch(self, node: Node, index: int) -> Term | None:
        """Return the condition of the branch `index`, 1 or 2, of a choice."""
        condition = self._values[node.operands[0]]
        if condition.number is not None:
            taken = bool(condition.number) == (index == 1)
            return None if taken else self._terms.zero
        return condition if index == 1 else self._terms.choice(condition, self._terms.zero, self._terms.one)

    def _shown(self, value: Term) -> set[Term]:
        """Return the values of nodes that are finite wherever `value`, which is computed from them, is finite."""
        shown = {value}
        terms = [value.operands[index] for index in _SHOWING.get(value.function, ())]
        for term in terms:
            shown.add(term)
            if term not in self._of_nodes:
                terms.extend(term.operands[index] for index in _SHOWING.get(term.function, ()))
        return shown

    def _derivatives(self, root: Node, wrt: Sequence[Node], algebra: Algebra) -> list[Term]:
        totals = {root: algebra.one}
        for product in chain_rule(root, wrt, algebra):
            operand = product.node.operands[product.operand_index]
            # They are added up as they arrive; `total` then finds the finished sum.
            amount = product.amount
            totals[operand] = algebra.plus(totals[operand], amount) if operand in totals else amount
            gradient = totals[operand].term
            if gradient not in self._of_nodes:
                self._gradients.setdefault(gradient, self._values[operand])
        # In the graph a gradient is a sum that starts with 0.0, which removes the sign of a zero.
        return [
            self._terms.add(totals[node].term, self._terms.zero) if node in totals else self._terms.zero for node in wrt
        ]

    def _steps(self, results: Iterable[Term]) -> list[Term]:
        """Return the terms on which `results` depend, operands first."""
        live = set(results)
        steps = []
        for term in self._terms.latest_first():
            if term in live and term.operands:
                live.update(term.operands)
                steps.append(term)
        return steps[::-1]


def computed(terms: Terms, rule: Rule, *operands: Term | float) -> Term | float:
    """Return what a rule of the table gives; if all is known and it fails, nan, unless an error is wanted."""
    try:
        result: Term | float = rule(terms, *operands)
    except (ArithmeticError, ValueError):
        if not terms.lenient:
            raise
        return nan
    return result


def plain(operand: Term | float) -> Term | float:
    """Return `operand`, a number as a float, so that the rules themselves compute what is known."""
    return operand.number if isinstance(operand, Term) and operand.number is not None else operand


def _unseen(results: Iterable[Term], candidates: Iterable[Term]) -> list[Term]:
    """Return those of `candidates` that may not be finite without a result or another of them showing it."""
    seen: set[Term] = set()
    _see(results, seen)
    unseen = []
    for term in candidates:
        if term not in seen and not term.is_known and term.function not in OPPOSITES:
            unseen.append(term)
            _see([term], seen)
    return unseen


def _see(terms: Iterable[Term], seen: set[Term]) -> None:
    """Add to `seen` the terms that are finite wherever `terms` are."""
    waiting = [term for term in terms if term not in seen]
    seen.update(waiting)
    while waiting:
        term = waiting.pop()
        for index in _SHOWING.get(term.function, ()):
            operand = term.operands[index]
            if operand not in seen:
                seen.add(operand)
                waiting.append(operand)

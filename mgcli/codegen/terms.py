"""A graph as straight-line code: a list of steps, each a function of arguments, numbers and earlier steps.

To transform is to interpret differently: the table's rules run on terms as they run on floats and on
nodes, and the chain rule adds and multiplies the terms that they give. Equal terms are one term, and
what is known without the arguments is folded into a number. The steps do what the passes over the graph do,
in the same order, so that they give the same floats to the last bit, in any language that they are
written in: `mgcli.codegen.python` and `mgcli.codegen.arrays` write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

from mgcli.graph.chain_rule import chain_rule
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import Node, topological
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, is_primitive

OPPOSITES = {
    "greater": "less_equal",
    "less": "greater_equal",
    "equal": "not_equal",
    "less_equal": "greater",
    "greater_equal": "less",
    "not_equal": "equal",
}
"""The comparisons, each with the one of the same numbers that holds where it does not; nan is refused before."""

_COMMUTATIVE = frozenset(("add", "mul"))

_SHOWING = {
    **dict.fromkeys(("add", "sub", "mul"), (0, 1)),
    **dict.fromkeys(("div", "neg", "abs", "sqrt", "cbrt", "log", "log1p", "log2", "log10"), (0,)),
    **dict.fromkeys(("sin", "cos", "tan", "sinh", "cosh", "asinh"), (0,)),
}
"""The operands of a function that are finite wherever its result is, in floating-point arithmetic."""


class Term:
    """One step: `function` of `operands`; or an argument; or a `number`, else None.

    A function is a key of the table, or "both" or "either" of two conditions.
    """

    __slots__ = ("function", "number", "operands", "terms")

    def __init__(self, terms: Terms, function: str, operands: tuple[Term, ...], number: float | None = None) -> None:
        self.terms = terms
        self.function = function
        self.operands = operands
        self.number = number

    def __repr__(self) -> str:
        return f"<Term {self.function or self.number}>"

    def __pos__(self) -> Term:
        return self

    def __neg__(self) -> Term:
        return self.terms.neg(self)

    def __abs__(self) -> Term:
        return self.terms.step("abs", self)

    def __add__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.add(self, other if isinstance(other, Term) else terms.number(other))

    def __radd__(self, other: float) -> Term:
        return self.terms.add(self.terms.number(other), self)

    def __sub__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.sub(self, other if isinstance(other, Term) else terms.number(other))

    def __rsub__(self, other: float) -> Term:
        return self.terms.sub(self.terms.number(other), self)

    def __mul__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.mul(self, other if isinstance(other, Term) else terms.number(other))

    def __rmul__(self, other: float) -> Term:
        return self.terms.mul(self.terms.number(other), self)

    def __truediv__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.div(self, other if isinstance(other, Term) else terms.number(other))

    def __rtruediv__(self, other: float) -> Term:
        return self.terms.div(self.terms.number(other), self)

    def __pow__(self, other: Term | float) -> Term:
        return self.terms.pow(self, other)  # type: ignore[attr-defined, no-any-return]


class Terms:
    """The terms of one code, each made once; and the namespace `m` in which the table's rules run on terms.

    A simplification is made only where it changes no bit of any float, the sign of a zero included.
    """

    def __init__(self) -> None:
        self._known: dict[Any, Term] = {}
        self.zero = self.number(0.0)
        self.one = self.number(1.0)

    def latest_first(self) -> Iterator[Term]:
        """Yield the terms, each before its operands."""
        return reversed(self._known.values())

    def argument(self) -> Term:
        """Return a new argument."""
        term = self._known[object()] = Term(self, "", ())
        return term

    def number(self, number: float) -> Term:
        """Return the term of a number. Raises ValueError where it is not finite."""
        key = number or str(float(number))
        term = self._known.get(key)
        if term is None:
            if not isfinite(number):
                raise ValueError(f"{number} cannot be written")
            term = self._known[key] = Term(self, "", (), float(number))
        return term

    def term(self, operand: Term | float) -> Term:
        """Return `operand` as a term."""
        return operand if isinstance(operand, Term) else self.number(operand)

    def step(self, function: str, *operands: Term) -> Term:
        """Return the term of `function` on `operands`, one and the same for the same ones."""
        key = (function, operands)
        term = self._known.get(key)
        if term is None and function in _COMMUTATIVE:
            term = self._known.get((function, operands[::-1]))
        if term is None:
            term = self._known[key] = Term(self, function, operands)
        return term

    def neg(self, x: Term) -> Term:
        """Return -x."""
        if x.number is not None:
            return self.number(-x.number)
        return x.operands[0] if x.function == "neg" else self.step("neg", x)

    def add(self, x: Term, y: Term) -> Term:
        """Return x + y."""
        if x.number is None or y.number is None:
            return self.step("add", x, y)
        return self.number(x.number + y.number)

    def sub(self, x: Term, y: Term) -> Term:
        """Return x - y."""
        if x.number is not None and y.number is not None:
            return self.number(x.number - y.number)
        if x is self.one and y.function in OPPOSITES:
            return self.step(OPPOSITES[y.function], *y.operands)
        return self.step("sub", x, y)

    def mul(self, x: Term, y: Term) -> Term:
        """Return x*y."""
        if x.number is None and y.number is None:
            return self.step("mul", x, y)
        if x.number is not None and y.number is not None:
            return self.number(x.number * y.number)
        for factor, other in ((x, y), (y, x)):
            if factor.number == 1.0:
                return other
            if factor.number == -1.0:
                return self.neg(other)
        return self.step("mul", x, y)

    def div(self, x: Term, y: Term) -> Term:
        """Return x/y. Raises ZeroDivisionError where both are numbers and y is 0."""
        if x.number is not None and y.number is not None:
            return self.number(x.number / y.number)
        return self.mul(x, y) if y.number in (1.0, -1.0) else self.step("div", x, y)

    def choice(self, condition: Term, x: Term, y: Term) -> Term:
        """Return x where `condition` is not 0, and y elsewhere."""
        if condition.function == "where":
            inner, first, second = condition.operands
            if first.number and second.number == 0.0:
                condition = inner
            elif first.number == 0.0 and second.number:
                condition, x, y = inner, y, x
        if condition.number is not None:
            return x if condition.number else y
        if condition.function in OPPOSITES:
            if x is self.one and y is self.zero:
                return condition
            if x is self.zero and y is self.one:
                return self.step(OPPOSITES[condition.function], *condition.operands)
        return self.step("where", condition, x, y)

    def both(self, first: Term | None, second: Term | None) -> Term | None:
        """Return the condition that both hold; None is a condition that always does."""
        if first is None or second is None or first is second:
            return first or second
        return self.zero if self.zero in (first, second) else self.step("both", first, second)

    def either(self, first: Term | None, second: Term | None) -> Term | None:
        """Return the condition that one of two holds."""
        if first is None or second is None:
            return None
        for one, other in ((first, second), (second, first)):
            if one is other or (one.function == "both" and other in one.operands):
                return other
        return self.step("either", first, second)

    def where(self, condition: Term | float, x: Term | float, y: Term | float) -> Term | float:
        """Return what the rules call by this name, `choice` of numbers too."""
        if not isinstance(condition, Term):
            return x if condition else y
        return self.choice(condition, self.term(x), self.term(y))

    def _power(self, x: Term | float, y: Term | float) -> Term:
        base, exponent = self.term(x), self.term(y)
        return base if exponent is self.one else self.step("pow", base, exponent)


def _plain(operand: Term | float) -> Term | float:
    """Return `operand`, a number as a float: so the rules themselves compute what is known."""
    return operand.number if isinstance(operand, Term) and operand.number is not None else operand


_PRIMITIVES = {operation.name for operation in ALL_OPERATIONS.values() if is_primitive(operation)}


def _method(name: str) -> Callable[..., Any]:
    """Return the function `name` of the table for the namespace: on floats where all operands are known."""
    on_floats = getattr(FLOATS, name)
    on_terms = _on_terms(name)

    def method(terms: Terms, *operands: Term | float) -> Any:
        if Term in map(type, operands):
            return on_terms(terms, *operands)
        return on_floats(*operands)

    return method


def _on_terms(name: str) -> Callable[..., Any]:
    if name == "pow":
        return Terms._power
    if name in _PRIMITIVES:
        return lambda terms, *operands: terms.step(name, *map(terms.term, operands))
    return ALL_OPERATIONS[name].forward


for _name in vars(FLOATS):
    if not hasattr(Terms, _name):
        setattr(Terms, _name, CONSTANTS.get(_name) or _method(_name))


class Gradient(NamedTuple):
    """A gradient as a term.

    guard: the condition that one of the branches that lead to it is taken, None where one always is. Where it does
    not hold the `term` is 0, whatever is undefined in the branch. body: what the term is where it holds.
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

    plain: the values of the nodes, those that are known as floats. sound: the terms that are finite wherever the
    code has an answer.
    checked: filled with the gradients that a choice may hide although they have to be finite.
    """

    def __init__(self, terms: Terms, plain: dict[Node, Term | float], sound: set[Term]) -> None:
        self.one = Gradient(terms.one, None, terms.one)
        self.checked: list[Term] = []
        self._terms = terms
        self._plain = plain
        self._sound = sound

    def total(self, node: Node, products: list[Gradient]) -> Gradient:
        """Return the gradient with respect to `node`, open where one of its parts is."""
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
        """Return x + y; to add -y is to subtract y, to the last bit."""
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
            slope = operation.stable[index](self._terms, plain[node], *[plain[operand] for operand in node.operands])
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
    """Straight-line code: the steps from the arguments to the results, and what the terms are called.

    steps: every term that a result depends on and that is no number and no argument, operands first.
    values: one for each root. derivatives: for each root those with respect to each of `wrt`.
    also: the values of more nodes. checked: terms that have to be finite, as the others of these results have to be:
    where one is not, there is no answer.
    labels: the names of arguments and intermediates. gradients: for a gradient, and for each sum on the way to it,
    the term with respect to which it is.
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
    roots: Sequence[Node], arguments: Sequence[Node], wrt: Sequence[Node], also: Sequence[Node] = ()
) -> Code:
    """Return the code of the values of `roots` and of their derivatives with respect to `wrt`.

    arguments: the nodes whose numbers the code is given; every leaf but these keeps its own. also: nodes whose
    values are wanted too. Raises ValueError or ArithmeticError where a part that does not depend on the
    arguments has no value.
    """
    return _Translation(arguments).code(roots, wrt, also)


class _Translation:
    """The two passes over a graph, on terms."""

    def __init__(self, arguments: Sequence[Node]) -> None:
        self._terms = Terms()
        self._arguments = {node: self._terms.argument() for node in arguments}
        self._values: dict[Node, Term] = dict(self._arguments)
        self._plain: dict[Node, Term | float] = dict(self._arguments)
        self._labels = {term: node.label for node, term in self._arguments.items() if node.label}
        self._gradients: dict[Term, Term] = {}
        self._of_nodes: set[Term] = set()

    def code(self, roots: Sequence[Node], wrt: Sequence[Node], also: Sequence[Node]) -> Code:
        """Return the code: the forward pass, what it may hide, a backward pass from each root."""
        nodes = topological(*roots, *also)
        self._forward(nodes)
        needed, hidden = self._needed(nodes, [*roots, *also])
        sound = {self._values[node] for node, condition in needed.items() if condition is None}
        algebra = Algebra(self._terms, self._plain, sound.union(self._arguments.values()))
        derivatives = [self._derivatives(root, wrt, algebra) for root in roots]
        values, others = ([self._values[node] for node in some] for some in (roots, also))
        hiding = [self._checked(self._values[node], condition) for node, condition in hidden.items()]
        results = [*values, *chain.from_iterable(derivatives), *others]
        checked = _unseen(results, algebra.checked + hiding)
        steps = self._steps(results + checked)
        arguments = list(self._arguments.values())
        return Code(arguments, steps, values, derivatives, others, checked, self._labels, self._gradients)

    def _forward(self, nodes: Sequence[Node]) -> None:
        """Compute the value of each node from its operands'."""
        for node in nodes:
            if node not in self._arguments:
                self._values[node] = value = self._value(node)
                self._plain[node] = _plain(value)
                if node.label and value.operands:
                    self._labels.setdefault(value, node.label)
        self._of_nodes = set(self._values.values())

    def _value(self, node: Node) -> Term:
        """Return the value of `node` from its operands'."""
        operation = node.operation
        if operation is None:
            return self._terms.number(node.data)
        operands = [self._plain[operand] for operand in node.operands]
        return self._terms.term(operation.forward(self._terms, *operands))

    def _needed(
        self, nodes: Sequence[Node], outputs: Sequence[Node]
    ) -> tuple[dict[Node, Term | None], dict[Node, Term | None]]:
        """Return on which condition each value is needed, and those that may be undefined unseen, on which condition.

        A value is needed where a value is that is computed from it, except in a branch not taken. It is
        seen in a sum of it, which is finite only where it is; in a comparison it is not. None: always.
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
                if value.number is not None:
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
        """Return what is finite where `value` is, or need not be; a comparison always is."""
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
        """Return the values of nodes that are finite wherever `value`, which is computed from them, is."""
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
            # Added up as they come; `total` then finds the sum made.
            amount = product.amount
            totals[operand] = algebra.plus(totals[operand], amount) if operand in totals else amount
            gradient = totals[operand].term
            if gradient not in self._of_nodes:
                self._gradients.setdefault(gradient, self._values[operand])
        # In the graph a gradient is a sum that starts with 0.0, which takes the sign off a zero.
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


def _unseen(results: Iterable[Term], candidates: Iterable[Term]) -> list[Term]:
    """Return those of `candidates` that may be not finite without a result or another of them showing it."""
    seen: set[Term] = set()
    _see(results, seen)
    unseen = []
    for term in candidates:
        if term not in seen and term.number is None and term.function not in OPPOSITES:
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

"""The derivative of a graph as a graph: the backward pass run on the nodes themselves.

The table's rules, in textbook form, are applied to nodes instead of numbers; so the result can be
drawn, evaluated, and differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, reduce
from math import isnan, nan
from operator import attrgetter
from typing import NamedTuple, TypeVar

from mgcli import functions
from mgcli.calculus.forward import Forward
from mgcli.errors import EvaluationError
from mgcli.graph.chain_rule import Product, backward_pass, chain_rule
from mgcli.graph.evaluation import first_error, forward_pass
from mgcli.graph.lookup import node_of
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation, none
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make, unevaluated

T = TypeVar("T")

LONGEST = 1000
"""The number of nodes up to which a derivative is differentiated again as it is printed."""


def derivative(root: Value, wrt: Value | str, order: int = 1) -> Value:
    """Return the derivative of `root` with respect to `wrt`, `order` times, simplified.

    `wrt` is a node below `root`, a variable or an intermediate, or its label. It remains a variable
    of the result, as do all other variables. The derivative of what does not depend on `wrt` is 0.
    The nodes of the result hold its values at the numbers that the variables hold, nan (with the
    `error` in its node) where there is none. Raises EvaluationError if there is no formula, as for
    `polygamma` with respect to its order.
    """
    if order < 1:
        raise ValueError(f"the order of a derivative is 1 or more, not {order}")
    wanted = node_of(root, wrt)
    formula = root
    for left in reversed(range(order)):
        (formula,) = derivatives(formula, [wanted], is_last=not left)
        if left and len(topological(formula)) > LONGEST:
            return _simplified([unsimplified(root, wanted, order)], [wanted])[0]
    return formula


def unsimplified(root: Value, wrt: Value, order: int) -> Value:
    """Return the derivative of that order as the chain rule gives it: no number in it has been rounded."""
    forward = Forward(root, wrt, Formulas(root).local)
    with without_numbers(root):
        for _ in range(order):
            root = forward.derivative(root)
    return root


def derivatives(root: Value, wrt: Sequence[Value], *, is_last: bool = True) -> list[Value]:
    """Return the derivative of `root` with respect to each of `wrt`, as `derivative` does, in one backward pass.

    is_last: whether the formulas are read, not differentiated again.
    """
    return _simplified(run(root, wrt).totals, wrt, is_last=is_last)


IsExact = Callable[[Value], bool]
"""Whether a number of a formula is the decimal for which the simplifier takes it."""


def is_whole(leaf: Value) -> bool:
    """Return whether a float is exactly its decimal: 1/1e-9, with the float 1e-9, is not 1e9."""
    return leaf.data.is_integer()


def simplifies_exactly(root: Value, is_exact: IsExact = is_whole) -> bool:
    """Return whether the numbers of a formula remain exact as it is simplified."""
    return all(is_exact(node) for node in topological(root) if node.operation is None and not node.varies)


def exact_derivatives(root: Value, wrt: Sequence[Value], is_exact: IsExact = is_whole) -> list[Value]:
    """Return the derivatives as formulas whose numbers are exact, at the numbers that the variables hold."""
    if simplifies_exactly(root, is_exact):
        return derivatives(root, wrt)
    totals = run(root, wrt).totals
    forward_pass(topological(*totals))
    return totals


def _simplified(roots: Sequence[Value], wrt: Iterable[Value] = (), *, is_last: bool = True) -> list[Value]:
    # Some callers need numbers only, and this takes as long to load as everything else.
    from mgcli.calculus.conditioning import simplified

    return simplified(roots, {*wrt, *filter(Value.is_input, topological(*roots))}, joined=is_last)


def each_derivative(root: Value, wrt: Mapping[T, Value], order: int = 1) -> dict[T, Value]:
    """Return the derivative of that order with respect to each of `wrt`; a part that several share is a single node."""
    firsts = dict(zip(wrt, derivatives(root, list(wrt.values()), is_last=order == 1), strict=True))
    if order == 1:
        return firsts
    with pointing_into(root):
        further = {key: derivative(first, wrt[key], order - 1) for key, first in firsts.items()}
    return together(further, wrt.values())


@contextmanager
def pointing_into(root: Value) -> Iterator[None]:
    """Make the error about a derivative that has none of its own point to the function in `root` that it is from."""
    try:
        yield
    except EvaluationError as error:
        if error.span is None:
            found = (node for node in topological(root) if node.operation and _is_differentiable_once(node.operation))
            error.span = min((node.span for node in found if node.span is not None), default=None)
        raise


def _is_differentiable_once(operation: Operation) -> bool:
    """Return whether a derivative of `operation` consists of functions of which one has no derivative."""
    operands = [Value(nan, name) for name in operation.operands]
    result = make(operation, operands, nan)
    slopes = (rule(functions, result, *operands) for rule in operation.derivatives)
    parts = topological(*(slope for slope in slopes if isinstance(slope, Value)))
    return any(
        rule is none and operand.varies
        for node in parts
        if node.operation is not None and node is not result
        for rule, operand in zip(node.operation.derivatives, node.operands, strict=True)
    )


def together(formulas: Mapping[T, Value], wrt: Iterable[Value] = ()) -> dict[T, Value]:
    """Return the `formulas`, each simplified; a part that several share is a single node, and `wrt` is kept."""
    return dict(zip(formulas, _simplified(list(formulas.values()), wrt), strict=True))


def numbers(root: Value, wrt: Mapping[str, Value]) -> dict[str, float]:
    """Return the gradient of `root` with respect to each of `wrt`, named nodes, at the values of the variables.

    Raises EvaluationError where it is undefined.
    """
    for node in wrt.values():
        node.grad = 0.0
    error = first_error(root) if root.data != root.data else backward_pass(root, wrt.values())
    if error:
        raise error
    return {name: node.grad for name, node in wrt.items()}


class Guarded(NamedTuple):
    """A part of a gradient: `body` where `guard` is not 0, else 0.

    Where the guard is 0 the branch is not taken, and the body may be undefined. Without a guard
    the branch is always taken. position: where the text uses the node that it came through.
    """

    body: Value
    guard: Value | None = None
    position: int = 0

    def closed(self) -> Value:
        """Return it as one formula, its condition around the whole."""
        return self.body if self.guard is None else unevaluated("where", self.guard, self.body, constant(0.0))


class LocalDerivative(NamedTuple):
    """A local derivative as a formula; `chooses`: where it is 0 the operand is not taken."""

    formula: Value
    chooses: bool
    position: int


class Formulas:
    """The algebra of formulas: gradients are nodes, each part under the condition that its branch is taken."""

    def __init__(self, root: Value) -> None:
        self.one = Guarded(constant(1.0))
        self._positions = _positions(root)
        nodes = topological(root)
        forward_pass(node for node in nodes if not node.varies)
        self._flat = {node for node in nodes if is_flat(node)}

    def total(self, node: Value, products: list[Guarded]) -> Guarded:
        """Return the gradient with respect to `node`, whose branch is open where that of one of its parts is."""
        first, *others = _in_the_order_of_the_text(products)
        if not others:
            return first
        guard = first.guard
        for other in others:
            guard = guard and other.guard and unevaluated("where", guard, constant(1.0), other.guard)
        return Guarded(self.gradient(products), guard)

    def gradient(self, products: list[Guarded]) -> Value:
        """Return the sum of `products` as one formula."""
        first, *others = (product.closed() for product in _in_the_order_of_the_text(products))
        return reduce(partial(unevaluated, "add"), others, first)

    def slope(self, node: Value, index: int) -> LocalDerivative | None:
        """Return the local derivative in textbook form, None where it is 0."""
        operation = node.operation
        assert operation is not None
        if node in self._flat or not node.operands[index].varies:
            return None
        formula = self.local(node, index)
        chooses = operation.chooses and formula.operation is not None
        return None if _is_zero(formula) else LocalDerivative(formula, chooses, self._positions[node, index])

    def local(self, node: Value, index: int) -> Value:
        """Return the derivative of `node` with respect to its operand `index` as the table has it."""
        assert node.operation is not None
        return textbook_derivative(node.operation, index, node, node.operands)

    def product(self, incoming: Guarded, slope: LocalDerivative) -> Guarded:
        """Return the product; past a choice it is guarded by the condition of its branch."""
        body, guard, _ = incoming
        formula, chooses, position = slope
        if not chooses:
            return Guarded(unevaluated("mul", body, formula), guard, position)
        opened = _opening(formula)
        guard = opened if guard is None else unevaluated("where", guard, opened, constant(0.0))
        return Guarded(unevaluated("mul", body, _where_open(formula)), guard, position)


Step = Product[Guarded, LocalDerivative]


class Run(NamedTuple):
    """A backward pass on nodes: the derivatives with respect to `wrt`, and each product on the way, not simplified."""

    totals: list[Value]
    products: list[Step]


def run(root: Value, wrt: Sequence[Value]) -> Run:
    """Return the backward pass from `root` to `wrt`, on nodes without numbers."""
    algebra = Formulas(root)
    with without_numbers(root):
        steps = list(chain_rule(root, wrt, algebra))
        parts = {root: [algebra.one]}
        for step in steps:
            parts.setdefault(step.node.operands[step.operand_index], []).append(step.amount)
        totals = [algebra.gradient(parts[node]) if node in parts else constant(0.0) for node in wrt]
        return Run(totals, steps)


def _in_the_order_of_the_text(products: list[Guarded]) -> list[Guarded]:
    return sorted(products, key=attrgetter("position"))


def textbook_derivative(operation: Operation, index: int, result: Value, operands: Sequence[Value]) -> Value:
    """Return the derivative of `operation` with respect to its operand `index` as a node, in textbook form.

    `result` is the node of the operation on `operands`. Raises EvaluationError where there is none.
    """
    slope: Value | float = operation.derivatives[index](functions, result, *operands)
    if isinstance(slope, float) and isnan(slope):
        message = f"the derivative of {operation.noun}{operation.by(index)} is not defined"
        raise EvaluationError(message, span=result.span)
    return slope if isinstance(slope, Value) else constant(slope)


def _where_open(slope: Value) -> Value:
    """Return the local derivative of a choice, on the condition that it is not 0."""
    while slope.operation is OPERATIONS["where"]:
        condition, first, second = slope.operands
        if _is_zero(second):
            slope = first
        elif _is_zero(first):
            slope = second
        else:
            return unevaluated("where", condition, _where_open(first), _where_open(second))
    return slope


def _opening(slope: Value) -> Value:
    """Return the condition on which the local derivative of a choice is not 0: 1 in place of every other number."""
    if slope.operation is not OPERATIONS["where"]:
        return constant(1.0) if _is_number(slope) and not _is_zero(slope) else slope
    condition, first, second = slope.operands
    first, second = _opening(first), _opening(second)
    if all(_is_number(each) and not _is_zero(each) for each in (first, second)):
        return first
    return unevaluated("where", condition, first, second)


def _is_number(node: Value) -> bool:
    return node.operation is None and not node.varies


def _is_zero(node: Value) -> bool:
    return _is_number(node) and node.data == 0


def is_flat(node: Value) -> bool:
    """Return whether `node` is x**0 or 0**x: there the textbook derivative is undefined, and the convention has one.

    x**0 is 1 everywhere, even at 0, where y*x**(y - 1) is undefined; and 0**x*log(0) is undefined
    everywhere.
    """
    return node.operation is OPERATIONS["pow"] and any(
        not operand.varies and operand.data == 0 for operand in node.operands
    )


def _positions(root: Value) -> dict[tuple[Value, int], int]:
    """Return the position of each operand of each node in the text of the graph: numbers that grow as it is read."""
    positions: dict[tuple[Value, int], int] = {}
    seen: set[Value] = set()
    stack = [(root, -1, root)]
    while stack:
        user, index, node = stack.pop()
        positions[user, index] = len(positions)
        if node not in seen:
            seen.add(node)
            stack.extend((node, below, operand) for below, operand in reversed(list(enumerate(node.operands))))
    return positions


@contextmanager
def without_numbers(*roots: Value) -> Iterator[None]:
    """Remove the numbers from the graphs meanwhile: operators on nodes refuse what is undefined at their numbers."""
    nodes = topological(*roots)
    numbers = [node.data for node in nodes]
    for node in nodes:
        node.data = nan
    try:
        yield
    finally:
        for node, number in zip(nodes, numbers, strict=True):
            node.data = number

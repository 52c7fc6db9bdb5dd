"""The derivative of a graph as a graph: the backward pass run on the nodes themselves.

The table's rules, in the form of a book, are applied to nodes instead of numbers; so what comes out
can be drawn, evaluated, and differentiated again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from math import nan
from operator import itemgetter
from typing import NamedTuple, TypeVar

from mgcli.errors import EvaluationError
from mgcli.functions import book_derivative
from mgcli.labels import node_of
from mgcli.operations import OPERATIONS
from mgcli.rounding import gradient_rounding, rounding
from mgcli.simplify import simplify_all
from mgcli.value import Value, apply, backward_pass, constant, first_error, leading_to, topological

T = TypeVar("T")

SAME = 1e-9
"""The part of itself by which a number may be off without a closer look."""

_where = partial(apply, OPERATIONS["where"])


def derivative(root: Value, wrt: Value | str, order: int = 1) -> Value:
    """Return the derivative of `root` by `wrt`, simplified; of that again, `order` times in all.

    `wrt` is a node below `root`, a variable or an intermediate, or its label. It stays one of the result's; so
    does every other variable. The derivative of what does not depend on `wrt` is 0. The numbers of the
    graph are the derivative's at the numbers that the variables hold, nan (with the `error` in its
    node) where there is none. Raises EvaluationError where there is no formula: `polygamma` by its order.
    """
    if order < 1:
        raise ValueError(f"the order of a derivative is 1 or more, not {order}")
    wanted = node_of(root, wrt)
    for _ in range(order):
        (root,) = derivatives(root, [wanted])
    return root


def derivatives(root: Value, wrt: Sequence[Value]) -> list[Value]:
    """Return the derivative of `root` by each of `wrt`, as `derivative` does, by one backward pass."""
    return _simplified(run(root, wrt).totals, wrt)


def _simplified(roots: Sequence[Value], wrt: Iterable[Value] = ()) -> list[Value]:
    return simplify_all(roots, atoms={*wrt, *filter(Value.is_input, topological(*roots))})


def each_derivative(root: Value, wrt: Mapping[T, Value], order: int = 1) -> dict[T, Value]:
    """Return the derivative of that order by each of `wrt`, a part that several of them have being one node."""
    firsts = dict(zip(wrt, derivatives(root, list(wrt.values())), strict=True))
    if order == 1:
        return firsts
    return together({key: derivative(first, wrt[key], order - 1) for key, first in firsts.items()}, wrt.values())


def together(formulas: Mapping[T, Value], wrt: Iterable[Value] = ()) -> dict[T, Value]:
    """Return the `formulas`, each simplified, a part that several of them have being one node; `wrt` is kept."""
    return dict(zip(formulas, _simplified(list(formulas.values()), wrt), strict=True))


def surer(root: Value, wrt: Value, order: int, found: float, formula: Value) -> tuple[float, bool]:
    """Return the derivative of that order as a number, `found` by `number` or the value of its `formula`.

    Where they are not the same, terms cancel in one of the two: it is the one that rounding moves the less.
    And whether it is more than what rounding makes by itself.
    """
    if not abs(found - formula.data) > SAME * max(abs(found), abs(formula.data)):
        return found, True
    before = root if order == 1 else derivative(root, wrt, order - 1)
    of_found, of_formula = gradient_rounding(before, wrt), rounding(topological(formula), lambda: formula.data)
    # A gradient that underflows on its way does not move at all, and is wrong.
    if of_formula <= max(of_found, SAME * abs(formula.data)):
        return formula.data, 2 * of_formula < abs(formula.data)
    return found, 2 * of_found < abs(found)


def number(root: Value, wrt: Value, order: int = 1) -> float:
    """Return the derivative of that order by `wrt`, which varies, as a number at those that the variables hold.

    The last differentiation is the backward pass on numbers: in careful forms, where the formula's are
    those of a book. Raises EvaluationError where the mathematics says no.
    """
    if order > 1:
        root = derivative(root, wrt, order - 1)
    try:
        return numbers(root, {"": wrt})[""]
    except EvaluationError as error:
        if order == 1:
            raise
        before = "the derivative" if order == 2 else f"the derivative of order {order - 1}"
        raise EvaluationError(f"{before} has none itself: {error.message}") from None


def numbers(root: Value, wrt: Mapping[str, Value]) -> dict[str, float]:
    """Return the gradient of `root` by each of `wrt`, nodes that vary, by their names, at the variables' numbers.

    Raises EvaluationError where the mathematics says no.
    """
    for node in wrt.values():
        node.grad = 0.0
    error = first_error(root) if root.data != root.data else backward_pass(root, wrt.values())
    if error:
        raise error
    return {name: node.grad for name, node in wrt.items()}


class Product(NamedTuple):
    """One product of the chain rule: what the operand of `node` at `place` is handed through it, as formulas.

    incoming: the gradient of `node`. slope: the local derivative. handed: their product.
    """

    node: Value
    place: int
    incoming: Guarded
    slope: Value
    handed: Guarded


class Run(NamedTuple):
    """A backward pass on nodes: the derivatives that were asked for, and each product on the way, not simplified."""

    totals: list[Value]
    products: list[Product]


def run(root: Value, wrt: Sequence[Value]) -> Run:
    """Return the backward pass from `root` to `wrt`, on nodes without numbers."""
    flat = [node for node in topological(root) if _is_flat(node)]
    with _without_numbers(root):
        gradients, products = _backward_pass(root, wrt, flat)
        return Run([gradients.total(node) for node in wrt], products)


class Guarded(NamedTuple):
    """What a node's gradient is made of: `body` where `guard` is not 0; 0 where it is.

    Where the guard is 0 the branch was not taken, and the body may not even have a value. Without a
    guard the branch is always taken.
    """

    body: Value
    guard: Value | None = None

    def closed(self) -> Value:
        """Return the contribution as one formula, its condition around the whole."""
        return self.body if self.guard is None else _where(self.guard, self.body, 0)

    def through(self, slope: Value) -> Guarded:
        """Return what is handed on through an operation of this local derivative: the chain rule."""
        return Guarded(self.body * slope, self.guard)

    def through_choice(self, slope: Value) -> Guarded:
        """Return what is handed on through an operation that chooses: of slope 0 for a branch not taken."""
        if slope._operation is None:
            return self.through(slope)
        guard = slope if self.guard is None else _where(self.guard, slope, 0)
        return Guarded(self.body * _where_open(slope), guard)


def _where_open(slope: Value) -> Value:
    """Return the local derivative of a choice, on the condition that it is not 0."""
    while slope._operation is OPERATIONS["where"]:
        condition, first, second = slope._prev
        if _is_zero(second):
            slope = first
        elif _is_zero(first):
            slope = second
        else:
            return _where(condition, _where_open(first), _where_open(second))
    return slope


def _is_zero(node: Value) -> bool:
    return node._operation is None and not node._varies and node.data == 0


class _Gradients:
    """What the nodes of a graph have been handed, by the place where the operation that handed it stands."""

    def __init__(self) -> None:
        self.handed: dict[Value, list[tuple[int, Guarded]]] = {}

    def hand(self, node: Value, place: int, contribution: Guarded) -> None:
        self.handed.setdefault(node, []).append((place, contribution))

    def _contributions(self, node: Value) -> list[Guarded]:
        """Return what `node` was handed, in the order in which the text uses it."""
        return [contribution for _, contribution in sorted(self.handed.get(node, ()), key=itemgetter(0))]

    def gather(self, node: Value) -> Guarded | None:
        """Return the gradient of `node`, open where one of its contributions is; None where there are none."""
        contributions = self._contributions(node)
        if len(contributions) < 2:
            return next(iter(contributions), None)
        guard = contributions[0].guard
        for contribution in contributions[1:]:
            guard = guard and contribution.guard and _where(guard, 1, contribution.guard)
        return Guarded(self.total(node), guard)

    def total(self, node: Value) -> Value:
        """Return the gradient of `node` as one formula."""
        first, *others = [contribution.closed() for contribution in self._contributions(node)] or [constant(0.0)]
        return sum(others, first)


def _is_flat(node: Value) -> bool:
    """Return whether `node` is x**0 or 0**x, where the rules of a book have no value that a convention gives.

    x**0 is 1 everywhere, also at 0, where y*x**(y - 1) has none; and 0**x*log(0) has none anywhere.
    """
    return node._operation is OPERATIONS["pow"] and any(map(_is_zero, node._prev))


def _backward_pass(
    root: Value, wrt: Collection[Value], flat: Collection[Value] = ()
) -> tuple[_Gradients, list[Product]]:
    nodes = topological(root)
    active = leading_to(wrt, nodes)
    places = _places(root)
    still = set(flat)
    gradients = _Gradients()
    products: list[Product] = []
    gradients.hand(root, 0, Guarded(constant(1.0)))
    for node in reversed(nodes):
        operation = node._operation
        incoming = gradients.gather(node)
        if operation is None or incoming is None or node in still:
            continue
        for index, operand in enumerate(node._prev):
            if operand not in active or not operand._varies:
                continue
            slope = book_derivative(operation, index, node, node._prev)
            if _is_zero(slope):
                continue
            handed = incoming.through_choice(slope) if operation.chooses else incoming.through(slope)
            gradients.hand(operand, places[node, index], handed)
            products.append(Product(node, index, incoming, slope, handed))
    return gradients, products


def _places(root: Value) -> dict[tuple[Value, int], int]:
    """Return where each operand of each node stands in the text of the graph: numbers that grow as it is read."""
    places: dict[tuple[Value, int], int] = {}
    seen: set[Value] = set()
    stack = [(root, -1, root)]
    while stack:
        user, index, node = stack.pop()
        places[user, index] = len(places)
        if node not in seen:
            seen.add(node)
            stack.extend((node, place, operand) for place, operand in reversed(list(enumerate(node._prev))))
    return places


@contextmanager
def _without_numbers(root: Value) -> Iterator[None]:
    """Take the numbers away from the graph meanwhile: operators on nodes refuse what has no value at a number."""
    nodes = topological(root)
    numbers = [node.data for node in nodes]
    for node in nodes:
        node.data = nan
    try:
        yield
    finally:
        for node, number in zip(nodes, numbers, strict=True):
            node.data = number

"""Bounds for rounding errors as a graph, to be compiled with the graph whose numbers they bound.

The rules of the table run on pairs of nodes, a number and a bound for its error, to first order. A
number that the bounds accept is right; the others are examined, point by point, with
`mgcli.analysis.trusted`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from math import nan
from operator import add
from typing import Any, NamedTuple

from mgcli.graph.ball_passes import local_rule
from mgcli.graph.balls import UNITS, is_composed
from mgcli.graph.chain_rule import gradients
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, OPERATIONS
from mgcli.graph.value import Value, constant, make, unevaluated

UNIT = 1.01 * 2.0**-53

SMALLEST = 5e-324
"""What is added where something may have underflowed."""


SMALL = 1e-3
"""The bound up to which the slope of a function in `STEADY` hardly changes."""

STEADY = ("exp", "exp2", "expm1", "sigmoid", "sinh", "softplus", "tanh")
"""Functions whose second derivative is at most twice their first: where one is small, both are."""

HUGE = 1e300
"""The bound where nothing is known."""

MOST_NODES = 20_000
"""A larger graph has no bounds: compiling them would cost more than they save."""


class Bounds(NamedTuple):
    """Nodes that bound errors: of the value, and of its derivatives, which are huge at a kink."""

    value: Value
    gradient: list[Value]


def error_bounds(root: Value, wrt: Sequence[Value]) -> Bounds:
    """Return bounds for the errors of `root` and of its derivatives, at any values of its leaves."""
    if len(topological(root)) > MOST_NODES:
        return Bounds(constant(0.0), [constant(0.0)] * len(wrt))
    pairs = _Pairs(closes=any(node.operation and node.operation.chooses for node in topological(root)))
    found: dict[Value, _Pair] = {}
    kinks: list[_Pair] = []
    for node in topological(root):
        operation = node.operation
        if operation is None or node.is_input():
            found[node] = _Pair(pairs, node)
            continue
        operands = [found[operand] for operand in node.operands]
        found[node] = _Pair(pairs, node, pairs.result(operation, operands).bound)
        if kink := _kink(node, operands, pairs):
            kinks.append(kink)
    doubt = None
    for kink in kinks:
        doubt = kink.number if doubt is None else unevaluated("add", doubt, kink.number)
    algebra = _PairAlgebra(pairs, found)
    reached = gradients(root, [node for node in wrt if node.varies], algebra)
    gradient = []
    for node in wrt:
        bound = (reached[node].bound if node in reached else None) or constant(0.0)
        gradient.append(
            bound if doubt is None else unevaluated("add", bound, unevaluated("mul", doubt, constant(HUGE)))
        )
    return Bounds(found[root].bound or constant(0.0), gradient)


def _sum(*terms: Value | None) -> Value | None:
    total = None
    for term in terms:
        if term is not None:
            total = term if total is None else unevaluated("add", total, term)
    return total


class _Pair:
    """A number, and a bound for its error; None where it is exact."""

    __slots__ = ("bound", "number", "pairs")

    def __init__(self, pairs: _Pairs, number: Value, bound: Value | None = None) -> None:
        self.pairs = pairs
        self.number = number
        self.bound = bound

    def is_exactly(self, number: float) -> bool:
        """Return whether it is that number everywhere."""
        return self.number.operation is None and not self.number.varies and self.number.data == number

    def __pos__(self) -> _Pair:
        return self

    def __neg__(self) -> _Pair:
        return _Pair(self.pairs, unevaluated("neg", self.number), self.bound)

    def __abs__(self) -> _Pair:
        return _Pair(self.pairs, unevaluated("abs", self.number), self.bound)

    def __add__(self, other: Any) -> _Pair:
        return self.pairs.result(OPERATIONS["add"], [self, self.pairs.pair(other)])

    def __radd__(self, other: Any) -> _Pair:
        return self.pairs.pair(other) + self

    def __sub__(self, other: Any) -> _Pair:
        return self.pairs.result(OPERATIONS["sub"], [self, self.pairs.pair(other)])

    def __rsub__(self, other: Any) -> _Pair:
        return self.pairs.pair(other) - self

    def __mul__(self, other: Any) -> _Pair:
        return self.pairs.result(OPERATIONS["mul"], [self, self.pairs.pair(other)])

    def __rmul__(self, other: Any) -> _Pair:
        return self.pairs.pair(other) * self

    def __truediv__(self, other: Any) -> _Pair:
        return self.pairs.result(OPERATIONS["div"], [self, self.pairs.pair(other)])

    def __rtruediv__(self, other: Any) -> _Pair:
        return self.pairs.pair(other) / self

    def __pow__(self, other: Any) -> _Pair:
        return self.pairs.result(OPERATIONS["pow"], [self, self.pairs.pair(other)])


class _Pairs:
    """The namespace `m` of the rules for pairs; with `exact`, there are only numbers, without bounds.

    closes: whether the graph may close a branch, so that products are often exactly 0.
    """

    def __init__(self, *, exact: bool = False, closes: bool = False) -> None:
        self._closes = closes
        self._constants: dict[float, Value] = {}
        self._numbers = None if exact else _Pairs(exact=True)

    def pair(self, number: Any) -> _Pair:
        """Return a pair as it is, and a number as an exact one."""
        if isinstance(number, _Pair):
            return number
        return _Pair(self, self._constants.setdefault(float(number), constant(float(number))))

    def __getattr__(self, name: str) -> Any:
        if name in CONSTANTS:
            return _Pair(self, constant(CONSTANTS[name]), constant(CONSTANTS[name] * UNIT))
        return partial(self._apply, ALL_OPERATIONS[name])

    def _apply(self, operation: Operation, *operands: Any) -> _Pair:
        return self.result(operation, [self.pair(operand) for operand in operands])

    def result(self, operation: Operation, operands: Sequence[_Pair]) -> _Pair:
        """Return what `operation` makes of pairs."""
        if operation.name in ("abs", "neg"):
            return abs(operands[0]) if operation.name == "abs" else -operands[0]
        numbers = [operand.number for operand in operands]
        if operation.name in ("add", "sub", "mul") and all(map(_is_whole, operands)):
            return self.pair(operation.forward(FLOATS, *[number.data for number in numbers]))
        z = make(operation, numbers, nan)
        if self._numbers is None:
            return _Pair(self, z)
        if operation.selects:
            _, first, second = operands
            bounds = [side.bound or self.pair(0).number for side in (first, second)]
            return _Pair(self, z, unevaluated("where", numbers[0], *bounds) if first.bound or second.bound else None)
        if operation.compares or operation.jumps:
            return _Pair(self, z)
        if is_composed(operation):
            composed = operation.forward(self, *operands)
            return _Pair(self, z, composed.bound if isinstance(composed, _Pair) else None)
        spread = [self._spread(operation, index, operands, z) for index in range(len(operands))]
        return _Pair(self, z, _sum(*spread, self._rounding(operation, operands, z)))

    def _rounding(self, operation: Operation, operands: Sequence[_Pair], z: Value) -> Value | None:
        """Return the error of a result of exact operands."""
        if operation.name == "mul" and any(operand.is_exactly(one) for operand in operands for one in (1, -1, 0)):
            return None
        units = 1 if operation.name in ("add", "sub", "mul", "div", "sqrt") else UNITS.get(operation.name, 2)
        rounding = unevaluated("mul", self.pair(units * UNIT).number, unevaluated("abs", z))
        if operation.name in ("add", "sub"):
            return rounding
        smallest = self.pair(SMALLEST).number
        if operation.name == "mul" and self._closes:
            # A product with a factor that is exactly 0 has not underflowed.
            for operand in operands:
                smallest = unevaluated("where", _size(operand), smallest, self.pair(0).number)
        return unevaluated("add", rounding, smallest)

    def _spread(self, operation: Operation, index: int, operands: Sequence[_Pair], z: Value) -> Value | None:
        """Return how far the error of one operand moves the result."""
        bound = operands[index].bound
        if bound is None:
            return None
        if operation.name in ("add", "sub"):
            return bound
        numbers = [operand.number for operand in operands]
        if operation.name == "mul":
            other = operands[1 - index]
            size = unevaluated("abs", other.number)
            if other.bound is not None and index == 0:
                size = unevaluated("add", size, other.bound)
        elif operation.name == "div":
            size = unevaluated("abs", numbers[1])
            return unevaluated("div", bound if index == 0 else unevaluated("mul", unevaluated("abs", z), bound), size)
        elif operation.name == "pow" and index == 0:
            relative = unevaluated("abs", unevaluated("div", unevaluated("mul", numbers[1], z), numbers[0]))
            return unevaluated("mul", relative, bound)
        else:
            assert self._numbers is not None
            exact = [_Pair(self._numbers, number) for number in (z, *numbers)]
            slope = self.pair(operation.stable[index](self._numbers, *exact))
            # To first order, and where the slope is 0, to second.
            size = unevaluated("abs", slope.number)
            curved = unevaluated(
                "where", unevaluated("less", bound, constant(SMALL)), unevaluated("add", size, size), constant(1.0)
            )
            second = unevaluated("mul", bound, curved) if _is_steady(operation, operands) else bound
            size = unevaluated("add", size, second)
        return unevaluated("mul", size, bound)


def _size(pair: _Pair) -> Value:
    """Return what is 0 only where a number is exactly 0."""
    return pair.number if pair.bound is None else unevaluated("add", unevaluated("abs", pair.number), pair.bound)


def _is_steady(operation: Operation, operands: Sequence[_Pair]) -> bool:
    """Return whether the second derivative of a function, or of a power of a number, is at most 4 times its first."""
    if operation.name != "pow":
        return operation.name in STEADY
    base = operands[0].number
    return base.operation is None and not base.varies and 0.02 < base.data < 50.0


def _is_whole(pair: _Pair) -> bool:
    """Return whether a pair is a whole number, the same everywhere, and small enough to be exact."""
    number = pair.number
    is_constant = number.operation is None and not number.varies
    return is_constant and number.data.is_integer() and abs(number.data) < 2.0**26


def _kink(node: Value, operands: Sequence[_Pair], pairs: _Pairs) -> _Pair | None:
    """Return a pair that is not 0 where `node` may be at a kink or a jump; None for an operation without any."""
    operation = node.operation
    assert operation is not None
    if not node.varies:
        return None
    if operation.selects:
        condition = operands[0].number.operation
        return None if condition is not None and condition.compares else _nearly_equal(operands[0], pairs.pair(0))
    if operation.kink is None or operation.name == "pow":
        return None
    if operation.name in ("floor", "ceil", "trunc", "round"):
        return _nearly_whole(operands[0] + 0.5 if operation.name == "round" else operands[0], pairs)
    if operation.name in ("mod", "fmod"):
        return _nearly_whole(operands[0] / operands[1], pairs)
    if operation.arity == 1 or operation.name == "atan2":
        return _nearly_equal(operands[0], pairs.pair(0))
    if operation.name == "hypot":
        return _nearly_equal(_Pair(pairs, node), pairs.pair(0))
    first = _nearly_equal(operands[0], operands[1])
    if operation.arity == 2:
        return first
    ties = [first, _nearly_equal(operands[0], operands[2])]
    if operands[1].number.varies or operands[2].number.varies:
        ties.append(_nearly_equal(operands[1], operands[2]))
    return _Pair(pairs, reduce(partial(unevaluated, "add"), [tie.number for tie in ties]))


def _nearly_whole(x: _Pair, pairs: _Pairs) -> _Pair:
    return _nearly_equal(x, _Pair(pairs, unevaluated("floor", unevaluated("add", x.number, constant(0.5)))))


def _nearly_equal(x: _Pair, y: _Pair) -> _Pair:
    distance = unevaluated("abs", unevaluated("sub", x.number, y.number))
    return _Pair(x.pairs, unevaluated("less_equal", distance, _sum(x.bound, y.bound) or constant(0.0)))


class _PairAlgebra:
    """The algebra of pairs for `chain_rule`."""

    def __init__(self, pairs: _Pairs, found: dict[Value, _Pair]) -> None:
        self._pairs = pairs
        self._found = found
        self.one = pairs.pair(1)

    def total(self, node: Any, products: list[_Pair]) -> _Pair:
        """Return the sum."""
        return reduce(add, products)

    def slope(self, node: Any, index: int) -> _Pair | None:
        """Return the local derivative, None where it is 0 everywhere."""
        operation = node.operation
        pairs = [self._found[node], *(self._found[operand] for operand in node.operands)]
        rule = local_rule(operation, index)
        slope = rule(self._pairs, *pairs)
        if not isinstance(slope, _Pair):
            slope = self._pairs.pair(slope if slope == slope else HUGE)
        return None if slope.is_exactly(0) else slope

    def product(self, incoming: _Pair, slope: _Pair) -> _Pair:
        """Return the product."""
        if incoming.is_exactly(1):
            return slope
        return incoming if slope.is_exactly(1) else incoming * slope

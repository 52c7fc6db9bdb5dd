"""Numbers with a bound for their error: the table's rules interpreted on balls.

A ball is a number and a radius: the exact result lies within the radius of the number, if the
operands do within theirs (midpoint-radius arithmetic; van der Hoeven, Ball arithmetic, 2009). The
rules of the table, and so `chain_rule`, run on balls as they run on floats: once with floats for the
numbers, where a ball says how many digits of a float are right, and once with mpmath's numbers of any
precision. What a comparison says of balls that overlap is not known: then it is the ball around 0
and 1, and a choice by it is the ball around both branches.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from math import inf
from typing import Any, NamedTuple, Protocol

from mgcli.graph.chain_rule import chain_rule
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import Node
from mgcli.graph.operation import Operation, Rule
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, FUNCTIONS, is_primitive

WIDE = 2.0**-10
"""The radius, in parts of the number or of 1, from which on a function is not followed over a ball."""

SLACK = 1.01
"""For what the slope of a function varies over a ball, and for rounding in the radii themselves."""


class Arithmetic(Protocol):
    """The numbers of balls: their functions `m`, and how exactly they are computed.

    infinity: the radius of a ball that is not known at all. smallest: what is added to a radius that may have
    been rounded to 0.
    """

    m: Any
    infinity: Any
    smallest: Any

    def number(self, x: Any) -> Any:
        """Return a float or an int as one of these numbers."""

    def sum(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return x + y, and how far rounding has moved it."""

    def rounded(self, z: Any, units: float) -> Any:
        """Return the error of a result `z` that is off by up to so many units in its last place, halved."""

    def is_exact_product(self, x: Any, y: Any, z: Any) -> bool:
        """Return whether the product `z` of x and y is known not to be rounded."""

    def is_exact_power(self, x: Any, exponent: Any, z: Any) -> bool:
        """Return whether the power `z` of x, of a whole exponent from 0, is known not to be rounded."""


class Floats:
    """Floats, with the functions of `math`."""

    m = FLOATS
    infinity = inf
    smallest = 5e-324

    def number(self, x: Any) -> float:
        """Return x as a float."""
        return float(x)

    def sum(self, x: float, y: float) -> tuple[float, float]:
        """Return x + y, and its error, which Knuth's two-sum finds exactly."""
        z = x + y
        part = z - x
        return z, abs((x - (z - part)) + (y - part))

    def rounded(self, z: float, units: float) -> float:
        """Return the error of `z`; below 2**-1022 a float has ever fewer digits."""
        return units * 1.001 * 2.0**-53 * abs(z) + (5e-324 if abs(z) < 1e-290 else 0.0)

    def is_exact_product(self, x: float, y: float, z: float) -> bool:
        """Return whether x*y has to be a float."""
        if abs(x) == 1.0 or abs(y) == 1.0 or not (x and y):
            return True
        return abs(z) <= 2.0**53 and x.is_integer() and y.is_integer()

    def is_exact_power(self, x: float, exponent: float, z: float) -> bool:
        """Return whether the power has to be a float."""
        return abs(z) <= 2.0**53 and x.is_integer()


class Multiprecision:
    """mpmath's numbers of `precision` bits."""

    def __init__(self, precision: int) -> None:
        from mpmath.libmp import mpf_add

        from mgcli.graph.multiprecision import LARGEST_EXPONENT, multiprecision

        self.m = multiprecision(precision)
        self.precision = precision
        context = self.m.context
        self.infinity = context.inf
        self.number = context.convert
        self._make = context.make_mpf
        self._add = mpf_add
        self._unit = context.ldexp(1, -precision)
        self.smallest = context.ldexp(1, -LARGEST_EXPONENT)

    def sum(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return x + y rounded down; it is exact where it is the same rounded up."""
        low, high = (self._add(x._mpf_, y._mpf_, self.precision, way) for way in "fc")
        z = self._make(low)
        return z, (0 if low == high else 2 * self._unit * abs(z))

    def rounded(self, z: Any, units: float) -> Any:
        """Return the error of `z`."""
        return units * self._unit * abs(z) + (0 if z else self.smallest)

    def is_exact_product(self, x: Any, y: Any, z: Any) -> bool:
        """Return whether x*y fits into the precision."""
        return _bits(x) + _bits(y) <= self.precision

    def is_exact_power(self, x: Any, exponent: Any, z: Any) -> bool:
        """Return whether the power fits into the precision."""
        return bool(_bits(x) * exponent <= self.precision)


def _bits(x: Any) -> int:
    bits: int = x._mpf_[3]
    return bits


class Ball:
    """A number that is off by no more than its radius. Its operators take plain numbers beside balls."""

    __slots__ = ("arithmetic", "number", "radius")

    def __init__(self, arithmetic: Arithmetic, number: Any, radius: Any = 0) -> None:
        self.arithmetic = arithmetic
        self.number = number
        self.radius = radius if radius == radius else arithmetic.infinity

    def __repr__(self) -> str:
        return f"Ball({self.number}, {self.radius})"

    def is_exactly(self, number: float) -> bool:
        """Return whether it is this number, and no rounding took part."""
        return not self.radius and bool(self.number == number)

    def contains(self, number: float) -> bool:
        """Return whether it may be this number."""
        return not abs(self.number - number) > self.radius

    @property
    def low(self) -> Any:
        """Its lower end."""
        return self.number - self.radius

    @property
    def high(self) -> Any:
        """Its upper end."""
        return self.number + self.radius

    def __pos__(self) -> Ball:
        return self

    def __neg__(self) -> Ball:
        return Ball(self.arithmetic, -self.number, self.radius)

    def __abs__(self) -> Ball:
        return Ball(self.arithmetic, abs(self.number), self.radius)

    def __add__(self, other: Any) -> Ball:
        other = self._ball(other)
        z, error = self.arithmetic.sum(self.number, other.number)
        return Ball(self.arithmetic, z, self.radius + other.radius + error)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Ball:
        return self + -self._ball(other)

    def __rsub__(self, other: Any) -> Ball:
        return self._ball(other) + -self

    def __mul__(self, other: Any) -> Ball:
        other = self._ball(other)
        x, y, arithmetic = self.number, other.number, self.arithmetic
        if self.is_exactly(0) or other.is_exactly(0):
            return Ball(arithmetic, arithmetic.number(0))
        z = x * y
        radius = 0 if arithmetic.is_exact_product(x, y, z) else arithmetic.rounded(z, 1)
        if self.radius or other.radius:
            radius += self.radius * (abs(y) + other.radius) + abs(x) * other.radius + arithmetic.smallest
        return Ball(arithmetic, z, radius)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Ball:
        other = self._ball(other)
        arithmetic = self.arithmetic
        if not other.number and other.radius:
            return Ball(arithmetic, self.number, arithmetic.infinity)
        z = self.number / other.number
        exact = arithmetic.is_exact_product(z, other.number, self.number) and z * other.number == self.number
        radius = 0 if exact else arithmetic.rounded(z, 1)
        if self.radius or other.radius:
            away = abs(other.number) - other.radius
            if not away > 0:
                return Ball(arithmetic, z, arithmetic.infinity)
            radius += (self.radius + abs(z) * other.radius) / away + arithmetic.smallest
        return Ball(arithmetic, z, radius)

    def __rtruediv__(self, other: Any) -> Ball:
        return self._ball(other) / self

    def __pow__(self, other: Any) -> Ball:
        return _power(self, self._ball(other))

    def _ball(self, other: Any) -> Ball:
        return other if isinstance(other, Ball) else Ball(self.arithmetic, self.arithmetic.number(other))


class UndecidedError(ArithmeticError):
    """Whether an operation is defined cannot be said: its operands are not known well enough."""


COMPOSED = frozenset(name for name, operation in FUNCTIONS.items() if not is_primitive(operation))
"""The functions that are computed on floats by their rules, and so are on balls."""

_OSCILLATING = ("sin", "cos", "tan", "gamma", "lgamma", "digamma", "polygamma")

UNITS = {"gamma": 40, "lgamma": 40, "digamma": 40, "polygamma": 40, "erf": 4, "erfc": 8, "cosh": 4, "sinh": 4}
"""How many units a function may be off; the others, 2."""


class Balls:
    """The namespace `m` of the rules for balls."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        for operation in ALL_OPERATIONS.values():
            if not hasattr(self, operation.name):
                composed = operation.name in COMPOSED
                function = partial(operation.forward, self) if composed else partial(self._function, operation)
                setattr(self, operation.name, function)
        for name in ("pi", "tau"):
            constant = getattr(arithmetic.m, name)
            setattr(self, name, self.ball(constant, arithmetic.rounded(constant, 2)))

    def ball(self, number: Any, radius: Any = 0) -> Ball:
        """Return a ball, of radius 0 unless told."""
        return number if isinstance(number, Ball) else Ball(self.arithmetic, self.arithmetic.number(number), radius)

    def constant(self, name: str) -> Ball | None:
        """Return a constant of the language to full precision, None for another name."""
        found: Ball | None = getattr(self, name) if name in CONSTANTS else None
        return found

    def decimal(self, text: str) -> Ball:
        """Return the number that a decimal says, exactly or rounded."""
        from decimal import Decimal

        number = self.arithmetic.number(float(text)) if self.arithmetic.m is FLOATS else self.arithmetic.number(text)
        numerator, denominator = Decimal(text).as_integer_ratio()
        is_exact = denominator & (denominator - 1) == 0 and abs(numerator) < 2**53
        return Ball(self.arithmetic, number, 0 if is_exact else self.arithmetic.rounded(number, 2))

    def around(self, x: Any, y: Any) -> Ball:
        """Return the ball around two others."""
        x, y = self.ball(x), self.ball(y)
        return Ball(self.arithmetic, x.number, max(x.radius, abs(y.number - x.number) + y.radius))

    def where(self, condition: Any, x: Any, y: Any) -> Ball:
        """Return x or y, or the ball around both."""
        condition = self.ball(condition)
        if condition.radius and condition.contains(0):
            return self.around(x, y)
        return self.ball(x if condition.number else y)

    def greater(self, x: Any, y: Any) -> Ball:
        """Return whether x > y."""
        return self._sign_of(x, y, lambda sign: sign > 0)

    def less(self, x: Any, y: Any) -> Ball:
        """Return whether x < y."""
        return self._sign_of(x, y, lambda sign: sign < 0)

    def equal(self, x: Any, y: Any) -> Ball:
        """Return whether x == y."""
        return self._sign_of(x, y, lambda sign: sign == 0)

    def _sign_of(self, x: Any, y: Any, holds: Callable[[Any], bool]) -> Ball:
        x, y = self.ball(x), self.ball(y)
        radius = x.radius + y.radius
        if radius and not abs(x.number - y.number) > radius:
            return self.around(0, 1)
        return self.ball(1 if holds((x.number > y.number) - (x.number < y.number)) else 0)

    def floor(self, x: Any) -> Ball:
        """Return the ball around the whole numbers that it may be."""
        return self._step(self.arithmetic.m.floor, self.ball(x))

    def ceil(self, x: Any) -> Ball:
        """Return the ball around the whole numbers that it may be."""
        return self._step(self.arithmetic.m.ceil, self.ball(x))

    def round(self, x: Any) -> Ball:
        """Return the ball around the whole numbers that it may be."""
        return self._step(self.arithmetic.m.round, self.ball(x))

    def trunc(self, x: Any) -> Ball:
        """Return the ball around the whole numbers that it may be."""
        return self._step(self.arithmetic.m.trunc, self.ball(x))

    def mod(self, x: Any, y: Any) -> Ball:
        """Return x - y*floor(x/y)."""
        return self._remainder(self.arithmetic.m.mod, self.floor, self.ball(x), self.ball(y))

    def fmod(self, x: Any, y: Any) -> Ball:
        """Return x - y*trunc(x/y)."""
        return self._remainder(self.arithmetic.m.fmod, self.trunc, self.ball(x), self.ball(y))

    def _remainder(self, remainder: Callable[[Any, Any], Any], step: Callable[[Ball], Ball], x: Ball, y: Ball) -> Ball:
        if x.radius or y.radius:
            return x - y * step(x / y)
        z = remainder(x.number, y.number)
        return Ball(self.arithmetic, z, self.arithmetic.rounded(z, 1) if z else 0)

    def _step(self, step: Callable[[Any], Any], x: Ball) -> Ball:
        return self.around(step(x.low), step(x.high)) if x.radius else self.ball(step(x.number))

    def abs(self, x: Any) -> Ball:
        """Return the size of x."""
        return abs(self.ball(x))

    def pow(self, x: Any, y: Any) -> Ball:
        """Return x to the power of y."""
        return _power(self.ball(x), self.ball(y))

    def _function(self, operation: Operation, *operands: Any) -> Ball:
        """Return a function of balls: its slopes say how far their radii move it."""
        balls = [self.ball(operand) for operand in operands]
        arithmetic = self.arithmetic
        numbers = [ball.number for ball in balls]
        if not any(ball.radius for ball in balls):
            z = operation.forward(arithmetic.m, *numbers)
            exact = _is_exact(operation.name, numbers, z)
            return Ball(arithmetic, z, 0 if exact else arithmetic.rounded(z, UNITS.get(operation.name, 2)))
        z = self._inside(operation, balls)
        radius = arithmetic.rounded(z, UNITS.get(operation.name, 2))
        for index, ball in enumerate(balls):
            if ball.radius:
                radius += self._spread(operation, index, balls)
        return Ball(arithmetic, z, radius)

    def _inside(self, operation: Operation, balls: Sequence[Ball]) -> Any:
        """Return the value in the middle. Raises UndecidedError where the function may or may not be defined."""
        numbers = [ball.number for ball in balls]
        m = self.arithmetic.m
        try:
            return operation.forward(m, *numbers)
        except (ValueError, ZeroDivisionError):
            if len(balls) > 1:
                raise UndecidedError from None
            for end in (balls[0].low, balls[0].high):
                try:
                    z = operation.forward(m, end)
                except (ArithmeticError, ValueError):
                    continue
                if operation.name == "sqrt":
                    return z
                raise UndecidedError from None
            raise

    def _spread(self, operation: Operation, index: int, balls: Sequence[Ball]) -> Any:
        """Return how far the radius of one operand moves the result."""
        x, m = balls[index], self.arithmetic.m
        if operation.name == "sqrt" and x.low <= 0:
            # |sqrt(a) - sqrt(b)| is at most sqrt(|a - b|).
            return m.sqrt(2 * x.radius)
        wide = WIDE if operation.name in _OSCILLATING else WIDE * max(1, abs(x.number))
        if not x.radius < wide:
            if operation.name in ("sin", "cos"):
                return self.arithmetic.number(2)
            return self.arithmetic.infinity
        numbers = [ball.number for ball in balls]
        steepest: Any = 0
        try:
            for number in (x.low, x.high):
                numbers[index] = number
                slope = operation.stable[index](m, operation.forward(m, *numbers), *numbers)
                steepest = max(steepest, abs(slope))
                if slope != slope:
                    return self.arithmetic.infinity
        except (ArithmeticError, ValueError):
            return self.arithmetic.infinity
        return SLACK * steepest * x.radius + self.arithmetic.smallest


_WHOLE_AT = {
    "exp": (0,),
    "expm1": (0,),
    "log": (1,),
    "log1p": (0,),
    "sin": (0,),
    "cos": (0,),
    "tan": (0,),
    "asin": (0,),
    "acos": (1,),
    "atan": (0,),
    "sinh": (0,),
    "cosh": (0,),
    "tanh": (0,),
    "asinh": (0,),
    "acosh": (1,),
    "atanh": (0,),
    "erf": (0,),
    "erfc": (0,),
    "gamma": (1, 2, 3, 4, 5),
    "lgamma": (1, 2),
}
"""Where a function has a whole number for its value."""


def _is_exact(name: str, numbers: Sequence[Any], z: Any) -> bool:
    """Return whether a function of exact operands is known not to be rounded."""
    x = numbers[0]
    if name == "sqrt":
        # Half of its bits, at most, are those of a root.
        return bool(z * z == x and (z == int(z) if abs(z) < 2**20 else False))
    if name == "cbrt":
        return bool(abs(z) < 2**16 and z == int(z) and z * z * z == x)
    if name == "log2":
        return bool(abs(z) < 64 and z == int(z) and 2.0 ** int(z) == x)
    if name == "log10":
        return bool(0 <= z < 22 and z == int(z) and 10 ** int(z) == x)
    if name == "hypot":
        return not all(numbers)
    if name == "atan2":
        return not x and bool(numbers[1] > 0)
    return x in _WHOLE_AT.get(name, ())


def _power(x: Ball, y: Ball) -> Ball:
    """Return x**y."""
    arithmetic = x.arithmetic
    m, infinity = arithmetic.m, arithmetic.infinity
    exponent = y.number
    is_whole = not y.radius and exponent == m.floor(exponent)
    base = x.number
    if x.radius and x.contains(0):
        if not (exponent - y.radius > 0):
            raise UndecidedError
        if not is_whole:
            base = max(base, arithmetic.number(0))
    elif base < 0 and y.radius:
        raise UndecidedError
    z = m.pow(base, exponent)
    if not x.radius and not y.radius:
        exact = (is_whole and exponent >= 0 and arithmetic.is_exact_power(base, exponent, z)) or (
            exponent == 0.5 and _is_exact("sqrt", [base], z)
        )
        return Ball(arithmetic, z, 0 if exact else arithmetic.rounded(z, 2))
    radius = arithmetic.rounded(z, 2)
    size = abs(base)
    if x.radius:
        radius += _base_spread(x, exponent, z) + arithmetic.smallest
    if y.radius and size:
        turn = abs(m.log(size)) * y.radius
        radius += SLACK * abs(z) * turn + arithmetic.smallest if turn < WIDE else infinity
    return Ball(arithmetic, z, radius)


def _base_spread(x: Ball, exponent: Any, z: Any) -> Any:
    """Return how far the radius of a base moves its power `z`."""
    m, size = x.arithmetic.m, abs(x.number)
    away = size - x.radius
    if away > 0 and abs(exponent) * x.radius < WIDE * away:
        return SLACK * abs(exponent * z) * (x.radius / away)
    try:
        if exponent >= 1:
            # The steepest is at the far end.
            return SLACK * exponent * m.pow(size + x.radius, exponent - 1) * x.radius
        if exponent > 0:
            return 2 * m.pow(2 * x.radius, exponent)
    except (ArithmeticError, ValueError):
        pass
    return x.arithmetic.infinity


@cache
def float_balls() -> Balls:
    """Return the namespace of balls of floats."""
    return Balls(Floats())


@cache
def multiprecision_balls(precision: int) -> Balls:
    """Return the namespace of balls of mpmath's numbers of so many bits."""
    return Balls(Multiprecision(precision))


Given = Callable[[Balls], Mapping[Node, Ball]]
"""The nodes that do not hold the number that is meant, and what is meant."""


def nothing(balls: Balls) -> Mapping[Node, Ball]:
    """Give nothing: every node holds what is meant."""
    return {}


Outcome = Any
"""What a node evaluates to: a ball, or why there is none."""


def forward(
    nodes: Iterable[Node], balls: Balls, given: Mapping[Node, Ball], *, held: bool = True
) -> dict[Node, Outcome]:
    """Return what each of `nodes`, in topological order, evaluates to; those of `given` are what is given.

    held: a number with a name that is computed, a = 1/3, is the float that its node holds.
    """
    found: dict[Node, Outcome] = {}
    for node in nodes:
        if node in given:
            found[node] = given[node]
        elif node.operation is None or (held and node.data == node.data and node.is_input()):
            # A number that has a name varies by itself: 2 in a = 1 + 1.
            found[node] = balls.ball(node.data)
        else:
            found[node] = _evaluated(node, balls, found)
    return found


def _evaluated(node: Node, balls: Balls, found: dict[Node, Outcome]) -> Outcome:
    operation = node.operation
    assert operation is not None
    operands = [found[operand] for operand in node.operands]
    for operand in taken(node, found):
        outcome = found[operand]
        if isinstance(outcome, Exception):
            return outcome
    try:
        if operation.selects:
            # What is not taken may be no ball.
            chosen = [found[operand] for operand in taken(node, found)[1:]]
            return balls.where(operands[0], chosen[0], chosen[-1])
        result: Ball = operation.forward(balls, *operands)
        return result
    except (ArithmeticError, ValueError) as error:
        return error


def taken(node: Node, found: dict[Node, Outcome]) -> Sequence[Node]:
    """Return the operands on which the value of `node` depends: of a `where`, not the branch that is not taken."""
    operands: Sequence[Node] = node.operands
    if node.operation is None or not node.operation.selects:
        return operands
    condition, first, second = operands
    outcome = found[condition]
    if isinstance(outcome, Exception):
        return [condition]
    if outcome.radius and outcome.contains(0):
        return operands
    return [condition, first if outcome.number else second]


class BallAlgebra:
    """The algebra of balls for `chain_rule`; where a derivative is not defined, the ball is not known at all.

    undefined: the nodes that have no derivative, for certain.
    """

    def __init__(self, balls: Balls, found: dict[Node, Outcome]) -> None:
        self._balls = balls
        self._found = found
        self.one = balls.ball(1)
        self.undefined: list[Node] = []

    def total(self, node: Node, products: list[Ball]) -> Ball:
        """Return the sum."""
        total = products[0]
        for product in products[1:]:
            total = total + product
        return total

    def slope(self, node: Node, index: int) -> Ball | None:
        """Return the local derivative, None for a branch that is not taken."""
        operation = node.operation
        assert operation is not None
        outcomes = [self._found[node], *(self._found[operand] for operand in node.operands)]
        slope: Any
        try:
            rule = local_rule(operation, index)
            slope = rule(self._balls, *outcomes)
        except (ArithmeticError, ValueError, TypeError):
            # Among the operands of a branch that may be taken are such that are no numbers.
            slope = math.nan
        if isinstance(slope, Exception) or (not isinstance(slope, Ball) and slope != slope):
            if not any(isinstance(outcome, Exception) or outcome.radius for outcome in outcomes[1:]):
                self.undefined.append(node)
            return self._balls.ball(0, self._balls.arithmetic.infinity)
        slope = self._balls.ball(slope)
        return None if operation.chooses and slope.is_exactly(0) else slope

    def product(self, incoming: Ball, slope: Ball) -> Ball:
        """Return the product; 0 times what is not known may be anything: sqrt(x)**2 has a derivative at 0."""
        infinity = self._balls.arithmetic.infinity
        if incoming.radius == infinity or slope.radius == infinity:
            return self._balls.ball(0, infinity)
        return incoming * slope


def local_rule(operation: Operation, index: int) -> Rule:
    """Return the rule for a local derivative on bounds: the stable form, except with respect to the base of a power."""
    return power_slope if operation.name == "pow" and index == 0 else operation.stable[index]


def power_slope(m: Any, z: Any, x: Any, y: Any) -> Any:
    """Return y*x**(y - 1): where bounds tell of underflow, the precautions of the table are not needed."""
    return 0.0 if y.is_exactly(0) else y * m.pow(x, y - 1)


class Gradient(NamedTuple):
    """The derivatives with respect to several nodes, and the nodes on the way that have none."""

    derivatives: dict[Node, Ball]
    undefined: list[Node]


def gradient(root: Node, wrt: Iterable[Node], balls: Balls, found: dict[Node, Outcome]) -> Gradient:
    """Return the gradient of `root` with respect to each of `wrt`, from what the forward pass `found`."""
    wanted = list(wrt)
    if isinstance(found[root], Exception):
        return Gradient({node: balls.ball(0, balls.arithmetic.infinity) for node in wanted}, [])
    algebra = BallAlgebra(balls, found)
    parts: dict[Node, list[Ball]] = {root: [algebra.one]}
    for product in chain_rule(root, wanted, algebra):
        parts.setdefault(product.node.operands[product.operand_index], []).append(product.amount)
    totals = {node: algebra.total(node, parts[node]) if node in parts else balls.ball(0) for node in wanted}
    return Gradient(totals, algebra.undefined)


def kinks(root: Node, balls: Balls, found: dict[Node, Outcome]) -> dict[Node, bool]:
    """Return the nodes on which the value of `root` depends that are at a kink or a jump, and whether for certain."""
    at_kink: dict[Node, bool] = {}
    seen = {root}
    nodes = [root]
    for node in nodes:
        on_which = taken(node, found)
        for operand in on_which:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
        if not node.varies:
            continue
        kink = _kink(node, balls, [found[operand] for operand in on_which])
        if not kink.is_exactly(0):
            at_kink[node] = kink.is_exactly(1)
    return at_kink


def _kink(node: Node, balls: Balls, operands: Sequence[Outcome]) -> Ball:
    operation = node.operation
    if operation is None or any(isinstance(operand, Exception) for operand in operands):
        return balls.ball(0)
    if operation.selects:
        condition = node.operands[0].operation
        return balls.ball(0) if condition is not None and condition.compares else balls.equal(operands[0], 0)
    return balls.ball(operation.kink(balls, *operands)) if operation.kink else balls.ball(0)

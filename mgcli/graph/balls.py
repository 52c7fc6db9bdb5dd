"""Numbers with a bound for their error: the table's rules interpreted on balls.

A ball is a number and a radius: the exact result lies within the radius of the number, provided
that each operand lies within its own ball (midpoint-radius arithmetic; van der Hoeven, Ball
arithmetic, 2009). The rules of the table, and so `chain_rule` (see `mgcli.graph.ball_passes`), run
on balls as they run on floats: with floats for the numbers, where a ball shows how many digits of a
float are correct, and with mpmath's numbers of any precision. The comparison of balls that overlap
is undecided: it is then the ball around 0 and 1, and a choice that depends on it is the ball around
both branches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from mgcli.graph.ball_numbers import Arithmetic, Floats, Multiprecision
from mgcli.graph.operation import Operation, none
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, FUNCTIONS, is_primitive

WIDE = 2.0**-10
"""The radius, relative to the number or to 1, from which a function is no longer bounded by its slope."""

SLACK = 1.01
"""A margin for how much a slope varies over a ball, and for rounding in the radii themselves."""


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
        """Return whether it is exactly this number, without any rounding."""
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
        return Ball(self.arithmetic, self.arithmetic.negative(self.number), self.radius)

    def __abs__(self) -> Ball:
        return Ball(self.arithmetic, self.arithmetic.size(self.number), self.radius)

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
    """It cannot be decided whether an operation is defined: its operands are not known well enough."""


@cache
def is_composed(operation: Operation) -> bool:
    """Return whether it is a function that is computed on floats by its rule, and so is on balls."""
    return operation.name in FUNCTIONS and not is_primitive(operation)


_OSCILLATING = (
    "sin", "cos", "tan", "sinc", "sinc_slope", "Si", "Ci", "besselj", "bessely", "gamma", "lgamma", "digamma",
    "polygamma", "beta", "lbeta", "beta_slope", "digamma_difference", "zeta", "zetaprime",
)  # fmt: skip
"""The functions whose slope varies over a distance of 1, wherever they are."""

_FASTER_FURTHER_OUT = ("fresnels", "fresnelc", "fresnels_slope", "fresnelc_slope")
"""Those whose slope varies over a distance of 1/x."""

UNITS = {"gamma": 40, "lgamma": 40, "digamma": 40, "polygamma": 40, "erf": 4, "erfc": 8, "cosh": 4, "sinh": 4}
"""The error of each function in half units of the last place; 2 for all others."""


class Balls:
    """The namespace `m` of the rules for balls."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        for name in ("pi", "tau"):
            constant = getattr(arithmetic.m, name)
            setattr(self, name, self.ball(constant, arithmetic.rounded(constant, 2)))

    def __getattr__(self, name: str) -> Callable[..., Ball]:
        """Return a function of the table; it is made at its first use."""
        operation = ALL_OPERATIONS.get(name)
        if operation is None:
            raise AttributeError(name)
        rule = partial(operation.forward, self) if is_composed(operation) else partial(self._function, operation)
        setattr(self, name, rule)
        return rule

    def ball(self, number: Any, radius: Any = 0) -> Ball:
        """Return a ball, of radius 0 by default."""
        return number if isinstance(number, Ball) else Ball(self.arithmetic, self.arithmetic.number(number), radius)

    def constant(self, name: str) -> Ball | None:
        """Return a constant of the language to full precision, None for another name."""
        found: Ball | None = getattr(self, name) if name in CONSTANTS else None
        return found

    def decimal(self, text: str) -> Ball:
        """Return the number that a decimal denotes, exact or rounded."""
        from decimal import Decimal

        number = self.arithmetic.number(text)
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
        """Return the ball around the possible results."""
        return self._step(self.arithmetic.m.floor, self.ball(x))

    def ceil(self, x: Any) -> Ball:
        """Return the ball around the possible results."""
        return self._step(self.arithmetic.m.ceil, self.ball(x))

    def round(self, x: Any) -> Ball:
        """Return the ball around the possible results."""
        return self._step(self.arithmetic.m.round, self.ball(x))

    def trunc(self, x: Any) -> Ball:
        """Return the ball around the possible results."""
        return self._step(self.arithmetic.m.trunc, self.ball(x))

    def mod(self, x: Any, y: Any) -> Ball:
        """Return the remainder of x divided by y: exact operands of one sign have an exact one."""
        x, y = self.ball(x), self.ball(y)
        z = self._remainder(self.arithmetic.m.mod, self.floor, x, y)
        if not z.radius and x.number * y.number < 0 and z.number:
            z.radius = self.arithmetic.rounded(z.number, 1)
        return z

    def fmod(self, x: Any, y: Any) -> Ball:
        """Return the remainder of x divided by y, which has the sign of x: exact operands have an exact one."""
        return self._remainder(self.arithmetic.m.fmod, self.trunc, self.ball(x), self.ball(y))

    def _remainder(self, remainder: Callable[[Any, Any], Any], step: Callable[[Ball], Ball], x: Ball, y: Ball) -> Ball:
        z = self.ball(remainder(x.number, y.number))
        if x.radius or y.radius:
            quotient = x / y
            if quotient.radius == self.arithmetic.infinity:
                return Ball(self.arithmetic, z.number, self.arithmetic.infinity)
            composed = x - y * step(quotient)
            z.radius = composed.radius + abs(composed.number - z.number)
        return z

    def _step(self, step: Callable[[Any], Any], x: Ball) -> Ball:
        if not x.radius:
            return self.ball(step(x.number))
        infinity = self.arithmetic.infinity
        if not (-infinity < x.low and x.high < infinity):
            return Ball(self.arithmetic, x.number, infinity)
        return self.around(step(x.low), step(x.high))

    def abs(self, x: Any) -> Ball:
        """Return the size of x."""
        return abs(self.ball(x))

    def pow(self, x: Any, y: Any) -> Ball:
        """Return x to the power of y."""
        return _power(self.ball(x), self.ball(y))

    def _function(self, operation: Operation, *operands: Any) -> Ball:
        """Return a function of balls: its slopes bound how far their radii move the result."""
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
        if not x.radius < WIDE * _smoothness(operation.name, max(1, abs(x.number))):
            if operation.name in ("sin", "cos"):
                return self.arithmetic.number(2)
            return self.arithmetic.infinity
        numbers = [ball.number for ball in balls]
        if operation.derivatives[index] is none:
            return self._spread_to_ends(operation, index, balls)
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

    def _spread_to_ends(self, operation: Operation, index: int, balls: Sequence[Ball]) -> Any:
        """Return the same for a function without a rule: how far it is at either end from the middle."""
        x, m = balls[index], self.arithmetic.m
        numbers = [ball.number for ball in balls]
        spread: Any = 0
        try:
            here = operation.forward(m, *numbers)
            for number in (x.low, x.high):
                numbers[index] = number
                there = operation.forward(m, *numbers)
                spread = max(spread, abs(there - here) + self.arithmetic.rounded(there, 2))
        except (ArithmeticError, ValueError):
            return self.arithmetic.infinity
        return SLACK * spread + self.arithmetic.smallest


def _smoothness(name: str, size: Any) -> Any:
    """Return the distance over which the slope of a function varies, at a number of that size."""
    if name in _FASTER_FURTHER_OUT:
        return 1 / size
    return 1 if name in _OSCILLATING else size


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
"""Where the value of a function is a whole number."""


def _is_exact(name: str, numbers: Sequence[Any], z: Any) -> bool:
    """Return whether a function of exact operands is known not to be rounded."""
    x = numbers[0]
    if name == "sqrt":
        # A root has at most half of its bits.
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
    if not numbers[-1] and z == int(z):
        # At 0 no function of the table has a whole number for its value by rounding.
        return True
    return x in _WHOLE_AT.get(name, ())


def _power(x: Ball, y: Ball) -> Ball:
    """Return x**y."""
    arithmetic = x.arithmetic
    m, infinity = arithmetic.m, arithmetic.infinity
    exponent = y.number
    if x.is_exactly(0) and exponent - y.radius > 0:
        return x
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


def multiprecision_balls(precision: int) -> Balls:
    """Return the namespace of balls of mpmath's numbers of that many bits."""
    balls = _multiprecision_balls(precision)
    # An operation that failed halfway may have left mpmath's context with another precision.
    balls.arithmetic.m.context.prec = precision
    return balls


@cache
def _multiprecision_balls(precision: int) -> Balls:
    return Balls(Multiprecision(precision))

"""The functions of the table on mpmath's numbers: the namespace `m` of its rules, at any precision.

They fail where the functions of floats do, with the same exceptions. mpmath is loaded when the
first namespace is made, never for what floats can do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import isfinite, nan
from types import SimpleNamespace
from typing import Any

from mgcli.graph.families import computed
from mgcli.graph.gamma_functions import HIGHEST_ORDER
from mgcli.graph.operation import LARGEST_ANGLE, Rule
from mgcli.graph.table import ALL_OPERATIONS

LARGEST_EXPONENT = 2**1100
"""A number larger than e to this power, and so than e to the power of any float, overflows: no time is spent on it."""

LARGEST_GUARD = 2**20
"""A result that would take more bits beyond its precision overflows."""

GUARD = 20
"""The bits beyond its precision with which a function is computed."""


MOST_LOST = 4096
"""The bits below 1 up to which a small result is taken for what is left of terms that cancel."""

REMEMBERED = 256
"""How many results of a slow function are kept: values, slopes, bounds and steps to either side need the same ones."""

OF_FLOATS = 64
"""The bits with which a function of floats is computed, that is then rounded to one."""


_PRECISE = (computed.besselk,)
"""The rules whose error is small relative to their results, however small these are."""

_FAMILY_OF_GAMMA = "gamma", "lgamma", "digamma", "polygamma"


@cache
def multiprecision(precision: int) -> Any:
    """Return the functions of the table on mpmath's numbers of `precision` bits.

    Beside them it has `context`, mpmath's context of that precision; its `mpf` makes the numbers.
    """
    from mpmath import MPContext

    context = MPContext()
    context.prec = precision
    functions = _Functions(context)
    names = [name for name in dir(functions) if not name.startswith("_")]
    namespace = SimpleNamespace(
        context=context, pi=+context.pi, tau=2 * context.pi, **{name: getattr(functions, name) for name in names}
    )
    for name, operation in ALL_OPERATIONS.items():
        if operation.mpmath:
            setattr(namespace, name, functions._computed(operation.mpmath))
        elif not hasattr(namespace, name):
            setattr(namespace, name, _bound(operation.forward, namespace))
        if operation.mpmath or name in _FAMILY_OF_GAMMA:
            setattr(namespace, name, lru_cache(REMEMBERED)(getattr(namespace, name)))
    return namespace


def on_floats(name: str, operands: Sequence[float]) -> float:
    """Return the float nearest to a function of floats. Raises ValueError where it is not defined."""
    if not all(map(isfinite, operands)):
        return nan
    functions = multiprecision(OF_FLOATS)
    result: float = float(getattr(functions, name)(*map(functions.context.mpf, operands)))
    return result


def _bound(rule: Rule, namespace: Any) -> Rule:
    return lambda *operands: rule(namespace, *operands)


class _Functions:
    """mpmath's functions, where they are real and of a manageable size."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._precision = context.prec
        for name in ("atan", "asinh", "erf"):
            setattr(self, name, self._made(getattr(context, name)))
        for name in ("sin", "cos", "tan"):
            setattr(self, name, self._made(getattr(context, name), self._limit_angle))
        for name in ("sinh", "cosh"):
            setattr(self, name, self._made(getattr(context, name), self._limit_size))

    def greater(self, x: Any, y: Any) -> float:
        return 1.0 if x > y else 0.0

    def less(self, x: Any, y: Any) -> float:
        return 1.0 if x < y else 0.0

    def equal(self, x: Any, y: Any) -> float:
        return 1.0 if x == y else 0.0

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        return self._number(x if condition else y)

    def floor(self, x: Any) -> Any:
        return self._context.floor(x)

    def ceil(self, x: Any) -> Any:
        return self._context.ceil(x)

    def round(self, x: Any) -> Any:
        return self._context.nint(x)

    def trunc(self, x: Any) -> Any:
        return self._context.ceil(x) if x < 0 else self._context.floor(x)

    def mod(self, x: Any, y: Any) -> Any:
        x, y = self._number(x), self._number(y)
        self._require(y != 0)
        if not x:
            return x
        larger = self._context.mag(x) - self._context.mag(y)
        if larger > LARGEST_ANGLE:
            raise OverflowError
        if larger < -1:
            # |x| < |y|
            return x if (x < 0) == (y < 0) else x + y
        return x % y

    def fmod(self, x: Any, y: Any) -> Any:
        size = self.mod(computed.absolute(self._context, self._number(x)), abs(y))
        return -size if x < 0 else size

    def exp(self, x: Any) -> Any:
        if x < -LARGEST_EXPONENT:
            return self._context.zero
        self._limit_size(x)
        return self._context.exp(self._number(x))

    def expm1(self, x: Any) -> Any:
        if x < -LARGEST_EXPONENT:
            return -self._context.one
        self._limit_size(x)
        return self._context.expm1(self._number(x))

    def tanh(self, x: Any) -> Any:
        if abs(x) > LARGEST_EXPONENT:
            return self._context.sign(x)
        return self._context.tanh(self._number(x))

    def log(self, x: Any) -> Any:
        self._require(x > 0)
        return self._context.log(self._number(x))

    def log1p(self, x: Any) -> Any:
        self._require(x > -1)
        return self._context.log1p(self._number(x))

    def log2(self, x: Any) -> Any:
        return self._guarded(lambda: self.log(x) / self._context.log(2))

    def log10(self, x: Any) -> Any:
        return self._guarded(lambda: self.log(x) / self._context.log(10))

    def sqrt(self, x: Any) -> Any:
        self._require(x >= 0)
        return self._context.sqrt(self._number(x))

    def cbrt(self, x: Any) -> Any:
        root = self._guarded(lambda: self._context.cbrt(abs(x)))
        return -root if x < 0 else root

    def asin(self, x: Any) -> Any:
        self._require(abs(x) <= 1)
        return self._guarded(lambda: self._context.asin(self._number(x)))

    def acos(self, x: Any) -> Any:
        self._require(abs(x) <= 1)
        return self._refined(lambda: self._context.acos(self._number(x)))

    def acosh(self, x: Any) -> Any:
        self._require(x >= 1)
        return self._refined(lambda: self._context.acosh(self._number(x)))

    def atanh(self, x: Any) -> Any:
        self._require(abs(x) < 1)
        x = self._number(x)
        # atanh(x) is x*(1 + x**2/3 + ...).
        return +x if self._context.mag(x) < -self._precision else self._refined(lambda: self._context.atanh(x))

    def erfc(self, x: Any) -> Any:
        # erfc(x) is about exp(-x**2).
        is_tiny = x > 0 and x * x > LARGEST_EXPONENT
        return self._context.zero if is_tiny else self._guarded(lambda: self._context.erfc(self._number(x)))

    def hypot(self, x: Any, y: Any) -> Any:
        return self._guarded(lambda: self._context.hypot(x, y))

    def atan2(self, y: Any, x: Any) -> Any:
        return self._guarded(lambda: self._context.atan2(y, x))

    def pow(self, x: Any, y: Any) -> Any:
        x, y = self._number(x), self._number(y)
        if x == 0:
            self._require(y >= 0)
            return self._context.zero if y else self._context.one
        whole = self._context.isint(y)
        self._require(x > 0 or whole)
        if whole and abs(y) < 2**20:
            return x ** int(y)
        with self._context.workprec(self._precision + 3 * GUARD):
            power = self.exp(y * self._context.log(abs(x)))
        return -power if x < 0 and not self._context.isint(y / 2) else +power

    def gamma(self, x: Any) -> Any:
        self._require_no_pole(x)
        if x > 2**34:
            self._limit_size(x)
            with self._context.workprec(self._precision + self._context.mag(x) + 3 * GUARD):
                power = self.exp(self._context.re(self._context.loggamma(x)))
            return +power
        if x < -(2**34):
            return self._context.zero
        return self._guarded(lambda: computed.gamma(self._context, self._number(x)))

    def lgamma(self, x: Any) -> Any:
        self._require_no_pole(x)
        context = self._context
        if x > 0:
            return self._refined(lambda: computed.lgamma(context, self._number(x)))
        # Euler's reflection: gamma(x)*gamma(1 - x) = pi/sin(pi*x).
        return self._refined(
            lambda: context.log(context.pi / abs(context.sinpi(x))) - computed.lgamma(context, 1 - self._number(x))
        )

    def digamma(self, x: Any) -> Any:
        return self.polygamma(0, x)

    def polygamma(self, n: Any, x: Any) -> Any:
        self._require(0 <= n <= HIGHEST_ORDER and int(n) == n)
        self._require_no_pole(x)
        order, x = int(n), self._number(x)
        if order and x > 0:
            # All terms have one sign, so nothing cancels.
            return self._guarded(lambda: computed.polygamma(self._context, order, x))
        return self._refined(lambda: computed.polygamma(self._context, order, x))

    def _number(self, x: Any) -> Any:
        return self._context.convert(x)

    def _require(self, holds: bool) -> None:
        if not holds:
            raise ValueError("outside the domain")

    def _require_no_pole(self, x: Any) -> None:
        self._require(not (x <= 0 and self._context.isint(x)))

    def _limit_size(self, x: Any) -> None:
        if abs(x) > LARGEST_EXPONENT:
            raise OverflowError

    def _limit_angle(self, x: Any) -> None:
        if self._context.mag(x) > LARGEST_ANGLE:
            raise OverflowError

    def _made(
        self, function: Callable[[Any], Any], limit: Callable[[Any], None] = lambda x: None
    ) -> Callable[[Any], Any]:
        def limited(x: Any) -> Any:
            limit(x)
            return self._guarded(lambda: function(self._number(x)))

        return limited

    def _computed(self, rule: Rule) -> Callable[..., Any]:
        """Return the function of an entry that mpmath computes."""
        context = self._context
        evaluate = self._guarded if rule in _PRECISE else self._refined

        def function(*operands: Any) -> Any:
            numbers = [self._number(operand) for operand in operands]
            result = evaluate(lambda: context.convert(rule(context, *numbers)))
            self._require(context._is_real_type(result) and context.isfinite(result))
            return result

        return function

    def _guarded(self, compute: Callable[[], Any]) -> Any:
        """Return what `compute` gives with a few bits more."""
        with self._context.workprec(self._precision + GUARD):
            result = compute()
        return +result

    def _refined(self, compute: Callable[[], Any]) -> Any:
        """Return the result of `compute`, whose error is small relative to 1, with a small relative error."""
        lost = 0
        while True:
            guard = lost + 2 * GUARD
            if guard > LARGEST_GUARD:
                raise OverflowError
            with self._context.workprec(self._precision + guard):
                result = compute()
            if not result:
                return result
            lost = max(0, -self._context.mag(result))
            if lost + GUARD <= guard or lost > MOST_LOST:
                return +result

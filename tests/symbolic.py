"""Derivatives of graphs by sympy, and the points where these say what ours say.

Two things sympy cannot do, and how they are done:

* It looks into the conditions of a choice for the points where they hold, for hours: a condition is a
  symbol to it, and is decided at the point with the numbers of its two sides.
* Of `floor` it knows no derivative: here it is smooth between the whole numbers, x less a sawtooth.
"""

import operator
from collections.abc import Callable
from typing import Any

import sympy
from graphs import exact_values
from mpmath import mp, mpf
from references import exact_derivative

from mgcli.graph.node import topological
from mgcli.graph.table import TABLE
from mgcli.graph.value import Value

SYMBOLS = {name: sympy.Symbol(name, real=True) for name in "xy"}

CLEAR = 1e-6
"""How far from a kink or a jump a point must be."""


class Condition(sympy.Dummy):
    """A comparison of `difference` with 0."""

    def __new__(cls, holds: Callable[[Any, Any], bool], difference: sympy.Expr) -> "Condition":
        self: Condition = super().__new__(cls)
        self.holds = holds
        self.difference = difference
        return self


def comparison(holds: Any) -> Any:
    return lambda x, y: Condition(holds, x - y)


def choice(condition: Condition, first: Any, second: Any) -> Any:
    return sympy.Piecewise((first, condition), (second, True))


def positive(x: Any, first: Any, second: Any) -> Any:
    return choice(Condition(operator.gt, x), first, second)


def floor(x: Any) -> Any:
    if not x.has(*SYMBOLS.values()):
        return sympy.floor(x)
    return x - sympy.Rational(1, 2) + sympy.atan(sympy.cot(sympy.pi * x)) / sympy.pi


def smaller(x: Any, y: Any) -> Any:
    return positive(y - x, x, y)


def larger(x: Any, y: Any) -> Any:
    return positive(x - y, x, y)


NAMED_ALIKE = (
    *("exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
    *("asinh", "acosh", "atanh", "erf", "erfc", "atan2", "gamma", "digamma", "polygamma"),
    *("erfi", "erfinv", "Ei", "Si", "Ci", "Shi", "Chi", "fresnels", "fresnelc", "zeta", "beta"),
    *("besselj", "bessely", "besseli", "besselk"),
    *("sec", "csc", "cot", "asec", "acsc", "acot", "sech", "csch", "coth", "asech", "acsch", "acoth"),
)
IN_SYMPY = {
    **{name: getattr(sympy, name) for name in NAMED_ALIKE},
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": lambda x, y: x**y,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x, 2),
    "log10": lambda x: sympy.log(x, 10),
    "cbrt": lambda x: positive(x, sympy.cbrt(x), -sympy.cbrt(-x)),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "relu": lambda x: positive(x, x, 0),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "normpdf": lambda x: sympy.exp(-x * x / 2) / sympy.sqrt(2 * sympy.pi),
    "normcdf": lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "factorial": lambda x: sympy.gamma(x + 1),
    "lgamma": lambda x: sympy.log(sympy.gamma(x) ** 2) / 2,
    "abs": lambda x: positive(x, x, -x),
    "sign": lambda x: positive(x, 1, positive(-x, -1, 0)),
    "floor": floor,
    "ceil": lambda x: -floor(-x),
    "hypot": lambda x, y: sympy.sqrt(x * x + y * y),
    "min": smaller,
    "max": larger,
    "clamp": lambda x, low, high: smaller(larger(x, low), high),
    "where": choice,
    "logit": lambda x: sympy.log(x / (1 - x)),
    "logsigmoid": lambda x: -sympy.log(1 + sympy.exp(-x)),
    "logaddexp": lambda x, y: sympy.log(sympy.exp(x) + sympy.exp(y)),
    "xlogy": lambda x, y: x * sympy.log(y),
    "norminv": lambda x: sympy.sqrt(2) * sympy.erfinv(2 * x - 1),
    "lognormcdf": lambda x: sympy.log((1 + sympy.erf(x / sympy.sqrt(2))) / 2),
    "lbeta": lambda x, y: sympy.log(sympy.beta(x, y) ** 2) / 2,
    "gammainc": lambda a, x: sympy.lowergamma(a, x) / sympy.gamma(a),
    "lambertw": sympy.LambertW,
    "zetaprime": lambda x: sympy.Derivative(sympy.zeta(x), x),
    "ellipk": sympy.elliptic_k,
    "ellipe": sympy.elliptic_e,
    "sinc": lambda x: sympy.sin(x) / x if x != 0 else sympy.Integer(1),
    "deg2rad": lambda x: x * sympy.pi / 180,
    "rad2deg": lambda x: x * 180 / sympy.pi,
    "round": lambda x: floor(x + sympy.Rational(1, 2)),
    "trunc": lambda x: positive(x, floor(x), -floor(-x)),
    "mod": lambda x, y: x - y * floor(x / y),
    "fmod": lambda x, y: x - y * positive(x / y, floor(x / y), -floor(-x / y)),
    "heaviside": lambda x: positive(x, 1, positive(-x, 0, sympy.Rational(1, 2))),
    "log_base": lambda x, y: sympy.log(x) / sympy.log(y),
    "exp2": lambda x: 2**x,
    "square": lambda x: x**2,
    "rsqrt": lambda x: 1 / sympy.sqrt(x),
    "nthroot": lambda x, n: positive(x, x ** (1 / n), -((-x) ** (1 / n))),
    "greater": comparison(operator.gt),
    "greater_equal": comparison(operator.ge),
    "less": comparison(operator.lt),
    "less_equal": comparison(operator.le),
    "equal": comparison(operator.eq),
    "not_equal": comparison(operator.ne),
}
"""Every operation of the table, written without a look at it."""


def derivative_by_sympy(root: Value) -> Callable[[mpf, mpf], Any]:
    """Return sympy's derivative of a graph with respect to x as a function of x and y."""
    made: dict[Value, Any] = {}
    for node in topological(root):
        if node.operation is None:
            made[node] = SYMBOLS[node.label] if node.varies else sympy.Rational(repr(node.data))
        else:
            made[node] = IN_SYMPY[node.operation.name](*(made[operand] for operand in node._prev))
    return function_of(sympy.diff(made[root], SYMBOLS["x"]))


def function_of(formula: sympy.Expr) -> Callable[[mpf, mpf], Any]:
    """Return a formula of sympy as a function of x and y, which decides the conditions first."""
    if formula.has(sympy.zoo):
        # The pole of what is constant, in a branch perhaps.
        return lambda x, y: mp.nan
    differences = {condition: function_of(condition.difference) for condition in formula.atoms(Condition)}
    plain = sympy.lambdify([*SYMBOLS.values(), *differences], formula, modules="mpmath")

    def function(x: mpf, y: mpf) -> Any:
        # At a clear point what is as small as this is 0.
        decided = (
            condition.holds(mp.chop(difference(x, y), 1e-20), 0) for condition, difference in differences.items()
        )
        return plain(x, y, *decided)

    return function


def number_at(function: Callable[[mpf, mpf], Any], point: dict[str, float]) -> mpf:
    """Return what `function` gives, nan where that is no real number of moderate size."""
    with mp.workdps(40):
        try:
            value = function(mpf(point["x"]), mpf(point["y"]))
        except (ArithmeticError, ValueError, TypeError, AttributeError, NameError):
            # An AttributeError is what mpmath's atan2 raises for complex numbers, and a NameError comes of a
            # derivative that an older sympy leaves as it is.
            return mp.nan
        real = mp.isfinite(value) and abs(mp.im(value)) < 1e-20 and abs(value) < 1e8
        return mp.re(value) if real else mp.nan


def _whole(x: Any) -> Any:
    return x - mp.nint(x)


def _halfway(x: Any) -> Any:
    return x - mp.floor(x) - mpf(0.5)


def _quotient(x: Any, y: Any) -> Any:
    return _whole(x / y) if y else mpf(0)


def _both(x: Any, y: Any) -> Any:
    return x - y


_KINKS: dict[str, tuple[Callable[..., Any], ...]] = {
    **dict.fromkeys(["abs", "relu", "sign", "heaviside", "acot"], (lambda x: x,)),
    **dict.fromkeys(["floor", "ceil", "trunc"], (_whole,)),
    **dict.fromkeys(["mod", "fmod"], (_quotient,)),
    "round": (_halfway,),
    **dict.fromkeys(["min", "max", *(operation.name for operation in TABLE if operation.compares)], (_both,)),
    "clamp": (lambda x, low, high: x - low, lambda x, low, high: x - high, lambda x, low, high: low - high),
}
"""For each operation that has kinks or jumps what is 0 there, of its operands."""


def is_clear(root: Value, point: dict[str, float]) -> bool:
    """Return whether no node of a graph, with its numbers at `point`, is at a kink or a jump.

    Nor may it stand so near that rounding could decide. What is exactly there is so wherever the
    variables are, as in max(x, x), and has no kink at all; only where `floor` jumps sympy would need a limit.
    """
    exact = exact_values(root, point)
    for node in topological(root):
        name = node.operation.name if node.operation and node.varies else ""
        for kink in _KINKS.get(name, ()):
            distance = kink(*(exact[operand] for operand in node._prev))
            rounded = kink(*(mpf(operand.data) for operand in node._prev))
            always = distance == rounded == 0 and kink not in (_whole, _halfway, _quotient)
            if not always and not abs(distance) > CLEAR:
                return False
    return True


def has_slopes(root: Value, point: dict[str, float]) -> bool:
    """Return whether every operation of a graph has its derivatives: asin(sign(x)) has none, though it is flat."""
    exact = exact_values(root, point)
    return not any(
        mp.isnan(exact_derivative(node.operation, index, [exact[operand] for operand in node._prev]))
        for node in topological(root)
        for index, operand in enumerate(node._prev)
        if node.operation and operand.varies
    )

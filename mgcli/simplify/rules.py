"""The rules for particular functions, as rows: a pattern, what it becomes, and an example that a test runs.

A new function brings its facts in rows here: whether it is even or odd, what it undoes, where its values are exact.
A row that names a function which the table does not have is never used.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any, NamedTuple


class Rule(NamedTuple):
    """One identity.

    outer, inner: `outer(inner(p))` is what is looked for. becomes: what it is, from `m` (the functions) and `p`.
    example: an expression, and its simplified form.
    """

    outer: str
    inner: str
    becomes: Callable[[Any, Any], Any]
    example: tuple[str, str]


RULES = (
    Rule("log", "exp", lambda m, p: p, ("log(exp(t))", "t")),
    Rule("log", "sqrt", lambda m, p: m.log(p) / 2, ("log(sqrt(t))", "log(t)/2")),
    Rule("sin", "asin", lambda m, p: p, ("sin(asin(t))", "t")),
    Rule("sin", "acos", lambda m, p: m.sqrt(1 - p**2), ("sin(acos(t))", "sqrt(1 - t**2)")),
    Rule("sin", "atan", lambda m, p: p / m.sqrt(p**2 + 1), ("sin(atan(t))", "t/sqrt(t**2 + 1)")),
    Rule("cos", "acos", lambda m, p: p, ("cos(acos(t))", "t")),
    Rule("cos", "asin", lambda m, p: m.sqrt(1 - p**2), ("cos(asin(t))", "sqrt(1 - t**2)")),
    Rule("cos", "atan", lambda m, p: 1 / m.sqrt(p**2 + 1), ("cos(atan(t))", "1/sqrt(t**2 + 1)")),
    Rule("tan", "atan", lambda m, p: p, ("tan(atan(t))", "t")),
    Rule("tan", "asin", lambda m, p: p / m.sqrt(1 - p**2), ("tan(asin(t))", "t/sqrt(1 - t**2)")),
    Rule("tan", "acos", lambda m, p: m.sqrt(1 - p**2) / p, ("tan(acos(t))", "sqrt(1 - t**2)/t")),
    Rule("sinh", "asinh", lambda m, p: p, ("sinh(asinh(t))", "t")),
    Rule("asinh", "sinh", lambda m, p: p, ("asinh(sinh(t))", "t")),
    Rule("cosh", "asinh", lambda m, p: m.sqrt(p**2 + 1), ("cosh(asinh(t))", "sqrt(t**2 + 1)")),
    Rule("cosh", "acosh", lambda m, p: p, ("cosh(acosh(t))", "t")),
    Rule("sinh", "acosh", lambda m, p: m.sqrt(p**2 - 1), ("sinh(acosh(t))", "sqrt(t**2 - 1)")),
    Rule("tanh", "atanh", lambda m, p: p, ("tanh(atanh(t))", "t")),
    Rule("atanh", "tanh", lambda m, p: p, ("atanh(tanh(t))", "t")),
    Rule("expm1", "log", lambda m, p: p - 1, ("expm1(log(t))", "t - 1")),
    Rule("log1p", "expm1", lambda m, p: p, ("log1p(expm1(t))", "t")),
)

EVEN = frozenset({"cos", "cosh", "normpdf", "sech", "sec", "sinc", "square", "besselj0"})
"""f(-p) is f(p)."""

ODD = frozenset(
    {"sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf", "csc", "cot", "csch", "coth", "acsch"}
    | {"erfi", "erfinv", "Si", "Shi", "fresnels", "fresnelc"}
)
"""f(-p) is -f(p)."""

ORDERS = {"besselj": -1, "bessely": -1, "besseli": 1, "besselk": 1}
"""f(-n, p) is sign**n*f(n, p) for a whole order n."""

REFLECTIONS = {"sigmoid": 1, "normcdf": 1, "erfc": 2}
"""f(-p) is this number minus f(p), written so in a sum with both."""

RECURRENCES: dict[str, Callable[[Any, Any], Any]] = {
    "gamma": lambda f, p: f * p,
    "factorial": lambda f, p: f * (p + 1),
    "digamma": lambda f, p: f + 1 / p,
}
"""f(p + 1), from f(p) and p, written so in a sum with both."""

QUOTIENTS = {"tan": ("sin", "cos"), "tanh": ("sinh", "cosh")}
"""A function that is a quotient of two others, written so next to one of them: tan(p)*cos(p) is sin(p)."""

RECIPROCALS = {"sec": ("cos", -1), "csc": ("sin", -1), "cot": ("tan", -1), "sech": ("cosh", -1), "csch": ("sinh", -1),
               "coth": ("tanh", -1), "square": ("", 2), "rsqrt": ("", -0.5)}  # fmt: skip
"""A function that is a power of another, or of its operand."""

SQUARES = (("sin", "cos", 1, -1), ("cosh", "sinh", 1, 1))
"""(f, g, a, b): f(p)**2 is a + b*g(p)**2."""


class Alternative(NamedTuple):
    """sign*other(p)**exponent, which a sum of 1 and a square is."""

    other: str
    exponent: int
    sign: int = 1


ALTERNATIVES = {
    ("sin", -1): Alternative("cos", 2),
    ("cos", -1): Alternative("sin", 2),
    ("cosh", -1): Alternative("sinh", 2, -1),
    ("sinh", 1): Alternative("cosh", 2),
    ("tan", 1): Alternative("cos", -2),
    ("tanh", -1): Alternative("cosh", -2),
}
"""(f, a) to what 1 + a*f(p)**2 is, written so where the other function of p was met."""


def _logarithm(number: Any, base: int) -> Any:
    exponent = 0
    while number > 1 and number % base == 0:
        number, exponent = Fraction(number) / base, exponent + 1
    while 0 < number < 1 and exponent > -400:
        number, exponent = number * base, exponent - 1
    return exponent if number == 1 else None


def _at_zero(value: int) -> Callable[..., Any]:
    return lambda x: value if x == 0 else None


EXACT: dict[str, Callable[..., Any]] = {
    "log": lambda x: 0 if x == 1 else None,
    "log1p": _at_zero(0),
    "expm1": _at_zero(0),
    "log2": lambda x: _logarithm(x, 2),
    "log10": lambda x: _logarithm(x, 10),
    "max": max,
    "min": min,
    "clamp": lambda x, low, high: min(max(x, low), high),
    "relu": lambda x: max(x, 0),
    "floor": lambda x: x // 1,
    "ceil": lambda x: -(-x // 1),
    "mod": lambda x, y: x % y if y else None,
    "factorial": lambda x: factorial(int(x)) if x == int(x) and 0 <= x < 30 else None,
    "gamma": lambda x: factorial(int(x) - 1) if x == int(x) and 0 < x < 30 else None,
    "lgamma": lambda x: 0 if x in (1, 2) else None,
    "sin": _at_zero(0), "tan": _at_zero(0), "asin": _at_zero(0), "atan": _at_zero(0), "sinh": _at_zero(0),
    "tanh": _at_zero(0), "asinh": _at_zero(0), "atanh": _at_zero(0), "erf": _at_zero(0), "cos": _at_zero(1),
    "cosh": _at_zero(1), "erfc": _at_zero(1), "sigmoid": lambda x: Fraction(1, 2) if x == 0 else None,
    "normcdf": lambda x: Fraction(1, 2) if x == 0 else None,
    "acos": lambda x: 0 if x == 1 else None, "acosh": lambda x: 0 if x == 1 else None,
    "atan2": lambda x, y: 0 if x == 0 and y > 0 else None,
}  # fmt: skip
"""Values at exact numbers that are exact numbers again; None where they are not."""

SQUARES_OF_SINES = {0: Fraction(0), 2: Fraction(1, 4), 3: Fraction(1, 2), 4: Fraction(3, 4), 6: Fraction(1)}
"""The squares of the sine at multiples of pi/12, up to pi/2, where these are fractions."""


def at_half_turns(name: str, turns: Any) -> Any:
    """Return the sign and the square of sin, cos or tan at `turns` times pi; None where the square is no fraction."""
    twelfths = 12 * Fraction(turns)
    sine, cosine = _sine_at(twelfths), _sine_at(twelfths + 6)
    if name not in ("sin", "cos", "tan") or sine is None or cosine is None or (name == "tan" and not cosine[1]):
        return None
    if name == "tan":
        return sine[0] * cosine[0], sine[1] / cosine[1]
    return sine if name == "sin" else cosine


def _sine_at(twelfths: Fraction) -> Any:
    """Return the sign and the square of the sine of a multiple of pi/12."""
    rest = twelfths % 24
    square = SQUARES_OF_SINES.get(min(rest % 12, 12 - rest % 12))  # type: ignore[call-overload]
    return None if square is None else (-1 if rest > 12 else 1, square)

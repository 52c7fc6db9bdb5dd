"""The notation of values with an uncertainty: 12+-0.1, 12+-5%, 12.00(10), (1.20+-0.01)e-7, uniform(11.8, 12.2).

A value is split into its middle, which is a constant expression or a range, and its spread around that.
In expressions, and within parentheses, the same characters are arithmetic.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import NamedTuple

from mgcli.analysis.distributions import MAKERS, Distribution, make, normal
from mgcli.analysis.parentheses import closes_at_the_end, outside_parentheses, split
from mgcli.errors import ExpressionError, Span
from mgcli.language.parser import constant_value

SIGNS = re.compile(r"\+/-|\+-|±")
"""How "plus or minus" is written."""

_CALL = re.compile(rf"\s*({'|'.join(MAKERS)})\s*\((.*)\)\s*", re.DOTALL)
_OTHER_NAMES = {
    "gauss": "normal",
    "gaussian": "normal",
    "norm": "normal",
    "rect": "uniform",
    "rectangular": "uniform",
    "triangular": "triangle",
    "student": "t",
    "lognorm": "lognormal",
}
"""The names of distributions in other tools."""

_ANY_CALL = re.compile(rf"(?<!\w)({'|'.join([*MAKERS, *_OTHER_NAMES])})\s*\(")
_DIGITS = re.compile(r"\s*([+-]?[0-9_]*(?:\.([0-9_]*))?)\(([0-9]+(?:\.[0-9]*)?)\)((?:[eE][+-]?[0-9]+)?)\s*")
_PLAIN = r"\s*([+-]?[0-9]+\.?[0-9]*|[+-]?\.[0-9]+)\s*"
_SCALED = re.compile(rf"\s*\(({_PLAIN}({SIGNS.pattern}){_PLAIN})\)[eE]([+-]?[0-9]+)\s*")
_ASYMMETRIC = re.compile(r"\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*\+\s*[0-9.]+\s*-\s*[0-9.]+\s*")


class Spread(NamedTuple):
    """What is known about a quantity around its middle: an uncertainty, a fraction of |middle|, or a distribution."""

    uncertainty: float = 0.0
    fraction: float = 0.0
    distribution: Distribution | None = None

    def at(self, middle: float) -> Distribution:
        """Return the distribution of a quantity with this middle. Raises ExpressionError for one that is too wide."""
        if self.distribution is not None:
            return self.distribution
        u = self.uncertainty + self.fraction * abs(middle)
        if not isfinite(u):
            raise ExpressionError("the uncertainty is larger than the largest float", hint="use a smaller one")
        return normal(middle, u)


class Quantity(NamedTuple):
    """A value as written: the constant expression, or the range, of its middle; and its spread if it has one."""

    middle: str
    spread: Spread | None = None


def quantity(text: str) -> Quantity:
    """Return the middle and the spread of a value as it is written.

    Raises ExpressionError if the uncertainty is invalid, EvaluationError if it is undefined.
    """
    if found := _CALL.fullmatch(text):
        if closes_at_the_end(text):
            return _distribution(found[1], found[2])
    elif (found := _DIGITS.fullmatch(text)) and any(map(str.isdigit, found[1])):
        return _last_digits(found)
    elif found := _SCALED.fullmatch(text):
        sign, power = SIGNS.search(found[1]), found[5]
        assert sign
        return quantity(f"{found[2]}e{power}{sign[0]}{found[4]}e{power}")
    _refuse_misplaced(text)
    signs = [span for span, _ in outside_parentheses(text, SIGNS.pattern)]
    return _plus_or_minus(text, signs) if signs else Quantity(text)


def _refuse_misplaced(text: str) -> None:
    """Refuse a distribution that is only part of a value, or that has another name in mg. Raises ExpressionError."""
    for found in _ANY_CALL.finditer(text):
        name = found[1]
        if text.count("(") != text.count(")"):
            return
        if name in MAKERS:
            message, hint = f"{name} is not the whole value", "put what is computed with it into the expression"
        else:
            message, hint = f"there is no distribution {name}", f"write {MAKERS[_OTHER_NAMES[name]][1]}"
        raise ExpressionError(message, text=text, span=found.span(1), hint=hint)


def is_asymmetric(text: str) -> bool:
    """Return whether a value looks like one with two uncertainties, 12+0.3-0.1, which is arithmetic."""
    return _ASYMMETRIC.fullmatch(text) is not None


def _plus_or_minus(text: str, signs: list[Span]) -> Quantity:
    if len(signs) > 1:
        raise ExpressionError(
            "two uncertainties",
            text=text,
            span=signs[1],
            hint="write one; arithmetic goes in parentheses, as in (2+-1)",
        )
    ((start, end),) = signs
    middle, spread = text[:start].strip(), text[end:].strip()
    sign = text[start:end]
    if not middle:
        hint = f"write 0{sign}{spread}" if spread else f"write 12{sign}0.1"
        raise ExpressionError(f"no value before {sign}", text=text, span=(start, end), hint=hint)
    percent = spread.endswith("%")
    spread = spread[:-1].strip() if percent else spread
    if not spread:
        raise ExpressionError(
            f"no uncertainty after {sign}", text=text, span=(start, end), hint=f"write {middle}{sign}0.1"
        )
    number = constant_value(spread)
    if number < 0.0:
        shown = spread[1:].strip() if spread.startswith("-") else repr(-number)
        raise ExpressionError(
            f"the uncertainty is negative: {spread}",
            hint=f"write {middle}{sign}{shown}{'%' * percent}, or with a blank, {middle} + {spread}, for the sum",
        )
    return Quantity(middle, Spread(fraction=number / 100) if percent else Spread(number))


def _last_digits(found: re.Match[str]) -> Quantity:
    """Return what 12.00(10)e3 means: the digits in parentheses count in units of the last digit of the value."""
    mantissa, decimals, digits, exponent = found.groups()
    places = 0 if "." in digits or decimals is None else len(decimals.replace("_", ""))
    power = int(exponent[1:] or 0) - places
    return Quantity(mantissa + exponent, Spread(constant_value(f"{digits}e{power}")))


def _distribution(name: str, inside: str) -> Quantity:
    parts = [part.strip() for part in split(inside, ",")]
    form = MAKERS[name][1]
    nu = None
    if found := re.fullmatch(r"nu\s*=(.*)", parts[-1], re.DOTALL):
        if not found[1].strip():
            raise ExpressionError("nu= lacks a number", hint=f"write {form[:-1]}, nu=18)")
        nu = constant_value(found[1])
        parts.pop()
    if not parts or not all(parts):
        raise ExpressionError(f"{name} lacks a number", hint=f"write {form}")
    for part in parts:
        if "=" in part:
            raise ExpressionError(f"{name} does not take {part}", hint=f"write {form}")
    made = make(name, [constant_value(part) for part in parts], nu)
    return Quantity(_middle(name, parts), Spread(distribution=made))


def _middle(name: str, parts: list[str]) -> str:
    """Return the expectation of a distribution as a constant expression, exact as its numbers are typed."""
    if name == "readings":
        return f"({' + '.join(f'({part})' for part in parts)})/{len(parts)}"
    first, second = parts[:2]
    if name == "lognormal":
        return f"exp(({first}) + ({second})**2/2)"
    return first if name in ("normal", "t") else f"(({first}) + ({second}))/2"

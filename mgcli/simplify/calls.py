"""Calls of functions: rewritten by the rows of `rules`, or the call itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mgcli.simplify.algebra import Algebra, of_positive
from mgcli.simplify.kernels import ABS, EXP, LEAF, POW, SIGN, Kernel, Number, Sum, reduced
from mgcli.simplify.rules import EVEN, EXACT, ODD, ORDERS, RECIPROCALS, RULES, at_half_turns

_BY_OUTER: dict[str, list[Any]] = {}
for _rule in RULES:
    _BY_OUTER.setdefault(_rule.outer, []).append(_rule)

_BASES = {"log": None, "log2": 2, "log10": 10}


HEAVIEST_HYPOTENUSE = 100
"""The weight of the operands of hypot from which it stays a call: hypot(p, q, ...) of many operands is nested."""


class Letter:
    """A sum in a rule of the table, with the operators that such a rule is written with."""

    def __init__(self, calls: Calls, total: Sum) -> None:
        self.calls = calls
        self.total = total

    def _other(self, other: Letter | Number) -> Sum:
        return other.total if isinstance(other, Letter) else self.calls.algebra.number(other)

    def _letter(self, total: Sum) -> Letter:
        return Letter(self.calls, total)

    def __sub__(self, other: Letter | Number) -> Letter:
        return self._letter(self.calls.algebra.add([(self.total, 1), (self._other(other), -1)]))

    def __rsub__(self, other: Number) -> Letter:
        return self._letter(self.calls.algebra.add([(self._other(other), 1), (self.total, -1)]))

    def __add__(self, other: Letter | Number) -> Letter:
        return self._letter(self.calls.algebra.add([(self.total, 1), (self._other(other), 1)]))

    def __mul__(self, other: Letter | Number) -> Letter:
        return self._letter(self.calls.algebra.times(self.total, self._other(other)))

    def __truediv__(self, other: Letter | Number) -> Letter:
        return self._letter(self.calls.algebra.multiply((self.total, 1), (self._other(other), -1)))

    def __rtruediv__(self, other: Number) -> Letter:
        return self._letter(self.calls.algebra.multiply((self._other(other), 1), (self.total, -1)))

    def __pow__(self, exponent: int) -> Letter:
        return self._letter(self.calls.algebra.multiply((self.total, exponent)))


class Functions:
    """The namespace `m` of the rules."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def log(self, p: Letter) -> Letter:
        """Return the logarithm."""
        return Letter(self.calls, self.calls.call("log", (p.total,)))

    def sqrt(self, p: Letter) -> Letter:
        """Return the square root."""
        return Letter(self.calls, self.calls.algebra.root(p.total, Fraction(1, 2), real=True))


class Calls:
    """Calls of functions on sums."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra

    def call(self, name: str, operands: tuple[Sum, ...]) -> Sum:
        """Return the value of a function of the table, rewritten as the rows say."""
        algebra = self.algebra
        match name:
            case "abs":
                return algebra.absolute(operands[0])
            case "sign":
                return algebra.sign(operands[0])
            case "exp":
                return algebra.exponential(operands[0])
            case "sqrt":
                return algebra.root(operands[0], Fraction(1, 2), real=True)
            case "cbrt":
                return algebra.root(operands[0], Fraction(1, 3), real=True)
            case "hypot" if sum(operand.weight for operand in operands) < HEAVIEST_HYPOTENUSE:
                return algebra.hypotenuse(operands)
        if name in RECIPROCALS:
            return self._reciprocal(name, operands)
        exact = self._exact(name, operands)
        if exact is not None:
            return exact
        if name in ORDERS:
            return self._of_order(name, *operands)
        if len(operands) != 1:
            return algebra.of(algebra.kernel(name, operands))
        return self._of_one(name, operands[0])

    def _of_order(self, name: str, order: Sum, operand: Sum) -> Sum:
        """besselj(-1, p) -> -besselj(1, p)."""
        algebra = self.algebra
        number = order.number or 0
        if number >= 0 or number.denominator > 1:
            return algebra.of(algebra.kernel(name, (order, operand)))
        opposite = algebra.of(algebra.kernel(name, (algebra.number(-number), operand)))
        return algebra.scaled(opposite, ORDERS[name] ** int(-number))

    def _reciprocal(self, name: str, operands: tuple[Sum, ...]) -> Sum:
        inner, exponent = RECIPROCALS[name]
        part = self.call(inner, operands) if inner else operands[0]
        return self.algebra.number_exponent(part, reduced(Fraction(exponent)))

    def _exact(self, name: str, operands: tuple[Sum, ...]) -> Sum | None:
        """Return the value of a function of exact numbers, or of a multiple of pi, where it is exact: sqrt(3)/2."""
        algebra = self.algebra
        numbers = [operand.number for operand in operands]
        if None not in numbers:
            rule = EXACT.get(name)
            value = rule(*numbers) if rule else None
            return None if value is None else algebra.number(value)
        only = operands[0].only
        if len(operands) == 1 and only is not None and len(only[0]) == 1:
            ((kernel, exponent),) = only[0]
            if kernel.kind == LEAF and exponent == 1 and _is_pi(kernel):
                found = at_half_turns(name, only[1])
                return found and algebra.scaled(algebra.root(algebra.number(found[1]), Fraction(1, 2)), found[0])
        return None

    def _of_one(self, name: str, operand: Sum) -> Sum:
        algebra = self.algebra
        operand = algebra.as_met(operand)
        if name in ODD or name in EVEN:
            opposite = algebra.scaled(operand, -1)
            turns = all(number < 0 for number in operand.terms.values()) or algebra.known(name, opposite) is not None
            if turns and algebra.known(name, operand) is None and operand.terms:
                return algebra.scaled(algebra.of(algebra.kernel(name, (opposite,))), -1 if name in ODD else 1)
        if name in _BASES and (found := self._logarithm(name, operand)) is not None:
            return found
        inner = operand.kernel
        for rule in _BY_OUTER.get(name, ()):
            if inner is not None and rule.inner == inner.kind:
                letter: Letter = rule.becomes(Functions(self), Letter(self, inner.operands[0]))
                return letter.total
        return algebra.of(algebra.kernel(name, (operand,)))

    def _logarithm(self, name: str, operand: Sum) -> Sum | None:
        """log(exp(p)) -> p, log(sqrt(p)) -> log(p)/2, log2(2**p) -> p, log(1/p) -> -log(p)."""
        algebra = self.algebra
        if operand.only is None or operand.only[1] != 1:
            return None
        powers = operand.only[0]
        if name == "log" and powers and all(kernel.kind == EXP for kernel, _ in powers):
            return algebra.add((kernel.operands[0], exponent) for kernel, exponent in powers)
        if len(powers) != 1:
            return None
        ((kernel, exponent),) = powers
        if kernel.kind == POW and of_positive(kernel.operands[0]):
            inner = self.call(name, (kernel.operands[0],))
            return algebra.scaled(algebra.times(kernel.operands[1], inner), exponent)
        if exponent == 1 or exponent.numerator % 2 == 0 or kernel.kind in (SIGN, ABS, POW):
            return None
        return algebra.scaled(self.call(name, (algebra.of(kernel),)), exponent)


def _is_pi(kernel: Kernel) -> bool:
    return kernel.leaf is not None and not kernel.leaf.varies and kernel.leaf.label == "pi"

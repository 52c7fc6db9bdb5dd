"""The terms that straight-line code is made of, and the table's rules run on them.

Equal terms are one term, and what does not depend on the arguments is folded into a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite, nan
from typing import Any

from mgcli.graph.floats import FLOATS
from mgcli.graph.table import ALL_OPERATIONS, CONSTANTS, is_primitive

OPPOSITES = {
    "greater": "less_equal",
    "less": "greater_equal",
    "equal": "not_equal",
    "less_equal": "greater",
    "greater_equal": "less",
    "not_equal": "equal",
}
"""The comparisons, each with its opposite; nan is refused before."""

_COMMUTATIVE = frozenset(("add", "mul"))


MOST_CHOICES = 4
"""How many nested choices are searched for the numbers between which they choose."""


class Term:
    """One step: `function` of `operands`; or an argument; or a `number`, else None.

    A function is a key of the table, or "both" or "either" of two conditions.
    """

    __slots__ = ("function", "number", "operands", "terms")

    def __init__(self, terms: Terms, function: str, operands: tuple[Term, ...], number: float | None = None) -> None:
        self.terms = terms
        self.function = function
        self.operands = operands
        self.number = number

    @property
    def is_known(self) -> bool:
        """Whether it is a number, and defined."""
        return self.number is not None and self.number == self.number

    def __repr__(self) -> str:
        return f"<Term {self.function or self.number}>"

    def __pos__(self) -> Term:
        return self

    def __neg__(self) -> Term:
        return self.terms.neg(self)

    def __abs__(self) -> Term:
        return self.terms.step("abs", self)

    def __add__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.add(self, other if isinstance(other, Term) else terms.number(other))

    def __radd__(self, other: float) -> Term:
        return self.terms.add(self.terms.number(other), self)

    def __sub__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.sub(self, other if isinstance(other, Term) else terms.number(other))

    def __rsub__(self, other: float) -> Term:
        return self.terms.sub(self.terms.number(other), self)

    def __mul__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.mul(self, other if isinstance(other, Term) else terms.number(other))

    def __rmul__(self, other: float) -> Term:
        return self.terms.mul(self.terms.number(other), self)

    def __truediv__(self, other: Term | float) -> Term:
        terms = self.terms
        return terms.div(self, other if isinstance(other, Term) else terms.number(other))

    def __rtruediv__(self, other: float) -> Term:
        return self.terms.div(self.terms.number(other), self)

    def __pow__(self, other: Term | float) -> Term:
        return self.terms.pow(self, other)  # type: ignore[attr-defined, no-any-return]


class Terms:
    """The terms of one code, each made once; and the namespace `m` in which the table's rules run on terms.

    A simplification is made only if it changes no bit of any float, including the sign of a zero. If it is `lenient`, a
    number that is not finite becomes nan, for a branch that need not be taken.
    """

    def __init__(self, *, lenient: bool = False) -> None:
        self.lenient = lenient
        self._known: dict[Any, Term] = {}
        self.zero = self.number(0.0)
        self.one = self.number(1.0)

    def latest_first(self) -> Iterator[Term]:
        """Yield the terms, each before its operands."""
        return reversed(self._known.values())

    def argument(self) -> Term:
        """Return a new argument."""
        term = self._known[object()] = Term(self, "", ())
        return term

    def number(self, number: float) -> Term:
        """Return the term of a number. Raises ValueError where it is not finite, unless it is lenient."""
        key = number or str(float(number))
        term = self._known.get(key)
        if term is None:
            if isfinite(number):
                term = self._known[key] = Term(self, "", (), float(number))
            elif self.lenient:
                term = self._known.setdefault("nan", Term(self, "", (), nan))
            else:
                raise ValueError(f"{number} cannot be written")
        return term

    def term(self, operand: Term | float) -> Term:
        """Return `operand` as a term."""
        return operand if isinstance(operand, Term) else self.number(operand)

    def step(self, function: str, *operands: Term) -> Term:
        """Return the term of `function` on `operands`; equal calls give the same term."""
        key = (function, operands)
        term = self._known.get(key)
        if term is None and function in _COMMUTATIVE:
            term = self._known.get((function, operands[::-1]))
        if term is None:
            term = self._known[key] = Term(self, function, operands)
        return term

    def neg(self, x: Term) -> Term:
        """Return -x."""
        if x.number is not None:
            return self.number(-x.number)
        return x.operands[0] if x.function == "neg" else self.step("neg", x)

    def add(self, x: Term, y: Term) -> Term:
        """Return x + y."""
        if x.number is None or y.number is None:
            return self.step("add", x, y)
        return self.number(x.number + y.number)

    def sub(self, x: Term, y: Term) -> Term:
        """Return x - y."""
        if x.number is not None and y.number is not None:
            return self.number(x.number - y.number)
        if x is self.one and y.function in OPPOSITES:
            return self.step(OPPOSITES[y.function], *y.operands)
        return self.step("sub", x, y)

    def mul(self, x: Term, y: Term) -> Term:
        """Return x*y."""
        if x.number is None and y.number is None:
            return self.step("mul", x, y)
        if x.number is not None and y.number is not None:
            return self.number(x.number * y.number)
        for factor, other in ((x, y), (y, x)):
            if factor.number == 1.0:
                return other
            if factor.number == -1.0:
                return self.neg(other)
        return self.step("mul", x, y)

    def div(self, x: Term, y: Term) -> Term:
        """Return x/y. Raises ZeroDivisionError where both are numbers and y is 0."""
        if x.number is not None and y.number is not None:
            return self.number(x.number / y.number)
        return self.mul(x, y) if y.number in (1.0, -1.0) else self.step("div", x, y)

    def choice(self, condition: Term, x: Term, y: Term) -> Term:
        """Return x where `condition` is not 0, and y elsewhere."""
        if condition.function == "where":
            inner, first, second = condition.operands
            if first.number and second.number == 0.0:
                condition = inner
            elif first.number == 0.0 and second.number:
                condition, x, y = inner, y, x
        if condition.number is not None:
            return x if condition.number else y
        if condition.function in OPPOSITES:
            if x is self.one and y is self.zero:
                return condition
            if x is self.zero and y is self.one:
                return self.step(OPPOSITES[condition.function], *condition.operands)
        return self.step("where", condition, x, y)

    def applied(self, function: str, x: Term) -> Term:
        """Return `function` of x; of a choice between numbers, the choice between its values.

        A compiler would compute these itself, and not always round them as its library does.
        """
        known = self._applied(getattr(FLOATS, function), x, MOST_CHOICES)
        return self.step(function, x) if known is None else known

    def _applied(self, on_floats: Callable[[float], float], x: Term, most: int) -> Term | None:
        """Return the choice between values, None where x is not one of at most that many choices of numbers."""
        if x.number is not None:
            try:
                value = on_floats(x.number)
            except (ArithmeticError, ValueError):
                return None
            return self.number(value) if isfinite(value) else None
        if x.function in OPPOSITES:
            condition, first, second = x, self.one, self.zero
        elif x.function == "where" and most:
            condition, first, second = x.operands
        else:
            return None
        values = [self._applied(on_floats, each, most - 1) for each in (first, second)]
        if values[0] is None or values[1] is None:
            return None
        return self.choice(condition, values[0], values[1])

    def both(self, first: Term | None, second: Term | None) -> Term | None:
        """Return the condition that both hold; None is a condition that always does."""
        if first is None or second is None or first is second:
            return first or second
        return self.zero if self.zero in (first, second) else self.step("both", first, second)

    def either(self, first: Term | None, second: Term | None) -> Term | None:
        """Return the condition that one of two holds."""
        if first is None or second is None:
            return None
        for one, other in ((first, second), (second, first)):
            if one is other or (one.function == "both" and other in one.operands):
                return other
        return self.step("either", first, second)

    def where(self, condition: Term | float, x: Term | float, y: Term | float) -> Term | float:
        """Return the function that rules call by this name."""
        if not isinstance(condition, Term):
            return x if condition else y
        return self.choice(condition, self.term(x), self.term(y))

    def _power(self, x: Term | float, y: Term | float) -> Term:
        base, exponent = self.term(x), self.term(y)
        if exponent.number == 1.0:
            return base
        # What the function on floats does.
        if exponent.number == 2.0:
            return self.mul(base, base)
        return self.div(self.one, base) if exponent.number == -1.0 else self.step("pow", base, exponent)


_PRIMITIVES = {operation.name for operation in ALL_OPERATIONS.values() if is_primitive(operation)}


def _method(name: str) -> Callable[..., Any]:
    """Return the function `name` of the table for the namespace: on floats where all operands are known."""
    on_floats = getattr(FLOATS, name)
    on_terms = _on_terms(name)

    def method(terms: Terms, *operands: Term | float) -> Any:
        if Term in map(type, operands):
            return on_terms(terms, *operands)
        return on_floats(*operands)

    return method


def _on_terms(name: str) -> Callable[..., Any]:
    if name == "pow":
        return Terms._power
    if name in _PRIMITIVES and ALL_OPERATIONS[name].arity == 1 and not ALL_OPERATIONS[name].mpmath:
        return lambda terms, x: terms.applied(name, x)
    if name in _PRIMITIVES:
        return lambda terms, *operands: terms.step(name, *map(terms.term, operands))
    return ALL_OPERATIONS[name].forward


for _name in vars(FLOATS):
    if not hasattr(Terms, _name):
        setattr(Terms, _name, CONSTANTS.get(_name) or _method(_name))

"""`Operation`: what an entry of the table holds, and `Form`: how an operation is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

Rule = Callable[..., Any]

# How tightly a piece of text binds, loosest first; a condition is looser than any number.
CONDITION, ANY, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 6)

# The domains and ranges that the simplifier uses, in terms of the operands x and y, and of the value z.
ALL_NUMBERS = "all numbers"

ABOVE_0, FROM_0, NOT_BY_0 = "x > 0", "x >= 0", "y != 0"

POSITIVE, NOT_NEGATIVE, BETWEEN_0_AND_1, WITHIN_1 = "z > 0", "z >= 0", "0 < z < 1", "-1 < z < 1"

FURTHEST_EXPONENT = 2**41
"""The exponential of a larger number overflows at any precision, and that of its opposite is 0."""

LARGEST_ANGLE = 2**16
"""An angle of 2 to a larger power overflows: as many digits of pi would be needed."""


class Form:
    r"""How an operation is written in one notation.

    `precedence` is how tightly the whole binds. `pieces` are strings and, for each operand, the
    precedence below which that operand needs parentheses. `order` holds the indices of the operands
    in the order of the pieces, if that is not the order of the operation. `command` is what a call is
    written with where its operand needs no parentheses, as in `\sin x`; "" where it always has them.
    """

    __slots__ = ("command", "order", "pieces", "precedence")

    def __init__(self, precedence: int, *pieces: str | int, order: tuple[int, ...] = (), command: str = "") -> None:
        self.precedence = precedence
        self.pieces = pieces
        self.order = order
        self.command = command

    def repeated(self, count: int) -> Form:
        """Return the form, of two operands, for `count` of them: what stands between two is repeated."""
        opening, first, between, second, closing = self.pieces
        return Form(self.precedence, opening, first, *(between, second) * (count - 1), closing)

    def arranged(self, operands: Sequence[T]) -> Sequence[T]:
        """Return the `operands` of the operation in the order of the pieces."""
        return [operands[index] for index in self.order] if self.order else operands

    def fill(self, numbers: Sequence[float], show: Callable[[float], str] = str) -> str:
        """Return the operation written with `numbers`, each as `show` writes it, as its operands."""
        operands = iter(self.arranged(numbers))
        written = ""
        for piece in self.pieces:
            # -(-2.0), though --2.0 would do.
            written += (
                piece if isinstance(piece, str) else _number(next(operands), POWER if written == "-" else piece, show)
            )
        return written


def _number(number: float, precedence: int, show: Callable[[float], str]) -> str:
    return f"({show(number)})" if precedence > UNARY and math.copysign(1.0, number) < 0 else show(number)


def call(name: str, arity: int = 1) -> Form:
    """Return the form of a function call, `name(_, _)`."""
    return Form(ATOM, f"{name}(", *(ANY, ", ") * (arity - 1), ANY, ")")


def latex_call(command: str, arity: int = 1) -> Form:
    """Return the form of a function call in LaTeX."""
    return Form(ATOM, rf"{command}\left(", *(ANY, ", ") * (arity - 1), ANY, r"\right)")


def latex_operator(command: str) -> Form:
    r"""Return the form of a function that TeX sets as an operator: `\sin x`, `\sin\left(x + 1\right)`."""
    return Form(ATOM, rf"{command}\left(", ANY, r"\right)", command=command)


def none(m: Any, z: Any, *operands: Any) -> float:
    """Return nan: there is no derivative with respect to this operand, or no rule for it."""
    return math.nan


def zero(m: Any, z: Any, *operands: Any) -> float:
    """Return 0.0, a local derivative that is the same everywhere."""
    return 0.0


def one(m: Any, z: Any, *operands: Any) -> float:
    """Return 1.0, a local derivative that is the same everywhere."""
    return 1.0


def minus_one(m: Any, z: Any, *operands: Any) -> float:
    """Return -1.0, a local derivative that is the same everywhere."""
    return -1.0


_EVERYWHERE: dict[Rule, float] = {zero: 0.0, one: 1.0, minus_one: -1.0}


class Operation:
    """One entry of the table.

    name: its key, and the name of the grammar's rule for it.
    forward: the rule for its value.
    derivatives: one rule for each operand, in textbook form.
    stable: the same, in forms that keep their digits over the whole domain; the textbook form by default.
    slopes: for each operand, the derivative with respect to it if that is the same number everywhere, else None.
    noun: what messages call it.
    symbol: what a drawing shows in its oval.
    text, latex: how it is written.
    names: its names in an expression; the first is the main one, the others are aliases.
    operands: what its operands are called, `x` and `y` by default.
    domain: where it is defined, in terms of its operands.
    range: where its values z lie, as far as that determines their sign.
    description: one line.
    convention: the derivative that is assumed where there is none, or the points where it is
    refused.
    example: operands inside the domain.
    kink: the rule for where it has a kink or a jump, so that its derivatives are conventions; None where it has none.
    is_discontinuous: whether its value jumps there.
    mpmath: what computes it, of mpmath's context and its operands, where neither `math` nor its rule does; not real
    or not finite where it is not defined.
    is_variadic: whether a call may have more operands: f(x, y, z) is f(f(x, y), z).
    overloads: the name of the function that it is when that is called with as many operands.
    chooses: an operand whose local derivative is zero was not taken, and the backward pass does not
    enter it.
    selects: the first operand decides which of the others is the value; the one not taken may be
    undefined.
    """

    __slots__ = (
        "arity",
        "chooses",
        "convention",
        "derivatives",
        "description",
        "domain",
        "example",
        "forward",
        "is_discontinuous",
        "is_variadic",
        "kink",
        "latex",
        "mpmath",
        "name",
        "names",
        "noun",
        "operands",
        "overloads",
        "range",
        "selects",
        "slopes",
        "stable",
        "symbol",
        "text",
    )

    def __init__(
        self,
        name: str,
        forward: Rule,
        derivatives: tuple[Rule, ...],
        *,
        description: str,
        example: tuple[float, ...],
        stable: tuple[Rule, ...] | None = None,
        noun: str | None = None,
        symbol: str | None = None,
        text: Form | None = None,
        latex: Form | None = None,
        aliases: tuple[str, ...] = (),
        function: bool = True,
        operands: tuple[str, ...] | None = None,
        domain: str = ALL_NUMBERS,
        range: str = ALL_NUMBERS,  # noqa: A002
        convention: str = "",
        kink: Rule | None = None,
        discontinuous: bool = False,
        mpmath: Rule | None = None,
        variadic: bool = False,
        overloads: str | None = None,
        chooses: bool = False,
        selects: bool = False,
    ) -> None:
        self.name = name
        self.arity = len(derivatives)
        self.forward = forward
        self.derivatives = derivatives
        self.stable = stable or derivatives
        self.slopes = tuple(_EVERYWHERE.get(rule) for rule in self.stable)
        self.noun = noun or name
        self.symbol = symbol or name
        self.text = text or call(name, self.arity)
        self.latex = latex or latex_call(rf"\operatorname{{{name}}}", self.arity)
        self.names = (name, *aliases) if function else ()
        self.operands = operands or ("x", "y", "z")[: self.arity]
        self.domain = domain
        self.range = range
        self.description = description
        self.convention = convention
        self.example = example
        self.kink = kink
        self.is_discontinuous = discontinuous or self.jumps
        self.mpmath = mpmath
        self.is_variadic = variadic
        self.overloads = overloads
        self.chooses = chooses
        self.selects = selects

    def __repr__(self) -> str:
        return f"<Operation {self.name}>"

    @property
    def compares(self) -> bool:
        """Whether it is a comparison, which is written only where a condition is expected."""
        return self.text.precedence == CONDITION

    @property
    def jumps(self) -> bool:
        """Whether it is flat between jumps: its derivative is 0 by rule, even where there is none."""
        return all(rule is zero for rule in self.derivatives)

    def by(self, index: int) -> str:
        """Return how a message about a derivative refers to the operand `index`; "" if there is only one."""
        return "" if self.arity == 1 else f" with respect to its {('first', 'second', 'third')[index]} operand"

    def at(self, operands: Sequence[float], show: Callable[[float], str] = str) -> str:
        """Return the point `operands` as messages show it, each number as `show` writes it."""
        return show(operands[0]) if self.names and self.arity == 1 else self.text.fill(operands, show)

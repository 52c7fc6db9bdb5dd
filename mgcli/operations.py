"""The table of operations: all that is known of each one, once.

A rule is written with ordinary arithmetic and the functions of a namespace `m` that is handed to
it, never with `if` or `<`, so that one line serves floats (`m` is `FLOATS`), arrays, and nodes
(`m` is `mgcli.functions`). A forward rule takes `m` and the operands; a derivative takes `m`, the
result and the operands, since many a derivative is written with the result (`tanh`, `exp`).

To add a function, add an entry; nothing else holds a list of functions.
"""

import math
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

Rule = Callable[..., Any]

# How tightly a piece of text holds together, loosest first.
ANY, SUM, PRODUCT, UNARY, POWER, ATOM = range(6)


class Form:
    """How an operation is written in one notation.

    `precedence` is how tightly the whole holds together. `pieces` are strings and, for each operand
    in order, the precedence below which that operand needs parentheses.
    """

    __slots__ = ("pieces", "precedence")

    def __init__(self, precedence: int, *pieces: str | int) -> None:
        self.precedence = precedence
        self.pieces = pieces

    def fill(self, numbers: Sequence[float]) -> str:
        """Return the operation written with `numbers` as its operands."""
        operands = iter(numbers)
        written = (piece if isinstance(piece, str) else _number(next(operands), piece) for piece in self.pieces)
        return "".join(written)


def _number(number: float, precedence: int) -> str:
    return f"({number})" if precedence > UNARY and math.copysign(1.0, number) < 0 else f"{number}"


def call(name: str, arity: int = 1) -> Form:
    """Return the form of a function call, `name(_, _)`."""
    return Form(ATOM, f"{name}(", *(ANY, ", ") * (arity - 1), ANY, ")")


def latex_call(command: str, arity: int = 1) -> Form:
    """Return the form of a function call in LaTeX."""
    return Form(ATOM, rf"{command}\left(", *(ANY, ", ") * (arity - 1), ANY, r"\right)")


def _zero(m: Any, z: Any, *operands: Any) -> float:
    return 0.0


def _one(m: Any, z: Any, *operands: Any) -> float:
    return 1.0


def _minus_one(m: Any, z: Any, *operands: Any) -> float:
    return -1.0


_EVERYWHERE: dict[Rule, float] = {_zero: 0.0, _one: 1.0, _minus_one: -1.0}


class Operation:
    """One entry of the table.

    name: its key, and the name of the grammar's rule for it.
    forward: the rule for its value.
    derivatives: one rule for each operand, in the form of a book.
    careful: the same, in forms that keep their digits over the whole domain; those of a book unless told.
    slopes: for each operand, the derivative by it where that is one number everywhere, else None.
    noun: what messages call it.
    symbol: what a drawing shows in its oval.
    text, latex: how it is written.
    names: what it is called by in an expression; the first is its own name, the others are aliases.
    domain: where it is defined, in words of `x` (and `y`).
    description: one line.
    convention: the derivative chosen where there is none, or the point where it is refused.
    example: operands inside the domain.
    chooses: an operand whose local derivative is zero was not taken, and is closed to the backward pass.
    selects: the first operand says which of the others is the value; the one not taken may be undefined.
    """

    __slots__ = (
        "arity",
        "careful",
        "chooses",
        "convention",
        "derivatives",
        "description",
        "domain",
        "example",
        "forward",
        "latex",
        "name",
        "names",
        "noun",
        "selects",
        "slopes",
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
        careful: tuple[Rule, ...] | None = None,
        noun: str | None = None,
        symbol: str | None = None,
        text: Form | None = None,
        latex: Form | None = None,
        aliases: tuple[str, ...] = (),
        function: bool = True,
        domain: str = "all numbers",
        convention: str = "",
        chooses: bool = False,
        selects: bool = False,
    ) -> None:
        self.name = name
        self.arity = len(derivatives)
        self.forward = forward
        self.derivatives = derivatives
        self.careful = careful or derivatives
        self.slopes = tuple(_EVERYWHERE.get(rule) for rule in self.careful)
        self.noun = noun or name
        self.symbol = symbol or name
        self.text = text or call(name, self.arity)
        self.latex = latex or latex_call(rf"\operatorname{{{name}}}", self.arity)
        self.names = (name, *aliases) if function else ()
        self.domain = domain
        self.description = description
        self.convention = convention
        self.example = example
        self.chooses = chooses
        self.selects = selects

    def __repr__(self) -> str:
        return f"<Operation {self.name}>"

    def at(self, operands: Sequence[float]) -> str:
        """Return the place `operands` in words, as messages name it."""
        return f"{operands[0]}" if self.names and self.arity == 1 else self.text.fill(operands)


def _greater(x: float, y: float) -> float:
    return 1.0 if x > y else 0.0


def _less(x: float, y: float) -> float:
    return 1.0 if x < y else 0.0


def _equal(x: float, y: float) -> float:
    return 1.0 if x == y else 0.0


def _where(condition: float, x: float, y: float) -> float:
    return x if condition else y


def _cbrt(x: float) -> float:
    if x == 0.0 or x - x != 0.0:
        return x
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    # One step of Newton's method: 1/3 is not a float, so that the power is a few digits off.
    return root - (root - x / root / root) / 3.0


def _sign(m: Any, z: Any, x: Any) -> Any:
    return m.where(m.greater(x, 0), 1, m.where(m.less(x, 0), -1, 0))


def _part_taken(m: Any, taken: Any, tied: Any) -> Any:
    return m.where(taken, 1, m.where(tied, 0.5, 0))


def _power_by_base(m: Any, z: Any, x: Any, y: Any) -> Any:
    # At y = 0 the power is constant, also at x = 0, where x**(y - 1) has no value.
    constant = m.equal(y, 0)
    return m.where(constant, 0, y * m.pow(x, m.where(constant, 1, y - 1)))


def _power_by_exponent(m: Any, z: Any, x: Any, y: Any) -> Any:
    # 0**y is 0 for every y > 0; at 0**0 the convention is 0 too.
    return m.where(m.equal(x, 0), 0, z * m.log(m.where(m.equal(x, 0), 1, x)))


def _sigmoid(m: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return m.where(m.less(x, 0), small, 1) / (1 + small)


def _sigmoid_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-abs(x))
    return small / ((1 + small) * (1 + small))


def _tanh_slope(m: Any, z: Any, x: Any) -> Any:
    small = m.exp(-2 * abs(x))
    return 4 * small / ((1 + small) * (1 + small))


_COMPARED = "1 where it holds, 0 elsewhere; it has no derivative"

TABLE: tuple[Operation, ...] = (
    Operation(
        "add",
        lambda m, x, y: x + y,
        (_one, _one),
        noun="addition",
        symbol="+",
        text=Form(SUM, SUM, " + ", PRODUCT),
        latex=Form(SUM, SUM, " + ", PRODUCT),
        function=False,
        description="sum",
        example=(2.0, 3.0),
    ),
    Operation(
        "sub",
        lambda m, x, y: x - y,
        (_one, _minus_one),
        noun="subtraction",
        symbol="-",
        text=Form(SUM, SUM, " - ", PRODUCT),
        latex=Form(SUM, SUM, " - ", PRODUCT),
        function=False,
        description="difference",
        example=(2.0, 3.0),
    ),
    Operation(
        "mul",
        lambda m, x, y: x * y,
        (lambda m, z, x, y: y, lambda m, z, x, y: x),
        noun="multiplication",
        symbol="*",
        text=Form(PRODUCT, PRODUCT, "*", UNARY),
        latex=Form(PRODUCT, PRODUCT, r" \cdot ", POWER),
        function=False,
        description="product",
        example=(2.0, 3.0),
    ),
    Operation(
        "div",
        lambda m, x, y: x / y,
        (lambda m, z, x, y: 1 / y, lambda m, z, x, y: -x / y**2),
        careful=(lambda m, z, x, y: 1 / y, lambda m, z, x, y: -z / y),
        noun="division",
        symbol="/",
        text=Form(PRODUCT, PRODUCT, "/", UNARY),
        latex=Form(POWER, r"\frac{", ANY, "}{", ANY, "}"),
        function=False,
        domain="y != 0",
        description="quotient",
        example=(2.0, 3.0),
    ),
    Operation(
        "neg",
        lambda m, x: -x,
        (_minus_one,),
        noun="negation",
        symbol="-",
        text=Form(UNARY, "-", UNARY),
        latex=Form(UNARY, "-", UNARY),
        function=False,
        description="opposite",
        example=(2.0,),
    ),
    Operation(
        "pow",
        lambda m, x, y: m.pow(x, y),
        (lambda m, z, x, y: y * x ** (y - 1), lambda m, z, x, y: z * m.log(x)),
        careful=(_power_by_base, _power_by_exponent),
        noun="power",
        symbol="**",
        text=Form(POWER, ATOM, "**", UNARY),
        latex=Form(POWER, ATOM, "^{", ANY, "}"),
        domain="x > 0; x = 0 with y >= 0; x < 0 with y whole",
        description="x to the power of y, also written x**y and x^y",
        convention="by x at y = 0 and by y at x = 0: 0; by y there is none at x < 0",
        example=(2.0, 3.0),
    ),
    Operation(
        "exp",
        lambda m, x: m.exp(x),
        (lambda m, z, x: z,),
        latex=Form(POWER, "e^{", ANY, "}"),
        description="exponential, e to the power of x",
        example=(0.5,),
    ),
    Operation(
        "expm1",
        lambda m, x: m.expm1(x),
        (lambda m, z, x: m.exp(x),),
        latex=Form(SUM, "e^{", ANY, "} - 1"),
        description="exp(x) - 1, exact for small x",
        example=(0.5,),
    ),
    Operation(
        "log",
        lambda m, x: m.log(x),
        (lambda m, z, x: 1 / x,),
        latex=latex_call(r"\ln"),
        aliases=("ln",),
        domain="x > 0",
        description="natural logarithm",
        example=(2.0,),
    ),
    Operation(
        "log1p",
        lambda m, x: m.log1p(x),
        (lambda m, z, x: 1 / (1 + x),),
        latex=Form(ATOM, r"\ln\left(1 + ", PRODUCT, r"\right)"),
        domain="x > -1",
        description="log(1 + x), exact for small x",
        example=(0.5,),
    ),
    Operation(
        "log2",
        lambda m, x: m.log2(x),
        (lambda m, z, x: 1 / (x * m.log(2)),),
        latex=latex_call(r"\log_{2}"),
        domain="x > 0",
        description="logarithm to base 2",
        example=(2.0,),
    ),
    Operation(
        "log10",
        lambda m, x: m.log10(x),
        (lambda m, z, x: 1 / (x * m.log(10)),),
        latex=latex_call(r"\log_{10}"),
        domain="x > 0",
        description="logarithm to base 10",
        example=(2.0,),
    ),
    Operation(
        "sqrt",
        lambda m, x: m.sqrt(x),
        (lambda m, z, x: 1 / (2 * z),),
        latex=Form(ATOM, r"\sqrt{", ANY, "}"),
        domain="x >= 0",
        description="square root",
        convention="none at x = 0",
        example=(2.0,),
    ),
    Operation(
        "cbrt",
        lambda m, x: m.cbrt(x),
        (lambda m, z, x: 1 / (3 * z**2),),
        latex=Form(ATOM, r"\sqrt[3]{", ANY, "}"),
        description="cube root, of negative numbers too",
        convention="none at x = 0",
        example=(2.0,),
    ),
    Operation(
        "sin",
        lambda m, x: m.sin(x),
        (lambda m, z, x: m.cos(x),),
        latex=latex_call(r"\sin"),
        description="sine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "cos",
        lambda m, x: m.cos(x),
        (lambda m, z, x: -m.sin(x),),
        latex=latex_call(r"\cos"),
        description="cosine, x in radians",
        example=(0.5,),
    ),
    Operation(
        "tan",
        lambda m, x: m.tan(x),
        (lambda m, z, x: 1 + z**2,),
        latex=latex_call(r"\tan"),
        domain="x not an odd multiple of pi/2",
        description="tangent, x in radians",
        example=(0.5,),
    ),
    Operation(
        "asin",
        lambda m, x: m.asin(x),
        (lambda m, z, x: 1 / m.sqrt(1 - x**2),),
        careful=(lambda m, z, x: 1 / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_call(r"\arcsin"),
        aliases=("arcsin",),
        domain="-1 <= x <= 1",
        description="inverse sine, in radians",
        convention="none at x = -1 and x = 1",
        example=(0.5,),
    ),
    Operation(
        "acos",
        lambda m, x: m.acos(x),
        (lambda m, z, x: -1 / m.sqrt(1 - x**2),),
        careful=(lambda m, z, x: -1 / m.sqrt((1 - x) * (1 + x)),),
        latex=latex_call(r"\arccos"),
        aliases=("arccos",),
        domain="-1 <= x <= 1",
        description="inverse cosine, in radians",
        convention="none at x = -1 and x = 1",
        example=(0.5,),
    ),
    Operation(
        "atan",
        lambda m, x: m.atan(x),
        (lambda m, z, x: 1 / (1 + x**2),),
        careful=(lambda m, z, x: 1 / (1 + x * x),),
        latex=latex_call(r"\arctan"),
        aliases=("arctan",),
        description="inverse tangent, in radians",
        example=(0.5,),
    ),
    Operation(
        "sinh",
        lambda m, x: m.sinh(x),
        (lambda m, z, x: m.cosh(x),),
        latex=latex_call(r"\sinh"),
        description="hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "cosh",
        lambda m, x: m.cosh(x),
        (lambda m, z, x: m.sinh(x),),
        latex=latex_call(r"\cosh"),
        description="hyperbolic cosine",
        example=(0.5,),
    ),
    Operation(
        "tanh",
        lambda m, x: m.tanh(x),
        (lambda m, z, x: 1 - z**2,),
        careful=(_tanh_slope,),
        latex=latex_call(r"\tanh"),
        description="hyperbolic tangent",
        example=(0.5,),
    ),
    Operation(
        "asinh",
        lambda m, x: m.asinh(x),
        (lambda m, z, x: 1 / m.sqrt(1 + x**2),),
        careful=(lambda m, z, x: 1 / m.hypot(1, x),),
        latex=latex_call(r"\operatorname{arsinh}"),
        aliases=("arcsinh",),
        description="inverse hyperbolic sine",
        example=(0.5,),
    ),
    Operation(
        "acosh",
        lambda m, x: m.acosh(x),
        (lambda m, z, x: 1 / m.sqrt(x**2 - 1),),
        careful=(lambda m, z, x: 1 / (m.sqrt(x - 1) * m.sqrt(x + 1)),),
        latex=latex_call(r"\operatorname{arcosh}"),
        aliases=("arccosh",),
        domain="x >= 1",
        description="inverse hyperbolic cosine",
        convention="none at x = 1",
        example=(2.0,),
    ),
    Operation(
        "atanh",
        lambda m, x: m.atanh(x),
        (lambda m, z, x: 1 / (1 - x**2),),
        careful=(lambda m, z, x: 1 / ((1 - x) * (1 + x)),),
        latex=latex_call(r"\operatorname{artanh}"),
        aliases=("arctanh",),
        domain="-1 < x < 1",
        description="inverse hyperbolic tangent",
        example=(0.5,),
    ),
    Operation(
        "sigmoid",
        _sigmoid,
        (lambda m, z, x: z * (1 - z),),
        careful=(_sigmoid_slope,),
        latex=latex_call(r"\sigma"),
        description="logistic function, 1/(1 + exp(-x))",
        example=(0.5,),
    ),
    Operation(
        "relu",
        lambda m, x: m.where(m.greater(x, 0), x, 0),
        (lambda m, z, x: m.where(m.greater(x, 0), 1, 0),),
        description="x where x > 0, 0 elsewhere",
        convention="0 at x = 0",
        example=(0.5,),
        chooses=True,
    ),
    Operation(
        "softplus",
        lambda m, x: m.where(m.greater(x, 0), x, 0) + m.log1p(m.exp(-abs(x))),
        (lambda m, z, x: m.sigmoid(x),),
        description="log(1 + exp(x)), a smooth relu",
        example=(0.5,),
    ),
    Operation(
        "erf",
        lambda m, x: m.erf(x),
        (lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(-(x**2)),),
        careful=(lambda m, z, x: 2 / m.sqrt(m.pi) * m.exp(-(x * x)),),
        description="error function",
        example=(0.5,),
    ),
    Operation(
        "abs",
        lambda m, x: abs(x),
        (_sign,),
        latex=Form(ATOM, r"\left|", ANY, r"\right|"),
        description="absolute value",
        convention="0 at x = 0",
        example=(-0.5,),
    ),
    Operation(
        "atan2",
        lambda m, x, y: m.atan2(x, y),
        (lambda m, z, x, y: y / (x**2 + y**2), lambda m, z, x, y: -x / (x**2 + y**2)),
        careful=(
            lambda m, z, x, y: y / m.hypot(x, y) / m.hypot(x, y),
            lambda m, z, x, y: -x / m.hypot(x, y) / m.hypot(x, y),
        ),
        description="angle of the point with ordinate x and abscissa y, in radians",
        convention="none at (0, 0)",
        example=(1.0, 2.0),
    ),
    Operation(
        "hypot",
        lambda m, x, y: m.hypot(x, y),
        (lambda m, z, x, y: x / z, lambda m, z, x, y: y / z),
        careful=(
            lambda m, z, x, y: x / m.where(m.equal(z, 0), 1, z),
            lambda m, z, x, y: y / m.where(m.equal(z, 0), 1, z),
        ),
        latex=Form(ATOM, r"\sqrt{", ATOM, "^{2} + ", ATOM, "^{2}}"),
        description="length of the vector (x, y)",
        convention="0 at (0, 0)",
        example=(3.0, 4.0),
    ),
    Operation(
        "min",
        lambda m, x, y: m.where(m.less(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.less(x, y), m.equal(x, y)),
            lambda m, z, x, y: _part_taken(m, m.less(y, x), m.equal(x, y)),
        ),
        latex=latex_call(r"\min", 2),
        description="the smaller of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
    ),
    Operation(
        "max",
        lambda m, x, y: m.where(m.greater(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.greater(x, y), m.equal(x, y)),
            lambda m, z, x, y: _part_taken(m, m.greater(y, x), m.equal(x, y)),
        ),
        latex=latex_call(r"\max", 2),
        description="the larger of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
    ),
    Operation(
        "where",
        lambda m, x, y, z: m.where(x, y, z),
        (_zero, lambda m, w, x, y, z: m.where(x, 1, 0), lambda m, w, x, y, z: m.where(x, 0, 1)),
        function=False,
        description="the second operand where the first is not 0, the third elsewhere",
        example=(1.0, 2.0, 3.0),
        chooses=True,
        selects=True,
    ),
    Operation(
        "greater",
        lambda m, x, y: m.greater(x, y),
        (_zero, _zero),
        symbol=">",
        text=Form(ANY, SUM, " > ", SUM),
        latex=Form(ANY, SUM, " > ", SUM),
        function=False,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
    ),
    Operation(
        "less",
        lambda m, x, y: m.less(x, y),
        (_zero, _zero),
        symbol="<",
        text=Form(ANY, SUM, " < ", SUM),
        latex=Form(ANY, SUM, " < ", SUM),
        function=False,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
    ),
    Operation(
        "equal",
        lambda m, x, y: m.equal(x, y),
        (_zero, _zero),
        symbol="==",
        text=Form(ANY, SUM, " == ", SUM),
        latex=Form(ANY, SUM, " = ", SUM),
        function=False,
        description=_COMPARED,
        example=(2.0, 3.0),
        chooses=True,
    ),
)

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in TABLE}
"""Every operation by its key."""

FUNCTIONS: dict[str, Operation] = {name: operation for operation in TABLE for name in operation.names}
"""Every operation that an expression can call, by each of its names."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "tau": math.tau}
"""Every constant of the language by its name."""


def _float_namespace() -> Any:
    """Return the functions of the table on floats: those of `math`, and the rest by their own rules."""
    namespace = SimpleNamespace(
        where=_where,
        greater=_greater,
        less=_less,
        equal=_equal,
        cbrt=_cbrt,
        pow=math.pow,
        hypot=math.hypot,
        **CONSTANTS,
    )
    for operation in TABLE:
        if not hasattr(namespace, operation.name):
            primitive = getattr(math, operation.name, None) or _bound(operation.forward, namespace)
            setattr(namespace, operation.name, primitive)
    return namespace


def _bound(rule: Rule, namespace: Any) -> Rule:
    return lambda *operands: rule(namespace, *operands)


FLOATS: Any = _float_namespace()
"""The namespace `m` of the rules for floats."""

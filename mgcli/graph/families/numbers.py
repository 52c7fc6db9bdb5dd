"""Sizes, steps and choices."""

from typing import Any

from mgcli.graph.operation import ANY, ATOM, CONDITION, NOT_NEGATIVE, Form, Operation, latex_call, zero


def _part_taken(m: Any, first: Any, tied: Any, index: int) -> Any:
    """Return 1 for the operand `index` (0 or 1) where it is the one taken: the first on the condition `first`."""
    return m.where(first, 1 - index, m.where(tied, 0.5, index))


_FLAT = "0 where x is whole, too"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "abs",
        lambda m, x: abs(x),
        (lambda m, z, x: m.sign(x),),
        latex=Form(ATOM, r"\left|", ANY, r"\right|"),
        range=NOT_NEGATIVE,
        description="absolute value",
        convention="0 at x = 0",
        example=(-0.5,),
        kink=lambda m, x: m.equal(x, 0),
    ),
    Operation(
        "sign",
        lambda m, x: m.where(m.greater(x, 0), 1.0, m.where(m.less(x, 0), -1.0, 0.0)),
        (zero,),
        latex=latex_call(r"\operatorname{sgn}"),
        description="1 where x > 0, -1 where x < 0, 0 at 0",
        convention="0 at x = 0",
        example=(-0.5,),
        kink=lambda m, x: m.equal(x, 0),
    ),
    Operation(
        "floor",
        lambda m, x: m.floor(x),
        (zero,),
        latex=Form(ATOM, r"\left\lfloor ", ANY, r"\right\rfloor"),
        description="the largest whole number that is at most x",
        convention=_FLAT,
        example=(2.5,),
        kink=lambda m, x: m.equal(x, m.floor(x)),
    ),
    Operation(
        "ceil",
        lambda m, x: m.ceil(x),
        (zero,),
        latex=Form(ATOM, r"\left\lceil ", ANY, r"\right\rceil"),
        description="the smallest whole number that is at least x",
        convention=_FLAT,
        example=(2.5,),
        kink=lambda m, x: m.equal(x, m.floor(x)),
    ),
    Operation(
        "hypot",
        lambda m, x, y: m.hypot(x, y),
        (lambda m, z, x, y: x / z, lambda m, z, x, y: y / z),
        stable=(
            lambda m, z, x, y: x / m.where(m.equal(z, 0), 1, z),
            lambda m, z, x, y: y / m.where(m.equal(z, 0), 1, z),
        ),
        latex=Form(ATOM, r"\sqrt{", ATOM, "^{2} + ", ATOM, "^{2}}"),
        range=NOT_NEGATIVE,
        description="length of the vector (x, y)",
        convention="0 at (0, 0)",
        example=(3.0, 4.0),
        kink=lambda m, x, y: m.equal(m.hypot(x, y), 0),
    ),
    Operation(
        "min",
        lambda m, x, y: m.where(m.less(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.less(x, y), m.equal(x, y), 0),
            lambda m, z, x, y: _part_taken(m, m.less(x, y), m.equal(x, y), 1),
        ),
        latex=latex_call(r"\min", 2),
        description="the smaller of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "max",
        lambda m, x, y: m.where(m.greater(x, y), x, y),
        (
            lambda m, z, x, y: _part_taken(m, m.greater(x, y), m.equal(x, y), 0),
            lambda m, z, x, y: _part_taken(m, m.greater(x, y), m.equal(x, y), 1),
        ),
        latex=latex_call(r"\max", 2),
        description="the larger of two",
        convention="1/2 for each where they are equal",
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    ),
    Operation(
        "clamp",
        lambda m, x, low, high: m.min(m.max(x, low), high),
        (
            lambda m, z, x, low, high: m.where(m.less(x, low), 0, m.where(m.greater(x, high), 0, 1)),
            lambda m, z, x, low, high: m.where(m.less(x, low), m.where(m.less(low, high), 1, 0), 0),
            lambda m, z, x, low, high: m.where(
                m.greater(x, high), 1, m.where(m.less(x, low), m.where(m.less(low, high), 0, 1), 0)
            ),
        ),
        aliases=("clip",),
        operands=("x", "low", "high"),
        description="x, but at least low and at most high; high where low > high",
        convention="by x: 1 at x = low and at x = high; by high: 1 where x < low = high",
        example=(2.0, 1.0, 3.0),
        chooses=True,
        kink=lambda m, x, low, high: m.where(m.equal(x, low), 1, m.equal(x, high)),
    ),
    Operation(
        "where",
        lambda m, x, y, z: m.where(x, y, z),
        (zero, lambda m, w, x, y, z: m.where(x, 1, 0), lambda m, w, x, y, z: m.where(x, 0, 1)),
        text=Form(ATOM, "where(", CONDITION, ", ", ANY, ", ", ANY, ")"),
        latex=Form(
            ATOM,
            r"\begin{cases} ",
            ANY,
            r" & \text{if } ",
            CONDITION,
            r" \\ ",
            ANY,
            r" & \text{otherwise} \end{cases}",
            order=(1, 0, 2),
        ),
        operands=("condition", "p", "q"),
        domain="all numbers; the operand not taken may be undefined",
        description="p where the condition holds (a number: is not 0), else q",
        example=(1.0, 2.0, 3.0),
        chooses=True,
        selects=True,
    ),
)

"""Comparisons: 1 where they hold, 0 elsewhere."""

from mgcli.graph.operation import CONDITION, NOT_NEGATIVE, SUM, Form, Operation, Rule, zero


def _comparison(name: str, symbol: str, latex: str, rule: Rule) -> Operation:
    """Return the entry of a comparison; `latex` is its symbol there."""
    return Operation(
        name,
        rule,
        (zero, zero),
        symbol=symbol,
        text=Form(CONDITION, SUM, f" {symbol} ", SUM),
        latex=Form(CONDITION, SUM, f" {latex} ", SUM),
        function=False,
        range=NOT_NEGATIVE,
        description="1 where it holds, 0 elsewhere; it has no derivative",
        example=(2.0, 3.0),
        chooses=True,
        kink=lambda m, x, y: m.equal(x, y),
    )


OPERATIONS: tuple[Operation, ...] = (
    _comparison("greater", ">", ">", lambda m, x, y: m.greater(x, y)),
    _comparison("greater_equal", ">=", r"\ge", lambda m, x, y: 1 - m.less(x, y)),
    _comparison("less", "<", "<", lambda m, x, y: m.less(x, y)),
    _comparison("less_equal", "<=", r"\le", lambda m, x, y: 1 - m.greater(x, y)),
    _comparison("equal", "==", "=", lambda m, x, y: m.equal(x, y)),
    _comparison("not_equal", "!=", r"\ne", lambda m, x, y: 1 - m.equal(x, y)),
)

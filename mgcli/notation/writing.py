"""A graph written as one expression, and the notation of the language itself.

Writers emit pieces onto a list and keep an explicit stack, so a graph may be deep, and the work is
proportional to the number of pieces.
"""

from collections.abc import Callable, Mapping, Sequence
from math import copysign, isfinite

from mgcli.graph.node import has_more_digits
from mgcli.graph.operation import ANY, ATOM, CONDITION, POWER, UNARY, Form, Operation
from mgcli.graph.value import Value

AFTER_OPERATOR, BEFORE_FACTOR, IN_EXPONENT = 1, 2, 4
"""Where an operand is written: directly after an operator, directly before a factor, in an exponent."""

Item = str | tuple[Value, int, int]
"""A piece of text; or a node, the precedence below which it is enclosed, and where it is written."""

NEGATED_NUMBER = Form(UNARY, "-(", ANY, ")")
"""How the negation of a number is written: without its parentheses it would be read as a negative number."""


class Notation:
    """One way to write nodes: the form of each operation, numbers, names, and what encloses an operand.

    `parentheses` enclose a number, `indicator` a condition in a position where a number is
    expected.
    """

    def __init__(
        self,
        form: Callable[[Operation], Form],
        number: Callable[[float], str],
        name: Callable[[str], str],
        parentheses: tuple[str, str],
        indicator: tuple[str, str],
    ) -> None:
        self.form = form
        self.number = number
        self.name = name
        self.parentheses = parentheses
        self.indicator = indicator

    def rounded(self, show: Callable[[float], str]) -> "Notation":
        """Return this notation with numbers as `show` writes them."""
        return Notation(self.form, show, self.name, self.parentheses, self.indicator)

    def operation(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], precedence: int, position: int
    ) -> list[Item]:
        """Return what the operation of `node` on `operands` is written as, its operands still as nodes."""
        assert node.operation is not None
        form = self.form(node.operation)
        if node.operation.name == "neg" and _is_literal(operands[0]):
            form = NEGATED_NUMBER
        form = form.repeated(len(operands)) if len(operands) > len(node.operands) else form
        remaining = iter(form.arranged(operands))
        pieces: list[Item] = [piece if isinstance(piece, str) else (next(remaining), piece, 0) for piece in form.pieces]
        return pieces if form.precedence >= precedence else self.enclosed(form, pieces)

    def enclosed(self, form: Form, pieces: list[Item]) -> list[Item]:
        """Return the pieces of a `form` in what encloses it."""
        opening, closing = self.indicator if form.precedence == CONDITION else self.parentheses
        return [opening, *pieces, closing]

    def leaf(self, node: Value, precedence: int, position: int) -> str:
        """Return how a leaf without a name is written. Raises ValueError if it is not finite."""
        if node.label and not node.varies:
            number = self.name(node.label)
            if not has_more_digits(node):
                return number
        elif isfinite(node.data):
            number = self.number(node.data)
        else:
            raise ValueError(f"{node.data} cannot be written in an expression")
        loose = UNARY if copysign(1.0, node.data) < 0 else POWER if "^" in number else ATOM
        is_loose = loose < precedence or (loose == UNARY and position & AFTER_OPERATOR)
        return number.join(self.parentheses) if is_loose else number

    def joined(self, pieces: Sequence[str]) -> str:
        """Return the text of `pieces`."""
        return "".join(pieces)


def number_text(number: float) -> str:
    """Return `number` as a formula has it: with the fewest digits that read back as the same float, and no `.0`."""
    written = repr(float(number))
    return written[:-2] if written.endswith(".0") else written


def short_number(number: float) -> str:
    """Return `number` rounded to 6 significant digits."""
    return number_text(float(f"{number:.6g}"))


TEXT = Notation(lambda operation: operation.text, number_text, str, ("(", ")"), ("where(", ", 1, 0)"))


def expression(
    root: Value,
    names: Mapping[Value, str],
    notation: Notation = TEXT,
    *,
    open_root: bool = False,
    loosest: int = ANY,
    position: int = 0,
) -> str:
    """Return `root` written as one expression with the fewest parentheses.

    A node in `names` is written by its name; with `open_root`, `root` itself is written out anyway.
    `loosest` is the precedence below which the whole is enclosed; with CONDITION, a comparison is
    not enclosed. `position` is where it is to be written: the sum of those of AFTER_OPERATOR,
    BEFORE_FACTOR and IN_EXPONENT that apply.
    """
    pieces: list[str] = []
    stack: list[Item] = [(root, loosest, position)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, precedence, position = item
        if node in names and not (open_root and node is root):
            pieces.append(notation.name(names[node]))
        elif node.operation is None:
            pieces.append(notation.leaf(node, precedence, position))
        else:
            operands = _all_operands(node, names)
            stack.extend(reversed(notation.operation(node, operands, names, precedence, position)))
    return notation.joined(pieces)


def _all_operands(node: Value, names: Mapping[Value, str]) -> tuple[Value, ...]:
    """Return the operands of a call; max(max(x, y), z), where what is inside has no name, has three."""
    operands = node.operands
    if node.operation is None or not node.operation.is_variadic:
        return operands
    others = []
    while operands[0].operation is node.operation and operands[0] not in names:
        others.append(operands[1])
        operands = operands[0].operands
    return (*operands, *reversed(others))


def _is_literal(node: Value) -> bool:
    return node.operation is None and (not node.label or has_more_digits(node)) and node.data > 0

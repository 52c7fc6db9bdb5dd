"""The functions of the language made readable: each one with its derivative as a formula, and an example."""

from collections.abc import Iterator
from functools import cached_property
from math import nan

from mgcli import functions
from mgcli.errors import ExpressionError
from mgcli.graph.names import nearest
from mgcli.graph.operation import Operation
from mgcli.graph.table import CONSTANTS, FUNCTIONS, TABLE
from mgcli.graph.value import Value, make
from mgcli.language.remedies import INSTEAD_OF_FUNCTION
from mgcli.notation import TEXT, Notation, expression, number_text


class Entry:
    """A function of the table, on its operands without numbers."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.operands = {name: Value(nan, name) for name in operation.operands}
        self.node = make(operation, list(self.operands.values()), nan)

    @property
    def call(self) -> str:
        """The call of the function on its operands."""
        return f"{self.operation.name}({', '.join(self.operands)})"

    def written(self, notation: Notation = TEXT) -> str:
        """Return the function on its operands, as a formula has it: `x**y` for `pow(x, y)`."""
        return self._write(self.node, notation)

    def derivatives(self, notation: Notation = TEXT) -> dict[str, str]:
        """Return the derivative by each operand that it has one by, in the form of a book."""
        operands = self.operands.values()
        rules = zip(self.operands, self.operation.derivatives, strict=True)
        formulas = {name: rule(functions, self.node, *operands) for name, rule in rules}
        return {
            name: self._write(formula, notation)
            for name, formula in formulas.items()
            if isinstance(formula, Value) or formula == formula
        }

    def _write(self, formula: Value | float, notation: Notation) -> str:
        node = formula if isinstance(formula, Value) else Value(formula)
        return expression(node, {operand: name for name, operand in self.operands.items()}, notation)

    @cached_property
    def example(self) -> dict[str, float]:
        """A value inside the domain for each operand."""
        return dict(zip(self.operands, self.operation.example, strict=True))

    @property
    def command(self) -> str:
        """A command line that gives the value and the gradient at `example`."""
        values = [f"-{name} {number_text(number)}" for name, number in self.example.items()]
        derivatives = self.derivatives()
        asked = [f"--wrt {name}" for name in derivatives if len(derivatives) < len(self.operands)]
        return " ".join([f'mg grad "{self.call}"', *values, *asked])


def entries() -> Iterator[Entry]:
    """Yield every function of the table, in its order."""
    return (Entry(operation) for operation in TABLE if operation.names)


def entry(name: str) -> Entry:
    """Return the function called `name`, which may be an alias. Raises ExpressionError, with the nearest known name."""
    if name in FUNCTIONS:
        return Entry(FUNCTIONS[name])
    near = nearest(name, FUNCTIONS)
    hint: str | None = None
    if name in CONSTANTS:
        hint = f"it is a constant, {CONSTANTS[name]}"
    elif name in INSTEAD_OF_FUNCTION:
        hint = f"write {INSTEAD_OF_FUNCTION[name]}"
    elif near:
        hint = f"did you mean {near}?"
    raise ExpressionError(f"unknown function {name}", hint=hint, topic=None if hint else "functions")

"""The functions of the language for a reader: each with its derivatives as formulas, and an example."""

from collections.abc import Iterator
from functools import cached_property
from math import nan

from mgcli import functions
from mgcli.errors import ExpressionError, Remedy
from mgcli.graph.names import misspelled, nearest
from mgcli.graph.operation import Operation
from mgcli.graph.table import CONSTANTS, FAMILIES, FUNCTIONS, TABLE
from mgcli.graph.value import Value, make
from mgcli.language.remedies import INSTEAD_OF_FUNCTION
from mgcli.notation import TEXT, Notation, expression


class Entry:
    """A function of the table, applied to operands without numbers."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.operands = {name: Value(nan, name) for name in operation.operands}
        self.node = make(operation, list(self.operands.values()), nan)

    @property
    def call(self) -> str:
        """The call of the function on its operands."""
        return f"{self.operation.name}({', '.join(self.operands)})"

    def written(self, notation: Notation = TEXT) -> str:
        """Return the function as it is written in a formula: `x**y` for `pow(x, y)`."""
        return self._write(self.node, notation)

    def derivatives(self, notation: Notation = TEXT) -> dict[str, str]:
        """Return the derivative with respect to each operand that has one, in textbook form."""
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


def entries() -> Iterator[Entry]:
    """Yield every function of the table, in its order."""
    return (Entry(operation) for operation in TABLE if operation.names)


def families() -> dict[str, list[str]]:
    """Return the names of the functions by what they are for."""
    named = {
        title: [operation.name for operation in operations if operation.names] for title, operations in FAMILIES.items()
    }
    return {title: names for title, names in named.items() if names}


def entry(name: str) -> Entry:
    """Return the function called `name`, which may be an alias. Raises ExpressionError, with the nearest known name."""
    if name in FUNCTIONS:
        return Entry(FUNCTIONS[name])
    near = misspelled(name, FUNCTIONS) or nearest(name, FUNCTIONS)
    if name in CONSTANTS:
        hint = f"it is a constant, {CONSTANTS[name]}"
    elif name in INSTEAD_OF_FUNCTION:
        hint = f"write {INSTEAD_OF_FUNCTION[name]}"
    else:
        hint = f"did you mean {near}?" if near else Remedy("the functions are those of mgcli.functions", "functions")
    raise ExpressionError(f"unknown function {name}", hint=hint)

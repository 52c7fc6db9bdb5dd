"""The table of operations: all that is known of each one, once.

Its entries are in `mgcli.graph.families`, a module for each family. A rule is written with ordinary
arithmetic and the functions of a namespace `m`, never with `if` or `<`, so that one line serves floats
(`m` is `FLOATS`), arrays, and nodes (`m` is `mgcli.functions`). A forward rule takes `m` and the
operands; a derivative takes `m`, the result and the operands, since many derivatives are shortest in
terms of the result (`tanh`, `exp`).

To add a function, add an entry; nothing else holds a list of functions.
"""

import copyreg
import math
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import chain
from typing import Any, TypeVar

from mgcli.errors import listed
from mgcli.graph.families import (
    arithmetic,
    comparisons,
    exponential,
    learning,
    numbers,
    slopes,
    special,
    trigonometry,
)
from mgcli.graph.operation import Operation

Node = TypeVar("Node")

FAMILIES: dict[str, tuple[Operation, ...]] = {
    "powers and roots": arithmetic.OPERATIONS,
    "exponentials and logarithms": exponential.OPERATIONS,
    "trigonometry": trigonometry.OPERATIONS,
    "statistics and learning": learning.OPERATIONS,
    "special functions": special.OPERATIONS,
    "sizes, steps and choices": numbers.OPERATIONS,
    "comparisons": comparisons.OPERATIONS,
}
"""The entries of each family, by what it is called."""

TABLE: tuple[Operation, ...] = tuple(chain.from_iterable(FAMILIES.values()))

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in TABLE}
"""Every operation by its key."""

ALL_OPERATIONS: dict[str, Operation] = OPERATIONS | {operation.name: operation for operation in slopes.OPERATIONS}
"""The same, and those that only the rules of others call."""


def operation_named(name: str) -> Operation:
    """Return the operation of the table with this key."""
    return ALL_OPERATIONS[name]


def _pickled(operation: Operation) -> tuple[Callable[[str], Operation], tuple[str]]:
    return operation_named, (operation.name,)


# Unpickled, an operation is the one of the table.
copyreg.pickle(Operation, _pickled)


FUNCTIONS: dict[str, Operation] = {name: operation for operation in TABLE for name in operation.names}
"""Every operation that an expression can call, by each of its names."""

OVERLOADS: dict[tuple[str, int], Operation] = {
    (name, operation.arity): operation
    for operation in TABLE
    if operation.overloads
    for name in OPERATIONS[operation.overloads].names
}
"""The operations that a function is with another number of operands, by its names and that number."""


def nested(name: str, operands: Sequence[Node], make: Callable[[Operation, Sequence[Node]], Node]) -> Node | None:
    """Return the call of the function `name` on `operands`, nested where it takes more; None for a wrong number."""
    operation = OVERLOADS.get((name, len(operands)), FUNCTIONS[name])
    if operation.is_variadic and len(operands) > operation.arity:
        return reduce(lambda first, second: make(operation, [first, second]), operands)
    return make(operation, operands) if len(operands) == operation.arity else None


def count_of_operands(name: str) -> str:
    """Return how many operands the function `name` takes: "1 operand", "1 or 2 operands", "2 or more operands"."""
    operation = FUNCTIONS[name]
    counts = sorted({operation.arity, *(count for function, count in OVERLOADS if function == name)})
    text = f"{operation.arity} or more" if operation.is_variadic else listed(list(map(str, counts)), "or")
    return f"{text} operand{'' if text == '1' else 's'}"


CONSTANTS: dict[str, float] = {"pi": math.pi, "tau": math.tau}
"""Every constant of the language by its name."""

LETTERS: dict[str, str] = {"π": "pi", "τ": "tau"}
"""The constants that a letter stands for, unless that letter is given a value."""


class _Called(set[str]):
    """A namespace that notes which functions a rule calls."""

    def __getattr__(self, name: str) -> Any:
        self.add(name)
        return CONSTANTS.get(name) or (lambda *operands: 1.0)


def is_primitive(operation: Operation) -> bool:
    """Return whether the rule of `operation` calls the function of the same name, rather than others."""
    called = _Called()
    operation.forward(called, *operation.example)
    return operation.name in called

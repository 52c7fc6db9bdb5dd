"""What happened in the rows of a table: counted by cause, each with its first example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

EMPTY, TEXT, LARGE, INPUT = "empty", "text", "large", "input"
"""Why a row has no result: a cell is empty, not a number, or too large for a float; a number is nan or infinite."""

VALUE, DERIVATIVE, UNCERTAINTY = "value", "derivative", "uncertainty"
"""Why it has none although it has all numbers: one of these is undefined."""

KINK, UNDERFLOW, ROUNDED = "kink", "underflow", "rounded"
"""What a row is noted for: a derivative at a kink, a product that is too small for all its digits, a whole number that
is too large for all of them."""


class Cause(NamedTuple):
    """Why rows are counted: the kind, and what is concerned: the name of a column, or the words for an operation."""

    kind: str
    about: str


class Counted(NamedTuple):
    """The rows of one cause: how many, the number of the first, counted from 1, and what is wrong there.

    The first is 0 where rows have no numbers; `cells` then has the names of columns and what they have in that row.
    """

    rows: int
    first: int
    example: str
    cells: Sequence[tuple[str, str]] = ()


class Tally:
    """The number of rows for each cause, in the order in which the causes were found."""

    def __init__(self) -> None:
        self._counted: dict[Cause, Counted] = {}

    def __bool__(self) -> bool:
        return bool(self._counted)

    def __iter__(self) -> Iterator[tuple[Cause, Counted]]:
        return iter(self._counted.items())

    def add(self, cause: Cause, first: int, example: str, rows: int = 1, cells: Sequence[tuple[str, str]] = ()) -> None:
        """Count rows of a cause, with the number of the first of them."""
        known = self._counted.get(cause)
        if known is None:
            self._counted[cause] = Counted(rows, first, example, cells)
        elif first < known.first:
            self._counted[cause] = Counted(known.rows + rows, first, example, cells)
        else:
            self._counted[cause] = known._replace(rows=known.rows + rows)

    def include(self, other: Tally, rows_before: int) -> None:
        """Add the counts of later rows, whose numbers begin after `rows_before`."""
        for cause, counted in other:
            self.add(cause, counted.first + rows_before, counted.example, counted.rows, counted.cells)

    def first(self) -> tuple[Cause, Counted]:
        """Return the cause with the first row, and its count."""
        return min(self, key=lambda item: item[1].first)

    def total(self) -> int:
        """Return the number of rows of all causes together."""
        return sum(counted.rows for _, counted in self)

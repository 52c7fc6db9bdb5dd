"""Numbers and aligned tables as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from math import inf, isfinite

WIDEST = 60
"""The width to which the first column of a table is padded at most; a longer name moves only its own line."""

BLOCK = 1000
"""The number of lines that are collected before they are written."""


LARGE = 6
"""The number of digits before the point beyond which a rounded number has an exponent."""

MOST_DIGITS = 17
"""The number of digits that tells any two floats apart."""


def number(value: float, digits: int | None = None) -> str:
    """Return `value` with the fewest digits that read back as the same float, or rounded to `digits`.

    Rounded, a number from a million up has an exponent, unless all of its digits are shown.
    """
    if digits is None:
        return repr(float(value))
    rounded = f"{value:.{digits}g}"
    nearest = float(rounded)
    if not isfinite(nearest):
        # The largest floats may round up to infinity.
        return rounded
    written = f"{nearest:.{max(digits, LARGE)}g}"
    return written if "e" in written and digits < MOST_DIGITS - 1 else repr(nearest)


def apart(values: Sequence[float], digits: int | None) -> list[str]:
    """Return `values` rounded to `digits`, or to as many more as it takes to tell different ones apart."""
    different = len({*values})
    for enough in range(digits or MOST_DIGITS, MOST_DIGITS):
        written = [number(value, enough) for value in values]
        if len({*written}) >= different:
            return written
    return [number(value) for value in values]


def table(header: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> Iterator[str]:
    """Yield the lines of a table, the first column aligned left, the others right.

    If a line would be wider than `width`, each row is a block of lines, as `blocks` has them.
    """
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    if sum(widths) + 2 * len(widths) > (width or inf):
        yield from blocks(header, rows)
        return
    widths[0] = min(widths[0], WIDEST)
    for line in (header, *rows):
        first = line[0].ljust(widths[0])
        others = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        yield "  ".join([f"{first}  ", *others]).rstrip()


def columns(
    header: Sequence[str], values: Sequence[Sequence[float]], digits: int | None, width: int | None = None
) -> Iterator[str]:
    """Yield the lines of a table of numbers, given by columns, all aligned right.

    If a line would be wider than `width`, each row is a block of lines. Numbers are formatted twice, once to measure
    them, rather than kept as text: a column may be long.
    """
    widths = [
        max(len(title), max((len(number(value, digits)) for value in column), default=0))
        for title, column in zip(header, values, strict=True)
    ]
    rows = ([number(value, digits) for value in row] for row in zip(*values, strict=True))
    if sum(widths) + 2 * len(widths) - 2 > (width or inf):
        yield from blocks(header, rows)
        return
    for row in chain[Sequence[str]]([header], rows):
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def blocks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table with a block for each row: a line for each cell, its title before it."""
    width = max(map(len, header))
    for index, row in enumerate(rows):
        if index:
            yield ""
        for title, cell in zip(header, row, strict=True):
            yield f"{title.ljust(width)}  {cell}".rstrip() if title else cell


class Streamed:
    """The lines of a table whose rows arrive one by one, all columns aligned right.

    At most `BLOCK` rows are kept; a column grows when a later block needs it. Where a line would be wider than `width`,
    columns of `optional` are left out, the last ones first, and the header is repeated. `left_out` is their number.
    """

    def __init__(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], width: int | None, optional: range
    ) -> None:
        self.left_out = 0
        self._header = header
        self._rows = iter(rows)
        self._width = width or inf
        self._optional = optional

    def __iter__(self) -> Iterator[str]:
        """Yield the lines."""
        widths = [len(title) for title in self._header]
        shown: list[int] = []
        while block := list(islice(self._rows, BLOCK)):
            cells = zip(*block, strict=True)
            widths = [max(width, *map(len, column)) for width, column in zip(widths, cells, strict=True)]
            fitting = self._fitting(widths)
            for row in block if fitting == shown else [self._header, *block]:
                yield "  ".join(row[index].rjust(widths[index]) for index in fitting)
            shown = fitting

    def _fitting(self, widths: Sequence[int]) -> list[int]:
        """Return the indices of the columns that are shown."""
        gone = self._optional[len(self._optional) - self.left_out :]
        shown = [index for index in range(len(widths)) if index not in gone]
        while self.left_out < len(self._optional) and sum(widths[index] + 2 for index in shown) - 2 > self._width:
            self.left_out += 1
            shown.remove(self._optional[-self.left_out])
        return shown


def comma_separated(values: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """Yield the lines of columns as CSV, with all digits; a number that is not finite is an empty cell."""
    yield ",".join(values)
    for row in zip(*values.values(), strict=True):
        yield ",".join(number(value) if isfinite(value) else "" for value in row)

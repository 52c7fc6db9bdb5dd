"""Numbers and aligned tables as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import isfinite

WIDEST = 60
"""The width to which the first column of a table is padded at most; a longer name moves only its own line."""

BLOCK = 1000
"""The number of lines that are collected before they are written."""


def number(value: float, digits: int | None = None) -> str:
    """Return `value` with the fewest digits that read back as the same float, or rounded to `digits`."""
    if digits is None:
        return repr(float(value))
    rounded = f"{value:.{digits}g}"
    # The largest floats may round up to infinity.
    return repr(float(rounded)) if isfinite(float(rounded)) else rounded


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, the first column aligned left, the others right."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    widths[0] = min(widths[0], WIDEST)
    for line in lines:
        first = line[0].ljust(widths[0])
        others = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        yield "  ".join([f"{first}  ", *others]).rstrip()


def columns(header: Sequence[str], values: Sequence[Sequence[float]], digits: int | None) -> Iterator[str]:
    """Yield the lines of a table of numbers, given by columns, all aligned right.

    Numbers are formatted twice, once to measure them, rather than kept as text: a column may be long.
    """
    widths = [
        max(len(title), max((len(number(value, digits)) for value in column), default=0))
        for title, column in zip(header, values, strict=True)
    ]
    yield "  ".join(title.rjust(width) for title, width in zip(header, widths, strict=True))
    for row in zip(*values, strict=True):
        yield "  ".join(number(value, digits).rjust(width) for value, width in zip(row, widths, strict=True))


def streamed(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table whose rows arrive one by one, all columns aligned right.

    At most `BLOCK` rows are kept; a column grows when a later block needs it.
    """
    widths = [len(title) for title in header]
    remaining = iter(rows)
    block: list[Sequence[str]] = [header]
    while block:
        block.extend(islice(remaining, BLOCK))
        widths = [max(width, *map(len, column)) for width, column in zip(widths, zip(*block, strict=True), strict=True)]
        for row in block:
            yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        block = list(islice(remaining, 1))

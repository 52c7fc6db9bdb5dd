"""Results as text: numbers, aligned tables, JSON; errors on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import isfinite
from typing import Any

import click

from mgcli.cli.messages import say
from mgcli.render import numbers

exact_option = click.option(
    "--exact",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Compute N significant digits, from literals and values that are exact as typed.",
)

number = numbers.number

WIDEST = 60
"""The width to which the first column of a table is padded at most; a longer name moves only its own line."""

BLOCK = 1000
"""The number of lines that are collected before they are written."""


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


def echo_lines(lines: Iterable[str]) -> None:
    """Write `lines` to standard output, in blocks."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == BLOCK:
            click.echo("\n".join(block))
            block.clear()
    if block:
        click.echo("\n".join(block))


def echo_json(document: Any) -> None:
    """Write `document` as one line of strict JSON; numbers that are not finite become null, with a warning."""
    import json

    replaced = 0

    def strict(part: Any) -> Any:
        nonlocal replaced
        if isinstance(part, float):
            if isfinite(part):
                return part
            replaced += 1
            return None
        if isinstance(part, dict):
            return {key: strict(value) for key, value in part.items()}
        return [strict(value) for value in part] if isinstance(part, Sequence) and not isinstance(part, str) else part

    plain = strict(document)
    utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(plain, allow_nan=False, ensure_ascii=not utf8))
    if replaced:
        say(f"warning: {replaced} {'number is' if replaced == 1 else 'numbers are'} not finite, written as null")

"""Results on standard output: lines in blocks, and JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

import click

from mgcli.cli import colour
from mgcli.cli.messages import say
from mgcli.render.tables import BLOCK


def echo_lines(lines: Iterable[str]) -> None:
    """Write `lines` to standard output, in blocks."""
    block: list[str] = []
    coloured = colour.is_wanted(sys.stdout)
    for line in lines:
        block.append(line)
        if len(block) == BLOCK:
            click.echo("\n".join(block), color=coloured)
            block.clear()
    if block:
        click.echo("\n".join(block), color=coloured)


def terminal_width() -> int | None:
    """Return the width of the terminal that standard output is; None where it is none, and tables stay whole."""
    try:
        if not sys.stdout.isatty():
            return None
    except (AttributeError, ValueError):
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def echo_table(lines: Iterable[str]) -> None:
    """Write the lines of a table, its head, or that of each block, in bold on a terminal."""
    echo_lines(colour.headed(lines) if colour.is_wanted(sys.stdout) else lines)


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

"""`mg functions`: the functions of the language."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.output import echo_json, json_option

if TYPE_CHECKING:
    from mgcli.analysis.reference import Entry

WIDTH = 13
"""The columns that the name of a function, or of what is said of it, takes."""


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """List the functions, or tell all of some.

    First come the names; then each function with what it is, where it is defined, its derivative by
    each operand, and what that is taken to be where it has none.

    \b
    mg functions
    mg functions tanh             one of them, with an example to paste
    mg functions arcsin log hypot --json

    \b
    --json writes
    {"functions": [{"name": "log", "aliases": ["ln"], "expression": "log(x)",
      "description": "...", "domain": "x > 0", "derivative": {"x": "1/x"},
      "convention": "",
      "latex": {"expression": "...", "derivative": {"x": "..."}},
      "example": {"command": "mg grad ...", "variables": {"x": 2.0}}}]}
    """  # noqa: D301
    from mgcli.analysis.reference import entries, entry

    chosen = [entry(name) for name in names] if names else list(entries())
    if as_json:
        echo_json({"functions": [_document(one) for one in chosen]})
    else:
        index = [] if names else [fill(" ".join(one.operation.name for one in chosen), 80)]
        click.echo("\n\n".join([*index, *("\n".join(_lines(one, example=bool(names))) for one in chosen)]))


def _lines(entry: Entry, *, example: bool) -> Iterator[str]:
    """Yield the lines that tell of a function."""
    operation = entry.operation
    yield f"{entry.call.ljust(WIDTH - 2)}  {operation.description}"
    if aliases := operation.names[1:]:
        yield _row("also", ", ".join(aliases))
    yield _row("domain", operation.domain)
    for name, derivative in entry.derivatives().items():
        yield _row(f"d/d{name}", derivative)
    if operation.convention:
        yield _row("except", operation.convention)
    if example:
        yield _row("example", entry.command)


def _row(title: str, text: str) -> str:
    return f"  {title}".ljust(WIDTH - 2) + f"  {text}"


def _document(entry: Entry) -> dict[str, Any]:
    from mgcli.notation import LATEX

    operation = entry.operation
    return {
        "name": operation.name,
        "aliases": operation.names[1:],
        "expression": entry.call,
        "description": operation.description,
        "domain": operation.domain,
        "derivative": entry.derivatives(),
        "convention": operation.convention,
        "latex": {"expression": entry.written(LATEX), "derivative": entry.derivatives(LATEX)},
        "example": {"command": entry.command, "variables": entry.example},
    }

"""`mg functions`: the functions of the language."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.command import Command
from mgcli.cli.options import json_option
from mgcli.cli.output import echo_json

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from mgcli.analysis.reference import Entry

WIDTH = 13
"""The width of the first column."""


def _function_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from mgcli.cli.completion import function_names

    return function_names(incomplete)


@click.command(cls=Command)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_function_names)
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """List all functions, or describe the ones named.

    The names come first, grouped by purpose; then each function with its
    description, its domain, its derivative with respect to each operand, and
    the convention where there is none.

    \b
    mg functions
    mg functions tanh             one of them, with an example to paste
    mg functions arcsin log hypot --json
    """  # noqa: D301
    from mgcli.analysis.reference import entries, entry, families

    chosen = [entry(name) for name in names] if names else list(entries())
    if as_json:
        echo_json({"functions": [_document(one) for one in chosen]})
    else:
        index = [] if names else [f"{title}\n{_listed(functions)}" for title, functions in families().items()]
        click.echo("\n\n".join([*index, *("\n".join(_lines(one, example=bool(names))) for one in chosen)]))


def _listed(functions: list[str]) -> str:
    return fill(" ".join(functions), 80, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _lines(entry: Entry, *, example: bool) -> Iterator[str]:
    """Yield the lines that describe a function."""
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
        yield _row("example", example_command(entry))


def example_command(entry: Entry) -> str:
    """Return a command line that prints the value and the gradient, if there is one, of the function at its example."""
    from mgcli.notation import number_text

    values = [f"-{name} {number_text(number)}" for name, number in entry.example.items()]
    derivatives = entry.derivatives()
    wrt = [f"--wrt {name}" for name in derivatives if len(derivatives) < len(entry.operands)]
    return " ".join([f'mg {"grad" if derivatives else "eval"} "{entry.call}"', *values, *(wrt if derivatives else [])])


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
        "example": {"command": example_command(entry), "variables": entry.example},
    }

"""Options that several commands share, and the values that options take."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

import click

from mgcli.errors import MgError
from mgcli.graph.names import normalized

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Completions = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

json_option = click.option("--json", "as_json", is_flag=True, help="Write one JSON document; see 'mg help json'.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Write CSV, with all digits.")
latex_option = click.option("--latex", "as_latex", is_flag=True, help="Write LaTeX.")

SHORT = 6
"""The number of significant digits of output that is for people only."""

digits_option = click.option(
    "--digits", type=click.IntRange(1, 17), metavar="N", help="Round numbers to N significant digits."
)

short_digits_option = click.option(
    "--digits",
    type=click.IntRange(1, 17),
    default=SHORT,
    metavar="N",
    help=f"Round numbers to N significant digits, 17 for all of them.  [default: {SHORT}]",
)

exact_option = click.option(
    "--exact",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Compute N significant digits; values and literals are exact as typed.",
)


def _names(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names given to an option, normalized as in a program."""
    return tuple(map(normalized, given))


def typed_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the names in the expression that is already typed, as completions."""
    from mgcli.cli.completion import names_typed

    return names_typed(context, incomplete)


def _results_typed(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from mgcli.cli.completion import results_typed

    return results_typed(context, incomplete)


def names_option(option: str, description: str, completions: Completions = typed_names) -> Callable[[Any], Any]:
    """Return an option that takes a name of the expression, and more of them when repeated."""
    return click.option(
        option,
        multiple=True,
        callback=_names,
        metavar="NAME",
        shell_complete=completions,
        help=f"{description}; may be repeated.",
    )


wrt_option = names_option("--wrt", "Only with respect to this variable or name")

of_option = names_option("--of", "The result that the program gives this name", _results_typed)


def refuse(option: str, **others: Any) -> None:
    """Refuse options that cannot be combined with `option`; their names have _ for -. Raises click.UsageError."""
    for other, given in others.items():
        if given:
            name = other.replace("_", "-")
            raise click.UsageError(f"--{option} and --{name} cannot be combined\nhint: leave out one of them")


def constant(option: str, text: str, example: str) -> float:
    """Return the number that `text`, a constant expression, evaluates to.

    Raises click.UsageError, with `example` as a value that `option` takes.
    """
    from mgcli.language.parser import constant_value

    try:
        return constant_value(text)
    except MgError as error:
        from mgcli.cli.hints import worded

        hint = worded(error.hint) or f"write a number, such as {example}"
        raise click.UsageError(f"{option} {text}: {error.message}\nhint: {hint}") from None


def count(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Return the whole number that `text` is; 1e6 is allowed. Raises click.BadParameter."""
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if 0.0 <= number < inf and number.is_integer():
        return int(number)
    raise click.BadParameter(f"{text} is not a whole number", context, parameter)


def positive_count(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Return the whole number above 0 that `text` is. Raises click.BadParameter."""
    number = count(context, parameter, text)
    if number == 0:
        raise click.BadParameter("0 is less than 1", context, parameter)
    return number

"""The hints that name commands and options, for errors from lower rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mgcli.errors import MgError, Remedy

MOST_SHOWN = 8
"""The maximum number of variables that a hint lists."""


def _each(option: str, values: Iterable[str], most: int) -> str:
    return ", ".join(f"{option} {value}" for value in list(values)[:most])


def _value_of(name: str, value: str) -> str:
    import click

    from mgcli.cli.arguments import binding, options_of

    return binding(name, value, options_of(click.get_current_context()))


def _range_of(name: str) -> str:
    return _value_of(name, "-5:5")


def _column(remedy: Remedy) -> str:
    name, near = remedy.data["name"], remedy.data["near"]
    if near:
        return f"did you mean the column {near}? write --column '{name}={near}'"
    return f"give it a value, {_value_of(name, 'VALUE')}, or its column, --column {name}=COLUMN"


HINTS: dict[str, Callable[[Remedy], str]] = {
    "claim": lambda remedy: f"write --claim '{remedy.data['claim']}'",
    "claims": lambda remedy: "say which: " + _each("--claim", map("'{}'".format, remedy.data["claims"]), 2),
    "column": _column,
    "derivative": lambda _: "write the formula alone: 'mg diff FORMULA' prints its derivative",
    "dot": lambda _: "write the graph itself: --out g.dot",
    "equation": lambda remedy: "to differentiate it: mg diff '{equation}' --wrt {wrt} --of {of}".format_map(
        remedy.data
    ),
    "functions": lambda _: "see 'mg functions' for the list",
    "implicit": lambda remedy: "say which: --wrt {wrt} --of {of}".format_map(remedy.data),
    "no claim": lambda _: "write one, as in --claim '2*x', or --claim 'x: 2*x'",
    "range": lambda _: "a range is the value of a variable: -x 0:1:0.1",
    "rate": lambda _: "a smaller --rate takes smaller steps",
    "remote": lambda _: "give the address of a server, --remote sc://host:15002, or run mg with spark-submit",
    "some": lambda _: "choose some of them with --wrt NAME",
    "sweep": lambda remedy: f"write a range for its value, as in {_range_of(remedy.data['name'])}",
    "variable": lambda remedy: f"write one, as in x**2 with -x {remedy.data['value']}",
    "no equation": lambda _: "leave out --of, or write EXPRESSION = 0",
    "picture": lambda _: "draw a picture, --out g.svg, or one of its results, --of NAME",
    "prefix": lambda _: "choose other names for the new columns: --prefix TEXT",
    "point": lambda remedy: f"near it is {_value_of(remedy.data['name'], str(remedy.data['value']))}",
    "wrt": lambda remedy: "say which: " + _each("--wrt", remedy.data["names"], MOST_SHOWN),
    "value only": lambda _: "leave out the derivatives: --value-only",
    "wrt and claim": lambda _: "leave out --wrt",
}
"""The hint that replaces a remedy, by its kind."""


def worded(hint: str | None) -> str | None:
    """Return `hint` in terms of options, if it has a kind."""
    return HINTS[hint.kind](hint) if isinstance(hint, Remedy) and hint.kind in HINTS else hint


def with_options(error: MgError) -> MgError:
    """Return `error` with its hint in terms of options."""
    error.hint = worded(error.hint)
    return error

"""What `mg eval` and `mg grad` print of several results, and of a direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from mgcli.analysis.jacobian import Row, along, jacobian, values
from mgcli.analysis.parentheses import split
from mgcli.cli.inputs import Inputs
from mgcli.cli.options import constant
from mgcli.cli.output import echo_json, echo_lines, echo_table, terminal_width
from mgcli.cli.wording import finite_bound, opening, say_notes, sweep_notes, sweep_status, warn_of_unused
from mgcli.errors import ExpressionError
from mgcli.graph.names import normalized
from mgcli.render.tables import columns, number, table


def evaluate(given: Inputs, results: Sequence[str], as_json: bool, digits: int | None) -> int:
    """Print the value of each result; return the exit status."""
    parts = {name: given.of(name) for name in results}
    if given.sweeps:
        return _sweep(parts, None, as_json, digits)
    program = given.bind()
    rows = values(program, results)
    if as_json:
        named = {name: node.data for name, node in program.names.items()}
        echo_json({**opening(program), **_values(rows), "named": named})
    else:
        echo_lines(f"{name} = {number(row.value, digits)}" for name, row in rows.items())
    _say(rows, digits)
    warn_of_unused(program)
    return 0


def differentiate(
    given: Inputs, results: Sequence[str], wanted: Sequence[str] | None, as_json: bool, digits: int | None
) -> int:
    """Print the value and the gradient of each result; return the exit status."""
    parts = {name: given.of(name) for name in results}
    program = given.program
    wrt = list(program.variables or program.inputs()) if wanted is None else list(wanted)
    if given.sweeps:
        return _sweep(parts, wrt, as_json, digits)
    rows = jacobian(given.bind(), results, wrt)
    if as_json:
        echo_json({**opening(program), **_values(rows), "jacobian": {name: row.gradient for name, row in rows.items()}})
    else:
        numbers = [[name, row.value, *row.gradient.values()] for name, row in rows.items()]
        echo_table(_table(["value", *wrt], numbers, digits))
    _say(rows, digits)
    warn_of_unused(program)
    return 0


def move(given: Inputs, results: Sequence[str], direction: str, as_json: bool, digits: int | None) -> int:
    """Print the value of each result, of the last one if none is named, and its derivative along a direction."""
    program = given.program
    for name in given.sweeps:
        raise ExpressionError(f"{name} is swept, and --along is for one point", hint=f"give {name} one value")
    numbers = _direction(given, direction)
    parts = {name: program.of(name) for name in results} or {program.title: program}
    rows = along(given.bind(), parts, numbers)
    if as_json:
        moved = {"direction": numbers, "derivative": {name: row.along for name, row in rows.items()}}
        echo_json({**opening(program), **_values(rows), "along": moved})
    else:
        echo_table(_table(["value", "along"], [[name, row.value, row.along] for name, row in rows.items()], digits))
    _say(rows, digits)
    warn_of_unused(program)
    return 0


def _direction(given: Inputs, text: str) -> dict[str, float]:
    """Return the numbers of a direction, as in r=1,t=0, by the names of variables. Raises click.UsageError."""
    program = given.program
    numbers: dict[str, float] = {}
    for part in split(text, ","):
        name, equals, value = part.partition("=")
        name = normalized(name.strip())
        if not equals or not name.isidentifier() or not value.strip():
            example = ",".join(f"{each}=1" for each in list(program.variables)[:2]) or "x=1"
            raise click.UsageError(
                f"--along {text}: {part.strip() or 'nothing'} is not NAME=NUMBER\nhint: write --along {example}"
            )
        if name in numbers:
            raise click.UsageError(f"--along {text}: {name} is given twice\nhint: give it one number")
        if not program.node(name).is_input():
            raise click.UsageError(
                f"--along {text}: {name} depends on variables\nhint: a direction has numbers for variables, such as"
                f" {next(iter(program.inputs()), 'x')}"
            )
        numbers[name] = constant("--along", value.strip(), "0.5")
    return numbers


def _values(rows: Mapping[str, Row]) -> dict[str, Any]:
    return {
        "values": {name: row.value for name, row in rows.items()},
        "rounding": {name: finite_bound(row.rounding) for name, row in rows.items()},
    }


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]], digits: int | None) -> Iterable[str]:
    cells = [[name, *(number(value, digits) for value in numbers)] for name, *numbers in rows]
    return table(["", *header], cells, terminal_width())


def _say(rows: Mapping[str, Row], digits: int | None) -> None:
    notes = [note for row in rows.values() for note in row.notes]
    say_notes(dict.fromkeys(notes), digits)


def _sweep(parts: Mapping[str, Inputs], wrt: Sequence[str] | None, as_json: bool, digits: int | None) -> int:
    """Print the sweep of each result, side by side; return the exit status."""
    swept = {name: part.sweep(wrt) for name, part in parts.items()}
    first = next(iter(swept.values()))
    points = first.points()
    program = next(iter(parts.values())).program
    if as_json:
        document = opening(program, **points)
        document["values"] = {name: each.result.data for name, each in swept.items()}
        document["rounding"] = {name: finite_bound(each.rounding) for name, each in swept.items()}
        if wrt is not None:
            document["jacobian"] = {
                name: {other: each.columns[other].grad for other in wrt} for name, each in swept.items()
            }
        echo_json(document)
    else:
        header, numbers = list(points), list(points.values())
        for name, each in swept.items():
            header.extend([name, *(f"d{name}/d{other}" for other in wrt or ())])
            numbers.extend([each.result.data, *(each.columns[other].grad for other in wrt or ())])
        echo_table(columns(header, numbers, digits, terminal_width()))
    for each in swept.values():
        sweep_notes(each)
    return sweep_status(max(each.refused for each in swept.values()), len(first.result.data))

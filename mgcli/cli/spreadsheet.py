"""What --csv writes: a first line with names, and a row for each point, with all digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgcli.cli.inputs import Inputs
from mgcli.cli.output import echo_lines
from mgcli.cli.wording import opening, say_notes, sweep_notes, sweep_status, warn_of_unused
from mgcli.language.program import Program
from mgcli.render.tables import comma_separated


def write(given: Inputs, results: Sequence[str], wrt: Sequence[str] | None) -> int:
    """Write the values of the variables, of each result, or of the last one, and the derivatives of each.

    wrt: the names to differentiate with respect to, None for no derivatives. Returns the exit status.
    """
    parts = {name: given.of(name) for name in results} or {given.program.title: given}
    return _sweep(parts, wrt) if given.sweeps else _point(given, parts, wrt)


def echo(program: Program, columns: Mapping[str, Sequence[float]], **swept: Sequence[float]) -> None:
    """Write columns after those of the variables, which are the same in every row unless they are `swept`."""
    count = len(next(iter(columns.values())))
    variables = opening(program, **swept)["variables"]
    shown = {name: value if name in swept else [value] * count for name, value in variables.items()}
    echo_lines(comma_separated({**shown, **columns}))


def _sweep(parts: Mapping[str, Inputs], wrt: Sequence[str] | None) -> int:
    swept = {name: part.sweep(wrt) for name, part in parts.items()}
    columns: dict[str, Sequence[float]] = {name: each.result.data for name, each in swept.items()}
    for name, each in swept.items():
        columns.update({f"d{name}_d{other}": each.columns[other].grad for other in wrt or ()})
    first = next(iter(swept.values()))
    echo(next(iter(parts.values())).program, columns, **first.points())
    for each in swept.values():
        sweep_notes(each)
    return sweep_status(max(each.refused for each in swept.values()), len(first.result.data))


def _point(given: Inputs, parts: Mapping[str, Inputs], wrt: Sequence[str] | None) -> int:
    from mgcli.analysis.jacobian import row_of

    program = given.bind()
    rows = {name: row_of(part.program, wrt or ()) for name, part in parts.items()}
    columns: dict[str, Sequence[float]] = {name: [each.value] for name, each in rows.items()}
    for name, each in rows.items():
        columns.update({f"d{name}_d{other}": [slope] for other, slope in each.gradient.items()})
    echo(program, columns)
    say_notes(dict.fromkeys(note for each in rows.values() for note in each.notes))
    warn_of_unused(program)
    return 0

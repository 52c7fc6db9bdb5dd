"""What the commands say of a program in the same way."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.output import echo_error, number
from mgcli.errors import ExpressionError
from mgcli.graph.names import normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mgcli.analysis.differences import Check
    from mgcli.analysis.sweep import Swept
    from mgcli.analysis.trusted import Note
    from mgcli.graph.value import Value
    from mgcli.language.program import Program


def document(program: Program, value: Any = None, rounding: Any = None, /, **swept: Any) -> dict[str, Any]:
    """Return the entries that open every JSON document; `swept` are the points of variables, in place of one value.

    rounding: the bound for the error of the value; where it is not known, it is null.
    """
    variables = {name: swept.get(name, node.data) for name, node in program.variables.items()}
    if rounding is None and value is None:
        from mgcli.analysis.trusted import evaluated

        rounding = evaluated(program).rounding
    known = {} if rounding is None else {"rounding": _finite(rounding)}
    return {
        "expression": program.text,
        "variables": variables,
        "value": program.root.data if value is None else value,
        **known,
    }


def _finite(rounding: float | Sequence[float]) -> Any:
    """Return bounds, rounded up to two digits, with None for those that are not known."""
    if isinstance(rounding, float):
        return None if rounding == inf else float(f"{1.06 * rounding:.1e}")
    return [_finite(bound) for bound in rounding]


def say(notes: Iterable[Note]) -> None:
    """Write notes to standard error."""
    for note in notes:
        click.echo(f"note: {note}", err=True)


def function_letter(program: Program, *names: str) -> str:
    """Return what the result is called as a function of `names`: its own name, or a letter unlike them."""
    f = "f" if program.title in ("value", *names) else program.title
    return f if f not in names else "F"


def only_variable(program: Program) -> str:
    """Return the variable where there is one, or else the one name of a number. Raises click.UsageError."""
    names = list(program.variables or program.inputs())
    if len(names) == 1:
        return names[0]
    if not names:
        raise click.UsageError("the expression has no variable\nhint: write one, as in x**2 with -x 3")
    ways = ", ".join(f"--wrt {name}" for name in names[:8])
    raise click.UsageError(f"the expression has {len(names)} variables\nhint: say which: {ways}")


def warn_of_unused(program: Program) -> None:
    """Say which names have no value, where the result does not need them."""
    for name, node in program.names.items():
        if node.data != node.data:
            why = f": {node.error.message}" if node.error else ""
            click.echo(f"warning: {name}, which the result does not use, has no value{why}", err=True)


def sweep_notes(swept: Swept) -> None:
    """Say at how many points of a sweep the numbers are not what they seem."""
    points = len(swept.result.data)
    if imprecise := swept.imprecise():
        click.echo(f"note: rounding may leave fewer than 9 digits at {imprecise} of {points} points", err=True)
    if swept.conventions:
        click.echo(f"note: a kink: a derivative is a convention at {swept.conventions} of {points} points", err=True)


def sweep_status(refused: int, points: int) -> int:
    """Return the exit status of a sweep, and say how many of its points have no value."""
    if not refused:
        return 0
    echo_error(f"not defined at {refused} of {points} points (nan)")
    return 1


def kink_text(check: Check, digits: int | None) -> str:
    """Return what is said of a place where there is no derivative, as `check` found it."""
    left, right = (number(side, digits or 6) for side in (check.left, check.right))
    jumps = check.left != check.left
    why = "a step or a condition jumps" if jumps else f"the slope is {left} on the left and {right} on the right"
    return f"{check.verdict}, {why}"


def wanted_of(program: Program, wrt: tuple[str, ...]) -> dict[str, Value]:
    """Return what to differentiate by: what `wrt` names, or all variables, or all numbers with a name."""
    if wrt:
        for name in wrt:
            program.node(name)
        asked = set(map(normalized, wrt))
        return {name: program.node(name) for name in program.known() if name in asked}
    wanted = program.variables or program.inputs()
    if not wanted:
        raise ExpressionError("the expression has no variable to differentiate by", hint="write one, as in 'x**2'")
    return dict(wanted)


def equations_of(
    program: Program, results: Mapping[str, Value], notation: Any = None, taken: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return the statements that give `results`, one that is named "" as an expression; no new name is in `taken`."""
    from mgcli.notation import TEXT, equations, names_of_shared

    kept = {node for name, node in program.names.items() if node.label == name}
    shared = names_of_shared(list(results.values()), taken=[*program.known(), *results, *taken], kept=kept)
    return equations(results, shared, notation or TEXT)

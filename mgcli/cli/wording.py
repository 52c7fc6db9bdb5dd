"""What several commands print: the opening of a JSON document, and messages on standard error."""

from __future__ import annotations

from math import inf, ulp
from typing import TYPE_CHECKING, Any

from mgcli.cli.messages import echo_error, say
from mgcli.cli.options import SHORT
from mgcli.render.tables import apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mgcli.analysis.differences import Check
    from mgcli.analysis.sweep import Swept
    from mgcli.analysis.trusted import Note
    from mgcli.language.program import Program


def document(program: Program, value: Any = None, rounding: Any = None, /, **swept: Any) -> dict[str, Any]:
    """Return the first entries of every JSON document; `swept` are the points of the variables that are swept.

    rounding: the bound for the error of the value; where it is not known, it is null.
    """
    if rounding is None and value is None:
        from mgcli.analysis.trusted import evaluated

        rounding = evaluated(program).rounding
    known = {} if rounding is None else {"rounding": finite_bound(rounding)}
    return {
        **opening(program, **swept),
        "value": program.root.data if value is None else value,
        **known,
    }


def exact_document(program: Program, value: str) -> dict[str, Any]:
    """Return the first entries of a JSON document for a value of many digits: the float nearest to it."""
    nearest = float(value)
    return document(program, nearest, ulp(nearest) / 2)


def opening(program: Program, /, **swept: Any) -> dict[str, Any]:
    """Return the entries of the program itself, and of its variables; `swept` are the points of those that are."""
    given = {*program.variables, *program.redefined, *swept}
    variables = {name: swept.get(name, program.node(name).data) for name in program.known() if name in given}
    return {"expression": program.text, "variables": variables}


def finite_bound(rounding: float | Sequence[Any]) -> Any:
    """Return bounds, rounded up to two digits, with None for those that are not known."""
    if isinstance(rounding, float):
        return None if rounding == inf else float(f"{1.06 * rounding:.1e}")
    return [finite_bound(bound) for bound in rounding]


def say_notes(notes: Iterable[Note], digits: int | None = None) -> None:
    """Write notes to standard error, their numbers rounded as those of the results beside them."""
    for note in notes:
        say(f"note: {note.worded(lambda numbers: apart(numbers, digits))}")


def sweep_notes(swept: Swept) -> None:
    """Report the number of points of a sweep where a value is imprecise or a derivative is a convention."""
    points = len(swept.result.data)
    if imprecise := swept.imprecise():
        say(f"note: rounding may leave fewer than 9 correct digits at {imprecise} of {points} points")
    if swept.conventions:
        say(f"note: at {swept.conventions} of {points} points a derivative is a convention (a kink)")


def warn_of_unused(program: Program) -> None:
    """Report the names that are undefined but do not affect the result."""
    for name, node in program.names.items():
        if node.data != node.data:
            why = f": {node.error.message}" if node.error else ""
            say(f"warning: {name}, which the result does not use, is undefined{why}")


def sweep_status(undefined: int, points: int) -> int:
    """Return the exit status of a sweep, and report how many of its points are undefined."""
    if not undefined:
        return 0
    echo_error(f"undefined at {undefined} of {points} points (nan)")
    return 1


def kink_text(check: Check, digits: int | None) -> str:
    """Return why there is no derivative at the point of `check`."""
    left, right = apart([check.left, check.right], digits or SHORT)
    jumps = check.left != check.left
    why = "a step or a condition jumps" if jumps else f"the slope is {left} on the left and {right} on the right"
    return f"{check.verdict}, {why}"

"""The derivatives of several results of one program: a row for each, or one number along a direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isfinite
from typing import NamedTuple

from mgcli.analysis.trusted import KEPT, Note, differentiated, evaluated
from mgcli.graph.chain_rule import tangents
from mgcli.language.program import Program


class Row(NamedTuple):
    """One result: its value, with a bound for the rounding error, and its derivatives by name.

    notes: the notes on the numbers. kept: whether every derivative is right in floats. along: the derivative along a
    direction, where one was given.
    """

    value: float
    rounding: float
    gradient: dict[str, float]
    notes: list[Note]
    kept: bool = True
    along: float | None = None


def values(program: Program, results: Sequence[str]) -> dict[str, Row]:
    """Return the value of each of the `results` of a program that is evaluated. Raises EvaluationError."""
    rows = {}
    for name in results:
        part = program.of(name)
        report = evaluated(part)
        if report.error:
            raise report.error
        rows[name] = Row(part.root.data, report.rounding, {}, report.value_notes)
    return rows


def jacobian(program: Program, results: Sequence[str], wrt: Sequence[str]) -> dict[str, Row]:
    """Return the value and the gradient of each of the `results`: one backward pass for each.

    The program is evaluated. Raises EvaluationError where a value or a derivative is undefined.
    """
    return {name: row_of(program.of(name), wrt) for name in results}


def along(program: Program, results: Mapping[str, Program], direction: Mapping[str, float]) -> dict[str, Row]:
    """Return the value of each result and its derivative along `direction`, which has a number for each variable.

    results: programs that share the graph of `program`, which is evaluated. One forward pass serves all of them;
    if a derivative is wrong in floats, the sum over the gradient takes its place. Raises
    EvaluationError where a value or a derivative is undefined.
    """
    moved = {name: number for name, number in direction.items() if number}
    found = tangents(program.nodes, {program.node(name): number for name, number in moved.items()})
    rows = {}
    for name, part in results.items():
        row = row_of(part, list(moved))
        slope = found.get(part.root, 0.0)
        if not (row.kept and isfinite(slope)):
            slope = fsum(row.gradient[each] * number for each, number in moved.items())
        rows[name] = row._replace(along=slope)
    return rows


def row_of(part: Program, wrt: Sequence[str]) -> Row:
    """Return the value and the gradient of one result. Raises EvaluationError where one of them is undefined."""
    report = differentiated(part, wrt)
    if report.error:
        raise report.error
    gradient = {name: part.node(name).grad for name in wrt}
    kept = all(derivative.kind == KEPT for derivative in report.derivatives.values())
    return Row(part.root.data, report.rounding, gradient, [*report.value_notes, *report.notes], kept)

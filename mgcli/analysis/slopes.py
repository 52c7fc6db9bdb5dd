"""Slopes over a step: one, or a table of ever smaller steps against the exact derivative."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from mgcli.analysis.differences import KINK, Check, Response, check
from mgcli.analysis.trusted import Note, differentiated
from mgcli.errors import EvaluationError
from mgcli.graph.evaluation import first_error
from mgcli.language.program import Program


class Slope(NamedTuple):
    """The result before and after `step` is added to a node whose value is `at`."""

    step: float
    at: float
    before: float
    after: float

    @property
    def difference(self) -> float:
        """By how much the result moved."""
        return self.after - self.before

    @property
    def quotient(self) -> float:
        """The difference quotient, (f(x + h) - f(x)) / h."""
        return self.difference / self.step


def slope(program: Program, name: str, step: float) -> Slope:
    """Return the slope of the evaluated `program` with respect to `name`, a variable or a name, over `step`.

    Raises EvaluationError if the result after the step is undefined.
    """
    with Response(program, name) as response:
        after = response(response.at + step)
        error = first_error(program.root) if after != after else None
        if error:
            hint = f"here {name} is {response.node.data}: try a smaller step, or one in the other direction"
            raise EvaluationError(error.message, text=program.text, span=error.span, hint=hint)
    return Slope(step, response.at, response.result, after)


def shrinking(program: Program, name: str, step: float, rows: int) -> list[Slope]:
    """Return `rows` slopes, each step a tenth of the one before; `after` is nan where it is undefined."""
    slopes = []
    with Response(program, name) as response:
        for row in range(rows):
            # In decimal: dividing the float 0.001 would soon give 1.0000000000000002e-06.
            smaller = float(Decimal(repr(step)).scaleb(-row))
            slopes.append(Slope(smaller, response.at, response.result, response(response.at + smaller)))
    return [each for each in slopes if each.step]


class Convergence(NamedTuple):
    """Slopes over ever smaller steps.

    derivative: what they converge to, nan where there is none; `error` says why.
    kink: the check that found that the result is not differentiable here, None if it is.
    notes: the notes on `derivative`.
    rounding: a bound for the error of the result.
    """

    slopes: list[Slope]
    derivative: float
    kink: Check | None
    error: EvaluationError | None
    notes: list[Note]
    rounding: float

    @property
    def undefined(self) -> int:
        """The number of steps after which the result is undefined."""
        return sum(each.after != each.after for each in self.slopes)


def convergence(program: Program, name: str, step: float, rows: int) -> Convergence:
    """Return `rows` slopes of the evaluated `program` with respect to `name`, and what they converge to."""
    report = differentiated(program, [name])
    error = report.error
    derivative = program.node(name).grad
    found = None if error else next(iter(check(program, [name])))
    kink = found if found and found.verdict == KINK else None
    return Convergence(shrinking(program, name, step, rows), derivative, kink, error, report.notes, report.rounding)


def lost_step(slopes: list[Slope]) -> float | None:
    """Return the first step that is so small that adding it changes nothing, None if there is none."""
    return next((each.step for each in slopes if each.at + each.step == each.at), None)

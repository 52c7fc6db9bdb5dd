"""What `mg uncertainty` prints of a sweep: a row for each point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING, Any

from mgcli.analysis.correlations import Correlation, Quantities
from mgcli.analysis.coverage import coverage_factor
from mgcli.analysis.uncertainty import FIRST, propagated
from mgcli.cli.inputs import Inputs
from mgcli.cli.messages import say
from mgcli.cli.output import echo_json, echo_lines
from mgcli.cli.uncertain_inputs import distributions
from mgcli.cli.wording import opening, sweep_status
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.language.program import Program
from mgcli.render.tables import columns

if TYPE_CHECKING:
    from mgcli.cli.uncertain_inputs import Options


def run(given: Inputs, parts: Mapping[str, Program], correlations: Sequence[Correlation], options: Options) -> int:
    """Print the results at each point of a sweep with their uncertainties, and return the exit status."""
    if options.samples is not None:
        raise ExpressionError("a sweep takes no samples", hint="leave --samples out, or give each variable one value")
    if options.output in ("latex", "plot"):
        raise ExpressionError(
            f"--{options.output} is for one point", hint=f"leave it out, or give {next(iter(given.sweeps))} one value"
        )
    if len(given.sweeps) > 1:
        raise ExpressionError(
            f"{' and '.join(given.sweeps)} are both swept", hint="sweep one variable, and give the others one value"
        )
    ((swept, points),) = given.sweeps.items()
    program = given.bind()
    rows: dict[str, list[list[float]]] = {name: [[], [], []] for name in parts}
    undefined = bent = 0
    for point in points:
        middles = {**given.values, swept: point}
        quantities = Quantities(distributions(given, middles), correlations)
        failed = False
        for name, part in parts.items():
            program.bind(middles)
            try:
                result = propagated(part, quantities)
            except EvaluationError:
                failed = True
                numbers = [nan, nan, nan]
            else:
                bent += result.method != FIRST
                factor = options.factor or coverage_factor(options.coverage or 0.95, result.nu)
                numbers = [*result.shown, factor * result.shown.u]
            for column, number in zip(rows[name], numbers, strict=True):
                column.append(number)
        undefined += failed
    if options.output == "json":
        echo_json({**opening(program, **{swept: list(points)}), **_document(rows)})
    else:
        header, table = [swept], [list(points)]
        for name, found in rows.items():
            header.extend([name, f"u({name})" if len(rows) > 1 else "u", "expanded"])
            table.extend(found)
        echo_lines(columns(header, table, options.digits or 6))
    if bent:
        say(f"warning: at {bent} of {len(points) * len(parts)} points first order is not enough, so another is shown")
    return sweep_status(undefined, len(points))


def _document(rows: Mapping[str, list[list[float]]]) -> dict[str, Any]:
    found = {
        name: {"value": values, "u": uncertainties, "expanded": expanded}
        for name, (values, uncertainties, expanded) in rows.items()
    }
    return next(iter(found.values())) if len(found) == 1 else {"results": found}

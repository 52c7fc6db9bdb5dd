"""What `mg uncertainty` prints of a sweep: a row for each point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING, Any

from mgcli.analysis.correlations import Correlation, Quantities
from mgcli.analysis.coverage import coverage_factor
from mgcli.analysis.uncertainty import FIRST, propagated
from mgcli.cli import uncertain_csv
from mgcli.cli.inputs import Inputs
from mgcli.cli.messages import say
from mgcli.cli.options import SHORT
from mgcli.cli.output import echo_json, echo_table, terminal_width
from mgcli.cli.progress import Watched
from mgcli.cli.uncertain_inputs import distributions
from mgcli.cli.wording import opening, sweep_status
from mgcli.errors import EvaluationError, ExpressionError, listed
from mgcli.language.program import Program
from mgcli.render.tables import columns

if TYPE_CHECKING:
    from mgcli.cli.uncertain_inputs import Options


def run(given: Inputs, parts: Mapping[str, Program], correlations: Sequence[Correlation], options: Options) -> int:
    """Print the results at each point of a sweep with their uncertainties, and return the exit status."""
    if options.samples is not None:
        raise ExpressionError("a sweep takes no samples", hint="leave out --samples, or give each variable one value")
    if options.output in ("latex", "plot"):
        raise ExpressionError(
            f"--{options.output} is for one point", hint=f"leave it out, or give {next(iter(given.sweeps))} one value"
        )
    if len(given.sweeps) > 1:
        raise ExpressionError(
            f"{listed(list(given.sweeps))} are swept", hint="sweep one variable, and give the others one value"
        )
    ((swept, points),) = given.sweeps.items()
    program = given.bind()
    rows: dict[str, list[list[float]]] = {name: [[], [], []] for name in parts}
    spreads: dict[str, list[float]] = {}
    undefined = bent = 0
    done: list[float] = []
    watched = Watched(points, len(points))
    for point in watched:
        middles = {**given.values, swept: point}
        quantities = Quantities(distributions(given, middles), correlations)
        for name, u in zip(quantities.names, quantities.uncertainties, strict=True):
            spreads.setdefault(name, []).append(u)
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
        done.append(point)
    if options.output == "json":
        echo_json({**opening(program, **{swept: done}), **_document(rows)})
    elif options.output == "csv":
        uncertain_csv.echo(program, spreads, rows, **{swept: done})
    else:
        header, table = [swept], [done]
        for name, found in rows.items():
            header.extend([name, f"u({name})" if len(rows) > 1 else "u", "expanded"])
            table.extend(found)
        echo_table(columns(header, table, options.digits or SHORT, terminal_width()))
    if bent:
        say(f"warning: at {bent} of {len(done) * len(parts)} points first order is not enough, so another is shown")
    if watched.interrupted:
        say(f"note: interrupted after {len(done)} of {len(points)} points")
        return 130
    return sweep_status(undefined, len(points))


def _document(rows: Mapping[str, list[list[float]]]) -> dict[str, Any]:
    found = {
        name: {"value": values, "u": uncertainties, "expanded": expanded}
        for name, (values, uncertainties, expanded) in rows.items()
    }
    return next(iter(found.values())) if len(found) == 1 else {"results": found}

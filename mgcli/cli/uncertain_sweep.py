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
    _check(given, options)
    ((swept, points),) = given.sweeps.items()
    program = given.bind()
    rows = _Rows(parts)
    watched = Watched(points, len(points))
    for point in watched:
        middles = {**given.values, swept: point}
        rows.add(point, middles, Quantities(distributions(given, middles), correlations), options)
    if options.output == "json":
        echo_json({**opening(program, **{swept: rows.points}), **_document(rows.results)})
    elif options.output == "csv":
        uncertain_csv.echo(program, rows.spreads, rows.results, **{swept: rows.points})
    else:
        header, table = [swept], [rows.points]
        for name, found in rows.results.items():
            header.extend([name, f"u({name})" if len(parts) > 1 else "u", "expanded"])
            table.extend(found)
        echo_table(columns(header, table, options.digits or SHORT, terminal_width()))
    if rows.not_linear:
        of = f"{rows.not_linear} of {len(rows.points) * len(parts)} points"
        say(f"warning: at {of} first order is not enough, so another is shown")
    if watched.interrupted:
        say(f"note: interrupted after {len(rows.points)} of {len(points)} points")
        return 130
    return sweep_status(rows.undefined, len(points))


def _check(given: Inputs, options: Options) -> None:
    """Refuse what is for one point only."""
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


class _Rows:
    """The results at the points so far.

    results: the columns of each: values, standard and expanded uncertainties. spreads: the standard uncertainties of
    the variables. undefined: the number of points without a result. not_linear: how many results are not first order.
    """

    def __init__(self, parts: Mapping[str, Program]) -> None:
        self.points: list[float] = []
        self.results: dict[str, list[list[float]]] = {name: [[], [], []] for name in parts}
        self.spreads: dict[str, list[float]] = {}
        self.undefined = 0
        self.not_linear = 0
        self._parts = parts

    def add(self, point: float, middles: Mapping[str, float], quantities: Quantities, options: Options) -> None:
        """Add the results at a point."""
        for name, u in zip(quantities.names, quantities.uncertainties, strict=True):
            self.spreads.setdefault(name, []).append(u)
        is_undefined = False
        for name, part in self._parts.items():
            part.bind(middles)
            try:
                result = propagated(part, quantities)
            except EvaluationError:
                is_undefined = True
                numbers = [nan, nan, nan]
            else:
                self.not_linear += result.method != FIRST
                factor = options.factor or coverage_factor(options.coverage or 0.95, result.nu)
                numbers = [*result.shown, factor * result.shown.u]
            for column, number in zip(self.results[name], numbers, strict=True):
                column.append(number)
        self.undefined += is_undefined
        self.points.append(point)


def _document(rows: Mapping[str, list[list[float]]]) -> dict[str, Any]:
    found = {
        name: {"value": values, "u": uncertainties, "expanded": expanded}
        for name, (values, uncertainties, expanded) in rows.items()
    }
    return next(iter(found.values())) if len(found) == 1 else {"results": found}

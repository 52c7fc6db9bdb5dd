"""What `mg uncertainty --csv` writes: the variables and the results, each with its standard uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgcli.analysis.correlations import Quantities
from mgcli.cli import spreadsheet
from mgcli.cli.uncertain_inputs import Computed
from mgcli.language.program import Program


def echo(
    program: Program,
    spreads: Mapping[str, Sequence[float]],
    results: Mapping[str, Sequence[Sequence[float]]],
    **swept: Sequence[float],
) -> None:
    """Write the uncertainties of variables, and the value, the uncertainty and the expanded one of each result."""
    columns = {f"{name}_u": numbers for name, numbers in spreads.items()}
    for name, (values, uncertainties, expanded) in results.items():
        columns.update({name: values, f"{name}_u": uncertainties, f"{name}_expanded": expanded})
    spreadsheet.echo(program, columns, **swept)


def echo_point(program: Program, quantities: Quantities, found: Mapping[str, Computed]) -> None:
    """Write the same at one point."""
    spreads = {name: [u] for name, u in zip(quantities.names, quantities.uncertainties, strict=True)}
    results = {
        name: [[each.result.shown.value], [each.result.shown.u], [each.factor * each.result.shown.u]]
        for name, each in found.items()
    }
    echo(program, spreads, results)

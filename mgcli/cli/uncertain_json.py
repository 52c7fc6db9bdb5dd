"""The JSON document of `mg uncertainty`: nothing in it is rounded, and what is not known is null."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.monte_carlo import verdict
from mgcli.analysis.uncertainty import Propagated, correlation_of
from mgcli.language.program import Program

if TYPE_CHECKING:
    from mgcli.analysis.nonlinearity import Estimate
    from mgcli.cli.uncertain_inputs import Computed


def document(
    program: Program, quantities: Quantities, found: Mapping[str, Computed], coverage: float | None
) -> dict[str, Any]:
    """Return the document: one result with its numbers, or `results` by name; and their correlation matrix."""
    results = {name: _result(each, coverage) for name, each in found.items()}
    matrix = correlation_of({name: each.result for name, each in found.items()}, quantities)
    correlation = {
        name: dict(zip(found, map(_known, row), strict=True)) for name, row in zip(found, matrix, strict=True)
    }
    opening = {"expression": program.text, "variables": _variables(program, quantities)}
    if len(results) == 1:
        return {**opening, **next(iter(results.values())), "correlation": correlation}
    return {**opening, "results": results, "correlation": correlation}


def _variables(program: Program, quantities: Quantities) -> dict[str, Any]:
    found = dict(zip(quantities.names, quantities.distributions, strict=True))
    variables: dict[str, dict[str, Any]] = {}
    for name in program.known():
        if name not in found and name not in program.variables:
            continue
        if name not in found:
            variables[name] = {"value": program.node(name).data, "u": 0.0, "nu": None, "distribution": "exact"}
            continue
        distribution = found[name]
        variables[name] = {
            "value": distribution.value,
            "u": distribution.u,
            "nu": _known(distribution.nu),
            "distribution": distribution.name,
        }
        index = quantities.names.index(name)
        if not quantities.is_independent(index):
            row = quantities.correlation[index]
            others = zip(quantities.names, row, strict=True)
            variables[name]["correlation"] = {other: r for other, r in others if other != name and r}
    return variables


def _result(each: Computed, coverage: float | None) -> dict[str, Any]:
    result = each.result
    samples = each.samples or result.samples
    return {
        "value": result.shown.value,
        "u": result.shown.u,
        "method": result.method,
        "first": _estimate(result.first),
        "second": _estimate(result.second),
        "grid": _estimate(result.grid.estimate),
        "expanded": {
            "u": each.factor * result.shown.u,
            "k": each.factor,
            "coverage": coverage,
            "nu": _known(result.nu),
        },
        "budget": {
            share.name: {
                "derivative": share.slope,
                "contribution": share.contribution,
                "share": _known(share.share),
            }
            for share in result.budget
        },
        "samples": None if samples is None else _samples(each, result, coverage or 0.95),
    }


def _samples(each: Computed, result: Propagated, coverage: float) -> dict[str, Any]:
    samples = each.samples or result.samples
    assert samples is not None
    low, high = samples.interval(coverage)
    found = {
        "number": samples.drawn,
        "outside": samples.outside,
        "value": _known(samples.estimate.value),
        "u": _known(samples.estimate.u),
        "coverage": coverage,
        "interval": [_known(low), _known(high)],
        "settled": each.settled,
    }
    if result.first is not None:
        judged = verdict(result.first, each.factor * result.first.u, samples, coverage)
        found["first_order_is_valid"] = None if judged.is_open else judged.is_valid
    return found


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    return estimate and {"value": _known(estimate.value), "u": _known(estimate.u)}


def _known(number: float) -> float | None:
    return number if isfinite(number) else None

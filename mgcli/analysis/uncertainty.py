"""Propagation of uncertainty: the law of the GUM, and whether it holds for this function at this point.

Numbers in brackets are clauses of the GUM, JCGM 100:2008.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, hypot, inf, isfinite, nan, sqrt
from typing import NamedTuple

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.coverage import degrees_of_freedom
from mgcli.analysis.monte_carlo import Samples, sampled
from mgcli.analysis.nonlinearity import Estimate, Grid, second_order, three_points
from mgcli.analysis.trusted import Note, differentiated
from mgcli.errors import EvaluationError
from mgcli.language.program import Program

NEARLY = 0.05
"""The fraction of u from which the error of first order is mentioned."""

TOLERANCE = 0.1
"""The error, as a fraction of u, of a result and of u itself up to which first order is enough."""

ROUNDING = 1e-14
"""The relative difference of two values that is ignored."""

CHECKED_BY = 20_000
"""The number of samples that decide if the two checks disagree."""

FIRST, SECOND, MONTE_CARLO = "first order", "second order", "Monte Carlo"


class Share(NamedTuple):
    """The share of one quantity in the uncertainty of a result.

    slope: the derivative. contribution: its size times u. share: its part of the variance; all shares add up to 1,
    and one may be negative where quantities are correlated; nan where there is no variance.
    """

    name: str
    slope: float
    contribution: float
    share: float


class Propagated(NamedTuple):
    """A result with its uncertainty.

    shown: what to rely on, by `method`. first, second, grid: by first order, by second order, and by the rule of three
    points; None for what cannot be computed. budget: the shares, in the order of the quantities. nu: the effective
    degrees of freedom, infinite where they do not limit anything. samples: those of Monte Carlo, if
    they decided.
    refusal: why there is no derivative. notes: on the value and the derivatives.
    """

    shown: Estimate
    method: str
    first: Estimate | None
    second: Estimate | None
    grid: Grid
    budget: list[Share]
    nu: float
    samples: Samples | None
    refusal: EvaluationError | None
    notes: list[Note]

    @property
    def is_linear(self) -> bool:
        """Whether the checks confirm first order, as far as they could be made."""
        return self.method == FIRST

    def left_out(self) -> Estimate | None:
        """Return an estimate that differs visibly from first order where that is good enough, None where none does."""
        first = self.first
        for estimate in (self.second, self.grid.estimate):
            if first is None or estimate is None or self.method != FIRST:
                continue
            off = max(abs(estimate.value - first.value), abs(estimate.u - first.u))
            if off > NEARLY * first.u + ROUNDING * abs(first.value):
                return estimate
        return None


def propagated(part: Program, quantities: Quantities, samples: Samples | None = None) -> Propagated:
    """Return the result of a program, which is evaluated, with its uncertainty from those of `quantities`.

    samples: those that decide where the checks disagree; by default they are drawn if they are needed.
    Raises EvaluationError where the result itself is undefined.
    """
    report = differentiated(part, quantities.names)
    value = part.root.data
    if report.error and value != value:
        raise report.error
    gradient = [part.node(name).grad for name in quantities.names]
    is_known = report.error is None and all(map(isfinite, gradient))
    first = Estimate(value, _standard_uncertainty(gradient, quantities)) if is_known else None
    budget = _budget(quantities, gradient, first) if first else []
    series = second_order(part, quantities, gradient, first) if first else None
    second = series.estimate if series else None
    grid = three_points(part, quantities, gradient if first else [], series and series.hessian)
    method, samples = _method(part, quantities, first, second, grid.estimate, samples)
    shown = first if method == FIRST else second
    if method == MONTE_CARLO and samples is not None:
        shown = samples.estimate
    if shown is None or not isfinite(shown.u):
        raise report.error or EvaluationError("the result is undefined around this point", text=part.text)
    return Propagated(
        shown,
        method,
        first,
        second,
        grid,
        budget,
        _degrees(quantities, budget, first),
        samples,
        None if is_known else report.error or EvaluationError("the gradient overflows", text=part.text),
        [*report.value_notes, *report.notes],
    )


def _standard_uncertainty(gradient: Sequence[float], quantities: Quantities) -> float:
    """Return the square root of g'Sg [5.1.2, 5.2.2], scaled so that no square underflows."""
    parts = [slope * u for slope, u in zip(gradient, quantities.uncertainties, strict=True)]
    largest = max(map(abs, parts), default=0.0)
    if not quantities.is_correlated or not largest or not isfinite(largest):
        return hypot(*parts)
    parts = [part / largest for part in parts]
    return largest * sqrt(max(0.0, fsum(x * y for x, y in zip(parts, quantities.mixed(parts), strict=True))))


def _budget(quantities: Quantities, gradient: Sequence[float], first: Estimate) -> list[Share]:
    # Each in units of u, so that nothing overflows or underflows.
    u = first.u or nan
    parts = [slope * size / u for slope, size in zip(gradient, quantities.uncertainties, strict=True)]
    shares = [part * moved for part, moved in zip(parts, quantities.mixed(parts), strict=True)]
    numbers = zip(quantities.names, gradient, quantities.uncertainties, shares, strict=True)
    return [Share(name, slope, abs(slope) * size, share) for name, slope, size, share in numbers]


def _degrees(quantities: Quantities, budget: Sequence[Share], first: Estimate | None) -> float:
    if first is None or limits_are_unknown(quantities):
        return inf
    pairs = zip(budget, quantities.distributions, strict=True)
    return degrees_of_freedom(first.u, [(share.contribution, distribution.nu) for share, distribution in pairs])


def limits_are_unknown(quantities: Quantities) -> bool:
    """Return whether there are degrees of freedom that no formula combines: those of correlated quantities."""
    return any(
        isfinite(distribution.nu) and not quantities.is_independent(index)
        for index, distribution in enumerate(quantities.distributions)
    )


def _method(
    part: Program,
    quantities: Quantities,
    first: Estimate | None,
    second: Estimate | None,
    third: Estimate | None,
    samples: Samples | None,
) -> tuple[str, Samples | None]:
    """Return the estimate to rely on, with the samples that were needed to decide."""
    if first is not None:
        known = [estimate for estimate in (second, third) if estimate is not None]
        if all(_agree(first, estimate, first.u) for estimate in known) and known:
            return FIRST, None
        if second is not None and third is not None and _agree(second, third, second.u):
            return SECOND, None
    samples = samples or sampled(part, quantities, CHECKED_BY)
    if first is not None and not (samples.count and isfinite(samples.estimate.u)):
        return FIRST, samples
    return MONTE_CARLO, samples


def _agree(one: Estimate, other: Estimate, u: float) -> bool:
    """Return whether two estimates are the same up to rounding, relative to the uncertainty of one of them."""
    allowed = TOLERANCE * u + ROUNDING * abs(one.value)
    return abs(one.value - other.value) <= allowed and abs(one.u - other.u) <= allowed


def exact_names(program: Program, quantities: Quantities) -> list[str]:
    """Return the variables without an uncertainty, in the order of the text."""
    return [name for name in program.variables if name not in quantities.names]


def correlation_of(results: Mapping[str, Propagated], quantities: Quantities) -> list[list[float]]:
    """Return the matrix of correlation coefficients of several results [H.2]; nan where one has no uncertainty."""
    known = [_in_units_of_u(result, quantities) for result in results.values()]
    return [[_correlation(one, other, quantities) for other in known] for one in known]


def _in_units_of_u(result: Propagated, quantities: Quantities) -> list[float]:
    """Return what each quantity contributes, with its sign, in units of the result's uncertainty; [] if that is 0."""
    if result.first is None or not result.first.u:
        return []
    pairs = zip(result.budget, quantities.uncertainties, strict=True)
    return [share.slope * u / result.first.u for share, u in pairs]


def _correlation(one: Sequence[float], other: Sequence[float], quantities: Quantities) -> float:
    if not one or not other:
        return nan
    if one is other:
        return 1.0
    covariance = fsum(x * y for x, y in zip(one, quantities.mixed(other), strict=True))
    return max(-1.0, min(1.0, covariance))

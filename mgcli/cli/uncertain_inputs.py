"""The options of `mg uncertainty`, and the computation with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import click

from mgcli.analysis.correlations import Quantities
from mgcli.analysis.coverage import coverage_factor
from mgcli.analysis.distributions import Distribution
from mgcli.analysis.monte_carlo import Samples, sampled, sampled_until_settled
from mgcli.analysis.uncertainty import Propagated, propagated
from mgcli.cli.inputs import Inputs
from mgcli.cli.options import constant, refuse
from mgcli.cli.progress import Watched
from mgcli.errors import ExpressionError
from mgcli.language.program import Program

AUTO = -1
"""As many samples as it takes."""


class Options(NamedTuple):
    """The options of one call.

    coverage, factor: one of them is None. samples: how many, None for none. output: "text", "json", "csv", "latex" or
    "plot". picture: the file of the picture, and its format.
    """

    coverage: float | None
    factor: float | None
    samples: int | None
    seed: int
    output: str
    digits: int | None
    picture: tuple[str, str] | None = None


def coverage_of(text: str | None, factor: str | None) -> float | None:
    """Return the probability that `text` is, as 0.95, 95 or 95%; None if there is a factor. Raises click.UsageError."""
    if factor is not None:
        refuse("coverage", factor=text)
        return None
    if text is None:
        return 0.95
    percent = text.strip().endswith("%")
    probability = constant("--coverage", text.strip().rstrip("%"), "0.95")
    if percent or probability > 1.0:
        probability /= 100
    if not 0.0 < probability < 1.0:
        raise click.UsageError(f"--coverage {text}: a probability is above 0 and below 1\nhint: write --coverage 0.95")
    return probability


def factor_of(text: str | None) -> float | None:
    """Return the coverage factor that `text` is. Raises click.UsageError."""
    if text is None:
        return None
    factor = constant("--factor", text, "2")
    if factor <= 0.0:
        raise click.UsageError(f"--factor {text}: a coverage factor is above 0\nhint: write --factor 2")
    return factor


def samples_of(text: str | None, seed: int | None) -> int | None:
    """Return the number of samples that `text` requests. Raises click.UsageError."""
    if text is None:
        if seed is not None:
            raise click.UsageError("--seed is for samples\nhint: add --samples 100000")
        return None
    if text == "auto":
        return AUTO
    try:
        amount = float(text)
    except ValueError:
        amount = 0.5
    if not amount.is_integer() or not 2 <= amount <= 1e7:
        raise click.UsageError(
            f"--samples takes a whole number from 2 to 1e7, or auto, not {text}\nhint: write --samples 100000"
        )
    return int(amount)


class Computed(NamedTuple):
    """One result: its uncertainty, the coverage factor, and the samples that were requested."""

    result: Propagated
    factor: float
    samples: Samples | None
    settled: bool = True
    interrupted: bool = False


def distributions(given: Inputs, middles: Mapping[str, float]) -> dict[str, Distribution]:
    """Return the distribution of each variable that has one, in the order of the text. Raises ExpressionError."""
    found = {}
    for name in given.program.known():
        if name in given.spreads:
            try:
                found[name] = given.spreads[name].at(middles[name])
            except ExpressionError as error:
                raise ExpressionError(f"the value of {name}: {error.message}", hint=error.hint) from None
    return found


def computed(part: Program, quantities: Quantities, options: Options, *, bar: bool = True) -> Computed:
    """Return one result with its uncertainty, and with samples if they are requested."""
    samples, settled, interrupted = None, True, False
    if options.samples is not None:
        watched: list[Watched[int]] = []

        def watch(numbers: Any) -> Any:
            watched.append(Watched(numbers, len(numbers), bar=bar))
            return watched[-1]

        if options.samples == AUTO:
            probability = options.coverage or 0.95
            samples, settled = sampled_until_settled(part, quantities, probability, options.seed, watch)
        else:
            samples = sampled(part, quantities, options.samples, options.seed, watch)
        interrupted = any(each.interrupted for each in watched)
    result = propagated(part, quantities, samples)
    factor = options.factor
    if factor is None:
        assert options.coverage is not None
        factor = coverage_factor(options.coverage, result.nu)
    return Computed(result, factor, samples, settled, interrupted)

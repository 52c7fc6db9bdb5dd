"""Coverage factors: the half-width, in standard uncertainties, of an interval with a given probability."""

from __future__ import annotations

from collections.abc import Iterable
from math import erfc, exp, floor, fsum, inf, isfinite, log, pi, sqrt
from typing import Any


def degrees_of_freedom(u: float, contributions: Iterable[tuple[float, float]]) -> float:
    """Return the effective degrees of freedom, rounded down, by the formula of Welch and Satterthwaite (GUM, G.4.1).

    contributions: the uncertainty of each input in the result, and its degrees of freedom. The result is infinite if
    all are.
    """
    total = fsum((contribution / u) ** 4 / nu for contribution, nu in contributions if isfinite(nu)) if u else 0.0
    # Rounding must not reduce a whole number by one.
    return float(max(1, floor(1 / total * (1 + 1e-12)))) if total else inf


def coverage_factor(probability: float, nu: float = inf) -> float:
    """Return the k for which an error is within k times u with this `probability`."""
    if isfinite(nu):
        return _student(probability, nu)
    return _normal(1 - probability)


def _normal(outside: float) -> float:
    """Return the k with erfc(k/sqrt(2)) = `outside`, by Halley's method."""
    k = 0.0 if outside > 0.5 else sqrt(-2 * log(outside))
    for _ in range(60):
        tail = erfc(k / sqrt(2))
        step = (tail - outside) / (sqrt(2 / pi) * exp(-k * k / 2))
        # The tail bends like the logarithm of its density, with the slope -k.
        step /= 1 - k * step / 2 if abs(k * step) < 1 else 1.5
        k += step
        if abs(step) <= 1e-15 * k:
            break
    return k


def _student(probability: float, nu: float) -> float:
    """Return the quantile of Student's t-distribution: the root of an incomplete beta function."""
    from mpmath import mp

    with mp.workdps(30):
        outside = 1 - mp.mpf(probability)
        half = mp.mpf(nu) / 2

        def excess(k: Any) -> Any:
            return mp.betainc(half, 0.5, 0, nu / (nu + k * k), regularized=True) - outside

        low, high = mp.mpf(0), mp.mpf(1)
        while excess(high) > 0:
            low, high = high, 2 * high
        return float(mp.findroot(excess, (low, high), solver="anderson", tol=1e-25, verify=False))

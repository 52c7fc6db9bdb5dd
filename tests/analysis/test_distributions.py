"""The moments of the distributions, and their Gauss rules, against integrals; samples against both."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from mpmath import mp

from mgcli.analysis.distributions import arcsine, lognormal, normal, readings, student, triangle, uniform
from mgcli.errors import ExpressionError

DENSITIES: dict[str, tuple[Any, Callable[[Any], Any] | None, list[Any]]] = {
    "normal": (normal(1.0, 0.5), lambda x: mp.npdf(x, 1, 0.5), [-5, 1, 7]),
    "uniform": (uniform(-1.0, 3.0), lambda x: mp.mpf(1) / 4, [-1, 3]),
    "triangle": (triangle(-1.0, 3.0), lambda x: (2 - abs(x - 1)) / 4, [-1, 1, 3]),
    # The sine of an angle that is uniform.
    "arcsine": (arcsine(-1.0, 3.0), None, [-mp.pi / 2, 0, mp.pi / 2]),
    "lognormal": (lognormal(0.2, 0.4), lambda x: mp.npdf(mp.log(x), 0.2, 0.4) / x, [0.01, 1, 5, 60]),
}


def moment(name: str, function: Callable[[Any], Any]) -> Any:
    _, density, limits = DENSITIES[name]
    if density is None:
        return mp.quad(lambda angle: function(1 + 2 * mp.sin(angle)) / mp.pi, limits)
    return mp.quad(lambda x: function(x) * density(x), limits)


@pytest.mark.parametrize("name", DENSITIES)
def test_the_moments_are_those_of_the_density(name: Any) -> None:
    distribution = DENSITIES[name][0]
    mean = moment(name, lambda x: x)
    assert distribution.value == pytest.approx(float(mean), rel=1e-9)
    variance = moment(name, lambda x: (x - mean) ** 2)
    assert distribution.u**2 == pytest.approx(float(variance), rel=1e-8)
    third = moment(name, lambda x: (x - mean) ** 3) / variance**1.5
    assert distribution.skewness == pytest.approx(float(third), rel=1e-6, abs=1e-9)
    fourth = moment(name, lambda x: (x - mean) ** 4) / variance**2
    assert distribution.kurtosis == pytest.approx(float(fourth), rel=1e-6)


@pytest.mark.parametrize("name", DENSITIES)
def test_three_points_have_the_moments_up_to_the_fifth(name: Any) -> None:
    distribution = DENSITIES[name][0]
    mean, u = moment(name, lambda x: x), distribution.u
    for order in range(6):

        def power(x: Any, order: int = order) -> Any:
            return ((x - mean) / u) ** order

        expected = moment(name, power)
        got = math.fsum(weight * offset**order for offset, weight in distribution.rule())
        assert got == pytest.approx(float(expected), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    "distribution",
    [normal(2, 0.3), uniform(0, 1), triangle(0, 1), arcsine(0, 1), lognormal(0, 0.3), student(1, 0.5, 20)],
    ids=lambda distribution: distribution.name,
)
def test_samples_have_the_mean_and_the_deviation(distribution: Any) -> None:
    random = Random(1)
    samples = [distribution.draw(random) for _ in range(20_000)]
    mean = math.fsum(samples) / len(samples)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in samples) / len(samples))
    # The scale of t is not its deviation.
    expected = distribution.u * math.sqrt(20 / 18) if distribution.name == "t" else distribution.u
    assert abs(mean - distribution.value) < 5 * expected / math.sqrt(len(samples))
    assert deviation == pytest.approx(expected, rel=0.03)


def test_readings_are_drawn_from_their_t_distribution() -> None:
    distribution = readings(1.0, 2.0, 4.0, 5.0)
    random = Random(1)
    samples = sorted(distribution.draw(random) for _ in range(20_000))
    low, high = samples[500], samples[-501]
    assert (high - low) / 2 == pytest.approx(3.182 * distribution.u, rel=0.06)


def test_what_is_not_narrow_enough_is_refused() -> None:
    with pytest.raises(ExpressionError, match="the width is larger than the largest float"):
        uniform(-1.7e308, 1.7e308)

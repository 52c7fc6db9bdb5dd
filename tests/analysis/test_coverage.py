"""Coverage factors against mpmath and the tables of the GUM, degrees of freedom against its examples."""

import math
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from mgcli.analysis.coverage import coverage_factor, degrees_of_freedom


@given(st.floats(1e-6, 1 - 1e-9))
def test_the_factor_of_a_normal_result(probability: Any) -> None:
    assert coverage_factor(probability) == pytest.approx(NormalDist().inv_cdf((1 + probability) / 2), rel=1e-7)


# GUM, table G.2.
@pytest.mark.parametrize(
    ("nu", "of_95", "of_99"),
    [(1, 12.71, 63.66), (2, 4.30, 9.92), (4, 2.78, 4.60), (8, 2.31, 3.36), (16, 2.12, 2.92), (50, 2.01, 2.68)],
)
def test_the_factor_of_student(nu: Any, of_95: Any, of_99: Any) -> None:
    assert round(coverage_factor(0.95, nu), 2) == of_95
    assert round(coverage_factor(0.99, nu), 2) == of_99


@given(st.floats(0.01, 0.999), st.floats(1, 200))
def test_the_factor_inverts_the_distribution(probability: Any, nu: Any) -> None:
    k = coverage_factor(probability, nu)
    outside = mp.betainc(nu / 2, 0.5, 0, nu / (nu + mp.mpf(k) ** 2), regularized=True)
    assert float(1 - outside) == pytest.approx(probability, rel=1e-9)


def test_degrees_of_freedom_are_those_of_the_gum_rounded_down() -> None:
    # GUM, H.1: 16.7, by Welch and Satterthwaite.
    parts = [(25.0, 18.0), (9.7, 25.6), (2.9, 50.0), (16.675, 2.0)]
    u = math.sqrt(sum(part * part for part, _ in parts))
    assert degrees_of_freedom(u, parts) == 16.0
    assert degrees_of_freedom(2.0, [(2.0, 9.0)]) == 9.0
    assert degrees_of_freedom(1.0, [(1.0, math.inf)]) == math.inf
    assert degrees_of_freedom(0.0, [(0.0, 5.0)]) == math.inf
    assert degrees_of_freedom(1.0, [(1.0, 1.5)]) == 1.0

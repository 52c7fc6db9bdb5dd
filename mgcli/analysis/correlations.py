"""Quantities that are measured together: their uncertainties, their correlations, and samples of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt
from typing import TYPE_CHECKING

from mgcli.analysis.definiteness import eigenvalues
from mgcli.analysis.distributions import Distribution
from mgcli.errors import ExpressionError

if TYPE_CHECKING:
    from random import Random

Matrix = list[list[float]]

TOLERANCE = 1e-12
"""How far below 0 rounding may put an eigenvalue of a correlation matrix."""

Correlation = tuple[str, str, float]
"""Two names, and the correlation coefficient of the two quantities."""


class Quantities:
    """Quantities with uncertainties, by name, and the matrix of their correlation coefficients.

    Raises ExpressionError for correlations of other names, or that contradict each other.
    """

    def __init__(self, distributions: Mapping[str, Distribution], correlations: Iterable[Correlation] = ()) -> None:
        self.names = list(distributions)
        self.distributions = list(distributions.values())
        self.uncertainties = [distribution.u for distribution in self.distributions]
        self.correlation = identity(len(self.names))
        self._correlated: set[int] = set()
        for first, second, coefficient in correlations:
            self._correlate(first, second, coefficient)
        if self._correlated:
            smallest = eigenvalues(self.correlation)[0]
            if smallest < -TOLERANCE:
                raise ExpressionError(
                    "these correlations contradict each other: their matrix has the eigenvalue"
                    f" {smallest:.6g}, and none may be negative",
                    hint="correct a coefficient, or leave one out",
                )
        self._factor = cholesky(self.correlation) if self._correlated else self.correlation

    def _correlate(self, first: str, second: str, coefficient: float) -> None:
        i, j = self.names.index(first), self.names.index(second)
        for index in (i, j):
            distribution = self.distributions[index]
            if not distribution.is_normal:
                raise ExpressionError(
                    f"{self.names[index]} is {_adjective(distribution.name)}, and correlated quantities are normal",
                    hint=f"give its standard uncertainty: {distribution.value:.6g}+-{distribution.u:.3g}",
                )
        self.correlation[i][j] = self.correlation[j][i] = coefficient
        if coefficient:
            self._correlated.update((i, j))

    @property
    def is_correlated(self) -> bool:
        """Whether any two are correlated."""
        return bool(self._correlated)

    def is_independent(self, index: int) -> bool:
        """Return whether a quantity is correlated with no other."""
        return index not in self._correlated

    def covariance(self, i: int, j: int) -> float:
        """Return the covariance of two quantities."""
        return self.correlation[i][j] * self.uncertainties[i] * self.uncertainties[j]

    def mixed(self, vector: Sequence[float]) -> list[float]:
        """Return the correlation matrix times `vector`."""
        if not self._correlated:
            return list(vector)
        return [fsum(r * x for r, x in zip(row, vector, strict=True)) for row in self.correlation]

    def columns(self) -> list[dict[int, float]]:
        """Return the columns of the Cholesky factor of the covariance matrix, independent directions, without zeros."""
        u = self.uncertainties
        if not self._correlated:
            return [{index: size} for index, size in enumerate(u)]
        indices = range(len(u))
        return [{i: u[i] * self._factor[i][j] for i in indices if self._factor[i][j] or i == j} for j in indices]

    def draw(self, random: Random) -> list[float]:
        """Return a sample of each quantity; correlated ones are normal."""
        if not self._correlated:
            return [distribution.draw(random) for distribution in self.distributions]
        normals = [random.gauss(0.0, 1.0) if index in self._correlated else 0.0 for index in range(len(self.names))]
        return [
            distribution.value + distribution.u * sum(map(float.__mul__, self._factor[index], normals))
            if index in self._correlated
            else distribution.draw(random)
            for index, distribution in enumerate(self.distributions)
        ]


def identity(size: int) -> Matrix:
    """Return the identity matrix."""
    return [[float(i == j) for j in range(size)] for i in range(size)]


def cholesky(matrix: Matrix) -> Matrix:
    """Return the lower triangular L with L L' = `matrix`, which is positive semidefinite but for rounding."""
    size = len(matrix)
    factor = [[0.0] * size for _ in range(size)]
    for j in range(size):
        pivot = matrix[j][j] - sum(number * number for number in factor[j][:j])
        if pivot <= TOLERANCE:
            continue
        factor[j][j] = root = sqrt(pivot)
        for i in range(j + 1, size):
            factor[i][j] = (matrix[i][j] - sum(map(float.__mul__, factor[i][:j], factor[j][:j]))) / root
    return factor


def _adjective(name: str) -> str:
    return {"triangle": "triangular", "t": "t-distributed"}.get(name, name)

"""The definiteness of a symmetric matrix, and its eigenvalues; if one is too close to zero, there is no verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import copysign, hypot, isfinite, sqrt
from typing import NamedTuple

from mgcli.analysis.trusted import TOLERANCE

POSITIVE, NEGATIVE = "positive definite", "negative definite"
POSITIVE_SEMI, NEGATIVE_SEMI = "positive semidefinite", "negative semidefinite"
INDEFINITE = "indefinite"
ZERO = "zero"

MOST_ROWS = 100
"""The maximum number of rows of a matrix whose eigenvalues are computed: a few seconds."""

MOST_SWEEPS = 30
"""The maximum number of times that every pair of rows is rotated; fewer than ten are usual."""

EPSILON = 2.0**-53


class Definiteness(NamedTuple):
    """The eigenvalues of a symmetric matrix, in ascending order, and its kind.

    eigenvalues: None for a matrix that is too large, or not finite.
    kind: None where an eigenvalue is too close to zero to tell.
    """

    eigenvalues: list[float] | None
    kind: str | None


def definiteness(matrix: Mapping[str, Mapping[str, float]]) -> Definiteness:
    """Return the definiteness of a symmetric matrix whose entries have `TOLERANCE` as their relative error."""
    rows = [list(row.values()) for row in matrix.values()]
    if len(rows) > MOST_ROWS or not all(isfinite(entry) for row in rows for entry in row):
        return Definiteness(None, None)
    return Definiteness(eigenvalues(rows), _kind(rows))


def _kind(rows: Sequence[Sequence[float]]) -> str | None:
    """Return the kind of a matrix.

    It is that of the matrix scaled to ones on the diagonal (Sylvester's law of inertia), in which entries of any size
    have the same weight.
    """
    used = [index for index, row in enumerate(rows) if any(row)]
    if not used:
        return ZERO
    diagonal = [rows[index][index] for index in used]
    if min(diagonal) <= 0.0 <= max(diagonal):
        # A row with 0 on the diagonal and another entry has a minor below 0.
        return INDEFINITE
    sign = copysign(1.0, diagonal[0])
    roots = [sqrt(abs(entry)) for entry in diagonal]
    scaled = [
        [sign * (rows[i][j] / root / other) for j, other in zip(used, roots, strict=True)]
        for i, root in zip(used, roots, strict=True)
    ]
    if any(not abs(entry) <= 1.0 + TOLERANCE for row in scaled for entry in row):
        return INDEFINITE
    smallest = eigenvalues(scaled)[0]
    # Weyl: no eigenvalue moves further than the norm of the error.
    if abs(smallest) <= TOLERANCE * hypot(*(entry for row in scaled for entry in row)):
        return None
    if smallest < 0.0:
        return INDEFINITE
    if len(used) < len(rows):
        return POSITIVE_SEMI if sign > 0.0 else NEGATIVE_SEMI
    return POSITIVE if sign > 0.0 else NEGATIVE


def eigenvalues(matrix: Sequence[Sequence[float]]) -> list[float]:
    """Return the eigenvalues of a symmetric matrix in ascending order, by Jacobi's method.

    Each rotation makes an entry beside the diagonal 0; Golub and Van Loan, Matrix Computations, 8.5.
    """
    rows = [list(row) for row in matrix]
    size = len(rows)
    for _ in range(MOST_SWEEPS):
        rotated = False
        for p in range(size):
            for q in range(p + 1, size):
                if abs(rows[p][q]) > EPSILON * sqrt(abs(rows[p][p])) * sqrt(abs(rows[q][q])):
                    _rotate(rows, p, q)
                    rotated = True
        if not rotated:
            break
    return sorted(row[index] for index, row in enumerate(rows))


def _rotate(rows: list[list[float]], p: int, q: int) -> None:
    """Rotate rows and columns `p` and `q` so that the entry of both becomes 0."""
    above, below, entry = rows[p][p], rows[q][q], rows[p][q]
    # Halves: the difference of the largest floats overflows.
    ratio = (below / 2 - above / 2) / entry
    tangent = copysign(1.0, ratio) / (abs(ratio) + hypot(ratio, 1.0))
    cosine = 1.0 / hypot(tangent, 1.0)
    sine = tangent * cosine
    first = [cosine * x - sine * y for x, y in zip(rows[p], rows[q], strict=True)]
    second = [sine * x + cosine * y for x, y in zip(rows[p], rows[q], strict=True)]
    first[p], second[q] = above - tangent * entry, below + tangent * entry
    first[q] = second[p] = 0.0
    for row, x, y in zip(rows, first, second, strict=True):
        row[p], row[q] = x, y
    rows[p], rows[q] = first, second

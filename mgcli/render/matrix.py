"""A matrix of second derivatives as text: the table, and a line on its definiteness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mgcli.analysis.definiteness import INDEFINITE, NEGATIVE, POSITIVE, Definiteness
from mgcli.errors import listed
from mgcli.render.tables import number, table

EIGENVALUE_DIGITS = 6
"""The number of digits of an eigenvalue; the last ones of a float may be wrong."""

MOST_LISTED = 6
"""The maximum number of eigenvalues that are listed one by one."""

STATIONARY = {POSITIVE: "a minimum", NEGATIVE: "a maximum", INDEFINITE: "a saddle"}
"""What a point is where the gradient is 0."""


def hessian_lines(
    matrix: Mapping[str, Mapping[str, str]],
    found: Definiteness,
    gradient: Mapping[str, float],
    digits: int | None = None,
    width: int | None = None,
) -> Iterator[str]:
    """Yield the lines of a matrix of second derivatives, whose entries are written, and of its definiteness.

    Of a single second derivative, the sign says as much.
    """
    yield from table(["", *matrix], [[name, *row.values()] for name, row in matrix.items()], width)
    if found.eigenvalues is not None and len(matrix) > 1:
        yield ""
        yield definiteness_text(found, is_stationary=not any(gradient.values()), digits=digits)


def definiteness_text(found: Definiteness, *, is_stationary: bool, digits: int | None) -> str:
    """Return the definiteness of a matrix and its eigenvalues in words."""
    assert found.eigenvalues is not None
    shown = f"({_listed(found.eigenvalues, digits or EIGENVALUE_DIGITS)})"
    if found.kind is None:
        return f"too close to singular to tell {shown}"
    if is_stationary and found.kind in STATIONARY:
        return f"{found.kind}: {STATIONARY[found.kind]} {shown}"
    return f"{found.kind}: a saddle shape {shown}" if found.kind == INDEFINITE else f"{found.kind} {shown}"


def _listed(eigenvalues: Sequence[float], digits: int) -> str:
    written = [number(each, digits) for each in eigenvalues]
    if len(written) > MOST_LISTED:
        return f"{len(written)} eigenvalues from {written[0]} to {written[-1]}"
    return f"eigenvalues {listed(written)}"

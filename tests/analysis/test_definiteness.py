"""Definiteness: eigenvalues as mpmath has them, and no verdict where an eigenvalue is too close to zero to tell."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from mgcli.analysis.definiteness import MOST_ROWS, Definiteness, definiteness, eigenvalues
from mgcli.render.matrix import definiteness_text


def judged(rows: Sequence[Sequence[float]]) -> Definiteness:
    return definiteness({str(i): {str(j): entry for j, entry in enumerate(row)} for i, row in enumerate(rows)})


@st.composite
def symmetric(draw: st.DrawFn) -> list[list[float]]:
    size = draw(st.integers(1, 5))
    entries = st.floats(-100, 100).map(lambda entry: round(entry, 6)) | st.integers(-3, 3).map(float)
    half = [[draw(entries) for _ in range(row + 1)] for row in range(size)]
    return [[half[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]


@given(symmetric())
def test_eigenvalues_are_those_of_mpmath(rows: list[list[float]]) -> None:
    with mp.workdps(40):
        exact = sorted(map(float, mp.eigsy(mp.matrix(rows), eigvals_only=True)))
    size = max(map(abs, exact))
    assert eigenvalues(rows) == pytest.approx(exact, abs=1e-13 * size, rel=0.0)


@given(symmetric())
def test_a_verdict_is_that_of_the_exact_eigenvalues(rows: list[list[float]]) -> None:
    with mp.workdps(60):
        exact = [each if abs(each) > mp.mpf(10) ** -50 else 0 for each in mp.eigsy(mp.matrix(rows), eigvals_only=True)]
    above, below = any(each > 0 for each in exact), any(each < 0 for each in exact)
    sign = "indefinite" if above and below else "positive" if above else "negative" if below else "zero"
    kind = judged(rows).kind
    assert kind is None or kind.split()[0] == sign
    if kind and "definite" in kind.split():
        assert all(exact)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([[2.0]], "positive definite"),
        ([[-1e-300]], "negative definite"),
        ([[0.0]], "zero"),
        ([[2.0, 0.0], [0.0, 0.0]], "positive semidefinite"),
        ([[0.0, 0.0], [0.0, -2.0]], "negative semidefinite"),
        ([[2.0, 0.0], [0.0, -2.0]], "indefinite"),
        ([[0.0, 1e-10], [1e-10, 1.0]], "indefinite"),
        ([[1e-20, 0.0], [0.0, 1e20]], "positive definite"),
        ([[1e-20, 1e-1], [1e-1, 1e20]], "positive definite"),
        ([[1e-20, 10.0], [10.0, 1e20]], "indefinite"),
        ([[1.0, 1.0], [1.0, 1.0]], None),
        ([[1.0, 1.0], [1.0, 1.0 + 1e-10]], None),
        ([[-1.0, 1.0], [1.0, -1.0 - 1e-7]], "negative definite"),
        ([[1e-300, 1e308], [1e308, 1e-300]], "indefinite"),
        ([[2.0, 1.5, 1.5], [1.5, 2.0, -1.5], [1.5, -1.5, 2.0]], "indefinite"),
        ([[float("nan")]], None),
    ],
)
def test_the_kind_of_a_matrix(rows: list[list[float]], kind: str | None) -> None:
    assert judged(rows).kind == kind


def test_a_matrix_that_is_too_large_is_not_judged() -> None:
    rows = [[float(i == j) for j in range(MOST_ROWS + 1)] for i in range(MOST_ROWS + 1)]
    assert judged(rows) == (None, None)


@pytest.mark.parametrize(
    ("rows", "is_stationary", "text"),
    [
        ([[2.0, 0.0], [0.0, 3.0]], True, "positive definite: a minimum (eigenvalues 2.0 and 3.0)"),
        ([[2.0, 0.0], [0.0, 3.0]], False, "positive definite (eigenvalues 2.0 and 3.0)"),
        ([[-2.0, 0.0], [0.0, -3.0]], True, "negative definite: a maximum (eigenvalues -3.0 and -2.0)"),
        ([[0.0, 1.0], [1.0, 0.0]], True, "indefinite: a saddle (eigenvalues -1.0 and 1.0)"),
        ([[0.0, 1.0], [1.0, 0.0]], False, "indefinite: a saddle shape (eigenvalues -1.0 and 1.0)"),
        ([[0.0, 0.0], [0.0, 0.0]], True, "zero (eigenvalues 0.0 and 0.0)"),
        (
            [[1.0, 1.0], [1.0, 1.0]],
            True,
            "too close to singular to tell (eigenvalues 0.0 and 2.0)",
        ),
        (
            [[float(i == j) for j in range(7)] for i in range(7)],
            False,
            "positive definite (7 eigenvalues from 1.0 to 1.0)",
        ),
    ],
)
def test_the_words(rows: list[list[float]], is_stationary: bool, text: str) -> None:
    assert definiteness_text(judged(rows), is_stationary=is_stationary, digits=None) == text

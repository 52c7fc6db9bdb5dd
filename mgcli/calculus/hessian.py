"""The second derivatives of a graph, as formulas and as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mgcli.calculus.differentiation import derivatives, numbers, together
from mgcli.errors import EvaluationError
from mgcli.graph.value import Value

Pair = tuple[str, str]


class Hessian(NamedTuple):
    """The gradient and the matrix of second derivatives, both by name; the matrix has each pair in both orders."""

    gradient: dict[str, float]
    matrix: dict[str, dict[str, float]]


def formulas(root: Value, wrt: Mapping[str, Value]) -> dict[Pair, Value]:
    """Return the second derivative of `root` with respect to each pair of `wrt`, each pair once, in their order."""
    found: dict[Pair, Value] = {}
    for (name, first), others in zip(_gradient(root, wrt).items(), tails(wrt), strict=True):
        seconds = derivatives(first, list(others.values()))
        found.update(((name, other), second) for other, second in zip(others, seconds, strict=True))
    return together(found)


def hessian(root: Value, wrt: Mapping[str, Value]) -> Hessian:
    """Return the matrix of second derivatives of `root` at the values of the variables.

    Each pair is computed once, so that the matrix is exactly symmetric: the gradient's formulas are
    differentiated by the backward pass on numbers. Raises EvaluationError where it is undefined.
    """
    firsts = _gradient(root, wrt)
    gradient = numbers(root, wrt)
    matrix: dict[str, dict[str, float]] = {name: {} for name in wrt}
    for (name, first), others in zip(firsts.items(), tails(wrt), strict=True):
        try:
            row = numbers(first, others)
        except EvaluationError as error:
            raise EvaluationError(
                f"the derivative with respect to {name} is not differentiable itself: {error.message}"
            ) from None
        for other, second in row.items():
            matrix[name][other] = matrix[other][name] = second
    return Hessian(gradient, {name: {other: row[other] for other in wrt} for name, row in matrix.items()})


def _gradient(root: Value, wrt: Mapping[str, Value]) -> dict[str, Value]:
    return dict(zip(wrt, derivatives(root, list(wrt.values())), strict=True))


def tails(wrt: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield `wrt`, then `wrt` without its first, and so on."""
    rest = dict(wrt)
    for name in wrt:
        yield dict(rest)
        del rest[name]

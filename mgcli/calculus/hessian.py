"""The second derivatives of a graph as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mgcli.calculus.differentiation import derivatives, pointing_into, together
from mgcli.errors import LimitError
from mgcli.graph.node import topological
from mgcli.graph.value import Value

Pair = tuple[str, str]

MOST_PAIRS = 5_000_000
"""The maximum number of pairs of variables times that of nodes: about a minute."""


def formulas(root: Value, wrt: Mapping[str, Value]) -> dict[Pair, Value]:
    """Return the second derivative of `root` with respect to each pair of `wrt`, each pair once, in their order.

    Raises LimitError for too many variables.
    """
    pairs = len(wrt) * (len(wrt) + 1) // 2
    if pairs * len(topological(root)) > MOST_PAIRS:
        raise LimitError(f"a matrix of {pairs:,} formulas")
    found: dict[Pair, Value] = {}
    firsts = derivatives(root, list(wrt.values()), is_last=False)
    for name, first, others in zip(wrt, firsts, tails(wrt), strict=True):
        with pointing_into(root):
            seconds = derivatives(first, list(others.values()))
        found.update(((name, other), second) for other, second in zip(others, seconds, strict=True))
    return together(found)


def tails(wrt: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield `wrt`, then `wrt` without its first, and so on."""
    rest = dict(wrt)
    for name in wrt:
        yield dict(rest)
        del rest[name]

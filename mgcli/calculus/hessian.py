"""The second derivatives of a graph as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mgcli.calculus.differentiation import derivatives, together
from mgcli.graph.value import Value

Pair = tuple[str, str]


def formulas(root: Value, wrt: Mapping[str, Value]) -> dict[Pair, Value]:
    """Return the second derivative of `root` with respect to each pair of `wrt`, each pair once, in their order."""
    found: dict[Pair, Value] = {}
    firsts = derivatives(root, list(wrt.values()))
    for name, first, others in zip(wrt, firsts, tails(wrt), strict=True):
        seconds = derivatives(first, list(others.values()))
        found.update(((name, other), second) for other, second in zip(others, seconds, strict=True))
    return together(found)


def tails(wrt: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield `wrt`, then `wrt` without its first, and so on."""
    rest = dict(wrt)
    for name in wrt:
        yield dict(rest)
        del rest[name]

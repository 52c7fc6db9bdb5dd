"""Programs of any length, of the kinds in which every line uses the one before it more than once."""

from __future__ import annotations

from collections.abc import Callable


def reused_maxima(lines: int) -> str:
    return _chain(lines, "max(x, y)", "max({0}, {0}*y)")


def leaky_layers(lines: int) -> str:
    return _chain(lines, "x*y", "where({0} > 0, {0}, {0}*0.01)*y + x")


def branches(lines: int) -> str:
    return _chain(lines, "x", "where({0} > y, {0}*x, {0} + y)")


def tanh_layers(lines: int) -> str:
    return _chain(lines, "x", "tanh({0}*y + {0})")


def nested_maxima(lines: int) -> str:
    return "max(y, " * lines + "x" + " + 1)" * lines


def products(lines: int) -> str:
    return _chain(lines, "x", "{0}*x + y*{0}")


def _chain(lines: int, first: str, following: str) -> str:
    statements = [f"n0 = {first}"]
    statements.extend(f"n{line} = {following.format(f'n{line - 1}')}" for line in range(1, lines))
    return "\n".join([*statements, f"n{lines - 1}"])


FAMILIES: list[Callable[[int], str]] = [
    reused_maxima,
    leaky_layers,
    branches,
    tanh_layers,
    nested_maxima,
    products,
]

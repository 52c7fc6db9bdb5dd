"""Expressions that overflow in floats though their value does not, and the functions to write instead."""

from __future__ import annotations

from mgcli.graph.node import topological
from mgcli.graph.value import Value, unevaluated
from mgcli.notation import expression


def stable_form(root: Value) -> str | None:
    """Return what to write for a part of the graph that overflows needlessly; None if nothing is known."""
    for node in topological(root):
        if written := _log(node) or _quotient(node):
            return f"write {written}"
    return None


def _written(node: Value) -> str:
    return expression(node, {leaf: leaf.label for leaf in topological(node) if leaf.label})


def _is(node: Value, name: str) -> bool:
    return node.operation is not None and node.operation.name == name


def _log(node: Value) -> str | None:
    if not _is(node, "log"):
        return None
    (inner,) = node.operands
    if _is(inner, "cosh"):
        size = f"abs({_written(inner.operands[0])})"
        return f"{size} + softplus(-2*{size}) - log(2)"
    if _is(inner, "gamma"):
        return f"lgamma({_written(inner.operands[0])})"
    if not _is(inner, "add"):
        return None
    first, second = inner.operands
    if _is(first, "exp") and _is(second, "exp"):
        x, y = first.operands[0], second.operands[0]
        return f"{_written(x)} + softplus({_written(unevaluated('sub', y, x))})"
    for one, power in ((first, second), (second, first)):
        if one.operation is None and not one.varies and one.data == 1 and _is(power, "exp"):
            return f"softplus({_written(power.operands[0])})"
    return None


def _quotient(node: Value) -> str | None:
    if not (_is(node, "div") and _is(node.operands[0], "exp") and _is(node.operands[1], "add")):
        return None
    argument = node.operands[0].operands[0]
    power = [part for part in node.operands[1].operands if _is(part, "exp") and part.operands[0] is argument]
    ones = [part for part in node.operands[1].operands if part.operation is None and part.data == 1]
    return f"sigmoid({_written(argument)})" if power and ones else None

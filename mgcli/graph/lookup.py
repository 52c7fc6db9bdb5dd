"""The nodes of a graph by their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mgcli.errors import ExpressionError
from mgcli.graph.names import normalized, suggestion
from mgcli.graph.node import topological
from mgcli.graph.value import Value


def node_of(root: Value, wanted: Value | str) -> Value:
    """Return one node, as `nodes_of` does for several."""
    if not isinstance(wanted, (Value, str)):
        raise TypeError(f"a Value or its label, not {type(wanted).__name__!r}")
    (node,) = nodes_of(root, wanted)
    return node


def nodes_of(root: Value | Sequence[Value], wanted: Value | str | Iterable[Value | str]) -> list[Value]:
    """Return the nodes of `wanted`, each given itself or as the label of a node below `root`, or below several roots.

    Raises ExpressionError for a label that no node has, TypeError for what is neither.
    """
    roots = root if isinstance(root, Sequence) else [root]
    for each in roots:
        if not isinstance(each, Value):
            raise TypeError(f"a graph is given by its root, a Value, not {type(each).__name__!r}")
    given = list(wanted) if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    labelled = _labelled(roots) if any(isinstance(node, str) for node in given) else {}
    nodes = []
    for node in given:
        if isinstance(node, Value):
            nodes.append(node)
        elif not isinstance(node, str):
            raise TypeError(f"a Value or its label, not {type(node).__name__!r}")
        elif normalized(node) in labelled:
            nodes.append(labelled[normalized(node)])
        else:
            raise ExpressionError(f"the expression has no variable {node}", hint=suggestion(node, reversed(labelled)))
    return nodes


def _labelled(roots: Iterable[Value]) -> dict[str, Value]:
    return {normalized(node.label): node for node in reversed(topological(*roots)) if node.label}

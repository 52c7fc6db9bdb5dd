"""The script by which a page computes its numbers: straight-line code of every node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mgcli.codegen.every_node import every_node
from mgcli.codegen.language import NoFormError
from mgcli.codegen.languages.javascript import statements
from mgcli.codegen.source import pointing
from mgcli.graph.value import Value


def recompute(nodes: Sequence[Value]) -> str:
    """Return the source of a function `recompute` of the variables of a graph, whose `nodes` are in topological order.

    It returns the value of each node; for each node the local derivatives, by
    operand; and for each node whether it is at a kink. What is undefined is nan or infinite; what depends on it may be
    any number. The names in it are its own, whatever those of the nodes are. Raises EvaluationError for an operation
    that JavaScript does not have.
    """
    code = every_node(nodes)
    try:
        written = statements(code, "mg_")
    except NoFormError as error:
        found = pointing(error, nodes[-1:])
        found.hint = None
        raise found from None
    slopes = [_list(map(written.text, terms)) if terms else "" for terms in code.derivatives]
    results = _list([_list(map(written.text, code.values)), _list([*slopes, ""]), _list(map(written.text, code.also))])
    opening = f"function recompute({', '.join(written.names)}) {{"
    lines = [*written.lines, f"return {results};"]
    return "\n".join([*written.helpers, opening, *(f"  {line}" for line in lines), "}"])


def _list(items: Iterable[str]) -> str:
    return f"[{','.join(items)}]"

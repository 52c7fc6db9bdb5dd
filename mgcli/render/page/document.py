"""The page as one HTML document."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from mgcli.analysis.explain import Wording, is_literal, wording
from mgcli.errors import EvaluationError, Remedy, RenderError
from mgcli.graph.node import topological
from mgcli.graph.operation import POWER, PRODUCT, Operation
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.render.page.compact import Shortener, style
from mgcli.render.page.layout import Place, layout
from mgcli.render.page.recompute import recompute
from mgcli.render.visible import visible

MOST_NODES = 300
"""The maximum number of nodes of a page."""

DIGITS = 6
"""The number of significant digits that a page shows."""

SCRIPTS = ("passes.js", "page.js")
QUIZ = "quiz.js"
TEMPLATE = "page.html"
STYLE = "page.css"


def page(program: Program, digits: int = DIGITS, blanks: Sequence[Value] | None = None) -> bytes:
    """Return the page of `program`, which is evaluated and differentiated.

    digits: the number of significant digits. blanks: the nodes whose gradients are asked for in a quiz. Raises
    RenderError without a renderer or for a graph of more than `MOST_NODES`, EvaluationError for an operation that
    JavaScript does not have.
    """
    nodes = topological(program.root)
    if len(nodes) > MOST_NODES:
        raise RenderError(
            f"a page shows up to {MOST_NODES} nodes, and this graph has {len(nodes):,}",
            hint=Remedy("draw a picture of it", "picture"),
        )
    graph = described(program, nodes, digits)
    scripts = [*map(_file, SCRIPTS)]
    shortener = Shortener("\n".join([*scripts, _file(QUIZ)]))
    if blanks is not None:
        graph["blanks"] = [nodes.index(node) for node in blanks]
        scripts.append(_file(QUIZ))
    with program.pointing():
        computing = recompute(nodes)
    script = "\n".join(
        [
            '"use strict";',
            'const graph = JSON.parse(document.getElementById("graph").textContent);',
            computing,
            *map(shortener.script, scripts),
        ]
    )
    sheet = style(_file(STYLE))
    data = json.dumps(shortener.keys(graph), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    document = Template(_file(TEMPLATE).replace(">\n<", "><")).substitute(
        script=script,
        script_hash=_hash(script),
        style=sheet,
        style_hash=_hash(sheet),
        # As JSON has it, < may be escaped; then nothing in it can end the element that it is in.
        graph=data.replace("<", r"\u003c"),
    )
    return document.encode(errors="surrogatepass")


def described(program: Program, nodes: Sequence[Value], digits: int = DIGITS) -> dict[str, Any]:
    """Return what the page shows: the graph with its words and its places; all numbers but the variables' are computed.

    The words are those of `explain`: of every operation, and of every product of the chain rule, whatever branches
    are taken.
    """
    words = wording(program)
    places = layout(program.root, nodes)
    operations = list(dict.fromkeys(node.operation for node in nodes if node.operation))
    names = {node: name for name, node in program.inputs().items()}
    return {
        "title": visible(program.title),
        "text": visible(program.text.strip()),
        "digits": digits,
        "size": [places.width, places.height],
        "variables": [
            {"name": visible(names.get(node, node.label)), "value": node.data}
            for node in nodes
            if node.operation is None and node.varies
        ],
        "operations": [_operation(operation) for operation in operations],
        "nodes": [
            _node(words, node, place) | _made_by(words, node, place, nodes, operations)
            for node, place in zip(nodes, places.places, strict=True)
        ],
    }


def _node(words: Wording, node: Value, place: Place) -> dict[str, Any]:
    """Return what a node is called and where it is."""
    flags = {
        "varies": node.varies,
        "unnamed": not (node.varies or node.operation or node.label),
        "literal": is_literal(node),
    }
    return {"name": visible(words.name(node)), "box": place.box, **_set(flags)}


def _made_by(
    words: Wording, node: Value, place: Place, nodes: Sequence[Value], operations: Sequence[Operation]
) -> dict[str, Any]:
    """Return what there is to say about the operation that made a node; operations and operands are indices."""
    if node.operation is None:
        return {}
    return {
        "formula": visible(words.formula(node)),
        "operation": operations.index(node.operation),
        "operands": [nodes.index(operand) for operand in node.operands],
        "local": _local(words, node),
        "oval": place.oval,
        "paths": place.paths,
    }


def _local(words: Wording, node: Value) -> list[str | list[str] | None]:
    """Return the local derivatives of a node as formulas; one that needs parentheses as a factor is a list of its own.

    There is none for an operand that does not vary, or that an operation only looks at to choose another.
    """
    operation = node.operation
    assert operation is not None
    found: list[str | list[str] | None] = []
    for index, operand in enumerate(node.operands):
        if not operand.varies or (operation.chooses and operation.slopes[index] == 0.0):
            found.append(None)
            continue
        try:
            formula = words.local_formula(node, index)
        except EvaluationError:
            # It has none, as polygamma with respect to its order.
            found.append("undefined")
            continue
        is_factor = formula == words.local_formula(node, index, loosest=PRODUCT)
        found.append(visible(formula) if is_factor else [visible(formula)])
    return found


def _operation(operation: Operation) -> dict[str, Any]:
    """Return how an operation is written, and what its rule for the branches is.

    pole: which operand is 0 where it has a pole, if that is not the first one.
    """
    pieces = operation.text.pieces
    flags = {
        "pole": "y" in operation.domain and "x" not in operation.domain,
        "called": bool(operation.names) and operation.arity == 1,
        "chooses": operation.chooses,
        "selects": operation.selects,
        "compares": operation.compares,
    }
    form = ["-", POWER] if pieces[0] == "-" else list(pieces)
    return {"symbol": operation.symbol, "noun": operation.noun, "form": form, **_set(flags)}


def _set(flags: Mapping[str, bool]) -> dict[str, int]:
    return {name: 1 for name, holds in flags.items() if holds}


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"

"""The page as one HTML document."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from mgcli.analysis.explain import Wording, is_literal, wording
from mgcli.errors import EvaluationError, Remedy, RenderError
from mgcli.graph.node import topological
from mgcli.graph.operation import POWER, PRODUCT, Operation
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.render.page.compact import script, style
from mgcli.render.page.layout import layout
from mgcli.render.page.recompute import recompute
from mgcli.render.visible import visible

MOST_NODES = 300
"""The maximum number of nodes of a page."""

DIGITS = 6
"""The number of significant digits that a page shows."""

SCRIPTS = ("passes.js", "page.js")
BRANCHES = "branches.js"
START = "onhashchange();"
QUIZ = "quiz.js"
TEMPLATE = "page.html"
STYLE = "page.css"


def page(program: Program, digits: int | None = None, blanks: Sequence[Value] | None = None) -> bytes:
    """Return the page of `program`, which is evaluated and differentiated.

    digits: the number of significant digits, in place of `DIGITS`. blanks: the nodes whose gradients are asked for in
    a quiz. Raises RenderError without a renderer or for a graph of more than `MOST_NODES`, EvaluationError for an
    operation that JavaScript does not have.
    """
    nodes = topological(program.root)
    if len(nodes) > MOST_NODES:
        raise RenderError(
            f"a page shows up to {MOST_NODES} nodes, and this graph has {len(nodes):,}",
            hint=Remedy("draw a picture of it", "picture"),
        )
    graph = columns(program, nodes, digits)
    scripts = [*SCRIPTS]
    if any(node.operation and node.operation.chooses for node in nodes):
        scripts.append(BRANCHES)
    if blanks is not None:
        graph["blanks"] = [nodes.index(node) for node in blanks]
        scripts.append(QUIZ)
    with program.pointing():
        computing = recompute(nodes)
    # The columns become constants of the scripts.
    given = f'const [{", ".join(graph)}] = JSON.parse(document.getElementById("data").textContent);'
    written = script("\n".join(['"use strict";', given, computing, *map(_file, scripts), START]))
    sheet = style(_file(STYLE))
    data = json.dumps([*graph.values()], ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    document = Template(_file(TEMPLATE).replace(">\n<", "><")).substitute(
        script=written,
        script_hash=_hash(written),
        style=sheet,
        style_hash=_hash(sheet),
        # As JSON has it, < may be escaped; then nothing in it can end the element that it is in.
        data=data.replace("<", r"\u003c"),
    )
    return document.encode(errors="surrogatepass")


def columns(program: Program, nodes: Sequence[Value], digits: int | None = None) -> dict[str, Any]:
    """Return what the scripts know of a graph, as constants by name; all numbers but the variables' are computed.

    One value for each node, in topological order: `names`, `varies`, `formulas` (empty where nothing is computed),
    `kinds` (which of the operations; -1 for none), `operands` (indices), `locals`, `boxes`, `ovals`, `paths`. One for
    each kind of operation: `symbols`, `nouns`, `forms`, `called` (whether a message says where it is by its only
    operand), `poles` (which operand is 0 at a pole), `closable`, `compares`. The words are those of `explain`: of every
    operation, and of every product of the chain rule, whatever branches are taken.
    """
    words = wording(program)
    places = layout(program.root, nodes, digits)
    operations = list(dict.fromkeys(node.operation for node in nodes if node.operation))
    variables = [index for index, node in enumerate(nodes) if node.operation is None and node.varies]
    return {
        "title": visible(program.title),
        "source": visible(program.text.strip()),
        "digits": digits or DIGITS,
        "size": [places.width + 8, places.height + 60],
        "variables": variables,
        "starts": [nodes[index].data for index in variables],
        "names": [visible(words.name(node)) for node in nodes],
        "varies": [int(node.varies) for node in nodes],
        "formulas": [visible(words.formula(node)) if node.operation and not is_literal(node) else "" for node in nodes],
        "kinds": [operations.index(node.operation) if node.operation else -1 for node in nodes],
        "operands": [[nodes.index(operand) for operand in node.operands] for node in nodes],
        "locals": [_local(words, node) for node in nodes],
        "boxes": [place.box for place in places.places],
        "ovals": [place.oval for place in places.places],
        "paths": [place.paths for place in places.places],
        "symbols": [operation.symbol for operation in operations],
        "nouns": [operation.noun for operation in operations],
        "forms": [_form(operation) for operation in operations],
        "called": [int(bool(operation.names) and operation.arity == 1) for operation in operations],
        "poles": [int("y" in operation.domain and "x" not in operation.domain) for operation in operations],
        "closable": [_first_closable(operation) for operation in operations],
        "compares": [int(operation.compares) for operation in operations],
    }


def _local(words: Wording, node: Value) -> list[str | list[str] | None]:
    """Return the local derivatives of a node as formulas; one that needs parentheses as a factor is a list of its own.

    There is none for an operand that does not vary, or that an operation only looks at to choose another.
    """
    operation = node.operation
    found: list[str | list[str] | None] = []
    for index, operand in enumerate(node.operands):
        if not operation or not operand.varies or (operation.chooses and operation.slopes[index] == 0.0):
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


def _form(operation: Operation) -> Sequence[str | int]:
    """Return the text of an operation, its operands as how tightly they must bind."""
    pieces = operation.text.pieces
    return ["-", POWER] if pieces[0] == "-" else pieces


def _first_closable(operation: Operation) -> int:
    """Return the first operand whose branch may be closed; 9 if there is none."""
    return int(operation.selects) if operation.chooses and not operation.compares else 9


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"

"""The graph drawn as in the notebook: a record for each value, an oval for each operation."""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import graphviz

from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.render.dot import render
from mgcli.render.files import write_whole
from mgcli.render.visible import visible

LARGE = 200
"""The number of nodes above which the layout is fast rather than good."""

_QUICK = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.1", "concentrate": "true"}
"""For dot, which otherwise takes minutes for a long chain that uses one variable over and over.

The search is bounded, and the edges of one value are merged as far as possible.
"""


class Drawing(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that needs no installed Graphviz to be rendered or shown in a notebook."""

    def __repr__(self) -> str:
        return f"<drawing of {len(self.body)} nodes and edges>"

    def pipe(
        self,
        format: str | None = None,  # noqa: A002
        *,
        quiet: bool = False,
        engine: str | None = None,
        encoding: str | None = None,
    ) -> Any:
        """Return the picture in `format` (svg by default), as bytes, or as text if `encoding` is given.

        The layout is by `engine` (dot by default). `quiet` has no effect: the renderer's messages
        are in the RenderError. Raises ValueError for an engine that Graphviz does not have.
        """
        engine = engine or self.engine
        if engine not in graphviz.ENGINES:
            raise ValueError(f"unknown engine: {engine!r} (must be one of {', '.join(sorted(graphviz.ENGINES))})")
        picture = render(self.source, format or self.format, engine)
        return picture.decode(encoding) if encoding else picture

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
        *,
        quiet: bool = False,
        quiet_view: bool = False,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
    ) -> str:
        """Write the source to `filename` and the picture beside it (or to `outfile`); return the picture's path.

        `view` opens the picture, and so does `quiet_view`, without the viewer's messages. The rest
        is as in `pipe`.
        """
        if outfile is not None:
            format = format or Path(outfile).suffix[1:]  # noqa: A001
            filename = filename or Path(outfile).with_suffix(".gv")
        picture = self.pipe(format, quiet=quiet, engine=engine)
        source = Path(self.save(filename, directory=directory))
        written = Path(outfile) if outfile is not None else Path(f"{source}.{format or self.format}")
        write_whole(written, picture)
        if cleanup:
            source.unlink()
        if view or quiet_view:
            graphviz.view(str(written), quiet=quiet_view)
        return str(written)


Gradients = Mapping[str, Mapping[Value, float]]
"""The gradient of each result, by the name of the result and by the node."""


def draw_dot(root: Value | Sequence[Value], gradients: Gradients | None = None) -> Drawing:
    """Return the drawing of the graph that ends in `root`, left to right.

    Of several results the drawing has the graph of all of them, each marked by a bold line; `gradients` are shown in
    place of `grad`, which is that of one result only.

    Each value is a record `label | data | grad` with 4 decimals, each operation an oval, with an
    edge for each operand. A constant has no grad. A value that is undefined is red.
    A graph with a variable that has no number is drawn as a bare structure. The same expression gives
    the same text: nodes are numbered, operands first.
    """
    roots = root if isinstance(root, Sequence) else [root]
    for each in roots:
        if not isinstance(each, Value):
            raise TypeError(f"draw_dot draws a Value, not {type(each).__name__!r}")
    results = set(roots) if isinstance(root, Sequence) else set()
    nodes = topological(*roots)
    bare = _is_bare(nodes)
    layout = {"ordering": "in", "rankdir": "LR", **(_QUICK if len(nodes) > LARGE else {})}
    drawing = Drawing(format="svg", graph_attr=layout)
    ends = {}
    for index, node in enumerate(nodes):
        value, oval = f"{index}", f"{index}{node._op}"
        if not node._op:
            ends[node] = value
            drawing.node(value, label=_record(node, bare, gradients), shape="record", **_mark(node, bare, results))
            continue
        drawing.node(oval, label=graphviz.escape(node._op))
        ends[node] = oval
        if not bare or node.label:
            ends[node] = value
            drawing.node(value, label=_record(node, bare, gradients), shape="record", **_mark(node, bare, results))
            drawing.edge(oval, value)
        for operand in node.operands:
            drawing.edge(ends[operand], oval)
    return drawing


def _is_bare(nodes: list[Value]) -> bool:
    return any(node.data != node.data for node in nodes if not node._op and node.varies)


def _mark(node: Value, bare: bool, results: Collection[Value]) -> dict[str, str]:
    bold = {"style": "bold"} if node in results else {}
    if bare or not node._op or node.data == node.data:
        return bold
    return {**bold, "color": "red", "fontcolor": "red", "tooltip": node.error.message if node.error else "not defined"}


def _record(node: Value, bare: bool, gradients: Gradients | None) -> str:
    label = _escape(node.label)
    if bare and node.varies:
        return f"{{ {label} }}"
    if node.varies and gradients is not None:
        slopes = (f" | grad {_escape(name)} {decimals(gradient[node])}" for name, gradient in gradients.items())
        return f"{{ {label} | data {decimals(node.data)}{''.join(slopes)} }}"
    if node.varies:
        return f"{{ {label} | data {decimals(node.data)} | grad {decimals(node.grad)} }}"
    return f"{{ {label} | data {decimals(node.data)} }}" if label else f"{{ data {decimals(node.data)} }}"


def decimals(number: float) -> str:
    """Return `number` with 4 decimals, and with an exponent where its size is outside 1e-4..1e6."""
    plain = number == 0.0 or 1e-4 <= abs(number) < 1e6
    return f"{number:.4f}" if plain else f"{number:.4e}"


def _escape(label: str) -> str:
    """Return `label` with the characters escaped that have a meaning in a record, or that no picture can show."""
    escaped = "".join(f"\\{character}" if character in '\\{}|<> "' else character for character in visible(label))
    # Graphviz reads &lt; as HTML does.
    return escaped.replace("&", "&amp;").replace("\n", r"\n")

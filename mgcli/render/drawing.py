"""The graph drawn as in the notebook: a record for each value, an oval for each operation."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import graphviz

from mgcli.graph.node import leading_to, topological
from mgcli.graph.value import Value
from mgcli.render.dot import render
from mgcli.render.files import write_whole
from mgcli.render.tables import number as rounded
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

DIRECTIONS = ("LR", "TB")
"""From left to right, or from top to bottom."""

HIGHLIGHT = "royalblue"

_BLANK = r"\ " * 10
"""The space in a worksheet in which a number is to be written."""


def draw_dot(
    root: Value | Sequence[Value],
    gradients: Gradients | None = None,
    *,
    digits: int | None = None,
    data: bool = True,
    grad: bool = True,
    direction: str = "LR",
    compact: bool = False,
    highlight: Collection[Value] = (),
) -> Drawing:
    """Return the drawing of the graph that ends in `root`.

    Of several results the drawing has the graph of all of them, each marked by a bold line; `gradients` are shown in
    place of `grad`, which is that of one result only.

    Each value is a record `label | data | grad` with 4 decimals, each operation an oval, with an
    edge for each operand. A constant has no grad. A value that is undefined is red.
    A graph with a variable that has no number is drawn as a bare structure. The same expression gives
    the same text: nodes are numbered, operands first.

    digits: the number of significant digits, in place of the 4 decimals. data: whether computed numbers are shown;
    if not, space is left for them, as on a worksheet. grad: whether gradients are shown. direction: "LR" or "TB".
    compact: one box for a node, with the operation in its first cell. highlight: nodes; the paths from the result to
    them are blue. Raises TypeError for what is not a Value, ValueError for another direction.
    """
    roots = root if isinstance(root, Sequence) else [root]
    for each in roots:
        if not isinstance(each, Value):
            raise TypeError(f"draw_dot draws a Value, not {type(each).__name__!r}")
    if direction not in DIRECTIONS:
        raise ValueError(f"unknown direction: {direction!r} (must be one of {', '.join(DIRECTIONS)})")
    nodes = topological(*roots)
    results = set(roots) if isinstance(root, Sequence) else set()
    paths = leading_to(highlight, nodes)
    cells = _Cells(_is_bare(nodes), gradients, digits, data, grad, compact)
    layout = {"ordering": "in", "rankdir": direction, **(_QUICK if len(nodes) > LARGE else {})}
    drawing = Drawing(format="svg", graph_attr=layout)
    ends = {}
    for index, node in enumerate(nodes):
        box, oval = f"{index}", f"{index}{node._op}"
        lit = {"color": HIGHLIGHT, "penwidth": "2"} if node in paths else {}
        look = {**({"style": "bold"} if node in results else {}), **lit, **cells.warning(node)}
        has_oval = bool(node._op) and not compact
        has_box = not has_oval or cells.has_box(node)
        if has_oval:
            drawing.node(oval, label=graphviz.escape(node._op), **lit)
        if has_box:
            drawing.node(box, label=cells.record(node, direction), shape="record", **look)
        if has_oval and has_box:
            drawing.edge(oval, box, **lit)
        ends[node] = box if has_box else oval
        for operand in node.operands:
            drawing.edge(ends[operand], oval if has_oval else box, **(lit if operand in paths else {}))
    return drawing


def _is_bare(nodes: list[Value]) -> bool:
    return any(node.data != node.data for node in nodes if not node._op and node.varies)


class _Cells(NamedTuple):
    """What the record of a node shows; `bare` is whether the graph has no numbers."""

    bare: bool
    gradients: Gradients | None
    digits: int | None
    data: bool
    grad: bool
    compact: bool

    def has_box(self, node: Value) -> bool:
        """Return whether the node of an operation has a record: without numbers only one with a label has."""
        return not self.bare or not self.data or bool(node.label)

    def record(self, node: Value, direction: str) -> str:
        operation, label = _escape(node._op), _escape(node.label)
        first = [label] if node.varies or label else []
        if self.compact and node._op:
            first = [operation, label] if label else [operation]
        written = " | ".join([*first, *self._numbers(node)])
        # Braces turn the cells of a record round: they are beside each other in both directions.
        return f"{{ {written} }}" if direction == "LR" else written

    def _numbers(self, node: Value) -> Iterator[str]:
        is_given = not node._op and (not node.varies or not self.bare)
        if is_given or (self.data and not self.bare):
            yield f"data {self._number(node.data)}"
        elif not self.data:
            yield f"data {_BLANK}"
        if not self.grad or not node.varies or (self.bare and self.data):
            return
        if self.gradients is None:
            yield f"grad {self._number(node.grad) if self.data else _BLANK}"
            return
        for name, gradient in self.gradients.items():
            yield f"grad {_escape(name)} {self._number(gradient[node]) if self.data else _BLANK}"

    def _number(self, number: float) -> str:
        return decimals(number) if self.digits is None else rounded(number, self.digits)

    def warning(self, node: Value) -> dict[str, str]:
        """Return the attributes of a node that is undefined."""
        if self.bare or not self.data or not node._op or node.data == node.data:
            return {}
        tooltip = node.error.message if node.error else "not defined"
        return {"color": "red", "fontcolor": "red", "tooltip": tooltip}


def decimals(number: float) -> str:
    """Return `number` with 4 decimals, and with an exponent where its size is outside 1e-4..1e6."""
    plain = number == 0.0 or 1e-4 <= abs(number) < 1e6
    return f"{number:.4f}" if plain else f"{number:.4e}"


def _escape(label: str) -> str:
    """Return `label` with the characters escaped that have a meaning in a record, or that no picture can show."""
    escaped = "".join(f"\\{character}" if character in '\\{}|<> "' else character for character in visible(label))
    # Graphviz reads &lt; as HTML does.
    return escaped.replace("&", "&amp;").replace("\n", r"\n")

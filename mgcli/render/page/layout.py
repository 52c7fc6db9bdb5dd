"""Where the drawing of a graph has its nodes and edges, in points, from the top left corner."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from mgcli.graph.value import Value
from mgcli.render.drawing import draw_dot

HEIGHT = 36
"""The height of the box of a value."""

Point = tuple[float, float]


class Place(NamedTuple):
    """Where a node is drawn.

    box: the top left corner of the box of its value, and its width. oval: the centre of the oval of its operation, and
    half its width; empty if there is none.
    paths: the edges from the operands to the oval, and that from there to the box, as paths of SVG.
    """

    box: tuple[int, int, int]
    oval: tuple[int, ...]
    paths: list[str]


class Layout(NamedTuple):
    """The size of a drawing, and the place of each node."""

    width: int
    height: int
    places: list[Place]


def layout(root: Value, nodes: Sequence[Value], digits: int | None = None) -> Layout:
    """Return the layout of the drawing of `root`, whose `nodes` are given in topological order.

    digits: as in `draw_dot`. Every node is evaluated. Raises RenderError without a renderer.
    """
    drawn = json.loads(draw_dot(root, digits=digits).pipe("json"))
    _, _, width, height = map(float, drawn["bb"].split(","))
    names = {item["_gvid"]: item["name"] for item in drawn["objects"]}
    items = {item["name"]: item for item in drawn["objects"]}
    edges: dict[tuple[str, str], list[str]] = {}
    for edge in drawn.get("edges", ()):
        ends = names[edge["tail"]], names[edge["head"]]
        edges.setdefault(ends, []).append(_path(edge.get("pos"), items[ends[0]], items[ends[1]], height))
    indices = {node: index for index, node in enumerate(nodes)}
    places = []
    for index, node in enumerate(nodes):
        x, y = _centre(items[f"{index}"], height)
        wide = float(items[f"{index}"]["width"]) * 72
        box = round(x - wide / 2), round(y - HEIGHT / 2), round(wide)
        if node.operation is None:
            places.append(Place(box, (), []))
            continue
        oval = f"{index}{node._op}"
        paths = [edges[f"{indices[operand]}", oval].pop(0) for operand in node.operands]
        x, y = _centre(items[oval], height)
        half = round(float(items[oval]["width"]) * 36)
        places.append(Place(box, (round(x), round(y), half), [*paths, edges[oval, f"{index}"][0]]))
    return Layout(round(width), round(height), places)


def _centre(item: Any, height: float) -> Point:
    x, y = map(float, item["pos"].split(","))
    return x, height - y


def _path(pos: str | None, tail: Any, head: Any, height: float) -> str:
    """Return an edge as a path of SVG, a straight one if Graphviz has drawn it together with another."""
    if pos is None:
        return _curve([_centre(tail, height), _centre(head, height)])
    return " ".join(_curve(_points(piece, height)) for piece in pos.split(";"))


def _points(piece: str, height: float) -> list[Point]:
    """Return the points of cubic curves, the last one at the tip of the arrow, which Graphviz gives apart."""
    points: dict[str, list[Point]] = {"": [], "e": [], "s": []}
    for each in piece.split():
        *kind, x, y = each.split(",")
        points["".join(kind)].append((float(x), height - float(y)))
    return [*points[""][:-1], *points["e"]] if points["e"] else points[""]


def _curve(points: Sequence[Point]) -> str:
    start, *others = [f"{round(x)},{round(y)}" for x, y in points]
    return f"M{start}{'C' if len(others) > 1 else 'L'}{' '.join(others)}"

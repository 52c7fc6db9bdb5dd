"""An SVG from Graphviz as a PDF, made by matplotlib, which comes with the extra `plot`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from mgcli.render.plot import made_by

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 72
"""The units of an SVG from Graphviz in an inch."""

_NUMBER = re.compile(r"-?[0-9.]+(?:e-?[0-9]+)?")


def pdf(svg: str) -> bytes:
    """Return the PDF of an SVG from Graphviz, the same for the same SVG. Raises RenderError without matplotlib."""
    with made_by("matplotlib", "a pdf without an installed Graphviz"):
        import matplotlib
        from matplotlib.figure import Figure
    tree = ElementTree.fromstring(svg)
    drawing = next(each for each in tree if each.tag.endswith("}g"))
    moved = re.search(r"translate\(([^)]*)\)", drawing.get("transform", ""))
    across, down = _numbers(moved[1]) if moved else (0.0, 0.0)
    left, top, width, height = _numbers(tree.attrib["viewBox"])
    # Letters stay letters, of a font that is in the file.
    with matplotlib.rc_context({"pdf.fonttype": 42, "font.family": ["DejaVu Sans"]}), warnings.catch_warnings():
        # One that the font does not have is visible in the picture itself.
        warnings.simplefilter("ignore")
        figure = Figure(figsize=(width / POINTS, height / POINTS), dpi=POINTS)
        page = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        page.set_xlim(left - across, left - across + width)
        page.set_ylim(top - down + height, top - down)
        page.set_axis_off()
        for element in drawing.iter():
            _draw(page, element.tag.rpartition("}")[2], element.attrib, element.text or "")
        content = BytesIO()
        figure.savefig(content, format="pdf", metadata={"CreationDate": None, "Creator": "mg", "Producer": None})
    return content.getvalue()


def _draw(page: Axes, kind: str, attributes: Mapping[str, str], text: str) -> None:
    """Draw one element; an invisible one, such as a title, is skipped."""
    from matplotlib.patches import Ellipse, PathPatch, Polygon
    from matplotlib.path import Path

    look: dict[str, Any] = {
        "facecolor": attributes.get("fill", "black"),
        "edgecolor": attributes.get("stroke", "none"),
        "linewidth": float(attributes.get("stroke-width", 1.0)),
    }
    if kind == "text":
        _write(page, attributes, text)
    elif kind == "ellipse":
        x, y, across, down = (float(attributes[name]) for name in ("cx", "cy", "rx", "ry"))
        page.add_patch(Ellipse((x, y), 2.0 * across, 2.0 * down, **look))
    elif kind in ("polygon", "polyline"):
        page.add_patch(Polygon(_points(attributes["points"]), closed=kind == "polygon", **look))
    elif kind == "path":
        # Graphviz draws an edge as one chain of cubic curves.
        points = _points(attributes["d"])
        page.add_patch(PathPatch(Path(points, [Path.MOVETO] + [Path.CURVE4] * (len(points) - 1)), **look))


def _write(page: Axes, attributes: Mapping[str, str], text: str) -> None:
    place = (float(attributes["x"]), float(attributes["y"]))
    size = float(attributes["font-size"])
    written = page.text(*place, text, size=size, color=attributes.get("fill", "black"), ha="center", parse_math=False)
    if length := attributes.get("textLength"):
        written.set_fontsize(min(size, size * float(length) / written.get_window_extent().width))


def _points(text: str) -> list[tuple[float, float]]:
    numbers = _numbers(text)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text)]

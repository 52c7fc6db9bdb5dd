"""The text of an SVG: in the fonts of whoever looks at it, and inside its cells."""

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mgcli import draw_dot, parse
from mgcli.render.svg import SHOWN

NAMES = ["a", "learning_rate", "αβγδεζηθ", "Mmmmmmmmmmmmmmmm", "WWWWWWWWWW", "温度温度温度温度", "иииииииии"]


def drawn(name: str) -> str:
    root = parse(f"sqrt({name})*-123456.75", **{name: 1e-9})
    root.backward()
    return str(draw_dot(root).pipe(encoding="utf-8"))


def texts(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))


def test_every_text_is_in_fonts_that_viewers_have() -> None:
    assert {text.get("font-family") for text in texts(drawn("a"))} == {SHOWN}


@pytest.mark.parametrize(
    ("name", "is_fixed"),
    [("a", False), ("learning_rate", False), ("Mmmmmmmmmmmmmmmm", True), ("温度温度温度温度", True)],
)
def test_only_a_text_that_may_be_too_wide_has_a_length(name: str, is_fixed: bool) -> None:
    fixed = [text.text for text in texts(drawn(name)) if text.get("textLength")]
    assert fixed == ([name] if is_fixed else [])


def cells(group: Any) -> list[tuple[float, float]]:
    """Return the left and the right side of each cell of a node."""
    sides = set()
    for shape in group.iter():
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", shape.get("points", ""))]
        sides.update(numbers[::2])
    return list(pairwise(sorted(sides)))


MEASURE = """<!DOCTYPE html><meta charset="utf-8">{svgs}<script>
document.title = JSON.stringify([...document.querySelectorAll("text")].map(text => text.getBBox().width));
document.body.append(document.title);
</script>"""


@pytest.mark.slow
@pytest.mark.parametrize("font", ["DejaVu Sans", "DejaVu Serif", "Liberation Sans"])
def test_a_browser_shows_every_text_inside_its_cell(tmp_path: Path, font: str) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    svgs = [drawn(name) for name in NAMES]
    page = tmp_path / "page.html"
    bodies = [re.sub(r"(?s)^.*?(?=<svg)", "", svg).replace(SHOWN, font) for svg in svgs]
    page.write_text(MEASURE.replace("{svgs}", "".join(bodies)))
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]
    shown = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, check=True, timeout=120).stdout
    lengths = [float(number) for number in re.findall(r"[0-9.]+", shown[shown.index("<title>") :].split("</title>")[0])]
    assert len(lengths) == sum(len(texts(svg)) for svg in svgs)
    measured = iter(lengths)
    for svg in svgs:
        for group in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
            if group.get("class") != "node":
                continue
            for text in group.iter("{http://www.w3.org/2000/svg}text"):
                width, middle = next(measured), float(text.get("x", ""))
                for left, right in cells(group):
                    if left < middle < right:
                        assert width < right - left, text.text

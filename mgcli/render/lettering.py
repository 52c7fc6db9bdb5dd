"""Letters in pictures: mathematics that matplotlib can set, fonts that have the letters, and text that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

FONT = "DejaVu Sans"
"""The font of pictures, which matplotlib brings."""

PLACEHOLDERS = "Last Resort"
"""The beginning of the name of fonts that have a box for every letter."""


def mathematics(latex: str | None, *, displayed: bool = False) -> str | None:
    """Return `latex` as matplotlib sets mathematics, between dollar signs; None if it cannot.

    displayed: whether fractions are as large as in a line of their own.
    """
    # The fonts of its formulas have no other letters.
    if not latex or not latex.isascii():
        return None
    return _settable(f"${_with_large_fractions(latex) if displayed else latex}$")


def _with_large_fractions(latex: str) -> str:
    """Return `latex` with the fractions that are in no braces, as in a power, larger."""
    pieces, depth = [], 0
    for piece in re.split(r"(\\frac\b|(?<!\\)[{}])", latex):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        pieces.append(r"\dfrac" if piece == r"\frac" and depth == 0 else piece)
    return "".join(pieces)


def marked_up(text: str) -> str | None:
    """Return a title or label with mathematics between dollar signs, as matplotlib takes it; None for plain text."""
    return _settable(text) if text.replace(r"\$", "").count("$") > 1 else None


def _settable(text: str) -> str | None:
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text, 72)
    except (ValueError, RecursionError):
        return None
    return text


def families(text: str) -> tuple[list[str], str]:
    """Return the families of fonts that have the letters of `text`, and the letters that none of this machine has."""
    missing = _missing(text, FONT)
    found = [FONT]
    candidates = list(_other_fonts()) if missing else []
    while missing:
        having = {name: missing - _missing(missing, name) for name in candidates}
        best = max(having, key=lambda name: len(having[name]), default=None)
        if best is None or not having[best]:
            break
        found.append(best)
        missing -= having[best]
    return found, "".join(letter for letter in dict.fromkeys(text) if letter in missing)


def _missing(letters: Iterable[str], family: str) -> set[str]:
    from matplotlib.font_manager import findfont, get_font

    try:
        font = get_font(findfont(family, fallback_to_default=False))
        if not font.scalable:
            return set(letters)
        return {letter for letter in letters if letter.isprintable() and not font.get_char_index(ord(letter))}
    except (OSError, RuntimeError, ValueError):
        return set(letters)


def _other_fonts() -> Iterator[str]:
    """Yield the names of the upright fonts of the machine, those that were installed since matplotlib looked too."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError, ValueError):
            continue
    names = {
        entry.name: None
        for entry in fontManager.ttflist
        if entry.style == "normal" and not entry.name.startswith((PLACEHOLDERS, FONT))
    }
    yield from sorted(names)


def width(text: str, size: float, *, math: bool = False) -> float:
    """Return the width of a line of text in points, at that size of the font."""
    return _measured(text, size, math)[0]


def depth(formula: str, size: float) -> float:
    """Return how far mathematics reaches below its line, in points, at that size of the font."""
    return _measured(formula, size, math=True)[2]


def _measured(text: str, size: float, math: bool) -> tuple[float, float, float]:
    """Return the width, the height and the depth below the line, in points."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    properties: Any = FontProperties(family=rcParams["font.family"], size=size)
    measured = text_to_path.get_text_width_height_descent(text, properties, math)
    return tuple(map(float, measured))  # type: ignore[return-value]


def largest(text: str, sizes: Sequence[float], room: float, *, math: bool = False) -> float | None:
    """Return the first of `sizes` at which a line is at most `room` points wide, None if it never is."""
    return next((size for size in sizes if width(text, size, math=math) <= room), None)


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Return lines of `text` that are at most `room` points wide, at most `most` of them, the last one cut."""
    length = len(text) or 1
    while True:
        lines = wrap(text, length, break_on_hyphens=False) or [""]
        if length == 1 or all(width(line, size) <= room for line in lines[:most]):
            break
        longest = max(width(line, size) for line in lines[:most])
        length = max(1, min(length - 1, int(min(length, max(map(len, lines))) * room / longest)))
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: length - 4]} ..."]


# A letter of a font that only matplotlib has: parentheses and roots that grow with what they enclose.
_TALL = r"'(STIXSize\w+)'[^>]*>([^<]+)<"

_FONT = r"(font(?:-family)?: [^;\"]*'[^;\"]*')(?=[;\"])"


def portable(svg: str) -> str:
    """Return a picture as SVG, whose letters are text, so that it looks right in a viewer without our fonts."""
    from html import unescape

    tall: dict[str, set[str]] = {}
    for family, letters in re.findall(_TALL, svg):
        tall.setdefault(family, set()).update(unescape(letters))
    faces = "".join(
        f"@font-face{{font-family:'{family}';src:url(data:font/ttf;base64,{_part_of(family, letters)})}}"
        for family, letters in sorted(tall.items())
    )
    return re.sub(_FONT, r"\1, sans-serif", svg).replace("</style>", f"{faces}</style>", 1)


def _part_of(family: str, letters: Iterable[str]) -> str:
    """Return the font file with these letters only, in base64."""
    from base64 import b64encode
    from io import BytesIO

    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from matplotlib.font_manager import findfont

    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["FFTM"]
    font = TTFont(findfont(family))
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(letters)))
    subsetter.subset(font)
    content = BytesIO()
    font.save(content)
    return b64encode(content.getvalue()).decode()

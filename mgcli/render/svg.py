"""The text of an SVG from Graphviz, kept inside its cells in whatever font the viewer has."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import east_asian_width

MEASURE = "Courier"
"""The font by whose metrics a node is laid out: in few proportional fonts is a text as wide as in it."""

SHOWN = "Helvetica,Arial,sans-serif"
"""The fonts in which the viewer is asked to show it."""

MARGIN = "0.07,0.055"
"""The space on either side of the text in a cell, and above and below it, in inches."""

_COURIER, _SPACE = 0.6, 0.7
"""The width of a character in Courier and twice that of the space beside the text, in font sizes."""

# At most, in common fonts: Verdana and DejaVu Sans are the widest.
_WIDE, _CAPITAL, _SMALL, _NARROW = 1.0, 0.8, 0.64, 0.46

_TEXT = re.compile(rf'<text ([^>]*)font-family="{MEASURE}[^"]*" font-size="([0-9.]+)"([^>]*)>([^<]*)</text>')


def fitted(svg: str) -> str:
    """Return an SVG whose nodes are laid out for `MEASURE`, with their text in `SHOWN`.

    A text that may be wider than its cell, such as one of wide letters, gets the length that it has room for.
    """
    return _TEXT.sub(_fitted, svg)


def _fitted(text: re.Match[str]) -> str:
    opening, size, closing, content = text.groups()
    words = unescape(content)
    cell = _COURIER * len(words) + _SPACE
    length = ""
    if sum(map(_widest, words)) > cell - 0.1:
        length = f' textLength="{(cell - 0.3) * float(size):.2f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text {opening}font-family="{SHOWN}" font-size="{size}"{length}{closing}>{content}</text>'


def _widest(character: str) -> float:
    """Return about how wide a character is in the widest of common fonts, in font sizes."""
    if character in "mwMW@%+=<>~" or east_asian_width(character) in "WF":
        return _WIDE
    if character in "fijlrtI.,:;|!'()[] \xa0-":
        return _NARROW
    return _CAPITAL if character.isupper() else _SMALL

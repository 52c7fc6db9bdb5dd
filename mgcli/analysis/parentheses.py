"""Text outside parentheses: where a pattern is, the parts between separators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mgcli.errors import Span


def outside_parentheses(text: str, pattern: str) -> Iterator[tuple[Span, str]]:
    """Yield the positions of `pattern` in `text` outside all parentheses, with the text found."""
    depth = 0
    for found in re.finditer(rf"[(\[{{]|[)\]}}]|{pattern}", text):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
        elif depth == 0:
            yield found.span(), found[0]


def split(text: str, separator: str) -> list[str]:
    """Return the parts of `text` between separators, each a character, that are outside parentheses."""
    start, parts = 0, []
    for (before, after), _ in outside_parentheses(text, re.escape(separator)):
        parts.append(text[start:before])
        start = after
    return [*parts, text[start:]]


def closes_at_the_end(text: str) -> bool:
    """Return whether the first parenthesis of `text` is closed by its last one."""
    depth = 0
    for character in text[text.index("(") : text.rindex(")")]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return False
    return depth == 1

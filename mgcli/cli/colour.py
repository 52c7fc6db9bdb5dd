"""Colour on a terminal: when it is wanted, and the colours of messages and tables."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

import click


class Choice:
    """What the option says: colours, none, or nothing."""

    wanted: bool | None = None


choice = Choice()
"""That of this run; an error is written when the context of its command is gone."""


def is_wanted(stream: Any) -> bool:
    """Return whether what is written to `stream` is coloured.

    The option --color or --no-color decides, then FORCE_COLOR and NO_COLOR; else a terminal has colours.
    """
    if choice.wanted is not None:
        return choice.wanted
    if os.environ.get("FORCE_COLOR", "") not in ("", "0"):
        return True
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False


STYLES: dict[str, dict[str, Any]] = {
    r"error:": {"fg": "red", "bold": True},
    r"(?:warning|note):": {"fg": "yellow"},
    r"hint:": {"fg": "cyan"},
    r" +\^+(?: +\^+)*$": {"fg": "red"},
}
"""The style of the beginning of a line that matches."""

_BEGINNINGS = "|".join(f"({pattern})" for pattern in STYLES)


def message(text: str) -> str:
    """Return a message with its words and carets in colour."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    found = re.match(_BEGINNINGS, line)
    if not found:
        return line
    style = list(STYLES.values())[found.lastindex - 1]  # type: ignore[operator]
    return f"{click.style(found[0], **style)}{line[found.end() :]}"


def headed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a table, the first, and each that follows an empty one, in bold."""
    awaited = True
    for line in lines:
        yield click.style(line, bold=True) if awaited and line else line
        awaited = not line


def _set(context: click.Context, parameter: click.Parameter, value: bool | None) -> bool | None:
    if value is not None:
        choice.wanted = value
    return value


shared = click.option(
    "--color/--no-color",
    default=None,
    is_eager=True,
    expose_value=False,
    callback=_set,
    help="Use colours, or none; by default, on a terminal.",
)
"""The option that turns colours on or off, as a decorator."""

"""The last expression and its values, kept for the next command.

A small JSON file in the user's own folder for state: replaced as a whole, readable only by the
user, and never a reason for a command to fail.
"""

import json
import os
import sys
from pathlib import Path

from mgcli.render.files import write_whole

LIMIT = 1_000_000
"""The most bytes that are kept."""


class Remembered:
    """An expression and the text of each value given for it."""

    def __init__(self, expression: str, values: dict[str, str]) -> None:
        self.expression = expression
        self.values = values


class UnreadableError(Exception):
    """What is kept cannot be used; the argument says why."""


def recall() -> Remembered | None:
    """Return what was kept last, None where there is nothing. Raises UnreadableError."""
    path = _path()
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}") from None
    try:
        kept = json.loads(content)
        expression, values = kept["expression"], kept["values"]
        texts = [expression, *values, *values.values()]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UnreadableError(f"{path} is damaged") from None
    if not all(isinstance(text, str) for text in texts):
        raise UnreadableError(f"{path} is damaged")
    if not expression:
        raise UnreadableError("the last expression was too long to be kept")
    return Remembered(expression, values)


def remember(expression: str, values: dict[str, str]) -> None:
    """Keep `expression` and `values` for the next command; where that is not possible, do nothing."""
    path = _path()
    if path is None:
        return
    content = json.dumps({"expression": expression, "values": values}, indent=1).encode()
    if len(content) > LIMIT:
        # What is kept must not be an older expression than the last one.
        content = json.dumps({"expression": "", "values": {}}).encode()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content + b"\n", private=True)
    except OSError:
        return


def why_nothing() -> str:
    """Return, to be put behind a sentence, that nothing is kept because the user said so, if that is so."""
    return " (MG_NO_STATE is set)" if _is_off() else ""


def _is_off() -> bool:
    return os.environ.get("MG_NO_STATE", "") not in ("", "0")


def _path() -> Path | None:
    if _is_off():
        return None
    folder = _state_folder()
    return folder / "mgcli" / "last.json" if folder else None


def _state_folder() -> Path | None:
    """Return the platform's folder for what a program keeps between runs, None where there is none."""
    configured = os.environ.get("XDG_STATE_HOME", "")
    if Path(configured).is_absolute():
        return Path(configured)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) if local else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".local" / "state"

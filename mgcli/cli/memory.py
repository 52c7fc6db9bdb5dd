"""The last expression and its values, kept for the next command.

A small JSON file in the user's own state folder: it is replaced as a whole, only the user can
read it, and it is never a reason for a command to fail.
"""

import json
import os
import stat
import sys
from pathlib import Path

from mgcli.render.files import write_whole

LIMIT = 1_000_000
"""The largest size of the file, in bytes."""


class Remembered:
    """An expression and the text of each value given for it."""

    def __init__(self, expression: str, values: dict[str, str]) -> None:
        self.expression = expression
        self.values = values


class UnreadableError(Exception):
    """The file cannot be used; the argument says why."""


def recall() -> Remembered | None:
    """Return the last expression, None if there is none. Raises UnreadableError."""
    path = _path()
    if path is None:
        return None
    try:
        content = _content(path)
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
        raise UnreadableError("the last expression was too long to remember")
    return Remembered(expression, values)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _content(path: Path) -> bytes:
    # To open a named pipe for reading waits for a writer, and none may ever come.
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableError(f"{path} is not a regular file")
        return file.read(LIMIT + 1)


def remember(expression: str, values: dict[str, str]) -> None:
    """Keep `expression` and `values` for the next command, if possible."""
    path = _path()
    if path is None:
        return
    content = json.dumps({"expression": expression, "values": values}, indent=1).encode()
    if len(content) > LIMIT:
        # An older expression must not be taken for the last one.
        content = json.dumps({"expression": "", "values": {}}).encode()
    try:
        if path.exists() and not path.is_file():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content + b"\n", private=True)
    except OSError:
        return


def why_nothing() -> str:
    """Return what to add to a message if nothing is kept because the user turned the memory off."""
    return " (MG_NO_STATE is set)" if _is_off() else ""


def _is_off() -> bool:
    return os.environ.get("MG_NO_STATE", "") not in ("", "0")


def _path() -> Path | None:
    if _is_off():
        return None
    folder = _state_folder()
    return folder / "mgcli" / "last.json" if folder else None


def _state_folder() -> Path | None:
    """Return the platform's folder for the state of programs, None if there is none."""
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

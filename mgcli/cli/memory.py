"""The last expression of each terminal and its values, kept for the next command.

A small JSON file for each terminal session, in the user's own state folder: it is replaced as a
whole, only the user can read it, and a problem with it never makes a command fail.
"""

import json
import os
import stat
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from mgcli.render.files import write_whole

LIMIT = 1_000_000
"""The largest size of a file, in bytes."""

MOST_SESSIONS = 100
"""The most sessions whose expressions are kept."""

MONTH = 30 * 24 * 3600.0
"""The age, in seconds, at which an expression is forgotten."""


class Remembered:
    """An expression and the text of each value given for it; `elsewhere`: it comes from another terminal.

    others: the further expressions of a command that takes several.
    """

    def __init__(self, expression: str, values: dict[str, str], elsewhere: bool, others: Sequence[str] = ()) -> None:
        self.expression = expression
        self.values = values
        self.elsewhere = elsewhere
        self.others = tuple(others)


class UnreadableError(Exception):
    """The file cannot be used; the argument says why."""


def recall() -> Remembered | None:
    """Return this terminal's last expression, or else that of any; None if there is none. Raises UnreadableError."""
    folder = _folder()
    if folder is None:
        return None
    own = os.path.join(folder, _name())
    path = own if os.path.exists(own) else next(iter(_newest_first(folder)), own)
    try:
        content = _content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}") from None
    try:
        kept = json.loads(content)
        expression, values = kept["expression"], kept["values"]
        others = kept.get("others", [])
        texts = [expression, *values, *values.values(), *others]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UnreadableError(f"{path} is damaged") from None
    if not all(isinstance(text, str) for text in texts):
        raise UnreadableError(f"{path} is damaged")
    if not expression:
        raise UnreadableError("the last expression was too long to remember")
    return Remembered(expression, values, elsewhere=path != own, others=others)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _content(path: str) -> bytes:
    # Opening a named pipe for reading waits for a writer, which may never come.
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableError(f"{path} is not a regular file")
        return file.read(LIMIT + 1)


def remember(expression: str, values: dict[str, str], others: Sequence[str] = ()) -> None:
    """Keep `expression`, `values` and further expressions for the next command, if possible."""
    folder = _folder()
    if folder is None:
        return
    path = os.path.join(folder, _name())
    further = {"others": list(others)} if others else {}
    content = json.dumps({"expression": expression, "values": values, **further}, indent=1).encode()
    if len(content) > LIMIT:
        # An older expression must not be mistaken for the last one.
        content = json.dumps({"expression": "", "values": {}}).encode()
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            return
        os.makedirs(folder, mode=0o700, exist_ok=True)
        write_whole(path, content + b"\n", private=True)
        _forget_old(folder)
    except OSError:
        return


def _forget_old(folder: str) -> None:
    """Delete what is a month old, and what is older than that of MOST_SESSIONS others."""
    for index, (path, age) in enumerate(_newest_first(folder).items()):
        if index >= MOST_SESSIONS or age > MONTH:
            with suppress(FileNotFoundError):
                os.unlink(path)


def _newest_first(folder: str) -> dict[str, float]:
    """Return the files of all sessions, each with its age in seconds."""
    now, ages = time.time(), {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("last") and entry.name.endswith(".json"):
                    ages[entry.path] = now - entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return {}
    return dict(sorted(ages.items(), key=lambda item: item[1]))


def why_nothing() -> str:
    """Return what to add to a message if nothing is kept because the user turned the memory off."""
    return " (MG_NO_STATE is set)" if _is_off() else ""


def _is_off() -> bool:
    return os.environ.get("MG_NO_STATE", "") not in ("", "0")


def _folder() -> str | None:
    if _is_off():
        return None
    folder = _state_folder()
    return os.path.join(folder, "mgcli") if folder else None


def _name() -> str:
    """Return the name of this session's file: one for all where the system has no sessions."""
    if not hasattr(os, "getsid"):
        return "last.json"
    leader = os.getsid(0)
    return f"last-{leader}-{_start_of(leader)}.json"


def _start_of(process: int) -> str:
    """Return when a process started, as digits and letters; empty if that is not known.

    The system gives a process number again once it is free; with its start it is another session.
    """
    try:
        # The 22nd field; the second is the program's name in parentheses, and may hold anything.
        with open(f"/proc/{process}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[19].decode()
    except (OSError, IndexError, ValueError):
        return _start_by_ps(process) if sys.platform == "darwin" else ""


def _start_by_ps(process: int) -> str:
    import subprocess

    try:
        done = subprocess.run(["ps", "-o", "lstart=", "-p", str(process)], capture_output=True, check=True, timeout=1)
    except (OSError, subprocess.SubprocessError):
        return ""
    return "".join(character for character in done.stdout.decode(errors="ignore") if character.isalnum())


def _state_folder() -> str | None:
    """Return the platform's folder for the state of programs, None if there is none."""
    configured = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(configured):
        return configured
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or None
    home = os.path.expanduser("~")
    if home == "~":
        return None
    below = ("Library", "Application Support") if sys.platform == "darwin" else (".local", "state")
    return os.path.join(home, *below)

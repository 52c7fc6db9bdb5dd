"""A large file that is written beside its target and moved into place once it is whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from glob import escape, glob
from types import TracebackType
from weakref import finalize

from mgcli.render.files import is_standard_output, permissions

MARK = ".mg-"
"""What follows the name of the target in the name of the file beside it."""


class Target:
    """What becomes the file `out`, or standard output for "-", when the block ends without an error.

    path: where to write meanwhile, None for standard output itself. With `whole`, standard output too gets nothing
    before the end. What a killed run has left beside the target is removed first.
    """

    def __init__(self, out: str, *, whole: bool = False) -> None:
        self._out = "" if out == "-" or is_standard_output(out) else os.path.realpath(out)
        self._lock: int | None = None
        self.path: str | None = None
        if not self._out:
            self._beside = whole
        else:
            self._beside = not os.path.exists(self._out) or os.path.isfile(self._out)
            self.path = self._out
        if self._beside:
            self.path = self._made()

    def _made(self) -> str:
        if not self._out:
            handle, path = tempfile.mkstemp(prefix=MARK)
            self._remove = finalize(self, _unlink, path)
            os.close(handle)
            return path
        folder, name = os.path.split(self._out)
        start = os.path.join(folder, f".{name[:32]}{MARK}")
        for left in glob(escape(start) + "*"):
            _remove_unlocked(left)
        path = start + os.urandom(8).hex()
        # An interrupt may come before the block is entered.
        self._remove = finalize(self, _unlink, path)
        self._lock = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        _is_locked(self._lock)
        return path

    def __enter__(self) -> Target:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._beside or self.path is None:
            return
        try:
            if kind is None:
                self._put_in_place(self.path)
        finally:
            if self._lock is not None:
                os.close(self._lock)
            self._remove()

    def _put_in_place(self, path: str) -> None:
        if self._out:
            os.chmod(path, permissions(self._out))
            if os.name == "nt" and self._lock is not None:
                os.close(self._lock)
                self._lock = None
            os.replace(path, self._out)
        else:
            with open(path, "rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _remove_unlocked(path: str) -> None:
    """Remove a file that no running process has locked."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR)
        try:
            if _is_locked(handle):
                os.unlink(path)
        finally:
            os.close(handle)


def _is_locked(handle: int) -> bool:
    """Lock an open file for this process, and return whether that was possible."""
    try:
        import fcntl
    except ImportError:
        # On Windows an open file cannot be removed.
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

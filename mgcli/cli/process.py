"""The process: standard streams that are open, and an orderly exit on a signal."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

DEADLY = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals that end a program."""


class Ended(BaseException):
    """A signal to end the program: unfinished work is cleaned up on the way out, as for an interrupt."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def prepare() -> None:
    """Turn signals that end the program into exceptions, and open missing standard streams on the null device.

    Otherwise the first file that is opened would be used as one of them. `sys.stdout` stays None,
    so that results which go nowhere are an error; messages may go nowhere.
    """
    for number in DEADLY:
        # A signal that is ignored, as after nohup, stays ignored.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it stays open)


def _end(number: int, _: object) -> NoReturn:
    # A second one ends it at once.
    signal.signal(number, signal.SIG_DFL)
    raise Ended(number)


def end_by(number: int) -> None:
    """End this process by a signal, so that its parent sees the signal."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)

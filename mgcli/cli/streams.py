"""The standard streams, open whatever the program was started with."""

import os
import sys


def prepare() -> None:
    """Open to nothing the streams that the program was started without.

    Else the first file that is opened would be taken for one of them. `sys.stdout` stays None, so that results
    that go nowhere are an error; messages may go nowhere.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it stays open)

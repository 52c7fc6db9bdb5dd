"""The standard streams, opened if the program was started without them."""

import os
import sys


def prepare() -> None:
    """Open missing standard streams on the null device.

    Otherwise the first file that is opened would be used as one of them. `sys.stdout` stays None,
    so that results which go nowhere are an error; messages may go nowhere.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it stays open)

"""What a test that runs mg gets: a function, and what the command left behind."""

from collections.abc import Callable
from typing import NamedTuple


class Result(NamedTuple):
    """What a command left behind; a test compares the whole of it with a tuple."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Result]
"""Runs mg on a command line, or on its arguments."""

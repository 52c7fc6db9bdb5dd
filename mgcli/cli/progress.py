"""Progress bar and clean Ctrl-C for long loops."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from time import monotonic
from typing import Generic, TypeVar

import click

T = TypeVar("T")

PATIENCE = 1.0
"""The seconds after which a loop gets a progress bar."""


class Watched(Generic[T]):
    """An iterable over `items`, at most `length` of them.

    The first Ctrl-C stops it after the current item, so that the work done is not lost, and sets
    `interrupted`; the second one is an ordinary interrupt. With `bar`, a long loop shows a progress
    bar on standard error if that is a terminal.
    """

    def __init__(self, items: Iterable[T], length: int, *, bar: bool = True) -> None:
        self.interrupted = False
        self._items = items
        self._length = length
        self._bar = bar and sys.stderr.isatty()

    def __length_hint__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        previous = signal.signal(signal.SIGINT, self._interrupt)
        try:
            with ExitStack() as stack:
                bar = None
                patient_until = monotonic() + PATIENCE
                for done, item in enumerate(self._items, 1):
                    yield item
                    if self.interrupted:
                        return
                    if bar:
                        bar.update(1)
                    elif self._bar and monotonic() > patient_until:
                        bar = stack.enter_context(
                            click.progressbar(
                                length=self._length, file=sys.stderr, update_min_steps=self._length // 1000 or 1
                            )
                        )
                        bar.update(done)
        finally:
            signal.signal(signal.SIGINT, previous)

    def _interrupt(self, *_: object) -> None:
        self.interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

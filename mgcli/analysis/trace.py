"""The points of a descent that are shown."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from mgcli.analysis.descent import Point, Run


def every_nth(run: Run, every: int) -> Iterator[Point]:
    """Yield each point of `run` whose step is a multiple of `every`, and the last one."""
    for point in run:
        if point.step % every == 0:
            yield point
    if run.last.step % every:
        yield run.last


class Trace:
    """Points by columns, in arrays, so that many of them take little memory."""

    def __init__(self, names: Iterable[str], points: Iterable[Point]) -> None:
        self.step = array("q")
        self.value = array("d")
        self.norm = array("d")
        self.variables = {name: array("d") for name in names}
        for point in points:
            self.step.append(point.step)
            self.value.append(point.value)
            self.norm.append(point.norm)
            for column, value in zip(self.variables.values(), point.variables, strict=True):
                column.append(value)

    def document(self) -> dict[str, Any]:
        """Return the columns by their names."""
        return {"step": self.step, "value": self.value, "norm": self.norm, "variables": self.variables}

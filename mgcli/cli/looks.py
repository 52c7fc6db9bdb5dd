"""The options of a plot that choose its look: titles, limits, logarithmic axes, size."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from mgcli.cli.options import constant

if TYPE_CHECKING:
    from mgcli.analysis.points import Points
    from mgcli.render.plot import Look

UNITS = {"": 1.0, "in": 1.0, "cm": 1 / 2.54, "px": 1 / 150}
"""The units of a size, in inches; a png has 150 dots to the inch."""

INCHES = (1.0, 60.0)
"""The smallest and the largest width or height of a picture."""

MOST_CELLS = 1000
"""The maximum number of columns or lines."""


def look_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose the look of its picture."""
    options = (
        click.option("--title", metavar="TEXT", help="Title; with mathematics between dollar signs, as in $x^2$."),
        click.option("--xlabel", metavar="TEXT", help="Label of the horizontal axis."),
        click.option("--ylabel", metavar="TEXT", help="Label of the vertical axis."),
        click.option("--xlim", metavar="LOW:HIGH", help="What is shown of the horizontal axis."),
        click.option("--ylim", metavar="LOW:HIGH", help="What is shown of the vertical axis."),
        click.option("--log", type=click.Choice(["x", "y", "xy"]), help="Axes that are logarithmic."),
        click.option(
            "--size",
            metavar="WxH",
            help="Width and height, in inches, or as 16x9cm or 800x600px; in the terminal, columns and lines.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


class Chosen:
    """What the options choose: the `look`, or for the terminal the `cells`, its columns and lines.

    Raises click.UsageError for a value that an option does not take.
    """

    def __init__(self, given: Mapping[str, str | None], in_a_file: bool) -> None:
        from mgcli.render.plot import Look

        size = given["size"]
        self.cells = None if in_a_file or size is None else _cells(size)
        self.look: Look = Look(
            title=given["title"],
            xlabel=given["xlabel"],
            ylabel=given["ylabel"],
            xlim=_limits("--xlim", given["xlim"]),
            ylim=_limits("--ylim", given["ylim"]),
            log=given["log"] or "",
            size=_inches(size) if in_a_file and size is not None else None,
        )
        for axis, limits in (("x", self.look.xlim), ("y", self.look.ylim)):
            if limits and axis in self.look.log and limits[0] <= 0.0:
                raise click.UsageError(
                    f"--{axis}lim {given[f'{axis}lim']} begins at {limits[0]}, and a logarithmic axis has no 0\n"
                    f"hint: begin above 0, as in --{axis}lim 1e-3:10"
                )

    @property
    def by_factors(self) -> list[bool]:
        """Whether the points of each swept variable are equal factors apart."""
        return ["x" in self.look.log, "y" in self.look.log]

    def check(self, sweeps: Mapping[str, Points]) -> None:
        """Refuse a sweep that reaches 0 on a logarithmic axis. Raises click.UsageError."""
        for axis, (name, points) in zip("xy", sweeps.items(), strict=False):
            if axis in self.look.log and min(points) <= 0.0:
                raise click.UsageError(
                    f"{name} reaches {min(points)}, and a logarithmic axis has only positive numbers\n"
                    f"hint: begin above 0, as in {_range_of(name)}, or leave out --log {self.look.log}"
                )


def _range_of(name: str) -> str:
    from mgcli.cli.arguments import binding, options_of

    return binding(name, "1e-3:10", options_of(click.get_current_context()))


def _limits(option: str, text: str | None) -> tuple[float, float] | None:
    """Return the two numbers of LOW:HIGH. Raises click.UsageError."""
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if not colon or ":" in high or not low.strip() or not high.strip():
        raise click.UsageError(f"{option} takes LOW:HIGH, not {text}\nhint: write two numbers, as in {option} -1:1")
    ends = constant(option, low, "-1"), constant(option, high, "1")
    if not ends[0] < ends[1]:
        raise click.UsageError(f"{option} {text}: nothing lies between\nhint: write the lower number first")
    return ends


def _inches(text: str) -> tuple[float, float]:
    """Return the width and height of a picture. Raises click.UsageError."""
    found = re.fullmatch(r"([0-9.]+)\s*(?:x|×)\s*([0-9.]+)\s*(in|cm|px|)", text.strip())
    try:
        width, height = (float(number) * UNITS[found[3]] for number in found.groups()[:2]) if found else (0.0, 0.0)
    except ValueError:
        width = height = 0.0
    if not all(INCHES[0] <= length <= INCHES[1] for length in (width, height)):
        raise click.UsageError(
            f"--size takes a width and a height from {INCHES[0]:.0f} to {INCHES[1]:.0f} inches, not {text}\n"
            "hint: write 8x5, 16x9cm or 800x600px"
        )
    return width, height


def _cells(text: str) -> tuple[int, int]:
    """Return the columns and lines of a picture in the terminal. Raises click.UsageError."""
    found = re.fullmatch(r"([0-9]{1,4})\s*(?:x|×)\s*([0-9]{1,4})", text.strip())
    width, height = map(int, found.groups()) if found else (0, 0)
    if not (40 <= width <= MOST_CELLS and 11 <= height <= MOST_CELLS):
        raise click.UsageError(
            f"--size in the terminal takes columns and lines, from 40x11 to {MOST_CELLS}x{MOST_CELLS}, not {text}\n"
            "hint: write 100x30"
        )
    return width, height

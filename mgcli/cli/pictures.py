"""What the commands that write a picture have in common: its options, its format, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click


def picture_options(formats: Sequence[str]) -> Callable[[Any], Any]:
    """Return the decorator that gives a command the options --out and --format."""
    out = click.option(
        "--out",
        type=click.Path(),
        metavar="FILE",
        help=f"Write the picture to FILE, by its suffix ({', '.join(formats)}); '-' is standard output.",
    )
    form = click.option("--format", "form", type=click.Choice(formats), help="What to write, where no suffix tells.")
    return lambda command: out(form(command))


def picture_format(out: str, form: str | None, formats: Sequence[str]) -> str:
    """Return what to write to `out`. Raises click.UsageError where neither its suffix nor `form` tells."""
    from pathlib import Path

    suffix = Path(out).suffix[1:].lower()
    if form and suffix in formats and suffix != form:
        raise click.UsageError(f"{out} is to be a {suffix}, and --format says {form}\nhint: leave out one of them")
    if form:
        return form
    if out == "-":
        raise click.UsageError(f"--out - needs a format\nhint: add --format {formats[0]}")
    if suffix not in formats:
        what = f"the suffix of {out} is not one of a picture" if suffix else f"{out} has no suffix"
        raise click.UsageError(f"{what}\nhint: end it in one of .{', .'.join(formats)}")
    return suffix


def write_picture(out: str, content: bytes) -> None:
    """Write a picture to the file `out`, whole or not at all, or to standard output where that is "-"."""
    if out == "-":
        click.echo(content, nl=False)
    else:
        from pathlib import Path

        from mgcli.render.files import write_whole

        write_whole(Path(out), content)

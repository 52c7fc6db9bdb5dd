"""The options --out and --format of the commands that write a picture, and the writing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from mgcli.cli.messages import say
from mgcli.render.visible import visible_name


def picture_options(formats: Sequence[str]) -> Callable[[Any], Any]:
    """Return the decorator that gives a command the options --out and --format."""
    out = click.option(
        "--out",
        type=click.Path(),
        metavar="FILE",
        help=f"Write the picture to FILE, in the format of its suffix ({', '.join(formats)}); '-' is standard output.",
    )
    form = click.option(
        "--format", "form", type=click.Choice(formats), help="Output format, if the file name has no suffix."
    )
    return lambda command: out(form(command))


def picture_format(out: str, form: str | None, formats: Sequence[str]) -> str:
    """Return the format of the picture `out`, from `form` or its suffix. Raises click.UsageError."""
    from pathlib import Path

    suffix = Path(out).suffix[1:].lower()
    if form and suffix in formats and suffix != form:
        raise click.UsageError(f"--format {form} does not match the suffix of {out}\nhint: leave out one of them")
    if form:
        return form
    if out == "-":
        raise click.UsageError(f"--out - needs a format\nhint: add --format {formats[0]}")
    if suffix not in formats:
        what = f"the suffix of {out} is not a picture format" if suffix else f"{out} has no suffix"
        raise click.UsageError(f"{what}\nhint: use one of .{', .'.join(formats)}")
    return suffix


def file_format(out: str | None, form: str | None, formats: Sequence[str]) -> str | None:
    """Return the format of the file `out`, None for a picture in the terminal. Raises click.UsageError."""
    if out is not None:
        return picture_format(out, form, formats)
    if form:
        raise click.UsageError(f"--format {form} needs --out\nhint: add --out FILE, or --out - for standard output")
    return None


def warn_of_missing_letters(letters: str) -> None:
    """Report the letters of a picture for which there is no font."""
    if letters:
        shown = f"{letters[:20]}{'...' if len(letters) > 20 else ''}"
        say(
            f"warning: no font on this machine has {visible_name(shown)}, so the picture shows boxes instead\n"
            "hint: install a font that has them, such as Noto, or write the picture as svg"
        )


def write_picture(out: str, content: bytes) -> None:
    """Write a picture to the file `out`, whole or not at all, or to standard output if that is "-"."""
    if out == "-":
        click.echo(content, nl=False)
    else:
        from pathlib import Path

        from mgcli.render.files import write_whole

        if not write_whole(Path(out), content):
            say(f"note: {visible_name(out)} is overwritten in place, because its folder takes no new file")

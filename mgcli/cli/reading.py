"""The text of an expression from a file or from standard input, up to a limit."""

from __future__ import annotations

import sys

import click

from mgcli.render.visible import visible_name

MOST_MEGABYTES = 64
"""The maximum length of an expression."""


def read_text(file: str) -> str:
    """Return the text of `file`, or of standard input for "-". Raises click.UsageError if it cannot be read as text."""
    where = "standard input" if file == "-" else visible_name(file)
    if file == "-" and sys.stdin is None:
        raise click.UsageError("cannot read standard input: it is closed")
    most = MOST_MEGABYTES * 1_000_000
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with open(file, "rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise click.UsageError(f"cannot read {where}: {error.strerror}") from None
    if len(content) > most:
        raise click.UsageError(f"{where} is too long: an expression has at most {MOST_MEGABYTES} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{where} is not UTF-8: byte {error.start + 1} is {content[error.start]:#04x}") from None

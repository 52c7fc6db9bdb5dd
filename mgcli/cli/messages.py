"""Messages on standard error: they never fail, and contain no control characters."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from mgcli.cli import colour
from mgcli.errors import MgError
from mgcli.render.visible import visible

MOST_BYTES = 2000
"""The maximum length of a message; of a longer one, the beginning and the end are shown."""

_HEAD, _TAIL = 1200, 700


def say(message: object) -> None:
    """Write `message` to standard error; if that fails, the exit status still shows the error."""
    text = _cut(visible(str(message)))
    try:
        if colour.is_wanted(sys.stderr):
            click.echo(colour.message(text), err=True, color=True)
        else:
            click.echo(text, err=True)
    except OSError:
        drop(sys.stderr)


def echo_error(message: object) -> None:
    """Write `message` to standard error as an error."""
    if isinstance(message, MgError):
        from mgcli.cli.hints import with_options

        message = with_options(message)
    say(f"error: {message}")


def _cut(text: str) -> str:
    content = text.encode()
    if len(content) <= MOST_BYTES:
        return text
    return f"{content[:_HEAD].decode(errors='ignore')} ... {content[-_TAIL:].decode(errors='ignore')}"


def drop(stream: Any) -> None:
    """Discard what is still to be written to `stream`, so that exiting does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, AttributeError):
        return

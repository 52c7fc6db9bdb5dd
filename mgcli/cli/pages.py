"""The page of `mg draw`: its options, and the writing of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mgcli.cli.inputs import Inputs
from mgcli.cli.messages import echo_error, say
from mgcli.cli.pictures import write_picture
from mgcli.cli.wording import warn_of_unused
from mgcli.errors import listed
from mgcli.render.visible import visible_name

FORMAT = "html"
"""The format of a page."""


def page_options(command: Any) -> Any:
    """Give a command the options of a page."""
    options: list[Callable[[Any], Any]] = [
        click.option("--quiz", is_flag=True, help="A page (.html) that asks for the gradients."),
        click.option("--seed", metavar="S", help="Ask for half of the gradients only; S, any word, chooses which."),
        click.option("--open", "opens", is_flag=True, help="Show the file in the browser."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def check_options(form: str, out: str | None, quiz: bool, seed: str | None, opens: bool, *others: str) -> None:
    """Raise click.UsageError for options that do not fit together; `others` are those that shape a picture."""
    if quiz and form != FORMAT:
        raise click.UsageError("--quiz is for a page\nhint: add --out g.html")
    if seed is not None and not quiz:
        raise click.UsageError("--seed is for a quiz\nhint: add --quiz")
    if opens and out in (None, "-"):
        raise click.UsageError("--open needs a file\nhint: add --out g.html")
    if form == FORMAT and others:
        raise click.UsageError(f"{others[0]} is not for a page\nhint: leave it out, or use --out g.svg")


def write_page(given: Inputs, out: str, digits: int | None, quiz: bool, seed: str | None) -> int:
    """Write the page of a program with values; return the exit status."""
    from mgcli.render.page.document import page
    from mgcli.render.page.quiz import blanks

    program = given.program
    if given.at_a_point:
        given.bind()
    else:
        names = [*given.without_values().variables]
        program.bind(dict.fromkeys(names, 1.0))
        verb = "starts" if len(names) == 1 else "start"
        say(f"note: {listed(names, most=6)} {verb} at 1; give another value with -{names[0]} VALUE")
    error = program.differentiate()
    if quiz and error:
        raise error
    write_picture(out, page(program, digits, blanks(program.root, seed) if quiz else None))
    warn_of_unused(program)
    if error is None:
        return 0
    echo_error(error)
    return 1


def show_in_browser(out: str) -> None:
    """Start the browser with the file `out`."""
    import webbrowser

    if not webbrowser.open(Path(out).absolute().as_uri()):
        say(f"note: no browser was found; open {visible_name(out)} yourself")

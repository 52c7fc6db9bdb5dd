"""`mg help`: the manual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import click

from mgcli.cli.command import Command
from mgcli.errors import listed

PAGES = files("mgcli") / "manual"


def _completed(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [topic for topic in _topics() if topic.startswith(incomplete)]


@click.command(cls=Command)
@click.argument("topic", required=False, shell_complete=_completed)
def command(topic: str | None) -> None:
    """Print a page of the manual.

    \b
    mg help             the list of topics
    mg help grad        all about one command
    mg help language    what an expression may contain
    """  # noqa: D301
    if topic is None:
        click.echo("\n".join(_contents()))
    else:
        click.echo_via_pager(_as_text(_page(topic)).rstrip())


def _topics() -> list[str]:
    return sorted(page.name.removesuffix(".md") for page in PAGES.iterdir() if page.name.endswith(".md"))


def _contents() -> Iterator[str]:
    """Yield the lines that list the topics, the commands before the others, each with the title of its page."""
    titles = dict(_page(topic).partition("\n")[0].removeprefix("# ").split(": ", 1) for topic in _topics())
    width = max(map(len, titles))
    for command_name in (True, False):
        yield "Commands:" if command_name else "\nOther topics:"
        for name, title in titles.items():
            if name.startswith("mg ") is command_name:
                yield f"  {name.removeprefix('mg ').ljust(width)}{title}"
    yield "\n'mg help TOPIC' prints the page about a topic."


def _page(topic: str) -> str:
    """Return the Markdown of the page about `topic`. Raises click.UsageError where there is none."""
    topics = _topics()
    if topic not in topics:
        raise click.UsageError(f"no page about {topic}\nhint: {_hint(topic, topics)}")
    return (PAGES / f"{topic}.md").read_text(encoding="utf-8")


def _hint(topic: str, topics: list[str]) -> str:
    from mgcli.cli.habits import command_meant
    from mgcli.graph.table import FUNCTIONS

    if topic in FUNCTIONS:
        return f"for the function, write mg functions {topic}"
    heading = re.compile(rf"^## {re.escape(topic)}s?\b", re.MULTILINE | re.IGNORECASE)
    if pages := [page for page in topics if heading.search(_page(page))]:
        return f"see mg help {listed(pages, 'or')}"
    if near := command_meant(topic, topics):
        return f"did you mean {near}?"
    return "'mg help' lists the topics"


def _as_text(page: str) -> str:
    """Return a page for a terminal: blocks indented, links and pictures without their addresses."""
    page = re.sub(r"^```\w+\n(.*?)^```$\n", _indented, page, flags=re.MULTILINE | re.DOTALL)
    page = re.sub(r"^!\[.*\n\n", "", page, flags=re.MULTILINE)
    return re.sub(r"\[([^]\n]+)\]\([^)\n]+\.md\)", r"\1", page)


def _indented(block: re.Match[str]) -> str:
    return re.sub("^(?=.)", "    ", block[1], flags=re.MULTILINE)

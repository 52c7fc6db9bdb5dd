"""The arguments of `mg table`, its progress bar and its report."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from os.path import exists
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mgcli.analysis.tallies import TEXT
from mgcli.cli.arguments import Arguments, Options
from mgcli.cli.command import ExpressionCommand
from mgcli.cli.messages import say
from mgcli.cli.output import echo_json
from mgcli.cli.shorthand import is_program_file
from mgcli.graph.names import normalized
from mgcli.render.tallies import faults_text, notes_text
from mgcli.render.visible import visible_name

if TYPE_CHECKING:
    from mgcli.analysis.tallies import Tally
    from mgcli.tables.plan import Plan, Report

T = TypeVar("T")

SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet", ".pq")
"""What the name of a table ends in; no expression does."""

_DECIMAL_COMMA = r"[+-]?[0-9]+,[0-9]+"

PATIENCE = 2.0
"""The seconds after which there is a progress bar."""


class TableArguments(Arguments):
    """The arguments of `mg table`: an argument that names a file is the table, or "-"."""

    def __init__(self, options: Options | None = None, *, several: bool = False) -> None:
        super().__init__(options, several=several)
        self.table: str | None = None

    def add_expression(self, text: str) -> None:
        """Take `text` as the table or as the expression. Raises ArgumentsError for a second one."""
        if not _may_be_table(text):
            if self.expressions and re.search(r"\w\.[a-z]+$", text):
                raise _no_file(text)
            super().add_expression(text)
        elif self.table is None:
            self.table = text
        elif not _has_suffix(text):
            super().add_expression(text)
        elif not _has_suffix(self.table):
            super().add_expression(self.table)
            self.table = text
        else:
            raise click.UsageError(
                f"two tables: {self.table} and {text}\nhint: several Parquet files are a folder, or a pattern in quotes"
            )


class TableCommand(ExpressionCommand):
    """A command that takes a table besides an expression."""

    arguments_class = TableArguments

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        first, *rest = super().collect_usage_pieces(ctx)
        return [first, "FILE", *rest]


def _has_suffix(text: str) -> bool:
    return text.lower().endswith(SUFFIXES)


def _may_be_table(text: str) -> bool:
    return text == "-" or _has_suffix(text) or "://" in text or (exists(text) and not is_program_file(text))


def table_of(arguments: TableArguments) -> str:
    """Return the file of the arguments. Raises click.UsageError if there is none."""
    if arguments.table is not None:
        return arguments.table
    expression = arguments.expression or ""
    raise _no_file(expression if _looks_like_a_file(expression) else None)


def _no_file(name: str | None) -> click.UsageError:
    what = "no table" if name is None else f"there is no file {visible_name(name)}"
    return click.UsageError(f'{what}\nhint: write its name, as in mg table "a*b" readings.csv; - is standard input')


def _looks_like_a_file(text: str) -> bool:
    """Return whether a text is probably the name of a file that does not exist, not an expression such as U/I."""
    folder, _, file = text.rpartition("/")
    if not re.fullmatch(r"[\w .~:\\-]+", file):
        return False
    return exists(folder) or text.startswith((".", "/", "~")) or (not folder and (file.isidentifier() or "." in file))


def column_names(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Return the columns of --column by their variables. Raises click.BadParameter."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, column = text.partition("=")
        name = normalized(name.strip())
        if not equals or not name.isidentifier() or not column.strip():
            raise click.UsageError(f"--column takes NAME=COLUMN, not {text}\nhint: write --column 'x=Wave length'")
        if name in found:
            raise click.UsageError(f"{name} is given two columns: {found[name]} and {column}\nhint: give it one")
        found[name] = column.strip()
    return found


class LateBar:
    """A progress bar on standard error, if that is a terminal and the work takes long."""

    def __init__(self) -> None:
        self._patient_until = monotonic() + PATIENCE
        self._bar: Any = None

    def show(self, done: int, size: int) -> None:
        """Show how much is done of the whole size, 0 if that is not known."""
        if self._bar is None and size and sys.stderr.isatty() and monotonic() > self._patient_until:
            self._bar = click.progressbar(length=size, file=sys.stderr)
        if self._bar is not None:
            self._bar.length = size
            self._bar.update(done - self._bar.pos)

    def close(self) -> None:
        """End the line of the bar; what is shown later gets a new one."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None


def watched(items: Iterator[T], done: Callable[[], int], size: int) -> Iterable[T]:
    """Yield `items`; on a terminal, long work shows how much of the file has been read."""
    with closing(LateBar()) as bar:
        for item in items:
            bar.show(done(), size)
            yield item


@contextmanager
def tasks_watched(session: Any) -> Iterator[None]:
    """On a terminal, show how many of the tasks of long work are done, if a server of Spark Connect reports it."""

    def report(stages: Iterable[Any], inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        if done:
            bar.close()
        else:
            bar.show(sum(stage.num_completed_tasks for stage in stages), sum(stage.num_tasks for stage in stages))

    with closing(LateBar()) as bar:
        # Without a server, Spark refuses, and shows a bar of its own if its option says so.
        with suppress(RuntimeError):
            session.registerProgressHandler(report)
        yield


def print_report(plan: Plan, report: Report, out: str, as_json: bool) -> int:
    """Print what was done, and return the exit status."""
    if as_json:
        echo_json(document(plan, report, out))
    else:
        columns = "columns" if plan.options.only else "columns added"
        name = "" if out == "-" else f"{visible_name(out)}: "
        rows = f"{report.written:,} row{'' if report.written == 1 else 's'}"
        line = f"{name}{rows}, {columns}: {', '.join(plan.added)}"
        if out == "-":
            say(line)
        else:
            click.echo(line)
    if report.faults:
        uncertain = [f"{name}_u" for name in plan.uncertainties]
        say(faults_text(report.faults, report.refused, uncertain, skipped=report.written < report.rows))
    if any(cause.kind == TEXT and re.fullmatch(_DECIMAL_COMMA, each.example) for cause, each in report.faults):
        say("hint: a number has a decimal point, not a comma: 1.5")
    for cause, counted in report.notes:
        say(f"note: {notes_text(cause, counted)}")
    return 1 if report.faults else 0


def document(plan: Plan, report: Report, out: str) -> Mapping[str, Any]:
    """Return the report as a JSON document."""
    return {
        "expression": plan.function.program.text,
        "out": out,
        "rows": report.rows,
        "written": report.written,
        "added": plan.added,
        "refused": report.refused,
        "faults": _causes(report.faults),
        "notes": _causes(report.notes),
        "seconds": round(report.seconds, 3),
    }


def _causes(tally: Tally) -> list[dict[str, Any]]:
    return [
        {
            "kind": cause.kind,
            "about": cause.about,
            "count": each.rows,
            "row": each.first or None,
            "example": each.example,
            **({"cells": dict(each.cells)} if each.cells else {}),
        }
        for cause, each in tally
    ]

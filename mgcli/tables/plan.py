"""What is done to a table: which columns give the variables their values, and which are added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from mgcli.analysis.tables import UNCERTAIN, RowFunction
from mgcli.analysis.tallies import Tally
from mgcli.errors import ExpressionError, MgError, Remedy
from mgcli.graph.names import nearest, suggestion
from mgcli.language.program import Program

NULL, SKIP, STOP = "null", "skip", "stop"
"""What happens to a row that has no result: it stays without one, it is left out, or nothing is written."""


class TableError(MgError):
    """A table cannot be read, or it does not fit the program."""


class Options(NamedTuple):
    """What is added to a table.

    columns: for variables that have another name in the table, that of their column. of: results besides the last one.
    wrt: the names to differentiate with respect to, all variables by default. uncertainty: whether the columns
    <variable>_u are standard uncertainties. prefix: what the added names begin with. only: whether the other columns
    are left out. on_fault: NULL, SKIP or STOP.
    """

    columns: Mapping[str, str] = MappingProxyType({})
    of: Sequence[str] = ()
    wrt: Sequence[str] | None = None
    uncertainty: bool = False
    prefix: str = ""
    only: bool = False
    on_fault: str = NULL


class Plan(NamedTuple):
    """The function of the rows, and where its numbers are.

    columns, uncertainties: the column of each variable, and of its standard uncertainty. added: the new names.
    ignored: the columns of the names of variables that got a value otherwise.
    """

    function: RowFunction
    columns: dict[str, str]
    uncertainties: dict[str, str]
    added: list[str]
    ignored: list[str]
    options: Options

    @property
    def read(self) -> list[str]:
        """The columns that are read as numbers."""
        return list(dict.fromkeys([*self.columns.values(), *self.uncertainties.values()]))


class Report(NamedTuple):
    """What was done.

    rows, written: the numbers of rows read and written. refused: that of the rows without a result; faults: why.
    notes: what else deserves a look.
    """

    rows: int
    written: int
    refused: int
    faults: Tally
    notes: Tally
    seconds: float


def planned(program: Program, names: Sequence[str], source: str, values: Mapping[str, float], options: Options) -> Plan:
    """Return the plan for a table whose columns are called `names`; `source` is what messages call it.

    values: those of variables that are the same in every row.
    Raises ExpressionError where the program has no such name, TableError where the columns do not fit.
    """
    for name in [*options.columns, *(options.wrt or ())]:
        program.node(name)
    columns = _columns(program, names, source, values, options.columns)
    uncertain = _uncertain(columns, names, source) if options.uncertainty else {}
    function = RowFunction(
        program,
        columns,
        values,
        of=options.of,
        wrt=options.wrt,
        uncertain=[name for name in columns if name in uncertain],
    )
    columns = {name: columns[name] for name in function.variables}
    uncertain = {name: uncertain[name] for name in function.uncertain}
    added = [options.prefix + name for name in function.names]
    _refuse_twins(names, [*columns.values(), *uncertain.values()], source)
    _refuse_known([] if options.only else names, added, source)
    ignored = [name for name in values if name in names and name not in options.columns]
    return Plan(function, columns, uncertain, added, ignored, options)


def _columns(
    program: Program, names: Sequence[str], source: str, values: Mapping[str, float], renamed: Mapping[str, str]
) -> dict[str, str]:
    columns = {}
    missing = []
    for name in program.known():
        column = renamed.get(name)
        if column is not None:
            if column not in names:
                raise TableError(f"{source} has no column {column}", hint=suggestion(column, names))
            columns[name] = column
        elif name in program.variables and name not in values:
            if name in names:
                columns[name] = name
            else:
                missing.append(name)
    if missing:
        raise _no_column(program, missing, names, source)
    return columns


def _no_column(program: Program, missing: Sequence[str], names: Sequence[str], source: str) -> TableError:
    """Return the error for variables that are neither columns nor given."""
    first = missing[0]
    listed = first if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
    has, columns = ("has", "column") if len(missing) == 1 else ("have", "columns")
    it_has = f"; its columns are {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}"
    near = nearest(first, names) or next((name for name in names if name.lower() == first.lower()), None)
    if near:
        text = f"did you mean the column {near}?"
    elif names and (all(map(_is_number, names)) or names[0].startswith("#")):
        text = "the first line must have the names of the columns"
    elif len(names) == 1 and not names[0].isidentifier():
        text = "cells are separated by a comma, a semicolon or a tab"
    else:
        text = ""
    hint = text if text and not near else Remedy(text or "give it a value", "column", name=first, near=near)
    return TableError(
        f"{listed} {has} no value: there {'is' if len(missing) == 1 else 'are'} no such {columns} in {source}"
        + ("" if near else it_has),
        text=program.text,
        span=program.first_use[first],
        hint=hint,
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _uncertain(columns: Mapping[str, str], names: Sequence[str], source: str) -> dict[str, str]:
    """Return the column with the uncertainty of each variable that has one."""
    found = {}
    for name, column in columns.items():
        known = [each for each in (column + UNCERTAIN, name + UNCERTAIN) if each in names]
        if known:
            found[name] = known[0]
    if not found:
        example = next(iter(columns.values()), "x") + UNCERTAIN
        raise TableError(
            f"no variable has an uncertainty: {source} has no column {example}",
            hint=f"a column {example} has the standard uncertainties of {next(iter(columns), 'x')}",
        )
    return found


def _refuse_twins(names: Sequence[str], read: Iterable[str], source: str) -> None:
    counted = Counter(names)
    for name in read:
        if counted[name] > 1:
            raise TableError(
                f"{source} has {counted[name]} columns {name}", hint="rename one of them in the first line"
            )


def _refuse_known(names: Sequence[str], added: Sequence[str], source: str) -> None:
    known = set(names)
    for name in added:
        if name in known:
            hint = Remedy("choose a prefix for the names of the new columns", "prefix")
            raise ExpressionError(f"{source} already has a column {name}", hint=hint)

"""The engine of Spark: the machines of a cluster compute batches of Arrow, wherever the session comes from.

What is counted comes back as rows: each partition ends with a row that has only a report. Spark collects the
reports while it computes the dataframe, and leaves these rows out.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mgcli.analysis.tallies import Cause, Tally
from mgcli.errors import EvaluationError
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.render.tallies import faults_text, notes_text, words
from mgcli.tables.plan import NULL, STOP, Options, Plan, TableError, planned

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructField

DATAFRAME = "the dataframe"
"""What messages call a dataframe."""

REPORT = "report"
"""The column of the reports; it gets a number where the dataframe has one of that name."""


class Totals(NamedTuple):
    """What was counted: rows read and written, rows without a result and why, and what else deserves a look.

    The rows of a dataframe have no numbers: that of the first row of a cause is always 0, and its cells are given.
    """

    rows: int
    written: int
    refused: int
    faults: Tally
    notes: Tally

    def __str__(self) -> str:
        lines = [f"{self.rows:,} row{'' if self.rows == 1 else 's'}"]
        if self.faults:
            lines.append(faults_text(self.faults, self.refused, skipped=self.written < self.rows))
        return "\n".join([*lines, *(notes_text(*note) for note in self.notes)])


class Counts:
    """What is counted in the rows of a dataframe while it is computed for the first time."""

    def __init__(self) -> None:
        self._observation: Any = None

    def observed(self, dataframe: DataFrame, reports: str) -> DataFrame:
        """Return a dataframe whose column of reports is collected here."""
        from pyspark.sql import Observation
        from pyspark.sql.functions import collect_list

        if self._observation is not None:
            raise ValueError("these counts belong to another dataframe: make new ones with Counts()")
        self._observation = Observation()
        return dataframe.observe(self._observation, collect_list(reports).alias(REPORT))

    def get(self) -> Totals:
        """Return what was counted; wait until the dataframe has been written, collected or counted once."""
        if self._observation is None:
            raise ValueError("nothing is counted yet: give these counts to add_columns")
        return _total(self._observation.get.get(REPORT) or [])

    def __str__(self) -> str:
        return str(self.get())


def add_columns(
    dataframe: DataFrame,
    program: str | Program,
    *,
    columns: Mapping[str, str] = MappingProxyType({}),
    values: Mapping[str, float] = MappingProxyType({}),
    of: Sequence[str] = (),
    wrt: Sequence[str] | None = None,
    uncertainty: bool = False,
    prefix: str = "",
    only: bool = False,
    on_fault: str = NULL,
    counts: Counts | None = None,
) -> DataFrame:
    """Return a dataframe of Spark with the value and the gradient of an expression in each row.

    Columns give the variables of the same name their values. Added are the result, by its name or `value`, the results
    `of`, and d<result>_d<name> for each of them; null where something is undefined or missing.

    columns: for a variable that has another name there, that of its column. values: variables that are the same in
    every row. wrt: the names to differentiate with respect to, all variables by default. uncertainty: whether the
    columns <variable>_u are standard uncertainties, and <result>_u is added. prefix: what the new names begin with.
    only: whether the other columns are left out. on_fault: what happens to a row without a result: "null" keeps it,
    "skip" leaves it out, "stop" ends the computation with an error. counts: gets what is counted in the rows.
    Raises ExpressionError where the text is not an expression or has no such name, TableError where the columns do not
    fit it.
    """
    if isinstance(program, str):
        program = parse_program(program, [*dataframe.columns, *columns, *values])
    options = Options(dict(columns), of, wrt, uncertainty, prefix, only, on_fault)
    return computed(dataframe, planned(program, dataframe.columns, DATAFRAME, values, options), counts)


def computed(dataframe: DataFrame, plan: Plan, counts: Counts | None = None, source: str = DATAFRAME) -> DataFrame:
    """Return a dataframe with what a plan adds. Raises TableError for a column that does not have numbers."""
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    rows = _Rows(dataframe, plan, source)
    fields = [*rows.kept, *(StructField(name, DoubleType()) for name in plan.added)]
    if counts is None:
        return rows.mapped(_OnBatches(rows.names, plan), StructType(fields))
    known = {field.name.lower() for field in fields}
    report = next(name for name in (REPORT + "_" * extra for extra in range(len(fields) + 1)) if name not in known)
    with_reports = StructType([*fields, StructField(report, StringType())])
    observed = counts.observed(rows.mapped(_OnBatches(rows.names, plan, report), with_reports), report)
    return observed.where(f"{report} IS NULL").drop(report)


def counted(dataframe: DataFrame, plan: Plan, source: str = DATAFRAME) -> Totals:
    """Return what is counted in the rows of a dataframe, computed for that alone."""
    from pyspark.sql.types import StringType, StructField, StructType

    plan = plan._replace(options=plan.options._replace(only=True))
    rows = _Rows(dataframe, plan, source)
    reports = rows.mapped(_ReportsOfBatches(rows.names, plan), StructType([StructField(REPORT, StringType())]))
    return _total(report for (report,) in reports.collect())


class _Rows:
    """The rows of a dataframe as they are handed over.

    names: those of the columns. kept: the fields that the result has too.
    """

    def __init__(self, dataframe: DataFrame, plan: Plan, source: str) -> None:
        fields = dataframe.schema.fields
        for field in fields:
            if field.name in plan.read:
                _refuse_type(field, source)
        indices = list(range(len(fields)))
        if plan.options.only:
            # Without any column, batches have no rows.
            indices = [index for index in indices if fields[index].name in plan.read] or indices[:1]
        # To Spark, the names a and A are the same unless it is told otherwise.
        unique = [f"column{index}" for index in range(len(fields))]
        self._dataframe = dataframe.toDF(*unique).select(*(unique[index] for index in indices))
        self.names = [fields[index].name for index in indices]
        self.kept: list[StructField] = [] if plan.options.only else fields

    def mapped(self, function: Any, schema: Any) -> DataFrame:
        """Return what a function of the batches of each partition makes of them."""
        return self._dataframe.mapInArrow(function, schema)


def _refuse_type(field: StructField, source: str) -> None:
    from pyspark.sql.types import BooleanType, DateType, NullType, NumericType, StringType, TimestampType

    if not isinstance(field.dataType, (BooleanType, NullType, NumericType, StringType)):
        is_time = isinstance(field.dataType, (DateType, TimestampType)) or "time" in field.dataType.typeName()
        what = "dates or times" if is_time else field.dataType.simpleString()
        hint = "convert it to a number first, such as the seconds since some moment" if is_time else None
        raise TableError(f"the column {field.name} of {source} has {what}, not numbers", hint=hint)


class _OnBatches:
    """The function that runs on the cluster: the batches of a partition with what a plan adds.

    report: the name of the column of reports, None for no reports.
    """

    def __init__(self, names: Sequence[str], plan: Plan, report: str | None = None) -> None:
        self._names = names
        self._plan = plan
        self._report = report

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from mgcli.tables.arrow import appended, computed

        only = self._plan.options.only
        rows = written = refused = 0
        faults, notes = Tally(), Tally()
        last = None
        for batch in batches:
            done = computed(batch, self._names, self._plan)
            if done.faults and self._plan.options.on_fault == STOP:
                raise EvaluationError(words(*done.faults.first()))
            faults.include(done.faults, rows)
            notes.include(done.notes, rows)
            rows, written, refused = rows + batch.num_rows, written + done.batch.num_rows, refused + done.refused
            last = batch.slice(batch.num_rows - 1) if batch.num_rows else last
            if self._report:
                yield appended(done.batch, {self._report: pa.nulls(done.batch.num_rows, pa.string())})
            else:
                yield done.batch
        if self._report and last is not None:
            report = json.dumps([_partition(), rows, written, refused, [*faults], [*notes]])
            empty = dict.fromkeys(self._plan.added, pa.nulls(1, pa.float64()))
            # A column may be one that is never null.
            yield appended(last, {**empty, self._report: pa.array([report])}, only=only)


class _ReportsOfBatches:
    """The same with the reports alone."""

    def __init__(self, names: Sequence[str], plan: Plan) -> None:
        self._computed = _OnBatches(names, plan, REPORT + "_")

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for last in deque(self._computed(batches), maxlen=1):
            yield pa.RecordBatch.from_arrays(last.columns[-1:], names=[REPORT])


def _partition() -> int:
    """Return the number of the partition that is being computed; 0 where an engine does not say."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.partitionId() if context else 0


def _total(reports: Iterable[str]) -> Totals:
    """Return the sum of reports, in the order of the partitions."""
    rows = written = refused = 0
    faults, notes = Tally(), Tally()
    for _, part, kept, without, *tallies in sorted(map(json.loads, reports)):
        for total, tally in zip((faults, notes), tallies, strict=True):
            for cause, (number, _, example, cells) in tally:
                total.add(Cause(*cause), 0, example, number, [(name, text) for name, text in cells])
        rows, written, refused = rows + part, written + kept, refused + without
    return Totals(rows, written, refused, faults, notes)

"""Columns of Arrow as numbers, the same as those of polars; batches with what a plan adds."""

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from mgcli import parse_program
from mgcli.analysis.tallies import Tally
from mgcli.tables.plan import Options, planned

pa = pytest.importorskip("pyarrow", reason="Spark needs pyarrow")
pl = pytest.importorskip("polars", reason="the columns are compared with those of polars")

from mgcli.tables import arrow, cells  # noqa: E402

TEXTS = [
    *("1", "+1", "1.", ".5", "-.5e-3", "1e400", "-1e400", "1e-400", "0x10", "nan", "inf", "-Infinity", " 1", "1\t"),
    *("1_000", "1,5", "1e", "e5", ".", "+", "--1", "1 2", "\u00a01", "1\n", "\u2212" + "1", "\u0661", "1f", "true"),
    *("", "  ", "9007199254740993", "1.7976931348623159e308", "4.9e-324", "2e-324", "1" * 400, "\x00", "n/a", None),
]


def parts(found: Any, rows: int) -> Any:
    """Return what is known of each cell: empty, its text, or the bits of its number."""
    empty = [False] * rows if found.empty is None else found.empty.tolist()
    bits = np.asarray(found.numbers, dtype=float).view(np.int64).tolist()
    return [None if empty[row] else found.unread.get(row, bits[row]) for row in range(rows)]


def assert_the_same(column: Any) -> None:
    series = pl.from_arrow(column)
    assert parts(arrow.cells_of(column), len(column)) == parts(cells.cells_of(series), len(column))
    counted = Tally(), Tally()
    arrow.note_rounded("x", column, counted[0])
    cells.note_rounded("x", series, counted[1])
    assert [*counted[0]] == [*counted[1]]


def test_a_text_is_the_number_that_it_is_to_polars() -> None:
    drawn = random.Random(5)
    texts = ["".join(drawn.choices("0123456789+-.eE _", k=drawn.randint(1, 6))) for _ in range(2000)]
    assert_the_same(pa.array([*TEXTS, *texts]))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, None, 2**53, 2**53 + 1, -(2**63), 2**63 - 1]),
        pa.array([0, 2**64 - 1, None], pa.uint64()),
        pa.array([1, -128], pa.int8()),
        pa.array([0.1, None, 1e30], pa.float32()),
        pa.array([True, None, False]),
        pa.array([None, None]),
        pa.array([], pa.int64()),
        pa.array([0.5, float("nan"), None]),
    ],
    ids=lambda column: str(column.type),
)
def test_a_number_of_another_type_is_a_float(column: Any) -> None:
    assert_the_same(column)


def test_a_decimal_is_the_nearest_float() -> None:
    numbers = ["0.1", "123456789012345678.123456789", "-0.000000001", "99999999999999999999999.999999999"]
    column = pa.array([*map(Decimal, numbers), None], pa.decimal128(38, 9))
    assert parts(arrow.cells_of(column), 5) == [*np.array(numbers, dtype=float).view(np.int64).tolist(), None]


def added(batch: Any, formula: str, **options: Any) -> arrow.Computed:
    plan = planned(parse_program(formula), batch.schema.names, "the batch", {}, Options(**options))
    return arrow.computed(batch, batch.schema.names, plan)


BATCH = pa.record_batch({"x": [1.0, -1.0, None], "s": ["a", "b", "c"]})


def test_what_is_added_follows_the_columns_and_is_null_where_there_is_none() -> None:
    done = added(BATCH, "log(x)")
    assert done.batch.to_pydict() == {
        "x": [1.0, -1.0, None],
        "s": ["a", "b", "c"],
        "value": [0.0, None, None],
        "dvalue_dx": [1.0, None, None],
    }
    assert (done.refused, done.faults.total()) == (2, 2)


def test_rows_without_a_result_and_other_columns_can_be_left_out() -> None:
    assert added(BATCH, "log(x)", only=True, on_fault="skip").batch.to_pydict() == {"value": [0.0], "dvalue_dx": [1.0]}


def test_the_first_row_of_a_cause_has_its_cells() -> None:
    program = parse_program("R = U/I")
    names = ["U", "I", "place"]
    batch = pa.record_batch([pa.array([1.0, 3.0, None]), pa.array([2, 0, 4]), pa.array(["a", "b", "c"])], names=names)
    found = arrow.computed(batch, names, planned(program, names, "rows", {}, Options()))
    assert {cause.kind: counted.cells for cause, counted in found.faults} == {
        "empty": [("I", "4")],
        "value": [("U", "3.0"), ("I", "0")],
    }

"""A program as a function of columns, against `compile` of each row, and what it counts."""

import math
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from special_rows import FORMULAS, POINTS, expected_rows

from mgcli import ExpressionError, parse_program
from mgcli.analysis import tables
from mgcli.analysis.tables import Added, Cells, RowFunction
from mgcli.analysis.tallies import Tally


def cells(numbers: Any) -> Cells:
    return numbers if isinstance(numbers, Cells) else Cells(np.array(numbers, dtype=float))


def added(
    text: str, columns: Mapping[str, Any], uncertainties: Mapping[str, Any] | None = None, **options: Any
) -> tuple[dict[str, list[float]], Added]:
    """Return the columns that are added, by their names, and all of what is."""
    uncertainties = uncertainties or {}
    function = RowFunction(parse_program(text), columns, uncertain=uncertainties, **options)
    given = {name: cells(numbers) for name, numbers in columns.items()}
    rows = len(next(iter(given.values())).numbers)
    batch = function(given, {name: cells(numbers) for name, numbers in uncertainties.items()}, rows)
    return {name: column.tolist() for name, column in zip(function.names, batch.columns, strict=True)}, batch


def counts(tally: Tally) -> list[tuple[str, str, int, int, str]]:
    return [(*cause, counted.rows, counted.first, counted.example) for cause, counted in tally]


@pytest.mark.parametrize("text", FORMULAS)
def test_each_special_row_is_that_of_compile_to_the_last_bit(text: str) -> None:
    x, y = zip(*POINTS, strict=True)
    columns, batch = added(text, {"x": x, "y": y})
    found = list(zip(*columns.values(), strict=True))
    expected = expected_rows(text)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
    assert batch.refused.tolist() == [any(map(math.isnan, row)) for row in expected]
    assert batch.faults.total() == batch.refused.sum()


@pytest.mark.parametrize("text", [text for text in FORMULAS if "log" not in text])
def test_the_special_rows_of_arithmetic_are_those_of_floats_to_the_last_bit(text: str) -> None:
    np.testing.assert_array_equal(expected_rows(text), expected_rows(text, float))


def test_the_columns_have_names_in_order() -> None:
    program = parse_program("k = 2; s = k*a + b; p = s*a")
    function = RowFunction(program, ["a", "b"], of=["s", "p"], wrt=["a", "k"], uncertain=["b"])
    assert function.names == ["p", "s", "dp_da", "dp_dk", "ds_da", "ds_dk", "p_u", "s_u"]


def test_what_is_wrong_is_counted_by_its_cause_with_the_first_row() -> None:
    empty = np.array([False, True, False, True, False, False, False])
    columns, batch = added(
        "sqrt(x) + 1/y",
        {
            "x": Cells(np.array([1.0, 9.9, 9.9, 9.9, -1.0, -4.0, 0.0]), empty, {2: "n/a"}),
            "y": [1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.0],
        },
    )
    assert columns["value"] == pytest.approx([2.0, *[math.nan] * 5, 0.5], nan_ok=True)
    assert math.isnan(columns["dvalue_dx"][6])
    assert columns["dvalue_dy"][6] == -0.25
    assert counts(batch.faults) == [
        ("text", "x", 1, 3, "n/a"),
        ("empty", "x", 2, 2, ""),
        ("value", "sqrt is not defined", 2, 5, "sqrt is not defined at -1.0"),
        ("derivative", "the derivative of sqrt is not defined", 1, 7, "the derivative of sqrt is not defined at 0.0"),
    ]


def test_a_missing_number_does_not_matter_in_a_closed_branch() -> None:
    missing = np.array([True, True, False])
    columns, batch = added("where(x > 0, x, y)", {"x": [1.0, -1.0, -1.0], "y": Cells(np.zeros(3), missing)})
    assert columns["value"][0] == 1.0
    assert math.isnan(columns["value"][1])
    assert columns["value"][2] == 0.0
    assert counts(batch.faults) == [("empty", "y", 1, 2, "")]


def test_a_result_that_does_not_need_the_missing_number_is_there() -> None:
    columns, batch = added(
        "s = 2*a; t = s*b", {"a": [1.0, 2.0], "b": Cells(np.zeros(2), np.array([True, False]))}, of=["s"]
    )
    assert columns["s"] == [2.0, 4.0]
    assert math.isnan(columns["t"][0])
    assert columns["ds_db"] == [0.0, 0.0]
    assert counts(batch.faults) == [("empty", "b", 1, 1, "")]


def test_uncertainties_are_propagated_to_first_order() -> None:
    columns, batch = added(
        "V/I", {"V": [12.0] * 4, "I": [2.0] * 4}, {"V": [0.1, -0.1, math.nan, 0.1], "I": [0.05, 0.05, 0.05, 1e308]}
    )
    assert columns["value_u"][0] == math.hypot(0.5 * 0.1, 3.0 * 0.05)
    assert [math.isnan(u) for u in columns["value_u"]] == [False, True, True, True]
    assert columns["value"] == [6.0] * 4
    assert counts(batch.faults) == [
        ("uncertainty", "V_u", 1, 2, "-0.1"),
        ("input", "V_u", 1, 3, "nan"),
        ("uncertainty", "the uncertainty overflows", 1, 4, "the uncertainty overflows"),
    ]


def test_rows_on_a_kink_are_noted_unless_the_branch_is_closed() -> None:
    _, batch = added("where(y > 0, abs(x), 2*x)", {"x": [0.0, 0.0, 1.0, 3.0], "y": [-1.0, 1.0, 1.0, 0.0]})
    assert counts(batch.notes) == [("kink", "abs has a kink", 2, 2, "abs has a kink at 0.0")]
    assert not batch.faults


def test_without_derivatives_no_kink_matters() -> None:
    _, batch = added("abs(x)", {"x": [0.0]}, wrt=[])
    assert not batch.notes


def test_the_operand_that_max_does_not_take_may_be_on_a_kink() -> None:
    _, batch = added("max(abs(x), y)", {"x": [0.0, 0.0], "y": [1.0, -1.0]})
    assert [counted.first for _, counted in batch.notes] == [2]


def test_products_that_lose_their_digits_are_noted() -> None:
    _, batch = added("x*y", {"x": [1e-200, 0.0, 1.0, 1e-160], "y": [1e-200, 1e-300, 1.0, 1.1e-155]})
    assert counts(batch.notes) == [("underflow", "a product underflows", 2, 1, "a product underflows")]


def test_a_function_that_underflows_is_no_product() -> None:
    _, batch = added("exp(-x)", {"x": [1.0, 1000.0]})
    assert not batch.notes


def test_a_program_without_columns_repeats_its_numbers() -> None:
    function = RowFunction(parse_program("2*k"), [], {"k": 4.0})
    batch = function({}, {}, 3)
    assert [column.tolist() for column in batch.columns] == [[8.0] * 3, [2.0] * 3]
    assert not batch.faults


def test_a_program_that_is_undefined_everywhere_is_refused_in_every_row() -> None:
    function = RowFunction(parse_program("log(k)"), [], {"k": -4.0})
    batch = function({}, {}, 3)
    assert counts(batch.faults) == [("value", "log is not defined", 3, 1, "log is not defined at -4.0")]


def test_a_function_that_was_pickled_gives_the_same() -> None:
    function = RowFunction(parse_program("tau*x + k", ["tau"]), ["x", "tau"], {"k": 1.0}, wrt=["x"])
    given = {"x": cells([1.0, 2.0]), "tau": cells([3.0, 4.0])}
    again = pickle.loads(pickle.dumps(function))
    assert again.names == function.names == ["value", "dvalue_dx"]
    np.testing.assert_array_equal(again(given, {}, 2).columns, function(given, {}, 2).columns)


def test_a_variable_without_a_value_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="b has no value"):
        RowFunction(parse_program("a + b"), ["a"])


def test_the_counts_of_batches_add_up_and_keep_the_first_row() -> None:
    total = Tally()
    parts = [added("log(x)", {"x": numbers})[1].faults for numbers in ([1.0, 1.0], [1.0, -3.0], [-4.0, -5.0])]
    for index, part in enumerate(parts):
        total.include(part, 2 * index)
    assert counts(total) == [("value", "log is not defined", 3, 4, "log is not defined at -3.0")]
    assert total.first()[1].first == 4


@pytest.mark.parametrize("text", ["max(x, y)", "min(y, x)", "clamp(x, 0, y)", "relu(x) + y", "x > y", "sign(x)*y"])
def test_a_missing_operand_of_a_choice_leaves_no_result(text: str) -> None:
    text = f"where({text}, 1, 2)" if ">" in text else text
    for x, y in ((Cells(np.zeros(2), np.array([True, False])), [1.0, 1.0]), ([math.nan, 1.0], [2.0, 2.0])):
        columns, batch = added(text, {"x": x, "y": y})
        assert [math.isnan(value) for value in columns["value"]] == [True, False]
        assert batch.refused.tolist() == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "log(x)*y",
        "sqrt(x) + log(y)",
        "log(y) + sqrt(x)",
        "x/y",
        "asin(x)/log(y) - x**y",
        "exp(1000*x)*sqrt(y)",
        "log(x*1e300*y*1e300) + sqrt(y)",
        "atanh(x)*acosh(y)",
        "u = log(x); v = sqrt(u); v*y",
        "max(log(x), y)",
        "where(x > 0, log(y), sqrt(x))",
        "erf(x)*log(y)",
        "log2(x) - 1/y",
        "rsqrt(x)*mod(x, y)/x",
    ],
)
def test_rows_that_are_judged_together_are_those_judged_one_by_one(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = (np.array(column) for column in zip(*POINTS * 2, strict=True))
    absent = np.arange(len(x)) % 7 == 0
    given = {"x": Cells(x, absent), "y": Cells(y, None, {3: "n/a"})}
    found: list[Any] = []
    for most in (0, 10**9):
        monkeypatch.setattr(tables, "MANY", most)
        columns, batch = added(text, given)
        found.append((np.array(list(columns.values())), batch.refused, counts(batch.faults), counts(batch.notes)))
    (together, refused, faults, notes), (alone, *others) = found
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_array_equal(np.signbit(together), np.signbit(alone))
    assert refused.tolist() == others[0].tolist()
    assert (sorted(faults), notes) == (sorted(others[1]), others[2])


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("log(x)*y", -np.arange(5000.0) - 1, "log is not defined at -1.0"),
        ("log(x)*y", np.zeros(5000), "log is not defined at 0.0"),
        ("y/x", np.zeros(5000), "division is not defined at 1.0/0.0"),
    ],
)
def test_many_rows_outside_the_domain_are_not_judged_one_by_one(
    text: str, x: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = RowFunction(parse_program(text), ["x", "y"])
    asked = []
    outcomes = function._function.outcomes

    def counted(*point: float) -> Any:
        asked.append(point)
        return outcomes(*point)

    monkeypatch.setattr(function._function, "outcomes", counted)
    batch = function({"x": cells(x), "y": cells(np.ones(5000))}, {}, 5000)
    assert counts(batch.faults) == [("value", words.partition(" at ")[0], 5000, 1, words)]
    assert len(asked) < 500

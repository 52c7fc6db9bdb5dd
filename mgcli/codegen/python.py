"""Straight-line code written as the Python function that `compile` runs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from keyword import kwlist

from mgcli.codegen.language import ARITHMETIC, BOTH, EITHER, Language, Names
from mgcli.codegen.lines import Lines
from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import Term
from mgcli.graph.floats import FLOATS
from mgcli.graph.operation import ANY, CONDITION, SUM, Form, call
from mgcli.graph.table import ALL_OPERATIONS

CHOICES = {
    "where": Form(ANY, SUM, " if ", EITHER, " else ", ANY, order=(1, 0, 2)),
    "both": Form(BOTH, BOTH, " and ", BOTH),
    "either": Form(EITHER, EITHER, " or ", EITHER),
}
"""How Python writes a choice and its conditions."""

FORMS = {operation.name: call(operation.name, operation.arity) for operation in ALL_OPERATIONS.values()}
FORMS.update({**ARITHMETIC, **CHOICES})
"""How each function is written in Python, where the functions of floats have the names of the table."""

PYTHON = Language(
    title="Python",
    forms=FORMS,
    condition=Form(CONDITION, SUM),
    indicator=Form(ANY, "1.0 if ", EITHER, " else 0.0"),
    constant="{name} = {text}",
    variable="{name} = {text}",
    update="{name} {sign}= {text}",
    keywords=frozenset((*kwlist, *vars(FLOATS), "abs", "function", "__debug__")),
)


def python_source(code: Code, *, several: bool = False) -> str:
    """Return the source of a Python function of the arguments of `code`, which has one root, or `several`.

    It returns the value, the derivatives, and the other numbers: those of `also`, then those that
    must be finite. Of several roots it returns a tuple of the values, and one of the tuples of
    derivatives.
    """
    lines = Lines(code, PYTHON, Names(PYTHON.keywords, code.labels.values()))
    arguments = ", ".join(lines.names[term] for term in code.arguments)
    value = _tuple(lines, code.values) if several else lines.text(code.values[0], SUM)
    rows = [_tuple(lines, terms) for terms in code.derivatives]
    gradient = f"({', '.join(rows)},)" if several else rows[0]
    answer = f"return {value}, {gradient}, {_tuple(lines, chain(code.also, code.checked))}"
    return "\n    ".join([f"def function({arguments}):", *lines.statements(), answer]) + "\n"


def _tuple(lines: Lines, terms: Iterable[Term]) -> str:
    items = [lines.text(term) for term in terms]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"

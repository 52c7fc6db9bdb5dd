"""The derivatives of a program: which ones are wanted, their formulas, and their values at a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mgcli.analysis.trusted import Note, differentiated
from mgcli.calculus.differentiation import each_derivative
from mgcli.errors import EvaluationError, ExpressionError, Remedy
from mgcli.graph.names import normalized
from mgcli.graph.value import Value
from mgcli.language.program import Program


def variables_of(program: Program, wrt: Iterable[str] = ()) -> dict[str, Value]:
    """Return what to differentiate with respect to: the names in `wrt`, or all variables, or all named numbers.

    Raises ExpressionError for a name that the program does not have, and if there is no variable.
    """
    nodes = {normalized(name): program.node(name) for name in wrt}
    if nodes:
        return {name: nodes[name] for name in program.known() if name in nodes}
    wanted = program.variables or program.inputs()
    if not wanted:
        raise ExpressionError(
            "the expression has no variable to differentiate with respect to", hint="write one, as in 'x**2'"
        )
    return dict(wanted)


def independent_variables_of(program: Program, wrt: Iterable[str] = ()) -> dict[str, Value]:
    """Return the same for variables only: second derivatives with respect to an intermediate are not symmetric.

    Raises ExpressionError, also for a name whose value depends on other variables.
    """
    variables = variables_of(program, wrt)
    for name, node in variables.items():
        if not node.is_input():
            raise depends_on_others(program, name)
    return variables


def depends_on_others(program: Program, name: str) -> ExpressionError:
    """Return the error for a name that is not a variable, where only a variable will do."""
    return ExpressionError(
        f"{name} depends on other variables",
        text=program.text,
        span=program.first_use[name],
        hint=f"make it a variable: leave '{name} = ...' out",
    )


def only_variable(program: Program) -> str:
    """Return the one variable, or the one named number, of the program. Raises ExpressionError if there are more."""
    names = list(program.variables or program.inputs())
    if len(names) == 1:
        return names[0]
    if not names:
        hint = Remedy("write one, as in x**2", "variable", value="3")
        raise ExpressionError("the expression has no variable", hint=hint)
    raise ExpressionError(
        f"the expression has {len(names)} variables",
        hint=Remedy(f"say which: {', '.join(names)}", "wrt", names=names),
    )


class Derivatives:
    """The derivatives of one order, by the names of what they are taken with respect to.

    formulas: each as a graph.
    values: the values of those that have one.
    failure: why the first one without a value has none.
    notes: the notes on the values.
    rounding: a bound for the error of the value of the program.
    """

    def __init__(self, formulas: Mapping[str, Value]) -> None:
        self.formulas = formulas
        self.values: dict[str, float] = {}
        self.notes: list[Note] = []
        self.rounding = 0.0
        self.failure: EvaluationError | None = None

    def without_formula_value(self) -> list[str]:
        """Return the names of the derivatives that have a value where their formula has none."""
        return [name for name in self.values if self.formulas[name].data != self.formulas[name].data]


def derivatives(program: Program, wanted: Mapping[str, Value], order: int, *, at_a_point: bool) -> Derivatives:
    """Return the derivatives of `program` of that order with respect to each of `wanted`.

    Their values are computed if `at_a_point`; the program must then be evaluated. Raises
    EvaluationError, with its span, where there is no formula or no value.
    """
    if at_a_point:
        report = differentiated(program, wanted)
        if failure := program.error():
            raise failure
    with program.pointing():
        found = Derivatives(each_derivative(program.root, wanted, order))
    if not at_a_point:
        return found
    found.rounding = report.rounding
    if order == 1:
        found.values = {name: node.grad for name, node in wanted.items() if node.grad == node.grad}
        found.notes, found.failure = report.notes, report.error
        return found
    from mgcli.analysis.higher_orders import derivative_at

    for name, node in wanted.items():
        value, further = derivative_at(program, name, node, order, report.derivatives[node])
        found.notes.extend(further.notes)
        if further.error:
            found.failure = found.failure or further.error
        else:
            found.values[name] = value
    return found

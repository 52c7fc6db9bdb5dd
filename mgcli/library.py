"""The front door of the library: values, gradients, derivatives and Hessians as objects that print as tables.

Each function takes an expression as text, a `Program`, or the `Value` at the end of a graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from mgcli.analysis.trusted import Report, differentiated, evaluated
from mgcli.codegen.function import Compiled, CompiledResults
from mgcli.codegen.function import compile as compile_graph
from mgcli.graph.value import Value
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.notation import statements, variables_of
from mgcli.render.tables import number, table

if TYPE_CHECKING:
    Source = str | Program | Value
    """An expression: its text, a program, or the result of a graph."""

    Wrt = Value | str | Iterable[Value | str] | None
    """The nodes, or their labels, to differentiate with respect to."""


class Evaluation:
    """The value of an expression.

    value: the number. named: the value of each name that the expression defines.
    rounding: a bound for the rounding error of the value. notes: what a command would write to standard error.
    """

    def __init__(self, program: Program, report: Report) -> None:
        self.value = program.root.data
        self.named = {name: node.data for name, node in program.names.items()}
        self.rounding = report.rounding
        self.notes = tuple(map(str, report.value_notes))

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        return number(self.value)


class Gradient(Evaluation):
    """The value of an expression, and its gradient.

    gradient: the derivative of the value with respect to each variable. grads: that with respect to each name.
    It prints as a table.
    """

    def __init__(self, program: Program, report: Report, wrt: Sequence[str]) -> None:
        super().__init__(program, report)
        self.title = program.title
        self.variables = {name: program.node(name).data for name in wrt}
        self.gradient = {name: program.node(name).grad for name in wrt}
        self.grads = {name: node.grad for name, node in program.names.items()}
        self.notes += tuple(map(str, report.notes))

    def __repr__(self) -> str:
        rows = [[name, number(self.variables[name]), number(slope)] for name, slope in self.gradient.items()]
        rows += [
            [name, number(value), number(self.grads[name])]
            for name, value in self.named.items()
            if name not in self.gradient and name != self.title
        ]
        lines = [f"{self.title} = {number(self.value)}"]
        return "\n".join([*lines, "", *table(["", "value", "gradient"], rows)] if rows else lines)


class Hessian(Gradient):
    """The value of an expression, its gradient, and the matrix of its second derivatives, `hessian[x][y]`.

    eigenvalues: those of the matrix, in ascending order. definiteness: "positive definite", "negative definite",
    "positive semidefinite", "negative semidefinite", "indefinite" or "zero"; None where an eigenvalue is too close to
    zero to tell. Both are None for a matrix of more than 100 rows. It prints as a table.
    """

    def __init__(
        self, program: Program, report: Report, hessian: Mapping[str, dict[str, float]], notes: Iterable[str]
    ) -> None:
        super().__init__(program, report, list(hessian))
        from mgcli.analysis.definiteness import definiteness

        self.hessian = dict(hessian)
        self.eigenvalues, self.definiteness = self._definiteness = definiteness(hessian)
        self.notes += tuple(notes)

    def __repr__(self) -> str:
        from mgcli.render.matrix import hessian_lines

        rows = {name: {other: number(second) for other, second in row.items()} for name, row in self.hessian.items()}
        return "\n".join(hessian_lines(rows, self._definiteness, self.gradient))


def evaluate(source: Source, values: Mapping[str, float] | None = None, /, **others: float) -> Evaluation:
    """Return the value of an expression, its variables at `values`, which may be a mapping, keywords or both.

    A variable of a `Value` that is not given keeps its number. Raises ExpressionError where the text is
    not an expression or the values do not fit it, EvaluationError where it is undefined.
    """
    program = _bound(source, values, others)
    report = evaluated(program)
    if report.error:
        raise report.error
    return Evaluation(program, report)


def grad(source: Source, values: Mapping[str, float] | None = None, /, **others: float) -> Gradient:
    """Return the value and the gradient of an expression, its variables at `values`, as `evaluate` takes them.

    The gradient is that of the function, not of the floats: it has at least 9 correct digits, and where only a
    convention gives a number, `notes` says so. Raises as `evaluate` does, and EvaluationError where a derivative
    is undefined.
    """
    program = _bound(source, values, others)
    report = differentiated(program)
    if report.error:
        raise report.error
    return Gradient(program, report, list(program.variables))


def hessian(source: Source, values: Mapping[str, float] | None = None, /, **others: float) -> Hessian:
    """Return the value, the gradient and the second derivatives of an expression, its variables at `values`.

    Takes and raises what `grad` does.
    """
    from mgcli.analysis.derivatives import independent_variables_of
    from mgcli.analysis.higher_orders import twice_differentiated

    program = _bound(source, values, others)
    report, found = twice_differentiated(program, independent_variables_of(program))
    return Hessian(program, report, found.matrix, map(str, found.report.notes))


def diff(source: Source, /, wrt: str | None = None, *, order: int = 1) -> Value:
    """Return the derivative of an expression as a formula: `str()` of it is its text.

    wrt: the variable; it may be left out if there is only one. Raises ExpressionError where the text is not an
    expression, it has no such variable, or more than one and none is chosen; ValueError for an order below 1.
    """
    from mgcli.analysis.derivatives import only_variable
    from mgcli.calculus.differentiation import each_derivative

    if not isinstance(wrt, str | None):
        raise TypeError(f"wrt is the name of a variable, not {type(wrt).__name__!r}; mgcli.derivative takes nodes")
    if order < 1:
        raise ValueError(f"the order of a derivative is 1 or more, not {order}")
    # A formula has no numbers.
    program = parse_program(source.text) if isinstance(source, Program) else _program(source)
    name = only_variable(program) if wrt is None else wrt
    with program.pointing():
        return each_derivative(program.root, {name: program.node(name)}, order)[name]


@overload
def compile(source: Source, wrt: Wrt = None, *, native: bool = False) -> Compiled: ...  # noqa: A001
@overload
def compile(source: Sequence[Value], wrt: Wrt = None, *, native: bool = False) -> CompiledResults: ...  # noqa: A001
def compile(  # noqa: A001
    source: Source | Sequence[Value], wrt: Wrt = None, *, native: bool = False
) -> Compiled:
    """Return the function of the variables of `source` that gives its value and its gradient.

    Of a sequence of results it gives the values and the gradients, a row of the Jacobian matrix for each.
    wrt: the nodes, or their labels, to differentiate with respect to; all variables by default.
    native: run machine code for floats, with the same bits, built by the installed C compiler and kept in the user's
    cache. Where that is not possible, its `native` is False and its `not_native` says why.
    Raises ExpressionError for a text that is not an expression, and for a label that no node has.
    """
    if isinstance(source, str):
        source = parse_program(source)
    return compile_graph(source.root if isinstance(source, Program) else source, wrt, native=native)


def _program(source: Source) -> Program:
    """Return the program of `source`; that of a graph is a copy, with the numbers of its variables."""
    if isinstance(source, Program):
        return source
    if isinstance(source, str):
        return parse_program(source)
    if not isinstance(source, Value):
        raise TypeError(f"an expression is text, a Program or a Value, not {type(source).__name__!r}")
    return parse_program(statements(source), variables_of(source))


def _bound(source: Source, values: Mapping[str, float] | None, others: Mapping[str, float]) -> Program:
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        raise TypeError(f"values are keywords, grad('x', x=2), or a mapping, grad('x', {{'x': 2}}), not {values!r}")
    program = _program(source)
    known = {}
    if isinstance(source, Value):
        known = {name: leaf.data for name, leaf in variables_of(source).items() if leaf.data == leaf.data}
    program.bind({**known, **values, **others})
    return program

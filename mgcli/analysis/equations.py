"""The derivatives of an equation: which variable is a function of which, the formulas, and the numbers at a point."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from mgcli.analysis.derivatives import depends_on_others
from mgcli.analysis.trusted import Judged, Note, differentiated
from mgcli.calculus.differentiation import derivatives, numbers
from mgcli.calculus.implicit import UNIT, Implicit, curve, implicit, nearest
from mgcli.errors import EvaluationError, ExpressionError, Remedy
from mgcli.graph.names import normalized
from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.language.equation import likely_roles
from mgcli.language.program import Program


class ImplicitDerivatives:
    """The derivatives of one order of the variable `of`, by the names of what they are taken with respect to.

    found: their formulas and what these are made of. values: the numbers of those that have one. notes: those on the
    numbers. failure: why the first that has no number has none.
    """

    def __init__(self, of: str, found: dict[str, Implicit]) -> None:
        self.of = of
        self.found = found
        self.values: dict[str, float] = {}
        self.notes: list[Note] = []
        self.failure: EvaluationError | None = None


def implicit_derivatives(
    program: Program, wrt: Iterable[str], of: str | None, order: int, *, at_a_point: bool
) -> ImplicitDerivatives:
    """Return the derivatives of `of` with respect to each of `wrt` on the curve of the program's equation.

    Their numbers are computed if `at_a_point`; then the program must be evaluated. Raises ExpressionError if the
    program has no equation or the names do not fit it, EvaluationError at a point that is not on the curve.
    """
    if program.equation is None:
        written = program.as_equation()
        hint = f"write {written}" if written else None
        if written and program.result is not None:
            raise ExpressionError(f"{program.result} = ... defines a name, so it is not an equation", hint=hint)
        raise ExpressionError("the expression is not an equation", hint=Remedy("write 'EXPRESSION = 0'", "no equation"))
    variables = program.inputs()
    if not variables:
        raise ExpressionError("the equation has no variable", hint="write one, as in x*y = 1")
    of, others = _roles(program, list(variables), [normalized(name) for name in wrt], of and normalized(of))
    with program.pointing():
        found = ImplicitDerivatives(
            of, {name: implicit(program.root, variables[of], variables[name], order) for name in others}
        )
        if not at_a_point:
            return found
        _require_on_curve(program, of)
        report = differentiated(program, [of, *others])
        found.notes, found.failure = report.notes, report.error
        partials = {name: variables[name].grad for name in (of, *others)}
        for name in others:
            try:
                slope = _slope(program.root, variables[of], variables[name], partials[of], partials[name])
                found.values[name] = slope if order == 1 else _further(found.found[name].formula, order)
            except EvaluationError as error:
                found.failure = found.failure or error
    return found


def _slope(root: Value, of: Value, wrt: Value, by_of: float, by_wrt: float) -> float:
    """Return -F_x/F_y. Raises EvaluationError where F_y is 0, as far as the digits of the point can tell."""
    uncertain = _uncertainty(root, of) if abs(by_of) <= 1e-6 * abs(by_wrt) or not by_of else 0.0
    point = ", ".join(f"{node.label} = {node.data}" for node in (wrt, of))
    if abs(by_of) <= uncertain:
        if abs(by_wrt) <= uncertain:
            raise EvaluationError(f"the curve has no single tangent at {point}: both partial derivatives are 0")
        raise EvaluationError(
            f"the tangent is vertical at {point}: the derivative with respect to {of.label} is 0 there"
        )
    slope = -by_wrt / by_of + 0.0
    if not isfinite(slope):
        raise EvaluationError(f"the slope at {point} is too large for a float")
    return slope


def _further(formula: Value, order: int) -> float:
    value = _value(formula)
    if not isfinite(value):
        raise EvaluationError(f"the derivative of order {order} is too large for a float")
    return value


def _uncertainty(root: Value, of: Value) -> float:
    """Return how far the derivative with respect to `of` may be off, since the digits of the point are rounded."""
    variables = {str(index): node for index, node in enumerate(topological(root)) if node.is_input()}
    second = numbers(derivatives(root, [of])[0], variables)
    return UNIT * sum(abs(second[index] * node.data) for index, node in variables.items())


def _value(formula: Value) -> float:
    """Return the value of a formula, from as many digits as it takes; nan where it has none."""
    from mgcli.analysis.recomputed import as_simplified, computed_again

    given = as_simplified(topological(formula))
    if Judged(formula, given).is_precise():
        return formula.data
    value = computed_again(formula, [], given=given).value
    return formula.data if value is None else float(value)


def _roles(program: Program, names: list[str], wrt: list[str], of: str | None) -> tuple[str, list[str]]:
    """Return which variable is a function, and of which others. Raises ExpressionError where that is not clear."""
    for name in [*wrt, *([of] if of else [])]:
        program.node(name)
        if name not in names:
            raise depends_on_others(program, name)
    if of in wrt:
        raise ExpressionError(f"{of} cannot be a function of itself", hint=_choice(names))
    rest = [name for name in names if name not in (*wrt, of)]
    if len(names) < 2:
        raise ExpressionError("the equation has only one variable", text=program.text, span=program.first_use[names[0]])
    if of is None and wrt and len(rest) == 1:
        (of,) = rest
    if of is None:
        raise ExpressionError("it is not clear which variable is a function of the others", hint=_choice(names))
    return of, wrt or rest


def _choice(names: list[str]) -> Remedy | None:
    if len(names) < 2:
        return None
    of, wrt = likely_roles(names)
    return Remedy(f"choose, as in d{of}/d{wrt}", "implicit", of=of, wrt=wrt)


def _require_on_curve(program: Program, of: str) -> None:
    """Raise EvaluationError if the values of the variables do not solve the equation."""
    if failure := program.error():
        raise failure
    if program.root.data != program.root.data:
        raise EvaluationError("the equation is undefined at this point")
    assert program.equation
    there = curve(program.root)
    if there.holds_point or there._replace(distance=abs(_value(program.root))).holds_point:
        return
    left, right = program.equation.left.data, program.equation.right.data
    value = nearest(program.root, program.node(of))
    hint = None if value is None else Remedy(f"near it is {of} = {value}", "point", name=of, value=value)
    raise EvaluationError(
        f"the point is not on the curve: its sides are {left} and {right}, {there.distance} apart",
        text=program.text,
        span=program.equation.span,
        hint=hint,
    )

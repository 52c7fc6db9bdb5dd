"""A derivative found by hand, compared with the gradient at one or many points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from random import Random
from typing import NamedTuple

from mgcli.analysis.derivatives import only_variable
from mgcli.analysis.differences import EPSILON, path_weights
from mgcli.analysis.mistakes import Sample, likely_mistake
from mgcli.analysis.recomputed import as_written, computed_again
from mgcli.analysis.trusted import CONVENTION, differentiated
from mgcli.errors import EvaluationError, ExpressionError, Remedy
from mgcli.graph.ball_passes import Outcome, forward, gradient, kinks
from mgcli.graph.balls import Ball, Balls, float_balls
from mgcli.graph.names import normalized, suggestion
from mgcli.graph.node import Node, topological
from mgcli.graph.value import Value
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.language.remedies import instead_of_variable

POINTS = 100
"""The number of points at which a claim is checked."""

FEWEST = 10
"""The number of points if the graph is large."""

WORK = 100_000
"""The number of evaluated nodes above which a claim gets fewer points."""

TRIES = 3000
"""The number of points that are tried to find those."""

SAME = 1e-9
"""The relative difference that is ignored."""

SURE = 1e-11
"""The relative error up to which floats decide; beyond it both numbers are computed again."""

MOST_HIDDEN = 100
"""The number of points at which rounding may hide the comparison before the search ends."""

SPECIAL = (1.0, 2.0, 3.0, 0.5, -1.0, -2.0, -0.5, 0.0, 10.0, -10.0, 0.001, -0.001, 100.0, -100.0)


# A claim as it is written on paper: x = 2*x, dy/dx = 2*x, y' = 2*x, f'(x) = 2*x.
_EQUATION = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)|d\w*/d(?P<wrt>\w+)|\w+['’′]+(?:\((?P<of>\w+)\))?)\s*=\s*(?P<formula>[^\s=;][^;\n]*)"
)


class Claim:
    """A formula that is claimed to be the derivative of a program with respect to one of its names.

    Raises ExpressionError if it is not an expression, or has names that the program does not have.
    """

    def __init__(self, program: Program, name: str, text: str) -> None:
        program.node(name)
        self.name = name
        self.text = text.strip()
        self.program = parse_program(self.text, program.known())
        known = program.known()
        for variable in self.program.variables:
            if variable not in known:
                raise ExpressionError(
                    f"the expression has no {variable}",
                    text=self.text,
                    span=self.program.first_use[variable],
                    hint=instead_of_variable(variable) or suggestion(variable, known),
                )

    def value(self, program: Program) -> float:
        """Return the claimed derivative at the current values of `program`, nan where it is undefined."""
        for variable, leaf in self.program.variables.items():
            leaf.data = program.node(variable).data
        self.program.evaluate()
        return self.program.root.data


def read_claims(program: Program, texts: Sequence[str], wrt: Sequence[str] = ()) -> list[Claim]:
    """Return the claims written as `texts`: 'NAME: FORMULA', or a formula alone if the name is clear.

    A formula alone is the derivative with respect to the one name in `wrt`, or else the one variable.
    Raises ExpressionError.
    """
    claims: dict[str, Claim] = {}
    for text in texts:
        name, colon, formula = text.partition(":")
        if not colon:
            name, formula = "", text
        _refuse_equation(program, formula, name)
        name = normalized(name.strip()) if colon else _claimed_variable(program, text, wrt)
        if name in claims:
            raise ExpressionError(
                f"two claims for {name}: {claims[name].text} and {formula.strip()}", hint="give only one"
            )
        if wrt and name not in wrt:
            message = f"the claim '{text}' is not with respect to {', '.join(wrt)}"
            raise ExpressionError(message, hint=Remedy("leave out the names", "wrt and claim"))
        claims[name] = Claim(program, name, formula)
    return list(claims.values())


def _claimed_variable(program: Program, text: str, wrt: Sequence[str]) -> str:
    """Return the name that the claim `text` without a name is for. Raises ExpressionError."""
    if len(wrt) > 1:
        message = f"the claim '{text}' does not say which of {', '.join(wrt)} it is for"
        raise ExpressionError(message, hint=Remedy(f"write 'NAME: {text}'", "claim", claim=f"NAME: {text}"))
    if wrt:
        return wrt[0]
    try:
        return only_variable(program)
    except ExpressionError as error:
        if not program.variables:
            raise
        claims = [f"{name}: {text}" for name in program.variables]
        raise ExpressionError(
            error.message, hint=Remedy(f"write the name, as in '{claims[0]}'", "claims", claims=claims)
        ) from None


def _refuse_equation(program: Program, text: str, name: str) -> None:
    """Refuse a claim without a formula, or with a left side; `name` is the text before its colon."""
    if not text.strip():
        raise ExpressionError("a claim has no formula", hint=Remedy("write one, as in '2*x' or 'x: 2*x'", "no claim"))
    found = _EQUATION.fullmatch(text)
    if not found or (found["name"] and found["name"] not in program.variables):
        return
    wrt = name or found["name"] or found["wrt"] or found["of"]
    claim = found["formula"]
    if wrt and (name or len(program.variables) > 1):
        claim = f"{wrt}: {claim}"
    raise ExpressionError(
        f"a claim is a formula alone, not {text.strip()}", hint=Remedy(f"write '{claim}'", "claim", claim=claim)
    )


class Judgement(NamedTuple):
    """The result of checking a claim.

    given: whether it was compared at the given point instead of many points.
    points: the number of points.
    differing: the number of points at which it differs.
    worst: the one with the largest relative difference.
    furthest: the one with the largest difference.
    mistake: the likely mistake.
    """

    claim: Claim
    given: bool
    points: int
    differing: int
    worst: Sample | None
    furthest: Sample | None
    mistake: str | None


def judge(program: Program, claim: Claim, values: Mapping[str, float]) -> Judgement:
    """Compare `claim` with the gradient of `program`, some or all of its variables at `values`.

    Variables without a value take many, at points where the gradient and the claim are both
    defined. Raises EvaluationError if there is no such point, or if all variables have a value and
    something is undefined.
    """
    program.rebind(values)
    free = [variable for variable in program.variables if variable not in values]
    spread = _Spread(program, claim, free)
    samples = list(spread) if free else [_given(program, claim)]
    if not samples and spread.hidden:
        raise EvaluationError(
            "no point could be checked: at each, rounding hides the derivative with respect to "
            f"{claim.name} or the claim",
            hint="simplify one of them",
        )
    if not samples:
        raise EvaluationError(
            f"found no point where both the derivative with respect to {claim.name} and the claim are defined",
            hint=f"give {free[0]} a value",
        )
    points = len(samples)
    differing = [sample for sample in samples if sample.differs]
    if not differing:
        return Judgement(claim, not free, points, 0, None, None, None)
    worst = max(differing, key=_distance)
    furthest = max(differing, key=lambda sample: sample.distance)
    if not free and program.variables and claim.program.variables:
        # Several mistakes may give the same number at one point, but not at many.
        samples += _Spread(program, claim, list(program.variables))
    # Almost any mistake would explain a derivative that vanishes almost everywhere.
    telling = [sample for sample in samples if abs(sample.derivative) > SAME * abs(sample.claimed)]
    # A claim of 0 everywhere is not an attempt to differentiate.
    is_telling = 2 * len(telling) >= len(samples) and any(sample.claimed for sample in samples)
    mistake = likely_mistake(program, claim.name, claim.program.root, samples) if is_telling else None
    return Judgement(claim, not free, points, len(differing), worst, furthest, mistake)


def _given(program: Program, claim: Claim) -> Sample:
    """Return the sample at the current values of `program`. Raises EvaluationError if there is none."""
    report = differentiated(program, [claim.name])
    if report.error:
        raise report.error
    claimed = claim.value(program)
    if error := claim.program.error():
        raise error
    found = report.derivatives.get(program.node(claim.name))
    if found is not None and found.kind == CONVENTION:
        # A claim may follow the convention.
        return _sample(program, claim, found.number, claimed, _differ(found.number, claimed))
    sample = _judged(program, claim, found.number if found is not None else 0.0, claimed, at_kinks=True)
    if sample is None:
        message = (
            f"the claim for {claim.name} cannot be checked here: rounding may move it and the derivative by any amount"
        )
        raise EvaluationError(message, hint="give fewer values, so that many points are checked")
    return sample


class _Spread:
    """Samples where gradient and claim are defined; a kink, where only a convention applies, is left out.

    hidden: at how many points rounding hides one of the two, at any precision.
    """

    def __init__(self, program: Program, claim: Claim, free: list[str]) -> None:
        self.hidden = 0
        self._program = program
        self._claim = claim
        self._free = free

    def __iter__(self) -> Iterator[Sample]:
        program, claim = self._program, self._claim
        wanted = min(POINTS, max(FEWEST, WORK // (len(program.nodes) + len(claim.program.nodes))))
        found = 0
        seen = set()
        for values in _points(self._free):
            point = tuple(values.values())
            if point in seen:
                continue
            seen.add(point)
            program.rebind(values)
            if program.error() or program.differentiate([claim.name]):
                continue
            claimed = claim.value(program)
            if not isfinite(claimed):
                continue
            sample = _judged(program, claim, program.node(claim.name).grad, claimed)
            if sample is None:
                self.hidden += 1
                if self.hidden == MOST_HIDDEN:
                    return
                continue
            yield sample
            found += 1
            if found == wanted:
                return


def _points(free: list[str]) -> Iterator[dict[str, float]]:
    """Yield points, always in the same order: whole and special numbers first, then numbers of every size."""
    for index in range(len(SPECIAL)):
        yield {name: SPECIAL[(index + 5 * offset) % len(SPECIAL)] for offset, name in enumerate(free)}
    random = Random(0)
    ways = (
        lambda: random.uniform(-3.0, 3.0),
        lambda: random.uniform(0.0, 1.0),
        lambda: random.choice(SPECIAL),
        lambda: random.uniform(-20.0, 20.0),
        lambda: random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-3.0, 3.0),
    )
    for _ in range(TRIES // 2):
        yield {name: _readable(random.choice(ways)()) for name in free}
    for _ in range(TRIES // 2):
        yield {name: _readable(random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-8.0, 10.0)) for name in free}


def _readable(number: float) -> float:
    return float(f"{number:.3g}")


def _judged(
    program: Program, claim: Claim, derivative: float, claimed: float, *, at_kinks: bool = False
) -> Sample | None:
    """Return the sample at a point, given the derivative and the claim in floats; None if there is none.

    A number that floats get wrong is computed again. Without `at_kinks`, a kink where the two
    differ gives no sample.
    """
    node, root, formula = program.node(claim.name), program.root, claim.program.root
    balls = float_balls()
    both = topological(root), topological(formula)
    found = [forward(nodes, balls, as_written(nodes)(balls)) for nodes in both]
    slope = gradient(root, [node], balls, found[0]).derivatives[node]
    value = found[1][formula]
    if isinstance(value, Ball):
        off = float(slope.radius + abs(slope.number - derivative) + value.radius)
        if off <= SURE * max(abs(derivative), abs(claimed)) and not _at_kink(both, balls, found):
            return _sample(program, claim, derivative, claimed, _differ(derivative, claimed))
    again = computed_again(root, [node], with_value=False, given=as_written(both[0]))
    value_again = computed_again(formula, [], given=as_written(both[1]))
    exact, exact_claim = again.derivatives[node], value_again.value
    if at_kinks and again.kinks and all(again.kinks.values()):
        exact = derivative
    if exact is None or exact_claim is None or not (isfinite(exact) and isfinite(exact_claim)):
        return None
    differs = _differ(exact, exact_claim)
    if differs and not at_kinks and (again.kinks or value_again.kinks):
        return None
    return _sample(program, claim, exact, exact_claim, differs)


def _at_kink(both: Iterable[Sequence[Value]], balls: Balls, found: Iterable[dict[Node, Outcome]]) -> bool:
    return any(kinks(nodes[-1], balls, outcomes) for nodes, outcomes in zip(both, found, strict=True))


def _sample(program: Program, claim: Claim, derivative: float, claimed: float, differs: bool) -> Sample:
    values = {name: leaf.data for name, leaf in program.variables.items()}
    if not differs:
        return Sample(values, derivative, claimed, 0.0)
    # The effect of a mistake is computed in floats.
    node = program.node(claim.name)
    balls = float_balls()
    found = forward(topological(program.root), balls, {})
    radius = float(gradient(program.root, [node], balls, found).derivatives[node].radius)
    weight = path_weights(program.root, [node]).get(node, 0.0)
    allowed = 4 * radius + 16 * EPSILON * weight
    return Sample(values, derivative, claimed, allowed if isfinite(allowed) else abs(derivative), True)


def _differ(derivative: float, claimed: float) -> bool:
    return abs(derivative - claimed) > SAME * max(abs(derivative), abs(claimed))


def _distance(sample: Sample) -> float:
    """Return the relative distance, rounded so that the first of several similar samples is chosen."""
    return round(sample.distance / max(abs(sample.derivative), abs(sample.claimed)), 3)

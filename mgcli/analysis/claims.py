"""A derivative found by hand, judged: compared with the gradient at a point, or at many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from random import Random
from typing import NamedTuple

from mgcli.analysis.differences import EPSILON, KINK, check, path_weights
from mgcli.analysis.mistakes import Sample, likely_slip
from mgcli.analysis.rounding import gradient_rounding, rounding
from mgcli.errors import EvaluationError, ExpressionError
from mgcli.graph.names import suggestion
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.language.remedies import instead_of_variable

POINTS = 100
"""At how many points a claim is judged."""

FEWEST = 10
"""At how many points where the graph is large."""

WORK = 100_000
"""How many nodes are computed for one claim before fewer points will do."""

TRIES = 3000
"""How many points are looked at to find those."""

SAME = 1e-9
"""The relative difference that counts for nothing."""

SPECIAL = (1.0, 2.0, 3.0, 0.5, -1.0, -2.0, -0.5, 0.0, 10.0, -10.0, 0.001, -0.001, 100.0, -100.0)


class Claim:
    """A formula that is said to be the derivative of a program by one of its names.

    Raises ExpressionError where it is no expression, or has names that the program has not.
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
        """Return what is claimed where `program` stands, nan where the mathematics says no."""
        for variable, leaf in self.program.variables.items():
            leaf.data = program.node(variable).data
        self.program.evaluate()
        return self.program.root.data


class Judgement(NamedTuple):
    """What became of a claim.

    given: whether it was compared at the one point that is given, and not at many. points: at how many.
    differing: at how many of them it differs. worst: the one where it differs most. slip: the words of
    what may have gone wrong.
    """

    claim: Claim
    given: bool
    points: int
    differing: int
    worst: Sample | None
    slip: str | None


def judge(program: Program, claim: Claim, values: Mapping[str, float]) -> Judgement:
    """Compare `claim` with the gradient of `program`, some or all of its variables at `values`.

    Variables without a value take many, spread over where the gradient and the claim are both
    defined. Raises EvaluationError where there is no such point, or where all variables have a
    value and something is not defined.
    """
    program.stand_at(values)
    free = [variable for variable in program.variables if variable not in values]
    samples = list(_spread(program, claim, free)) if free else [_given(program, claim)]
    if not samples:
        raise EvaluationError(
            f"found no point where the derivative by {claim.name} and the claim are both defined",
            hint=f"give {free[0]} a value",
        )
    points = len(samples)
    differing = [sample for sample in samples if _differs(sample)]
    if not differing:
        return Judgement(claim, not free, points, 0, None, None)
    worst = max(differing, key=_distance)
    if not free and program.variables and claim.program.variables:
        # Many a slip gives the same number at one point; the formulas are the same at all.
        samples += _spread(program, claim, list(program.variables))
    # Beside a derivative that vanishes almost everywhere, almost any slip would do.
    telling = [sample for sample in samples if abs(sample.derivative) > SAME * abs(sample.claimed)]
    # What is claimed to be 0 everywhere was not differentiated at all.
    tells = 2 * len(telling) >= len(samples) and any(sample.claimed for sample in samples)
    slip = likely_slip(program, claim.name, claim.program.root, samples) if tells else None
    return Judgement(claim, not free, points, len(differing), worst, slip)


def _given(program: Program, claim: Claim) -> Sample:
    """Return the sample where `program` stands. Raises EvaluationError where there is none."""
    error = program.error() or program.differentiate([claim.name])
    if error:
        raise error
    claimed = claim.value(program)
    if error := claim.program.error():
        raise error
    sample = _sample(program, claim, claimed)
    if not isfinite(sample.allowed):
        message = f"the claim for {claim.name} cannot be judged here: rounding may put it and the derivative anywhere"
        raise EvaluationError(message, hint="give fewer values, and it is judged at many points")
    return sample


def _spread(program: Program, claim: Claim, free: list[str]) -> Iterator[Sample]:
    """Yield samples where gradient and claim are defined; a kink, where a convention rules, is none."""
    wanted = min(POINTS, max(FEWEST, WORK // (len(program.nodes) + len(claim.program.nodes))))
    found = 0
    seen = set()
    for values in _points(free):
        point = tuple(values.values())
        if point in seen:
            continue
        seen.add(point)
        program.stand_at(values)
        if program.error() or program.differentiate([claim.name]):
            continue
        claimed = claim.value(program)
        if not isfinite(claimed):
            continue
        sample = _sample(program, claim, claimed)
        if not isfinite(sample.allowed):
            # How far rounding goes cannot be told: that is no agreement.
            continue
        if _differs(sample) and next(check(program, [claim.name])).verdict == KINK:
            continue
        yield sample
        found += 1
        if found == wanted:
            return


def _points(free: list[str]) -> Iterator[dict[str, float]]:
    """Yield points: whole and special numbers first, then numbers of every size, in an order that never changes."""
    for index in range(len(SPECIAL)):
        yield {name: SPECIAL[(index + 5 * place) % len(SPECIAL)] for place, name in enumerate(free)}
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


def _sample(program: Program, claim: Claim, claimed: float) -> Sample:
    values = {name: leaf.data for name, leaf in program.variables.items()}
    node = program.node(claim.name)
    derivative = node.grad
    if abs(derivative - claimed) <= SAME * max(abs(derivative), abs(claimed)):
        return Sample(values, derivative, claimed, 0.0)
    weight = path_weights(program.root, [node]).get(node, 0.0)
    of_claim = rounding(claim.program.nodes, lambda: claim.program.root.data)
    of_gradient = gradient_rounding(program.root, node)
    return Sample(values, derivative, claimed, 8 * (of_claim + of_gradient) + 16 * EPSILON * weight)


def _differs(sample: Sample) -> bool:
    size = max(abs(sample.derivative), abs(sample.claimed))
    return abs(sample.derivative - sample.claimed) > sample.allowed + SAME * size


def _distance(sample: Sample) -> float:
    """Return the distance of both in parts of the larger, so roughly that of equals the first is taken."""
    size = max(abs(sample.derivative), abs(sample.claimed))
    return round(abs(sample.derivative - sample.claimed) / size, 3)

"""A value and its derivatives computed again, with as many bits as they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any, NamedTuple

from mgcli.graph.ball_passes import Given, forward, gradient, kinks, nothing
from mgcli.graph.balls import Ball, UndecidedError, multiprecision_balls
from mgcli.graph.node import Node, has_more_digits, topological
from mgcli.graph.table import CONSTANTS

PRECISIONS = (106, 212, 424, 848, 1696, 2000)
"""The bits that are tried, until they are enough."""

Rounded = Callable[[Ball], Any]
"""A number rounded from a ball, such as the nearest float; None if the ball does not determine it."""


def nearest_float(ball: Ball) -> float | None:
    """Return the float that is nearest to every number in a ball, None if there is more than one."""
    low, high = _float(ball.low), _float(ball.high)
    return low + 0.0 if low == high else None


def _float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


class Answer(NamedTuple):
    """What was computed again: the value, its ball, and the derivatives; None for what is not known.

    failure: why there is no value.
    undefined: the nodes without a derivative.
    kinks: the nodes at a kink or a jump; False for those that only may be.
    found: what the nodes evaluate to.
    """

    value: Any
    derivatives: dict[Node, Any]
    failure: Exception | None
    undefined: list[Node]
    kinks: dict[Node, bool]
    found: dict[Node, Any]


def as_written(nodes: Iterable[Node]) -> Given:
    """Return the unnamed numbers among `nodes` as the text means them: 0.1 is a tenth, and `pi` has all its digits."""
    leaves = _numbers(nodes)
    return lambda balls: {leaf: balls.constant(leaf.label) or balls.decimal(decimal_of(leaf)) for leaf in leaves}


def as_simplified(nodes: Iterable[Node]) -> Given:
    """Return the unnamed numbers among `nodes`, formulas that were simplified, as the simplifier computed them.

    It takes 0.1 for a tenth: 0.1*0.1 is 0.01. The float that `pi` is stays as it is.
    """
    leaves = [leaf for leaf in _numbers(nodes) if leaf.label not in CONSTANTS]
    return lambda balls: {leaf: balls.decimal(decimal_of(leaf)) for leaf in leaves}


def decimal_of(leaf: Node) -> str:
    """Return the decimal that a number of a formula means."""
    return leaf.label if has_more_digits(leaf) else repr(leaf.data)


def _numbers(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.operation is None and not node.varies]


def computed_again(
    root: Node,
    wrt: Iterable[Node],
    *,
    with_value: bool = True,
    rounded: Rounded = nearest_float,
    given: Given = nothing,
    precisions: Sequence[int] = PRECISIONS,
    held: bool = True,
) -> Answer:
    """Return the value of `root`, if wanted, and its derivatives with respect to `wrt`, with as many bits as they need.

    rounded: what is wanted of a ball. given: the nodes that do not hold the intended number.
    held: see `forward`.
    """
    nodes = topological(root)
    open_nodes = list(wrt)
    derivatives: dict[Node, Any] = dict.fromkeys(open_nodes)
    value: Any = None
    hopeless = 0
    for precision in precisions:
        if hopeless > 1 and precision != precisions[-1]:
            # Not one digit so far: probably there is none to be found, or many more bits are needed.
            continue
        balls = multiprecision_balls(precision)
        found = forward(nodes, balls, given(balls), held=held)
        outcome = found[root]
        if isinstance(outcome, Exception):
            if isinstance(outcome, UndecidedError):
                hopeless += 1
                continue
            return Answer(None, derivatives, outcome, [], {}, found)
        if with_value and value is None:
            value = rounded(outcome)
        reached = gradient(root, open_nodes, balls, found)
        slopes, undefined = reached.derivatives, reached.undefined
        at_kink = kinks(root, balls, found)
        for node, slope in slopes.items():
            derivatives[node] = rounded(slope)
        open_nodes = [node for node in open_nodes if derivatives[node] is None]
        unknown = [
            slopes[node] for node in open_nodes if not (undefined and slopes[node].radius == balls.arithmetic.infinity)
        ]
        is_known = value is not None or not with_value
        if is_known and not unknown and all(at_kink.values()):
            break
        pending = [*unknown, *([] if is_known else [outcome])]
        hopeless += all(ball.contains(0) for ball in pending)
    if isinstance(outcome, Exception):
        return Answer(None, derivatives, outcome, [], {}, found)
    return Answer(value, derivatives, None, undefined, at_kink, found)

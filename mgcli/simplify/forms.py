"""Which form of a sum is written: as it is, with a common factor taken out, or as one fraction; the shortest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import inf

from mgcli.simplify import logarithms
from mgcli.simplify.algebra import Algebra
from mgcli.simplify.angles import in_other_angles, with_sums_of_angles
from mgcli.simplify.calls import Calls
from mgcli.simplify.fractions import Fractions
from mgcli.simplify.kernels import GROUP, SIGN, Sum, kernels_of
from mgcli.simplify.layout import Layouts
from mgcli.simplify.ring import COSINE, SINE, TANGENT, TooLargeError
from mgcli.simplify.rules import QUOTIENTS
from mgcli.simplify.substitutions import (
    LAMBERTW,
    RECURRING,
    has_more_poles,
    with_lambertw_only,
    with_quotients_opened,
    with_recurrences,
)

CIRCULAR = frozenset(QUOTIENTS).union(*QUOTIENTS.values())
"""Sines, cosines and tangents, and the hyperbolic ones."""

HEAVIEST = 3000
"""The weight up to which other forms of a sum are tried."""

LIGHT = 100
"""The weight of a sum that is always examined, in a graph that is not large."""

EFFORT = 60_000
"""The total weight of heavier sums that are examined in one graph; in a large one, also of the light ones."""

MOST_TERMS = 300
"""The number of terms up to which other forms of a sum are tried."""


MOST_FACTORS = 12
"""The number of factors up to which a product without a denominator is multiplied out."""

WORTH = 3
"""The number of characters that taking out a factor must save: exp(x)*(x + 1), but x**2 + 2*x."""


MIXED = 6
"""The number of characters that a product with both sec(x) and cos(x) must save."""

BAR = 2
"""The number of characters by which one fraction may be longer than a sum of fractions."""


class Forms:
    """The forms of sums, of which the shortest is chosen."""

    def __init__(self, algebra: Algebra, layouts: Layouts, is_large: bool) -> None:
        self.algebra = algebra
        self.layouts = layouts
        self.calls = Calls(algebra)
        self.light = LIGHT // 3 if is_large else LIGHT
        self.effort = EFFORT
        self.light_effort = EFFORT if is_large else inf
        self._best: dict[Sum, Sum] = {}

    def tidied(self, total: Sum) -> Sum:
        """Return the shortest form of a sum."""
        best = self._best.get(total)
        if best is None:
            best = self._best[total] = total
            if self._is_worth(total) and len(total.terms) <= MOST_TERMS and _may_be_shorter(total):
                best = self._shortest(total)
                self.algebra.group_again(total)
                self._best[total] = self._best[best] = best
        return best

    def _is_worth(self, total: Sum) -> bool:
        """Whether other forms of a sum are tried: of a heavy one, or in a large graph, only if there were not many."""
        if total.weight <= self.light:
            self.light_effort -= total.weight
            return self.light_effort > 0
        self.effort -= min(total.weight, HEAVIEST)
        return self.effort > 0 and total.weight <= HEAVIEST

    def _shortest(self, total: Sum) -> Sum:
        is_plain = not any(self.layouts.layout(*term).below[1] for term in total.terms.items())
        found = total
        least = self.layouts.length(total) + MIXED * self._mixes(total) - (WORTH - 1 if is_plain else -BAR)
        for form in self._forms(total):
            length = self.layouts.length(form) + MIXED * self._mixes(form)
            if length < least or (length == least and form.only is not None and found.only is None):
                found, least = form, length
        return found

    def _mixes(self, total: Sum) -> bool:
        """Return whether a product has a secant in front of a group with a sine or a cosine, or the like."""
        reciprocals = self.layouts.reciprocals
        if total.only is None or not reciprocals:
            return False
        powers = total.only[0]
        below = {kernel.operands for kernel, exponent in powers if exponent < 0 and kernel.kind in reciprocals}
        return any(
            inner.kind in reciprocals and inner.kind not in QUOTIENTS and inner.operands in below
            for group, exponent in powers
            if group.kind == GROUP and exponent > 0
            for inner in kernels_of(group.operands[0])
        )

    def _forms(self, total: Sum) -> Iterator[Sum]:
        yield from logarithms.joined(self.algebra, total)
        if self.layouts.reciprocals and total.weight <= LIGHT:
            yield from with_quotients_opened(self.algebra, total)
        joined = list(with_sums_of_angles(self.calls, total))
        others = [*joined, *(other for one in (total, *joined) for other in in_other_angles(self.algebra, one))]
        yield from others
        for other in (total, *others):
            for form in self._forms_of(other):
                yield form
                if self._mixes(form):
                    # csc(x)**3*(2 - sin(x)**2) -> 2*csc(x)**3 - csc(x)
                    yield self.algebra.distributed(form)

        if self.layouts.functions & RECURRING:
            for other in with_recurrences(self.calls, total):
                yield other
                yield from self._forms_of(other)
        if LAMBERTW in self.layouts.functions:
            for other in with_lambertw_only(self.algebra, total):
                forms = (other, *self._forms_of(other))
                yield from (form for form in forms if not has_more_poles(self.algebra, form, total))

    def _forms_of(self, total: Sum) -> Iterator[Sum]:
        if len(total.terms) > 1:
            yield self.algebra.product(*self.algebra.grouped(total))
        if not _has_fractions(total) and not _may_have_factors(total):
            return
        for kept in _kept(total):
            with suppress(TooLargeError):
                yield from Fractions(self.algebra, total, kept).forms()


def _may_be_shorter(total: Sum) -> bool:
    if total.only is None:
        return len(total.terms) > 1
    (powers, _) = total.only
    is_plain = all(exponent.denominator == 1 and exponent > 0 for _, exponent in powers)
    return len(powers) > 1 and not (is_plain and len(powers) > MOST_FACTORS) and _has_fractions(total)


def _has_fractions(total: Sum) -> bool:
    """Return whether something may cancel or combine in a common denominator."""
    return any(
        kernel.kind in (GROUP, SIGN) or exponent < 0 or exponent.denominator > 1
        for powers in total.terms
        for kernel, exponent in powers
    ) or _has_circles(total)


def _may_have_factors(total: Sum) -> bool:
    """Return whether a polynomial may be a product of others in fewer variables: (p + q)*(r + s)."""
    return len(total.terms) >= 4 and len(kernels_of(total)) >= 3


def _has_circles(total: Sum) -> bool:
    return len(_circular(total)) > 1


def _circular(total: Sum) -> set[str]:
    """Return the sines, cosines and tangents of a sum, hyperbolic ones, too."""
    kinds = {kernel.kind for kernel in kernels_of(total) if kernel.kind != GROUP}
    for powers in total.terms:
        for kernel, _ in powers:
            if kernel.kind == GROUP:
                kinds.update(inner.kind for each in kernel.operands[0].terms for inner, _ in each)
    return kinds & CIRCULAR


def _kept(total: Sum) -> tuple[str, ...]:
    """Return which of sine, cosine and tangent is kept, in turn."""
    kinds = _circular(total)
    if len(kinds) < 2:
        return (SINE,)
    return (TANGENT, SINE, COSINE) if kinds & QUOTIENTS.keys() else (SINE, COSINE)

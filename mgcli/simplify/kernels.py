"""The internal form of formulas: a `Sum` of products of powers of `Kernel`s, with exact numbers.

A sum is a dict from products to their numbers; a product is a set of (kernel, exponent). Numbers and exponents are
`int` or `Fraction`, of any size. Equal kernels are one object, and so are equal sums: both are compared by identity.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgcli.graph.value import Value

Number = int | Fraction
Powers = frozenset[tuple["Kernel", Number]]

HALF = Fraction(1, 2)

ONE: Powers = frozenset()
"""The empty product."""

LEAF, PRIME, GROUP, EXP, POW, SIGN, ABS, SEALED, CONDITION = (
    "leaf", "prime", "group", "exp", "pow", "sign", "abs", "sealed", "condition",
)  # fmt: skip
"""Kinds of kernels; a call of any other operation has its name.

leaf: a variable, a named constant or an atom, kept as it is. prime: a whole number, to a fractional power. group: a
sum, or a product, that is raised to a power. exp: the exponential of one product. pow: a base to one product that is
no number. sealed: a sum that is not opened again. condition: a comparison, kept as it is.
"""


class Kernel:
    """What a sum treats as a variable.

    kind: one of the above, or the name of an operation. operands: sums. leaf: the node of a leaf or of a condition.
    index: the order of creation; operands come before what uses them.
    facts: what is known about its values.
    weight: the approximate number of nodes of its formula.
    varies: whether a variable occurs in it.
    is_real_root: whether its odd roots are those of negative numbers, too.
    has_roots, has_decimals: whether a root, or an exponent with decimals, of it was written so.
    """

    __slots__ = (
        "facts", "has_decimals", "has_roots", "index", "is_real_root", "kind", "leaf", "operands", "varies", "weight",
    )  # fmt: skip

    def __init__(self, kind: str, operands: tuple[Sum, ...], leaf: Value | None, index: int) -> None:
        self.kind = kind
        self.operands = operands
        self.leaf = leaf
        self.index = index
        self.facts = 0
        self.weight: int = 1 if kind == SEALED else 1 + sum(operand.weight for operand in operands)
        self.varies: bool = leaf.varies if leaf is not None else any(operand.varies for operand in operands)
        self.is_real_root = False
        self.has_roots = False
        self.has_decimals = False

    def __repr__(self) -> str:
        return f"<{self.kind} {self.index}>"


class Sum:
    """A sum of products: its `terms`, in the order in which they were first written.

    only: the one product that it is, and its number; None for a sum of several, and for 0.
    kernel: the one kernel that it is, None where it is more, or less.
    """

    __slots__ = ("facts", "kernel", "only", "terms", "varies", "weight")

    def __init__(self, terms: dict[Powers, Number]) -> None:
        self.terms = terms
        self.weight: int = sum(1 + sum(kernel.weight for kernel, _ in powers) for powers in terms)
        self.only: tuple[Powers, Number] | None = next(iter(terms.items())) if len(terms) == 1 else None
        self.kernel: Kernel | None = self._kernel()
        self.varies = any(kernel.varies for powers in terms for kernel, _ in powers)
        self.facts: int | None = None

    def __repr__(self) -> str:
        return f"<sum of {len(self.terms)}>"

    @property
    def number(self) -> Number | None:
        """The number that this is, None where it is none."""
        if not self.terms:
            return 0
        return self.terms.get(ONE) if len(self.terms) == 1 else None

    def _kernel(self) -> Kernel | None:
        if self.only is None or self.only[1] != 1 or len(self.only[0]) != 1:
            return None
        ((kernel, exponent),) = self.only[0]
        return kernel if exponent == 1 else None


def reduced(number: Number) -> Number:
    """Return `number`, as an int where it is whole."""
    return number if isinstance(number, int) else number.numerator if number.denominator == 1 else number


def size_of(number: Number) -> Number:
    """Return the absolute value of a number."""
    return number if number >= 0 else -number


def kernels_of(total: Sum) -> set[Kernel]:
    """Return the kernels of a sum, not those in their operands."""
    return {kernel for powers in total.terms for kernel, _ in powers}


def kernels_in_groups(total: Sum) -> list[Kernel]:
    """Return the kernels of a sum, and those in its groups."""
    below = kernels_of(total)
    stack = list(below)
    while stack:
        kernel = stack.pop()
        if kernel.kind == GROUP:
            inner = kernels_of(kernel.operands[0]) - below
            below |= inner
            stack.extend(inner)
    return sorted(below, key=lambda kernel: kernel.index)


def kernels_below(sums: Iterable[Sum], known: Container[object] = ()) -> list[Kernel]:
    """Return the kernels of `sums`, and those in their operands, operands first.

    Those that are `known`, and what is in them, are left out.
    """
    seen: set[Kernel] = set()
    stack = list(sums)
    while stack:
        for powers in stack.pop().terms:
            for kernel, _ in powers:
                if kernel not in seen and kernel not in known:
                    seen.add(kernel)
                    stack.extend(kernel.operands)
    return sorted(seen, key=lambda kernel: kernel.index)


def in_order(total: Sum) -> list[tuple[Powers, Number]]:
    """Return the terms in the order in which they are written: a polynomial in falling powers, 1 - x in rising ones."""
    terms = list(total.terms.items())
    kernels = [kernel for kernel in kernels_of(total) if kernel.varies]
    if len(kernels) <= 1 or all(kernel.kind == LEAF for kernel in kernels):
        terms.sort(key=lambda term: _rank(term[0]))
        if terms and terms[0][1] < 0 and len(kernels) <= 1:
            return terms[::-1] if terms[-1][1] > 0 else terms
    first = next((index for index, (_, number) in enumerate(terms) if number > 0), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]] if terms else []


def _rank(powers: Powers) -> tuple[Number, bool, list[tuple[str, Number]]]:
    """Return what orders the terms of a polynomial: falling powers, sqrt(2) before 1, then the names."""
    is_plain = powers == ONE or any(kernel.varies for kernel, _ in powers)
    return -_degree(powers), is_plain, sorted((name_of(kernel), -exponent) for kernel, exponent in powers)


def name_of(kernel: Kernel) -> str:
    """Return the name of a leaf, or the kind of another kernel."""
    return kernel.leaf.label if kernel.leaf is not None else kernel.kind


def _degree(powers: Powers) -> Number:
    return sum(exponent for kernel, exponent in powers if kernel.varies)

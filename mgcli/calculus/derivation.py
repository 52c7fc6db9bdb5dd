"""How a derivative was found: each product of the chain rule in the backward pass, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import nan
from typing import NamedTuple

from mgcli.calculus.differentiation import Formulas, Guarded, derivative, textbook_derivative, without_numbers
from mgcli.errors import Span
from mgcli.graph.chain_rule import chain_rule
from mgcli.graph.node import topological
from mgcli.graph.operation import ATOM, POWER, Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, make, unevaluated
from mgcli.notation import LATEX, TEXT, FreeNames, Notation, expression, written_nodes
from mgcli.simplify import simplify

SHORT = 4
"""The maximum number of nodes of a part that is written out; a longer one gets a name."""

SHORT_GRADIENT = 12
"""The same for the gradient of a part, which is used only once."""

LARGE = 60
"""The number of nodes of a graph above which half of that counts as long: its steps are many."""


class Step(NamedTuple):
    """One product of the chain rule, written out.

    of: the operation that was differentiated.
    rule: that of the table, in letters.
    to: its operand.
    product: the incoming gradient times the local derivative.
    contribution: the same, simplified.
    """

    of: str
    rule: str
    to: str
    product: str
    contribution: str


class Derivation(NamedTuple):
    """The steps to some derivatives, results first, and the statements that define the names they use."""

    names: list[tuple[str, str]]
    steps: list[Step]


def derivation(root: Value, *wrt: Value, notation: Notation = TEXT) -> Derivation:
    """Return how the derivatives of `root` with respect to each of `wrt` are found; a step that they share is one.

    A part that is used repeatedly gets a name, so the length is proportional to that of the graph.
    """
    names = _names(root)
    named = [
        (name, expression(node, names, notation, open_root=True)) for node, name in names.items() if node.operation
    ]
    algebra = _Written(root, names, notation)
    steps = []
    for step in chain_rule(root, wrt, algebra):
        incoming, slope = algebra.simplified(step.incoming.closed()), algebra.simplified(step.slope.formula)
        steps.append(
            Step(
                expression(step.node, names, notation, open_root=step.node is root),
                rule_text(step.node.operation, step.operand_index, notation),
                expression(step.node.operands[step.operand_index], names, notation),
                algebra.text(unevaluated("mul", incoming, slope)),
                algebra.text(algebra.simplified(step.amount.closed())),
            )
        )
    return Derivation([*named, *algebra.gradients], steps)


class _Written(Formulas):
    """The algebra of formulas as they are written: a named part is an atom, and a long gradient gets a name.

    gradients: the statements that define these names.
    """

    def __init__(self, root: Value, names: dict[Value, str], notation: Notation) -> None:
        super().__init__(root)
        self._notation = notation
        self.gradients: list[tuple[str, str]] = []
        self._names: dict[Value, str] = {}
        self._free = FreeNames([*names.values(), *(node.label for node in topological(root))])
        self._outlines: dict[Value, Value] = {}
        nodes = topological(root)
        self._short_gradient = SHORT_GRADIENT // 2 if len(nodes) > LARGE else SHORT_GRADIENT
        for node in nodes:
            self._outlines[node] = self._outline(node, names)

    def _outline(self, node: Value, names: dict[Value, str]) -> Value:
        if node.operation is None:
            if node in names:
                self._names[node] = names[node]
            return node
        if node in names:
            return self._atom(names[node], node.span)
        return make(node.operation, [self._outlines[operand] for operand in node.operands], nan, node.span)

    def _atom(self, name: str, span: Span | None = None) -> Value:
        """Return a node that represents what is called `name`, which may not be defined everywhere."""
        atom = make(OPERATIONS["neg"], [Value(nan)], nan, span)
        self._names[atom] = name
        return atom

    def local(self, node: Value, index: int) -> Value:
        assert node.operation is not None
        result, *operands = [self._outlines[each] for each in (node, *node.operands)]
        with without_numbers(result, *operands):
            return textbook_derivative(node.operation, index, result, operands)

    def total(self, node: Value, products: list[Guarded]) -> Guarded:
        body, guard, position = super().total(node, products)
        return Guarded(self._short(body), guard and self._short(guard), position)

    def _short(self, formula: Value) -> Value:
        """Return `formula` simplified or, if that is long, the atom of a name for it."""
        formula = self.simplified(formula)
        if written_nodes(formula) <= self._short_gradient:
            return formula
        name = self._free.take("g1")
        self.gradients.append((name, self.text(formula)))
        return self._atom(name)

    def simplified(self, formula: Value) -> Value:
        """Return `formula` simplified, with named parts kept."""
        return simplify(formula, [node for node in topological(formula) if node.operation and node in self._names])

    def text(self, formula: Value) -> str:
        """Return `formula` written with the names."""
        return expression(formula, self._names, self._notation)


class Reached(NamedTuple):
    """The derivation of one order of the derivatives with respect to the variables `names`."""

    names: tuple[str, ...]
    order: int
    derivation: Derivation


def derivations(root: Value, wrt: Mapping[str, Value], order: int, notation: Notation = TEXT) -> Iterator[Reached]:
    """Yield how the derivatives of `root` are found: those of the first order together, each further one by itself."""
    yield Reached((*wrt,), 1, derivation(root, *wrt.values(), notation=notation))
    for name, node in wrt.items():
        function = root
        for reached in range(2, order + 1):
            function = derivative(function, node)
            yield Reached((name,), reached, derivation(function, node, notation=notation))


def _names(root: Value) -> dict[Value, str]:
    """Return the variables' names, and those of the parts that have one or are long."""
    nodes = topological(root)
    names = {node: node.label for node in nodes if node.operation is None and node.varies and node.label}
    free = FreeNames([*names.values(), *(node.label for node in nodes)])
    short = SHORT // 2 if len(nodes) > LARGE else SHORT
    sizes: dict[Value, int] = {}
    for node in nodes:
        sizes[node] = 1 + sum(1 if operand in names else sizes[operand] for operand in node.operands)
        if node is root or node in names or not node.operation:
            continue
        if node.label:
            names[node] = node.label
        elif sizes[node] > short:
            names[node] = free.take("v1")
    return names


@cache
def rule_text(operation: Operation | None, index: int, notation: Notation = TEXT) -> str:
    """Return the derivative of `operation` with respect to one operand, as in the table, in letters p, q, r."""
    assert operation is not None
    letters = [Value(nan, letter) for letter in "pqr"[: operation.arity]]
    node = make(operation, letters, nan)
    slope = expression(textbook_derivative(operation, index, node, letters), _labels(letters), notation)
    whole = expression(node, _labels(letters), notation)
    letter = letters[index].label
    if notation is LATEX:
        enclosed = expression(node, _labels(letters), notation, loosest=POWER)
        d = r"\frac{d}{d" if operation.arity == 1 else r"\frac{\partial}{\partial "
        return rf"{d}{letter}}} {enclosed} = {slope}"
    whole = f" {whole}" if operation.text.precedence == ATOM else f"({whole})"
    return f"d{whole}/d{letter} = {slope}"


def _labels(letters: Iterable[Value]) -> dict[Value, str]:
    return {letter: letter.label for letter in letters}

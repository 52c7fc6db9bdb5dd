"""`Program`: a parsed text with its graph, the variables it needs and the names it gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, count, islice
from math import inf, isfinite, nan
from types import MappingProxyType
from typing import TYPE_CHECKING

from mgcli.errors import EvaluationError, ExpressionError, Span, UnboundVariableError
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.evaluation import first_error, forward_pass
from mgcli.graph.names import misspelled, nearest, normalized, suggestion
from mgcli.graph.table import CONSTANTS, FUNCTIONS, OPERATIONS
from mgcli.graph.value import Value, is_number

if TYPE_CHECKING:
    from mgcli.language.equation import Equation

MOST_SUSPECTS = 100
"""How many variables are searched for names that are run together, such as xy for x*y."""


class Program:
    """A text and its graph.

    root: the node of the last statement.
    variables: the names without a value in the text, in the order of first appearance.
    names: the names that statements define, in their order; an alias maps to the node of the name
    it repeats.
    defaults: those of them that name a number, and the number: the value of the name unless another is given.
    redefined: those of `defaults` for which another is given.
    nodes: every node of the text, used by the result or not, operands first.
    first_use: the span of the first use of each variable and each name.
    result: the name of the result, None where the last statement gives none.
    functions: the names of the functions that the text defines; their calls are expanded in the
    graph.
    equation: the two sides of the last statement, if that is an equation; the root is then their difference.
    last_span: the span of the expression of the last statement.
    letters: π and τ where they are constants, with the names of these.
    """

    def __init__(
        self,
        text: str,
        root: Value,
        variables: dict[str, Value],
        names: dict[str, Value],
        nodes: list[Value],
        first_use: dict[str, Span],
        result: str | None,
        functions: Iterable[str] = (),
        letters: Mapping[str, str] = MappingProxyType({}),
        equation: Equation | None = None,
        last_span: Span = (0, 0),
    ) -> None:
        self.text = text
        self.root = root
        self.variables = variables
        self.names = names
        self.defaults = {name: node.data for name, node in names.items() if node.label == name and not node.operation}
        self.redefined: set[str] = set()
        self.nodes = nodes
        self.first_use = first_use
        self.result = result
        self.functions = tuple(functions)
        self.letters = dict(letters)
        self.equation = equation
        self.last_span = last_span

    def node(self, name: str) -> Value:
        """Return the node of a variable or a name. Raises ExpressionError, with the nearest known name."""
        known = normalized(name)
        node = self.variables.get(known) or self.names.get(known)
        if node is not None:
            return node
        raise ExpressionError(f"the expression has no variable {name}", hint=suggestion(name, self.known()))

    def of(self, name: str) -> Program:
        """Return the program whose result is what this one calls `name`; both share one graph.

        Raises ExpressionError for a name that no statement gives.
        """
        known = normalized(name)
        if known in self.names:
            functions = self.functions
            part = Program(
                self.text, self.names[known], self.variables, self.names, self.nodes, self.first_use, known, functions
            )
            part.defaults, part.redefined = self.defaults, self.redefined
            return part
        if known in self.variables:
            message = f"{name} is a variable, not a result"
            hint = f"a result has a name: write '{name}1 = ...' and ask for {name}1"
            raise ExpressionError(message, text=self.text, span=self.first_use[known], hint=self._results(hint))
        near = nearest(name, self.names)
        hint = f"did you mean {near}?" if near else self._results(f"give it a name: '{name} = ...'")
        raise ExpressionError(f"the expression has no result {name}", hint=hint)

    def _results(self, otherwise: str) -> str:
        """Return which names can be asked for, or else what to do."""
        return f"its results are {', '.join(self.names)}" if self.names else otherwise

    def add_variable(self, name: str) -> None:
        """Add a variable on which nothing depends: the program is then constant with respect to it."""
        leaf = Value(nan, label=name)
        self.variables[name] = leaf
        self.nodes.append(leaf)
        self.first_use[name] = (len(self.text), len(self.text))

    @property
    def title(self) -> str:
        """What the result is called: its name, or `value`, or `result` where the text itself has a `value`."""
        if self.result is None and self.root in self.names.values():
            return self.root.label
        others = chain(("value", "result"), (f"result{number}" for number in count(2)))
        return self.result or next(name for name in others if name not in self.first_use)

    def as_equation(self) -> str | None:
        """Return the assignment at the end as an equation: x - cos(y) = 0 for x = cos(y); None if it is long."""
        from mgcli.language.equation import difference

        if self.result is None:
            return None
        written = difference(self.result, self.text, (self.root, *self.last_span))
        return f"{written} = 0" if written else None

    def inputs(self) -> dict[str, Value]:
        """Return what varies independently, in the order of first appearance: variables and named numbers."""
        names: dict[Value, str] = {}
        for name in self.known():
            names.setdefault(self.node(name), name)
        return {name: node for node, name in names.items() if node.is_input()}

    def known(self) -> list[str]:
        """Return the variables and names in the order of first appearance in the text."""
        return sorted({**self.variables, **self.names}, key=lambda name: self.first_use[name])

    def __getitem__(self, name: str) -> Value:
        """Return the node of a variable or a name. Raises KeyError."""
        try:
            return self.node(name)
        except ExpressionError:
            raise KeyError(name) from None

    def __repr__(self) -> str:
        return f"Program({self.text!r})"

    def bind(self, values: Mapping[str, float] = MappingProxyType({}), /, **named: float) -> None:
        """Give the variables their values, and compute every node; a name of `defaults` may be given one too.

        A node that is undefined holds nan and its error (see `error`).
        Raises UnboundVariableError for variables left without a value, ExpressionError for a value
        without a variable.
        """
        values = {normalized(name): value for name, value in {**values, **named}.items()}
        for name in values:
            if name in self.names and name not in self.defaults:
                raise ExpressionError(
                    f"{name} is defined by the expression, so it takes no value",
                    text=self.text,
                    span=self.first_use[name],
                )
            if name not in self.variables and name not in self.defaults:
                hint = self.run_together(name, values)
                raise ExpressionError(
                    f"the expression has no variable {name}", hint=hint or suggestion(name, self.known())
                )
        self._require(values)
        for name, value in {**self.defaults, **values}.items():
            self.node(name).data = _finite(name, value)
        self.evaluate()

    def redefine(self, values: Mapping[str, float]) -> None:
        """Give names of `defaults` other numbers."""
        self.defaults.update(values)
        self.redefined.update(values)
        for name, value in values.items():
            self.node(name).data = value

    def rebind(self, values: Mapping[str, float]) -> None:
        """Give some of the variables new values, keep those of the others, and compute every node."""
        for name, value in values.items():
            self.node(name).data = float(value)
        self.evaluate()

    def evaluate(self) -> bool:
        """Compute every node from the leaves as they are; return whether every one has a value."""
        sound = forward_pass(self.nodes)
        if not sound:
            for node in self.nodes:
                if node.error:
                    node.error.text = self.text
                    node.error.hint = _remedy(node)
        return sound

    def _require(self, values: Mapping[str, float]) -> None:
        missing = [name for name in self.variables if name not in values]
        if missing:
            first = missing[0]
            raise UnboundVariableError(
                missing, text=self.text, span=self.first_use[first], hint=self._meant(first, values)
            )

    def _meant(self, name: str, given: Iterable[str]) -> str | None:
        """Return what the variable `name` may have been meant to be, None if nothing is close."""
        from mgcli.language.remedies import IN_PLACE_OF_NAMES, call_of, instead_of_run

        if instead := self._instead(name) or instead_of_run(name, given):
            return instead
        if name in FUNCTIONS:
            return call_of(name)
        if lacking := IN_PLACE_OF_NAMES.get(name if len(name) == 1 else name.lower()):
            return lacking
        near = misspelled(name, CONSTANTS) or nearest(name, given)
        return f"did you mean {near}?" if near else None

    def run_together(self, name: str, given: Collection[str]) -> str | None:
        """Return what to write for a variable that is `name` and others of `given` run together, None if none is."""
        from mgcli.language.remedies import instead_of_run

        suspects = (variable for variable in self.variables if name in variable and variable not in given)
        written = (instead_of_run(suspect, given) for suspect in islice(suspects, MOST_SUSPECTS))
        return next(filter(None, written), None)

    def notes(self, given: Collection[str] = ()) -> list[str]:
        """Return a note on each variable that is probably not meant as one; those in `given` are."""
        # E is a common name for an energy.
        remedies = {name: self._instead(name) for name in self.variables if name not in {*given, "E"}}
        return [f"{name} is a variable; {remedy}" for name, remedy in remedies.items() if remedy]

    def _instead(self, name: str) -> str | None:
        from mgcli.language.remedies import call_of, instead_of_variable

        return call_of(name) if name in self.functions else instead_of_variable(name)

    def clear(self) -> None:
        """Remove the values of all variables, leaving the bare structure."""
        for leaf in self.variables.values():
            leaf.data = nan
        forward_pass(self.nodes)

    def error(self) -> EvaluationError | None:
        """Return the first error, in the order of the text, on which the result depends."""
        return first_error(self.root) if self.root.data != self.root.data else None

    @contextmanager
    def pointing(self) -> Iterator[None]:
        """Make an EvaluationError that is raised inside point into the text."""
        try:
            yield
        except EvaluationError as error:
            error.text = self.text
            raise

    def differentiate(self, wrt: Iterable[str] | None = None) -> EvaluationError | None:
        """Set `grad` of every node, or only of those that `wrt` names; return the first error.

        A gradient that is not defined is nan; that of a node which the result does not use is 0.0.
        """
        for node in self.nodes:
            node.grad = 0.0
        wanted = None if wrt is None else [self.node(name) for name in wrt]
        if self.root.data != self.root.data:
            return self._without_value(wanted)
        error = backward_pass(self.root, wanted)
        if error:
            error.text = self.text
            for node in self.nodes:
                if not isfinite(node.grad):
                    node.grad = nan
        return error

    def _without_value(self, wanted: list[Value] | None) -> EvaluationError | None:
        for node in self.nodes if wanted is None else wanted:
            node.grad = nan
        return self.error()


def _remedy(node: Value) -> str | None:
    """Return what to write instead of a node that is not defined, None if there is no likely alternative."""
    if node.operation is OPERATIONS["pow"] and node.operands[1].data == 1 / 3:
        return "for the real cube root, write cbrt(...)"
    return None


def _finite(name: str, value: float) -> float:
    if not is_number(value):
        remedy = "; mgcli.compile takes arrays" if hasattr(value, "__array__") else ""
        raise TypeError(f"the value of {name} is a number, not {type(value).__name__!r}{remedy}")
    try:
        number = float(value)
    except OverflowError:
        number = inf
    if not isfinite(number):
        raise ExpressionError(f"the value of {name} is {number}", hint="a value is a finite number")
    return number

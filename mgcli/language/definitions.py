"""User-defined functions: the body of a definition is kept as nodes, and copied at each call.

Equal calls give the same node. A call inside a body is kept as a call, so that a body is as large
as its text; only what the program calls is expanded, with an explicit stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from mgcli.errors import ExpandedSpan, ExpressionError, Span
from mgcli.graph.value import Value, constant, make

MOST_NODES = 1_000_000
"""The maximum number of nodes that the calls of one program may expand to."""


class UserFunction:
    """A function that a program defines.

    name, span: its name, and the span of its head, `f(x, y)`.
    parameters: the leaf that represents each of them in the body.
    nodes: those of the body, operands before what uses them, parameters and outer names left out.
    calls: those among them that represent a call of another function, with its operands.
    result: the node of the whole body; None while the body is still being read.
    """

    def __init__(self, name: str, span: Span, parameters: Sequence[str]) -> None:
        self.name = name
        self.span = span
        self.parameters = {parameter: Value(nan, parameter) for parameter in parameters}
        self.nodes: list[Value] = []
        self.calls: dict[Value, tuple[UserFunction, list[Value]]] = {}
        self.result: Value | None = None

    @property
    def head(self) -> str:
        """The head as it is written, `f(x, y)`."""
        return f"{self.name}({', '.join(self.parameters)})"

    def call(self, function: UserFunction, operands: list[Value], span: Span) -> Value:
        """Return the node that represents a call of `function` in this body."""
        node = Value(nan)
        node.span = span
        self.nodes.append(node)
        self.calls[node] = function, operands
        return node


_Key = tuple[UserFunction, tuple[int, ...]]


class _Frame:
    """A call that is being expanded: how far, and the copy of each node of the body so far."""

    def __init__(self, key: _Key, operands: Sequence[Value]) -> None:
        self.key = key
        self.function = key[0]
        self.position = 0
        self.copies = dict(zip(self.function.parameters.values(), operands, strict=True))

    def copy_of(self, node: Value) -> Value:
        """Return the copy of a node of the body; a node from outside the body is returned itself."""
        return self.copies.get(node, node)


class Calls:
    """The calls of the functions that one program defines; new nodes are appended to its `nodes`."""

    def __init__(self, nodes: list[Value]) -> None:
        self._nodes = nodes
        self._results: dict[_Key, Value] = {}
        self._given: set[Value] = set()
        self._numbers: dict[object, int] = {}
        self._number_of: dict[Value, int] = {}
        self._steps = 0

    def expand(self, function: UserFunction, operands: Sequence[Value], text: str, span: Span) -> Value:
        """Return the node of the call at `span` of `text`; an equal call earlier gave the same node.

        Raises ExpressionError where the calls of the program expand to too many nodes.
        """
        key = self._key(function, operands)
        frames = [] if key in self._results else [_Frame(key, operands)]
        while frames:
            frame = frames[-1]
            inner = self._advance(frame, span)
            if self._steps > MOST_NODES:
                raise ExpressionError(
                    f"the calls expand to more than {MOST_NODES:,} nodes",
                    text=text,
                    span=span,
                    also=[(function.span, "defined here")],
                    hint=f"{function.name} calls functions that call others, and every call is expanded",
                )
            if inner:
                frames.append(inner)
                continue
            assert frame.function.result is not None
            self._results[frame.key] = frame.copy_of(frame.function.result)
            frames.pop()
        result = self._results[key]
        self._given.add(result)
        return result

    def _advance(self, frame: _Frame, span: Span) -> _Frame | None:
        """Copy the body of `frame` up to its end, or up to a call that must be expanded first, which is returned."""
        function = frame.function
        while frame.position < len(function.nodes) and self._steps <= MOST_NODES:
            self._steps += 1
            node = function.nodes[frame.position]
            if node not in function.calls:
                frame.copies[node] = self._copy(node, frame, span)
            else:
                called, inside = function.calls[node]
                operands = [frame.copy_of(operand) for operand in inside]
                key = self._key(called, operands)
                if key not in self._results:
                    return _Frame(key, operands)
                frame.copies[node] = self._results[key]
            frame.position += 1
        return None

    def _copy(self, node: Value, frame: _Frame, span: Span) -> Value:
        if node.operation is None:
            copied = constant(node.data, node.label)
        else:
            copied = make(node.operation, [frame.copy_of(operand) for operand in node.operands], nan)
        assert node.span is not None
        copied.span = ExpandedSpan(span, node.span, f"in {frame.function.name}")
        self._nodes.append(copied)
        return copied

    def own(self, node: Value) -> Value:
        """Return `node`, or a copy of it where it is the result of a call.

        A statement is about to give it a name: its gradient is then that of the name alone, so an
        equal call elsewhere must not be the same node.
        """
        if node not in self._given or (node.varies and (node.label or node.operation is None)):
            return node
        copied = make(node.operation, node.operands, nan) if node.operation else constant(node.data, node.label)
        copied.span = node.span
        self._nodes.append(copied)
        return copied

    def _key(self, function: UserFunction, operands: Sequence[Value]) -> _Key:
        return function, tuple(self._number(operand) for operand in operands)

    def _number(self, root: Value) -> int:
        """Return a number for `root`; two nodes have the same number if they are the same formula in the same names."""
        stack = [root]
        while stack:
            node = stack[-1]
            operands = () if node.varies and node.label else node.operands
            missing = [operand for operand in operands if operand not in self._number_of]
            if missing:
                stack.extend(missing)
                continue
            formula: object = node
            if node.operation and operands:
                formula = node.operation, *[self._number_of[operand] for operand in operands]
            elif not node.varies:
                formula = node.label, node.data
            self._number_of[node] = self._numbers.setdefault(formula, len(self._numbers))
            stack.pop()
        return self._number_of[root]

"""`Node`: the record of one step of a computation, and the order of the nodes of a graph.

Nodes are numbered as they are made, and an operand is made before what uses it; so the order of
creation is a topological order, and nothing needs recursion.
"""

from __future__ import annotations

import copyreg
import operator
import threading
import weakref
from collections.abc import Iterable
from itertools import count
from typing import Any, TypeVar

from mgcli.errors import EvaluationError, Span
from mgcli.graph.operation import Operation

serials = count()
"""The numbers that nodes get as they are made."""

by_serial = operator.attrgetter("_serial")


def by_span(node: Node) -> Span:
    """Return what sorts nodes in the order of the text; those that were not parsed come first."""
    return node.span or (0, 0)


class Node:
    """One node of the graph: a number, and the operation and operands that gave it.

    data: the number.
    operation: None for a leaf.
    grad: the derivative of the root of the last backward pass with respect to this node.
    label: its name, for drawings and text.
    """

    __slots__ = (
        "_about",
        "_gradient",
        "_label",
        "_left",
        "_right",
        "_serial",
        "data",
        "operation",
    )

    data: float
    operation: Operation | None

    # These two are set only where needed: most nodes have neither, and are made faster that way.
    _label: str
    _about: Span | EvaluationError | None

    _left: Any
    _right: Any
    _third: Any

    _gradient: Any
    """Its gradient: None for a constant; during a pass also the mark of that pass, which counts as 0.0."""

    @property
    def operands(self) -> tuple[Any, ...]:
        """The operands in order; one that is used twice appears twice."""
        if self._left is None:
            return ()
        return (self._left,) if self._right is None else (self._left, self._right)

    @property
    def grad(self) -> float:
        """The derivative of the root of the last backward pass with respect to this node; a constant keeps 0.0."""
        return self._gradient or 0.0

    @grad.setter
    def grad(self, gradient: float) -> None:
        if self._gradient is not None:
            self._gradient = gradient

    @property
    def varies(self) -> bool:
        """Whether it has a gradient: a node that depends only on unnamed numbers has none."""
        return self._gradient is not None

    @property
    def label(self) -> str:
        """Its name, for drawings and text; "" if it has none."""
        try:
            return self._label
        except AttributeError:
            return ""

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"a label is text, not {type(label).__name__!r}")
        self._label = label

    @property
    def span(self) -> Span | None:
        """Its span in the text it was parsed from, None if it was not parsed."""
        about = self._noted()
        return about.span if isinstance(about, EvaluationError) else about

    @span.setter
    def span(self, span: Span | None) -> None:
        if error := self.error:
            error.span = span
        else:
            self._about = span

    @property
    def error(self) -> EvaluationError | None:
        """Why it is not a number although its operands are; the error has the span."""
        about = self._noted()
        return about if isinstance(about, EvaluationError) else None

    @error.setter
    def error(self, error: EvaluationError | None) -> None:
        span = self.span
        if error:
            error.span = span
        self._about = error or span

    def _noted(self) -> Span | EvaluationError | None:
        try:
            return self._about
        except AttributeError:
            return None

    def is_input(self) -> bool:
        """Return whether this node varies independently: a variable, or a number that has a name."""
        return self.varies and not any(operand.varies for operand in self.operands)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the nodes below this one before it, each after its operands, so that nothing recurses."""
        pickling = _pickling()
        below = pickling.new_below(self)
        return copyreg.__newobj__, (type(self),), (pickling, below, self._fields())  # type: ignore[attr-defined]

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _PICKLED if hasattr(self, name)}

    def __setstate__(self, state: tuple[object, object, dict[str, Any]]) -> None:
        for name, value in state[2].items():
            setattr(self, name, value)
        # Unpickled after its operands, so that it gets a later number.
        self._serial = next(serials)

    def __copy__(self) -> Any:
        twin = type(self).__new__(type(self))
        twin.__setstate__((None, None, self._fields()))
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        for node in topological(self):
            if id(node) not in memo:
                twin = memo[id(node)] = node.__copy__()
                twin._left, twin._right = memo.get(id(node._left)), memo.get(id(node._right))
                if len(node.operands) > 2:
                    twin._third = memo[id(node._third)]
        return memo[id(self)]


_PICKLED = (*(name for name in Node.__slots__ if name != "_serial"), "_third")
"""The attributes of a node that are pickled; it gets a new serial number in the other process."""


class _Pickling:
    """The nodes that one pickler has seen.

    It is itself part of what is pickled, so it lives exactly as long as the pickler's memo does.
    """

    def __init__(self) -> None:
        self._seen: set[Node] = set()

    def new_below(self, root: Node) -> list[Node]:
        """Return the nodes below `root` that have not been seen, in topological order."""
        if root in self._seen:
            return []
        self._seen.add(root)
        nodes = [root]
        for node in nodes:
            new = [operand for operand in dict.fromkeys(node.operands) if operand not in self._seen]
            self._seen.update(new)
            nodes.extend(new)
        return sorted(nodes[1:], key=by_serial)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Pickling, ()


class _Current(threading.local):
    pickling: weakref.ref[_Pickling] | None = None


_current = _Current()


def _pickling() -> _Pickling:
    """Return the nodes that this thread's pickler has seen, none where a new one begins."""
    pickling = _current.pickling() if _current.pickling else None
    if pickling is None:
        pickling = _Pickling()
        _current.pickling = weakref.ref(pickling)
    return pickling


AnyNode = TypeVar("AnyNode", bound=Node)


def has_more_digits(node: Node) -> bool:
    """Return whether a number of a formula has more digits than a float: they are its label."""
    return node.operation is None and not node.varies and node.label[-1:].isdecimal()


def digits_to_keep(text: str, number: float) -> str:
    """Return the digits of a whole number if its float is written with others, "" for other numbers."""
    if abs(number) <= 2**53:
        return ""
    from decimal import Decimal

    digits = text.replace("_", "").lstrip("0")
    is_whole = digits.removeprefix("-").isdecimal()
    return digits if is_whole and digits != f"{Decimal(repr(number)):f}" else ""


def topological(*roots: AnyNode) -> list[AnyNode]:
    """Return every node below `roots`, and `roots` themselves, operands before what uses them."""
    seen = set(roots)
    nodes = list(seen)
    for node in nodes:
        for operand in node.operands:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    nodes.sort(key=by_serial)
    return nodes


def leading_to(wanted: Iterable[AnyNode], ascending: Iterable[AnyNode]) -> set[AnyNode]:
    """Return the nodes that depend on one of `wanted`, and these themselves."""
    leading = set(wanted)
    for node in ascending:
        if not leading.isdisjoint(node.operands):
            leading.add(node)
    return leading

"""`Value`: a number that remembers how it was made, and the two passes over the graph it ends.

Nodes are numbered as they are made, and an operand is made before what uses it: so the order of
creation is a topological order, and neither pass needs recursion.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, NamedTuple

from mgcli.diagnostics import Span
from mgcli.errors import EvaluationError
from mgcli.operations import FLOATS, FUNCTIONS, OPERATIONS, Operation

_serials = count()
_serial = operator.attrgetter("_serial")

MOST_SHOWN = 300
"""The most nodes of a graph that a notebook is given as a picture and as a formula."""

LARGE = 30_000
"""The nodes of a graph from which on the loop of `mgcli.fused` saves more than it takes to write."""


def is_number(data: object) -> bool:
    """Return whether `data` can be made a float; numpy's whole numbers, which are no int, can."""
    return isinstance(data, (int, float)) or hasattr(data, "__float__")


class Value:
    """A node of the graph: a number, and the operation and operands that gave it.

    data: the number. grad: the derivative of the root of the last backward pass by this node.
    label: its name, for drawings and text.

    Operators and functions work on it as on a number, with `int` and `float` on either side, and
    raise `EvaluationError` where the mathematics says no.
    """

    __slots__ = (
        "_about",
        "_gradient",
        "_label",
        "_left",
        "_operation",
        "_right",
        "_serial",
        "data",
    )

    # These two are set where there is something to set: most nodes have neither, and are made the quicker for it.
    _label: str
    _about: Span | EvaluationError | None
    _operation: Operation | None
    _left: Value | None
    _right: Value | None

    _gradient: Any
    """Its gradient: None for what is constant, and while a pass runs its mark, which counts as 0.0."""

    def __init__(self, data: float, label: str = "") -> None:
        if not is_number(data):
            raise TypeError(f"Value takes a number, not {type(data).__name__!r}")
        try:
            self.data: float = float(data)
        except OverflowError:
            raise EvaluationError("the number is too large for a float") from None
        self._gradient = 0.0
        if label:
            self._label = label
        self._operation = None
        self._left = None
        self._right = None
        self._serial = next(_serials)

    def __repr__(self) -> str:
        return f"Value(data={self.data}, label={self.label}, grad={self.grad})"

    @property
    def _op(self) -> str:
        """The symbol of the operation that made this node, "" for a leaf."""
        return self._operation.symbol if self._operation else ""

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands in order; one that is used twice stands twice."""
        if self._left is None:
            return ()
        return (self._left,) if self._right is None else (self._left, self._right)

    @property
    def grad(self) -> float:
        """The derivative of the root of the last backward pass by this node; a constant keeps 0.0."""
        return self._gradient or 0.0

    @grad.setter
    def grad(self, gradient: float) -> None:
        if self._gradient is not None:
            self._gradient = gradient

    @property
    def _varies(self) -> bool:
        """Whether it has a gradient: what only unnamed numbers reach has none."""
        return self._gradient is not None

    @property
    def label(self) -> str:
        """Its name, for drawings and text; "" where it has none."""
        try:
            return self._label
        except AttributeError:
            return ""

    @label.setter
    def label(self, label: str) -> None:
        self._label = label

    @property
    def span(self) -> Span | None:
        """Its place in the text it was parsed from, None where it was not."""
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
        """Why it is not a number, where its operands are; it knows the place, too."""
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

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        for name, value in state[1].items():
            setattr(self, name, value)
        # Unpickled after its operands, perhaps in another process, where other numbers are taken.
        self._serial = next(_serials)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        from copy import copy

        for node in topological(self):
            if id(node) not in memo:
                twin = memo[id(node)] = copy(node)
                twin._left, twin._right = memo.get(id(node._left)), memo.get(id(node._right))
                if isinstance(node, _Ternary) and isinstance(twin, _Ternary):
                    twin._third = memo[id(node._third)]
        copied: Value = memo[id(self)]
        return copied

    def __pos__(self) -> Value:
        return self

    def _repr_svg_(self) -> str | None:
        """Show the graph in a notebook, unless it is too large to be looked at."""
        # Nothing here knows of drawings and formulas; a notebook asks the node for them all the same.
        from mgcli.drawing import draw_dot

        return str(draw_dot(self).pipe(encoding="utf-8")) if self._is_small() else None

    def _repr_latex_(self) -> str | None:
        """Show the formula in a notebook, unless it is too long to be read."""
        from mgcli.notation import latex_display, written_nodes

        return latex_display(self) if self._is_small() and written_nodes(self) <= MOST_SHOWN else None

    def is_input(self) -> bool:
        """Return whether this node varies by itself: a variable, or a number that has a name."""
        return self._varies and not any(operand._varies for operand in self._prev)

    def _is_small(self) -> bool:
        return len(topological(self)) <= MOST_SHOWN

    def backward(self) -> None:
        """Set `grad` of every node below this one to the derivative of this node by it.

        Raises EvaluationError where a derivative is not defined or too large for a float; then no
        `grad` is to be relied on.
        """
        if self.data != self.data:
            raise first_error(self) or EvaluationError("the result is not a number")
        if error := backward_pass(self):
            raise error

    def _backward(self) -> None:
        """Add this node's contribution to the `grad` of each of its operands: one step of the chain rule."""
        for contribution in _step(self, lambda operand: operand._varies):
            if error := _fault(contribution):
                raise error

    if TYPE_CHECKING:
        # The operators and the functions of one operand are made from the table, below.
        def __add__(self, other: Value | float) -> Value: ...
        def __radd__(self, other: float) -> Value: ...
        def __sub__(self, other: Value | float) -> Value: ...
        def __rsub__(self, other: float) -> Value: ...
        def __mul__(self, other: Value | float) -> Value: ...
        def __rmul__(self, other: float) -> Value: ...
        def __truediv__(self, other: Value | float) -> Value: ...
        def __rtruediv__(self, other: float) -> Value: ...
        def __pow__(self, other: Value | float) -> Value: ...
        def __rpow__(self, other: float) -> Value: ...
        def __neg__(self) -> Value: ...
        def __abs__(self) -> Value: ...
        def __getattr__(self, function: str) -> Callable[[], Value]: ...


class _Ternary(Value):
    """A node of three operands; the third has a slot of its own, so that other nodes need none."""

    __slots__ = ("_third",)
    _third: Value

    @property
    def _prev(self) -> tuple[Value, ...]:
        return (*super()._prev, self._third)


def constant(number: float, label: str = "") -> Value:
    """Return a leaf that is never differentiated: a number, or a constant by its name, in a formula."""
    leaf = Value(number, label)
    leaf._gradient = None
    return leaf


def make(operation: Operation, operands: Sequence[Value], data: float, span: Span | None = None) -> Value:
    """Return the node of `operation` on `operands` with `data` and `span`, as given."""
    node: Value = Value.__new__(Value if len(operands) < 3 else _Ternary)
    node.data = data
    node._gradient = 0.0 if any(operand._gradient is not None for operand in operands) else None
    node._operation = operation
    node._left = operands[0]
    node._right = operands[1] if len(operands) > 1 else None
    if isinstance(node, _Ternary):
        node._third = operands[2]
    node._serial = next(_serials)
    if span:
        node._about = span
    return node


def apply(operation: Operation, *operands: Value | float) -> Value:
    """Return the node of `operation` on `operands`, numbers among them taken as constants.

    Raises EvaluationError where the operation is not defined or overflows, TypeError for the wrong
    number or kind of operands.
    """
    if len(operands) != operation.arity:
        raise TypeError(f"{operation.name} takes {operation.arity} operands, not {len(operands)}")
    nodes = [operand if isinstance(operand, Value) else constant(operand) for operand in operands]
    return make(operation, nodes, _checked(operation, *[node.data for node in nodes]))


def _checked(operation: Operation, *operands: float) -> float:
    data, error = _compute(operation, operands)
    if error:
        raise error
    return data


def _compute(operation: Operation, operands: Sequence[float]) -> tuple[float, EvaluationError | None]:
    """Return the value of `operation` at `operands`; where there is none, nan and why."""
    try:
        data: float = operation.forward(FLOATS, *operands)
    except (ValueError, ZeroDivisionError):
        overflows = False
    except OverflowError:
        overflows = True
    else:
        if isfinite(data) or not all(map(isfinite, operands)):
            return data, None
        overflows = data == data
    if not all(map(isfinite, operands)):
        return nan, None
    verb = "overflows" if overflows else "is not defined"
    return nan, EvaluationError(f"{operation.noun} {verb} at {operation.at(operands)}")


def _binary_operator(operation: Operation, compute: Callable[[float, float], float]) -> Callable[[Any, Any], Value]:
    """Return the operator of `operation`, for `Value` on the left; `compute` gives what its forward rule gives.

    It says what `apply` says, spelled out: a chain of 100,000 nodes spends its time here.
    """
    new = Value.__new__

    def operate(self: Value, other: Any) -> Any:
        if other.__class__ is not Value and not isinstance(other, Value):
            if not isinstance(other, (int, float)):
                return NotImplemented
            other = constant(other)
        try:
            data = compute(self.data, other.data)
        except (ArithmeticError, ValueError):
            data = nan
        # nan and infinity are the numbers that do not give 0 here.
        if data - data != 0.0:
            data = _checked(operation, self.data, other.data)
        node: Value = new(Value)
        node.data = data
        node._gradient = 0.0 if self._gradient is not None or other._gradient is not None else None
        node._operation = operation
        node._left = self
        node._right = other
        node._serial = next(_serials)
        return node

    return operate


def _reflected_operator(operation: Operation) -> Callable[[Any, Any], Value]:
    def operate(self: Value, other: Any) -> Value:
        return apply(operation, other, self) if isinstance(other, (int, float)) else NotImplemented

    return operate


def _method(operation: Operation) -> Callable[[Any], Value]:
    """Return the method of `operation`, of one operand; like `_binary_operator` spelled out."""
    forward = operation.forward
    new = Value.__new__

    def method(self: Value) -> Value:
        try:
            data = forward(FLOATS, self.data)
        except (ArithmeticError, ValueError):
            data = nan
        if data - data != 0.0:
            data = _checked(operation, self.data)
        node: Value = new(Value)
        node.data = data
        node._gradient = None if self._gradient is None else 0.0
        node._operation = operation
        node._left = self
        node._right = None
        node._serial = next(_serials)
        return node

    method.__doc__ = f"Return {operation.name}(self): {operation.description}."
    return method


def _install(name: str, method: Callable[..., Value]) -> None:
    method.__name__ = name
    method.__qualname__ = f"Value.{name}"
    setattr(Value, name, method)


for _key, _name, _compute_it in (
    # What Python has for the rule takes half the time of a call of it.
    ("add", "add", operator.add),
    ("sub", "sub", operator.sub),
    ("mul", "mul", operator.mul),
    ("div", "truediv", operator.truediv),
    ("pow", "pow", FLOATS.pow),
):
    _install(f"__{_name}__", _binary_operator(OPERATIONS[_key], _compute_it))
    _install(f"__r{_name}__", _reflected_operator(OPERATIONS[_key]))
_install("__neg__", _method(OPERATIONS["neg"]))
_install("__abs__", _method(OPERATIONS["abs"]))
for _name, _operation in FUNCTIONS.items():
    if _operation.arity == 1:
        _install(_name, _method(_operation))


def topological(*roots: Value) -> list[Value]:
    """Return every node below `roots`, and they themselves, operands before what uses them."""
    seen = set(roots)
    nodes = list(seen)
    for node in nodes:
        for operand in node._prev:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    nodes.sort(key=_serial)
    return nodes


def forward_pass(nodes: Iterable[Value]) -> bool:
    """Compute `data` of `nodes`, which stand in topological order, from their operands'; leaves keep theirs.

    A node where the mathematics says no, or that depends on one, gets `nan`; the one at fault keeps
    its `error`. Returns whether there was none.
    """
    sound = True
    for node in nodes:
        operation = node._operation
        if operation is None:
            continue
        left, right = node._left, node._right
        assert left is not None
        if node.data != node.data:
            node.error = None
        if sound and operation.arity < 3:
            # The plain case, spelled out for its speed.
            try:
                if right is None:
                    data = operation.forward(FLOATS, left.data)
                else:
                    data = operation.forward(FLOATS, left.data, right.data)
            except (ArithmeticError, ValueError):
                data = nan
            if data - data == 0.0:
                node.data = data
                continue
        if any(operand.data != operand.data for operand in _needed(node)):
            node.data = nan
            continue
        node.data, node.error = _compute(operation, [operand.data for operand in node._prev])
        sound = sound and not node.error
    return sound


def _needed(node: Value) -> tuple[Value, ...]:
    """Return the operands that the value of `node` was made from: where it selects, not the branch not taken."""
    operands = node._prev
    if node._operation is None or not node._operation.selects:
        return operands
    condition, first, second = operands
    return (condition, first if condition.data else second)


def first_error(root: Value) -> EvaluationError | None:
    """Return the first error, in the order of the text, on which the value of `root` depends."""
    seen = {root}
    nodes = [root]
    for node in nodes:
        for operand in _needed(node):
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    failed = [node for node in nodes if node.error]
    if not failed:
        return None
    return min(failed, key=lambda node: (node.span or (0, 0), node._serial)).error


def _descending(root: Value) -> tuple[list[Value], object]:
    """Return the nodes below `root` that vary, and `root`, results before operands; and the mark that is their `grad`.

    To mark the nodes that are gathered is quicker than a set of them, and smaller. It counts as 0.0.
    """
    mark: Any = []
    root._gradient = mark
    nodes = [root]
    for node in nodes:
        operand = node._left
        if operand is None:
            continue
        gradient = operand._gradient
        if gradient is not mark and gradient is not None:
            operand._gradient = mark
            nodes.append(operand)
        operand = node._right
        if operand is None:
            continue
        gradient = operand._gradient
        if gradient is not mark and gradient is not None:
            operand._gradient = mark
            nodes.append(operand)
        if node.__class__ is _Ternary:
            operand = node._third
            if operand._gradient is not mark and operand._gradient is not None:
                operand._gradient = mark
                nodes.append(operand)
    nodes.sort(key=_serial, reverse=True)
    return nodes, mark


def _entered(root: Value, descending: list[Value], active: Callable[[Value], bool]) -> list[Value]:
    """Return those of the nodes that are reached from `root` through `active` operands and open branches."""
    reached = {root}
    for node in descending:
        if node in reached:
            reached.update(operand for operand, _ in _open_operands(node, active))
    return [node for node in descending if node in reached]


def _open_operands(node: Value, active: Callable[[Value], bool]) -> list[tuple[Value, int]]:
    """Return the operands that `node` hands its gradient to, each with its index."""
    operation = node._operation
    if operation is None:
        return []
    operands = [(operand, index) for index, operand in enumerate(node._prev) if active(operand)]
    if not operation.chooses:
        return operands
    return [(operand, index) for operand, index in operands if local_derivative(node, index) != 0.0]


def local_derivative(node: Value, index: int) -> float:
    """Return the derivative of `node` by its operand `index`, the others held, as a number.

    nan or infinite where it is not defined or too large.
    """
    operation = node._operation
    assert operation is not None
    try:
        slope: float = operation.careful[index](FLOATS, node.data, *[operand.data for operand in node._prev])
    except OverflowError:
        return float("inf")
    except (ValueError, ZeroDivisionError):
        return nan
    return slope


def _quick_pass(root: Value) -> bool:
    """Run the backward pass; return whether every gradient is finite."""
    if root._gradient is None:
        return True
    descending, mark = _descending(root)
    root._gradient = 1.0
    try:
        if len(descending) < LARGE:
            total = _propagate(descending, mark)
        else:
            from mgcli.fused import propagate

            total = propagate(descending, mark)
    except (ArithmeticError, ValueError):
        return False
    # A sum of finite gradients that is too large itself is run again the careful way.
    return total - total == 0.0


def _propagate(descending: list[Value], mark: object) -> float:
    """Run the chain rule over the nodes, which stand results first, their `grad` being `mark` but for the root's.

    A node whose `grad` is the mark when it is its turn is reached through branches not taken only, and
    gets 0.0. Returns the sum of all gradients, in which shows what is not finite.
    """
    total = 0.0
    for node in descending:
        incoming = node._gradient
        if incoming is mark:
            node._gradient = 0.0
            continue
        total += incoming
        if node._left is not None:
            hand_down(node, incoming)
    return total


def hand_down(node: Value, incoming: float) -> None:
    """Add to the `grad` of each operand that varies what it gets through `node`, whose gradient is `incoming`.

    It says what `_step` says, spelled out for its speed; the mark of a pass counts as 0.0.
    """
    left: Any = node._left
    right = node._right
    operation: Any = node._operation
    rules = operation.careful
    if right is None:
        if left._gradient is not None:
            slope = rules[0](FLOATS, node.data, left.data)
            if slope or not operation.chooses:
                left._gradient = (left._gradient or 0.0) + incoming * slope
    elif node.__class__ is Value:
        by_left, by_right = operation.slopes
        if left._gradient is not None:
            slope = rules[0](FLOATS, node.data, left.data, right.data) if by_left is None else by_left
            if slope or not operation.chooses:
                left._gradient = (left._gradient or 0.0) + incoming * slope
        if right._gradient is not None:
            slope = rules[1](FLOATS, node.data, left.data, right.data) if by_right is None else by_right
            if slope or not operation.chooses:
                right._gradient = (right._gradient or 0.0) + incoming * slope
    else:
        operands = node._prev
        numbers = [operand.data for operand in operands]
        for operand, rule in zip(operands, rules, strict=True):
            if operand._gradient is not None:
                slope = rule(FLOATS, node.data, *numbers)
                if slope or not operation.chooses:
                    operand._gradient = (operand._gradient or 0.0) + incoming * slope


class Contribution(NamedTuple):
    """One product of the chain rule: what `operand`, the one at `place` among those of `node`, gets through `node`.

    incoming: the gradient of `node`. slope: the local derivative of `node` by `operand`.
    amount: their product. before, total: the gradient of `operand` without and with it.
    """

    node: Value
    operand: Value
    place: int
    incoming: float
    slope: float
    amount: float
    before: float
    total: float


def _step(node: Value, active: Callable[[Value], bool]) -> Iterator[Contribution]:
    """Add to the `grad` of each active operand what it gets through `node`, and yield it."""
    incoming = node.grad
    for operand, place in _open_operands(node, active):
        slope = local_derivative(node, place)
        amount = incoming * slope
        before = operand.grad
        operand._gradient = before + amount
        yield Contribution(node, operand, place, incoming, slope, amount, before, operand.grad)


def _fault(contribution: Contribution) -> EvaluationError | None:
    """Return the error of a contribution that made a gradient undefined or infinite."""
    node, _, place, incoming, slope, amount, before, total = contribution
    if isfinite(total) or not isfinite(incoming) or (isfinite(amount) and not isfinite(before)):
        return None
    operation = node._operation
    assert operation is not None
    if isfinite(slope):
        return EvaluationError("the gradient overflows", span=node.span)
    verb = "is not defined" if slope != slope else "overflows"
    point = operation.at([operand.data for operand in node._prev])
    return EvaluationError(f"the derivative of {operation.noun}{operation.by(place)} {verb} at {point}", span=node.span)


def backward_pass(root: Value, wrt: Iterable[Value] | None = None) -> EvaluationError | None:
    """Set `grad` of the nodes below `root` as `contributions` does.

    Returns the first error, in the order of the text.
    """
    if wrt is None and _quick_pass(root):
        return None
    faults = [error for contribution in contributions(root, wrt) if (error := _fault(contribution))]
    return min(faults, key=lambda error: error.span or (0, 0), default=None)


def contributions(root: Value, wrt: Iterable[Value] | None = None) -> Iterator[Contribution]:
    """Run the backward pass from `root`, and yield each product of the chain rule as it is added.

    It sets `grad` of the nodes below `root`, and goes on where the mathematics says no: a gradient
    that is not defined is not finite. With `wrt`, only on the paths from `root` to those nodes: no
    other derivative is computed, and every `grad` off those paths is 0.0. They are nodes that vary.
    """
    nodes = topological(root)
    for node in nodes:
        node.grad = 0.0
    active = {node for node in nodes if node._varies} if wrt is None else leading_to(wrt, nodes)
    root.grad = 1.0
    for node in _entered(root, nodes[::-1], active.__contains__):
        yield from _step(node, active.__contains__)


def leading_to(wanted: Iterable[Value], ascending: Iterable[Value]) -> set[Value]:
    """Return the nodes that depend on one of `wanted`, and these themselves."""
    leading = set(wanted)
    for node in ascending:
        if not leading.isdisjoint(node._prev):
            leading.add(node)
    return leading

"""`Value`: a node that can be computed with; the operators and the functions of one operand are made from the table."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from math import nan
from typing import TYPE_CHECKING, Any

from mgcli.errors import EvaluationError, Span
from mgcli.graph.chain_rule import backward_pass, backward_step
from mgcli.graph.evaluation import evaluate, first_error
from mgcli.graph.floats import FLOATS
from mgcli.graph.node import Node, serials
from mgcli.graph.operation import Operation
from mgcli.graph.table import FUNCTIONS, OPERATIONS


def is_number(data: object) -> bool:
    """Return whether `data` can be converted to a float, as numpy's integers can, which are not an `int`."""
    return isinstance(data, (int, float)) or hasattr(data, "__float__")


def _is_scalar(data: object) -> bool:
    """Return whether `data` is a number, as a `Fraction` and a `Decimal` are, and no array of them."""
    if isinstance(data, (int, float)):
        return True
    from numbers import Number

    return isinstance(data, Number) and hasattr(data, "__float__")


class Value(Node):
    """A number that remembers how it was computed: a node of the graph.

    data: the number. grad: the derivative of the root of the last backward pass with respect to this node.
    label: its name, for drawings and text.

    Operators and functions work on it as on a number, with `int` and `float` on either side, and
    raise `EvaluationError` where they are undefined.
    """

    __slots__ = ()

    def __init__(self, data: float, label: str = "") -> None:
        if not is_number(data):
            raise TypeError(f"Value takes a number, not {type(data).__name__!r}")
        try:
            self.data: float = float(data)
        except OverflowError:
            raise EvaluationError("the number is too large for a float") from None
        self._gradient = 0.0
        if label:
            self.label = label
        self.operation = None
        self._left = None
        self._right = None
        self._serial = next(serials)

    def __float__(self) -> float:
        return self.data

    def __round__(self, digits: int | None = None) -> float:
        return round(self.data, digits)

    def __format__(self, form: str) -> str:
        return format(self.data, form) if form else str(self)

    def __repr__(self) -> str:
        return f"Value(data={self.data}, label={self.label}, grad={self.grad})"

    @property
    def _op(self) -> str:
        """The symbol of the operation that made this node, "" for a leaf: the notebook's name for it."""
        return self.operation.symbol if self.operation else ""

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands: the notebook's name for them."""
        return self.operands

    def __pos__(self) -> Value:
        return self

    def backward(self) -> None:
        """Set `grad` of every node below this one to the derivative of this node with respect to it.

        Raises EvaluationError where a derivative is undefined or too large for a float; then no
        `grad` can be relied on.
        """
        if self.data != self.data:
            raise first_error(self) or EvaluationError("the result is not a number")
        if error := backward_pass(self):
            raise error

    def _backward(self) -> None:
        """Add this node's part to the `grad` of each of its operands: one step of the chain rule."""
        if error := backward_step(self):
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
        def exp(self) -> Value: ...
        def expm1(self) -> Value: ...
        def log(self) -> Value: ...
        def ln(self) -> Value: ...
        def log1p(self) -> Value: ...
        def log2(self) -> Value: ...
        def log10(self) -> Value: ...
        def sqrt(self) -> Value: ...
        def cbrt(self) -> Value: ...
        def sin(self) -> Value: ...
        def cos(self) -> Value: ...
        def tan(self) -> Value: ...
        def asin(self) -> Value: ...
        def arcsin(self) -> Value: ...
        def acos(self) -> Value: ...
        def arccos(self) -> Value: ...
        def atan(self) -> Value: ...
        def arctan(self) -> Value: ...
        def sinh(self) -> Value: ...
        def cosh(self) -> Value: ...
        def tanh(self) -> Value: ...
        def asinh(self) -> Value: ...
        def arcsinh(self) -> Value: ...
        def acosh(self) -> Value: ...
        def arccosh(self) -> Value: ...
        def atanh(self) -> Value: ...
        def arctanh(self) -> Value: ...
        def sigmoid(self) -> Value: ...
        def relu(self) -> Value: ...
        def softplus(self) -> Value: ...
        def erf(self) -> Value: ...
        def erfc(self) -> Value: ...
        def normpdf(self) -> Value: ...
        def normcdf(self) -> Value: ...
        def gamma(self) -> Value: ...
        def factorial(self) -> Value: ...
        def lgamma(self) -> Value: ...
        def digamma(self) -> Value: ...
        def abs(self) -> Value: ...
        def sign(self) -> Value: ...
        def floor(self) -> Value: ...
        def ceil(self) -> Value: ...


class _Ternary(Value):
    """A node of three operands; only it has a slot for the third."""

    __slots__ = ("_third",)

    @property
    def operands(self) -> tuple[Any, ...]:
        return (self._left, self._right, self._third)


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
    node.operation = operation
    node._left = operands[0]
    node._right = operands[1] if len(operands) > 1 else None
    if len(operands) > 2:
        node._third = operands[2]
    node._serial = next(serials)
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
    data, error = evaluate(operation, operands)
    if error:
        raise error
    return data


def _binary_operator(operation: Operation, compute: Callable[[float, float], float]) -> Callable[[Any, Any], Value]:
    """Return the operator of `operation`, for `Value` on the left; `compute` gives what its forward rule gives.

    It is `apply`, inlined: a chain of 100,000 nodes spends its time here.
    """
    new = Value.__new__

    def operate(self: Value, other: Any) -> Any:
        if other.__class__ is not Value and not isinstance(other, Value):
            if not _is_scalar(other):
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
        node.operation = operation
        node._left = self
        node._right = other
        node._serial = next(serials)
        return node

    return operate


def _reflected_operator(operation: Operation) -> Callable[[Any, Any], Value]:
    def operate(self: Value, other: Any) -> Value:
        return apply(operation, other, self) if _is_scalar(other) else NotImplemented

    return operate


def _method(operation: Operation) -> Callable[[Any], Value]:
    """Return the method of `operation`, of one operand; inlined like `_binary_operator`."""
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
        node.operation = operation
        node._left = self
        node._right = None
        node._serial = next(serials)
        return node

    method.__doc__ = f"Return {operation.name}(self): {operation.description}."
    return method


def _install(name: str, method: Callable[..., Value]) -> None:
    method.__name__ = name
    method.__qualname__ = f"Value.{name}"
    setattr(Value, name, method)


for _key, _name, _compute_it in (
    # Python's own operator takes half the time of a call of the rule.
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

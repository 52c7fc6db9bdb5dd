"""`compile`: a graph as a plain function of numbers, or of numpy arrays, that gives its value and gradient.

The function runs the straight-line code of the graph. If that fails, because something is undefined
or overflows, the graph itself is evaluated to find the reason.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import isfinite, nan
from threading import Lock
from typing import TYPE_CHECKING, Any, overload

from mgcli.errors import EvaluationError
from mgcli.graph.chain_rule import backward_pass
from mgcli.graph.evaluation import first_error, forward_pass
from mgcli.graph.floats import FLOATS
from mgcli.graph.lookup import nodes_of
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.value import Value, constant, is_number, make

if TYPE_CHECKING:
    from mgcli.codegen.arrays import Array, OnArrays
    from mgcli.codegen.straight_line import Code

MOST_NODES = 200_000
"""A larger graph is not compiled: a node takes some 40 µs and some 1,000 bytes of source and code."""

PAID_BACK = 60
"""Compiling costs about as much as this many evaluations of the graph."""

LOADED = 4_000
"""Loading what compiles, and its first slow steps, cost about as much as evaluating this many nodes."""

_NO_SOURCE = "# This graph is not compiled; it is evaluated node by node.\n"

Answer = tuple[float, tuple[float, ...], tuple[float, ...]]
"""A value, its derivatives, and more numbers: those of further nodes, and those that must be finite."""


def compile(  # noqa: A001
    root: Value | Sequence[Value],
    wrt: Value | str | Iterable[Value | str] | None = None,
    *,
    native: bool = False,
) -> Compiled:
    """Return the function of the variables below `root` that gives its value and its gradient.

    Of several roots it gives the values and the gradients, a row of the Jacobian matrix for each.
    wrt: the nodes, or their labels, to differentiate with respect to; all variables by default.
    native: run machine code for floats, built by the installed C compiler and kept in the user's cache; without a
    compiler, or where C gives different bits, it is the Python function, and its `not_native` says why.
    Raises ExpressionError for a label that no node has.
    """
    if native:
        return NativeCompiled(root, wrt) if isinstance(root, Value) else NativeResults(root, wrt)
    return Compiled(root, wrt) if isinstance(root, Value) else CompiledResults(root, wrt)


class Compiled:
    """The value and the gradient of a graph as a function of its variables.

    variables: the names of the arguments, in the order in which the variables were made. An argument that is left out
    is the number that its variable had when the graph was compiled.
    source: the Python that it runs. native: whether calls with floats run machine code instead. not_native: why
    they do not, although that was requested.

    It gives the same floats as the graph, to the last bit. Called with numpy arrays it gives arrays;
    there, the last digit may differ, as numpy's functions do from those of `math`.
    """

    several = False
    """Whether it gives several values, and a row of derivatives for each."""

    native = False
    """Whether it runs machine code for floats."""

    not_native: str | None = None
    """Why it does not, although that was requested."""

    def __init__(self, root: Value | Sequence[Value], wrt: Value | str | Iterable[Value | str] | None = None) -> None:
        from mgcli.codegen.language import Names

        wanted = nodes_of(root, () if wrt is None else wrt)
        roots = [root] if isinstance(root, Value) else list(root)
        if not roots:
            raise ValueError("there is no result to compile")
        nodes = topological(*roots)
        leaves = [node for node in nodes if node.operation is None and node.varies]
        self._roots = roots
        self._leaves = leaves
        self._wrt = leaves if wrt is None else wanted
        self._defaults = [leaf.data for leaf in leaves]
        self._graph: _Graph | None = None
        self._evaluating = Lock()
        self._on_arrays: OnArrays | None = None
        self._prepare(self._code())
        names = Names()
        self.variables = tuple(names.new(leaf.label) for leaf in leaves)

    def _prepare(self, code: Code | None) -> None:
        """Make what a call with floats runs."""
        from mgcli.codegen.python import python_source

        self.source = python_source(code, several=self.several) if code else _NO_SOURCE
        self._function = _function(self.source) if code else _no_answers if self.several else _no_answer

    def _code(self) -> Code | None:
        return _code(len(topological(*self._roots)), self._roots, self._leaves, self._wrt)

    def __repr__(self) -> str:
        names = ", ".join(self.variables)
        return f"<compiled function ({names}) of {len(topological(*self._roots))} nodes>"

    # A call without arguments, which has floats, would fit both.
    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, /, *values: float, **named: float
    ) -> tuple[float, tuple[float, ...]]: ...
    @overload
    def __call__(self, /, *values: float | Array, **named: float | Array) -> tuple[Array, tuple[Array, ...]]: ...
    def __call__(self, /, *values: Any, **named: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the value, and the derivatives in the order of `wrt`.

        Raises EvaluationError where the graph does, with the same message. With arrays among the
        arguments both are arrays, nan for what is not defined at a point: `refusal` says why.
        """
        if named or len(values) != len(self._leaves):
            return self._converted(values, named)
        for number in values:
            if number.__class__ is not float:
                return self._converted(values, named)
        # As in `Repeated`; spelled out, as all of this is, for its speed.
        try:
            value, gradient, others = self._function(*values)
            total = sum(others, sum(gradient, value))
            if total - total == 0.0:
                return value, gradient
        except (ArithmeticError, ValueError):
            pass
        return self._of_graph(values)

    def __reduce__(self) -> tuple[Callable[..., Compiled], tuple[Any, ...]]:
        nodes = topological(*self._roots, *self._wrt)
        indices = {node: index for index, node in enumerate(nodes)}
        defaults = dict(zip(self._leaves, self._defaults, strict=True))
        rows = [
            (
                node.operation,
                [indices[operand] for operand in node.operands],
                defaults.get(node, node.data),
                node.label,
                node.span,
                node.varies,
            )
            for node in nodes
        ]
        roots = [indices[root] for root in self._roots]
        root = roots if self.several else roots[0]
        return _restored, (rows, root, [indices[node] for node in self._wrt], isinstance(self, _Native))

    def refusal(self, /, *values: float, **named: float) -> EvaluationError | None:
        """Return why there is no value or no gradient at a point, None if there is."""
        try:
            self(*values, **named)
        except EvaluationError as error:
            return error
        return None

    def _converted(self, values: Sequence[Any], named: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
        """Return the answer for arguments that are not floats, one for each variable."""
        numbers = self._arguments(values, named)
        if any(getattr(number, "ndim", 0) for number in numbers):
            return self._of_arrays(numbers)
        for name, number in zip(self.variables, numbers, strict=True):
            if not is_number(number) and not isinstance(number, Value):
                raise TypeError(f"{name} is a number or a numpy array, not {type(number).__name__!r}")
        return self(*map(float, numbers))

    def _arguments(self, values: Sequence[Any], named: dict[str, Any]) -> list[Any]:
        if len(values) > len(self._leaves):
            raise TypeError(f"at most {len(self._leaves)} arguments, not {len(values)}")
        numbers = dict(zip(self.variables, values, strict=False))
        for name, value in named.items():
            if name not in self.variables:
                raise TypeError(f"there is no variable {name}; the variables are {', '.join(self.variables)}")
            if name in numbers:
                raise TypeError(f"{name} is given twice")
            numbers[name] = value
        for name, default in zip(self.variables, self._defaults, strict=True):
            if name not in numbers:
                if default != default:
                    raise TypeError(f"no value for {name}")
                numbers[name] = default
        return [numbers[name] for name in self.variables]

    def _of_graph(self, numbers: Sequence[float]) -> tuple[Any, tuple[Any, ...]]:
        evaluated = self._evaluated(numbers)
        for _, _, error in evaluated:
            if error:
                raise error
        return self._shaped([value for value, _, _ in evaluated], [gradient for _, gradient, _ in evaluated])

    def _shaped(self, values: Sequence[Any], rows: Sequence[Sequence[Any]]) -> tuple[Any, tuple[Any, ...]]:
        """Return what a call returns for the value and the derivatives of each root."""
        return values[0], tuple(rows[0])

    @property
    def leaves(self) -> Sequence[Value]:
        """The nodes of the arguments, in their order."""
        return self._leaves

    def outcomes(self, *numbers: float) -> list[Evaluated]:
        """Return for each result its value, its gradient and the first error at a point.

        What is not defined is nan; nothing is raised.
        """
        try:
            value, gradient, others = self._function(*numbers)
            outcomes = self._by_result(value, gradient)
            total = sum(others, sum(map(_sum, outcomes)))
            if total - total == 0.0:
                return outcomes
        except (ArithmeticError, ValueError):
            pass
        return self._evaluated(numbers)

    def _by_result(self, value: Any, gradient: Any) -> list[Evaluated]:
        """Return what the function gives as an outcome for each result."""
        return [(value, gradient, None)]

    def _at_point(self, *numbers: float) -> list[float]:
        """Return the values, then the gradients, at a point; nan for what is not defined there."""
        values, rows, _ = zip(*self.outcomes(*numbers), strict=True)
        return [*values, *chain.from_iterable(rows)]

    def _evaluated(self, numbers: Sequence[float]) -> list[Evaluated]:
        # There is one graph, whose nodes hold the numbers of one point at a time.
        with self._evaluating:
            if self._graph is None:
                self._graph = _Graph(self._roots, self._leaves, self._wrt)
            return self._graph(numbers)

    def on_arrays(self) -> OnArrays:
        """Return the same on arrays; it gives the values, then the derivatives of each result."""
        from mgcli.codegen.arrays import OnArrays

        if self._on_arrays is None:
            self._on_arrays = OnArrays(self._code(), len(self._roots) * (1 + len(self._wrt)))
        return self._on_arrays

    def _of_arrays(self, numbers: list[Any]) -> tuple[Any, tuple[Any, ...]]:
        from mgcli.codegen.arrays import cores

        count, width = len(self._roots), len(self._wrt)
        results = self.on_arrays()(numbers, self._at_point, threads=cores())
        rows = (
            [results[start : start + width] for start in range(count, len(results), width)] if width else [()] * count
        )
        return self._shaped(results[:count], rows)


class CompiledResults(Compiled):
    """The values of several graphs, and the matrix of their derivatives, as a function of all their variables."""

    several = True

    def __call__(self, /, *values: Any, **named: Any) -> tuple[Any, tuple[Any, ...]]:
        """Return the values, and for each of them the derivatives in the order of `wrt`.

        Raises EvaluationError where a graph does, with the same message. With arrays among the arguments all are
        arrays, nan for what is not defined at a point.
        """
        if named or len(values) != len(self._leaves) or any(number.__class__ is not float for number in values):
            return self._converted(values, named)
        try:
            results, rows, others = self._function(*values)
            total = sum(others, sum(chain.from_iterable(rows), sum(results)))  # type: ignore[arg-type]
            if total - total == 0.0:
                return results, rows
        except (ArithmeticError, ValueError):
            pass
        return self._of_graph(values)

    def _shaped(self, values: Sequence[Any], rows: Sequence[Sequence[Any]]) -> tuple[Any, tuple[Any, ...]]:
        return tuple(values), tuple(map(tuple, rows))

    def _by_result(self, value: Any, gradient: Any) -> list[Evaluated]:
        return [(each, row, None) for each, row in zip(value, gradient, strict=True)]


class _Native(Compiled):
    """Runs machine code if all arguments are floats, and the Python function where that has no answer."""

    def _prepare(self, code: Code | None) -> None:
        from mgcli.codegen.native import NotNativeError, machine_code

        super()._prepare(code)
        try:
            if code is None:
                raise NotNativeError("the graph is not compiled: it is too large, or has a part without a value")
            function = machine_code(code, super().__call__, several=self.several)
        except NotNativeError as error:
            self.not_native = str(error)
        else:
            self.native = True
            # To pass through a method written in Python would take longer than the machine code does.
            self.__class__ = type(self.__class__.__name__, (self.__class__,), {"__call__": function})


class NativeCompiled(_Native, Compiled):
    """`Compiled` as machine code, where that is possible: `native` says whether it is, and `not_native` why not."""


class NativeResults(_Native, CompiledResults):
    """`CompiledResults` as machine code, where that is possible."""


def _restored(
    rows: Iterable[tuple[Operation | None, list[int], float, str, Any, bool]],
    root: int | list[int],
    wrt: Iterable[int],
    native: bool,
) -> Compiled:
    """Return the function that was pickled as the rows of its graph, which are in the order of its nodes."""
    nodes: list[Value] = []
    for operation, operands, data, label, span, varies in rows:
        node = make(operation, [nodes[index] for index in operands], data) if operation else Value(data)
        node._gradient = 0.0 if varies else None
        node.label, node.span = label, span
        nodes.append(node)
    wanted = [nodes[index] for index in wrt]
    return compile(nodes[root] if isinstance(root, int) else [nodes[index] for index in root], wanted, native=native)


Evaluated = tuple[float, tuple[float, ...], "EvaluationError | None"]
"""A value and its gradient, nan for what is not defined, and the first error."""


def _sum(outcome: Evaluated) -> float:
    """Return a sum that is finite only if the value and the gradient are."""
    value, gradient, _ = outcome
    return sum(gradient, value)


class _Graph:
    """A private copy of the graph, for points that the compiled function cannot handle."""

    def __init__(self, roots: Sequence[Value], leaves: Sequence[Value], wrt: Sequence[Value]) -> None:
        twins: dict[Value, Value] = {}
        for node in topological(*roots):
            if node.operation:
                twin = make(node.operation, [twins[operand] for operand in node.operands], node.data)
            else:
                twin = Value(node.data)
            twin.span = node.span
            twins[node] = twin
        self.nodes = list(twins.values())
        self.roots = [twins[root] for root in roots]
        self.leaves = [twins[leaf] for leaf in leaves]
        self.wrt = [twins.get(node) or constant(0.0) for node in wrt]

    def __call__(self, numbers: Sequence[float]) -> list[Evaluated]:
        """Return the value of each root: one forward pass, and a backward pass from each."""
        for leaf, number in zip(self.leaves, numbers, strict=True):
            leaf.data = number
        forward_pass(self.nodes)
        return [self._differentiated(root) for root in self.roots]

    def _differentiated(self, root: Value) -> Evaluated:
        value = root.data
        if value != value:
            return nan, (nan,) * len(self.wrt), first_error(root) or EvaluationError("the result is not a number")
        for node in self.wrt:
            node.grad = 0.0
        error = backward_pass(root, self.wrt)
        return value, tuple(node.grad if isfinite(node.grad) else nan for node in self.wrt), error


def _code(
    size: int, roots: Sequence[Value], arguments: Sequence[Value], wrt: Sequence[Value], also: Sequence[Value] = ()
) -> Code | None:
    """Return the code of a graph of `size` nodes, None if it is too large or if a constant part of it has no value."""
    from mgcli.codegen.straight_line import straight_line

    if size > MOST_NODES:
        return None
    try:
        return straight_line(roots, arguments, wrt, also)
    except (ArithmeticError, ValueError):
        return None


def _function(source: str) -> Callable[..., Answer]:
    """Return the function of a source, which can use only its own names, numbers, and functions on floats."""
    namespace = dict(vars(FLOATS))
    exec(builtins.compile(source, "<compiled by mgcli>", "exec"), namespace)
    function: Callable[..., Answer] = namespace["function"]
    return function


def _no_answer(*numbers: float) -> Answer:
    """Replace the function of a graph that is not compiled: the graph must be evaluated."""
    return nan, (), ()


def _no_answers(*numbers: float) -> Any:
    """Do the same for several graphs."""
    return (nan,), (), ()


class Repeated:
    """A graph that is evaluated at many points: compiled as soon as that pays.

    arguments: the nodes whose numbers are given at each evaluation.
    wrt, also: those whose derivatives and whose values are wanted besides the value of `root`.
    times: the number of evaluations, if it is known; the graph is compiled at once if that pays, otherwise once it has
    been evaluated so often that it would have paid.
    """

    def __init__(
        self,
        root: Value,
        arguments: Sequence[Value],
        wrt: Sequence[Value],
        also: Sequence[Value] = (),
        times: int = 0,
    ) -> None:
        size = len(topological(root, *also))
        worth = PAID_BACK + LOADED // size
        self._left = worth if times < worth else 0
        self._graph = (size, [root], arguments, wrt, also)
        self._function: Callable[..., Answer] | None = None

    def __call__(self, numbers: Sequence[float]) -> Answer | None:
        """Return the answer at `numbers`, the numbers of the arguments; None if the graph must be evaluated.

        It must be as long as nothing is compiled, and where something is not finite, which may be
        an error or may not matter, as in a branch that is not taken.
        """
        if self._function is None:
            self._left -= 1
            if self._left >= 0:
                return None
            self._function = self._compiled()
        try:
            answer = self._function(*numbers)
        except (ArithmeticError, ValueError):
            return None
        value, gradient, others = answer
        total = sum(others, sum(gradient, value))
        return answer if total - total == 0.0 else None

    def _compiled(self) -> Callable[..., Answer]:
        from mgcli.codegen.python import python_source

        code = _code(*self._graph)
        return _function(python_source(code)) if code else _no_answer

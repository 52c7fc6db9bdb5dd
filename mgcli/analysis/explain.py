"""The forward and backward passes as data, step by step; text, LaTeX and JSON are made from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import nan

from mgcli.analysis.trusted import TOLERANCE, Note, Report, differentiated
from mgcli.calculus.differentiation import is_flat, textbook_derivative
from mgcli.errors import EvaluationError
from mgcli.graph.chain_rule import Contribution, Product, contributions, local_derivative
from mgcli.graph.node import leading_to, topological
from mgcli.graph.operation import ANY, CONDITION, Operation
from mgcli.graph.value import Value, constant, make
from mgcli.language.program import Program
from mgcli.notation import TEXT, FreeNames, Notation, expression
from mgcli.simplify import simplify

SHORT = 12
"""The maximum length of a sub-expression that is written out; a longer one is called v1, v2, ..."""

MOST_PATHS = 20
"""The maximum number of paths to one variable that are written out."""

MOST_PATH_STEPS = 120
"""The maximum number of steps in all paths that are written out; in a larger graph, that of its backward pass."""

LONGEST_PATH = 60
"""The maximum number of steps in a path that is written out."""

COUNTED = 10**20
"""The number of paths at which counting stops."""


class ForwardStep:
    """One operation of the forward pass: the node, with the operands and the `data` that were used."""

    def __init__(self, number: int, node: Value) -> None:
        self.number = number
        self.node = node


class Path:
    """One path from the result down to a node: the contributions along it, and their product."""

    def __init__(self, steps: Sequence[Contribution]) -> None:
        self.steps = tuple(steps)
        self.product = 1.0
        for step in self.steps:
            self.product *= step.slope


class Wording:
    """What the nodes of a graph and its local derivatives are called.

    names: what each node is called: its name, its text if that is short (in the form of the notation), or v1, v2, ...
    """

    def __init__(self, root: Value, title: str, names: dict[Value, str]) -> None:
        self.root = root
        self.title = title
        self.names = names

    def name(self, node: Value, notation: Notation = TEXT) -> str:
        """Return what `node` is called, in `notation`."""
        if node in self.names:
            return notation.name(self.names[node])
        return expression(node, self.names, notation, loosest=CONDITION)

    def formula(self, node: Value, notation: Notation = TEXT) -> str:
        """Return the operation that made `node`, on its operands by name."""
        return expression(node, self.names, notation, open_root=True, loosest=CONDITION)

    def local_formula(
        self, node: Value, index: int, notation: Notation = TEXT, *, loosest: int = ANY, position: int = 0
    ) -> str:
        """Return the derivative of `node` with respect to its operand `index`, in textbook form.

        It is in parentheses if it is looser than `loosest`; `position` is as in `expression`.
        """
        outlines = _outlines([*node.operands, node], self.names)
        operation = node.operation
        assert operation is not None
        operands = [outlines[operand] for operand in node.operands]
        if is_flat(node):
            return expression(constant(0.0), {}, notation)
        try:
            slope = textbook_derivative(operation, index, outlines[node], operands)
        except EvaluationError:
            # The rule is not defined, but what it is for may be constant here, and then there is a derivative.
            return notation.name("undefined")
        # Only the rule itself is simplified, x**(2 - 1) to x; the operands stay as they were written.
        slope = simplify(
            slope, [outline for outline in outlines.values() if outline.operation and not is_literal(outline)]
        )
        names = {outline: self.names[known] for known, outline in outlines.items() if known in self.names}
        return expression(slope, names, notation, loosest=loosest, position=position)


class Explanation(Wording):
    """Both passes over a graph.

    forward: the operations in the order of the forward pass.
    backward: the products of the chain rule in the order of the backward pass, and in their places, with a slope of
    0.0, those that end at a closed branch (`is_closed`), where the pass does not go on.
    targets: the nodes whose gradients are wanted.
    report: how accurate the value and the gradients are.
    """

    def __init__(
        self,
        wording: Wording,
        forward: list[ForwardStep],
        backward: list[Contribution],
        targets: dict[str, Value],
        report: Report,
    ) -> None:
        super().__init__(wording.root, wording.title, wording.names)
        self.forward = forward
        self.backward = backward
        self.targets = targets
        self.report = report
        self._arriving: dict[Value, list[Contribution]] = {}
        self._products = Counter(step.operand for step in backward)
        self._ways: dict[Value, int] = {self.root: 1}
        for step in backward:
            if is_closed(step):
                continue
            self._arriving.setdefault(step.operand, []).append(step)
            ways = self._ways.get(step.operand, 0) + self._ways.get(step.node, 0)
            self._ways[step.operand] = min(ways, COUNTED)

    def is_shared(self, node: Value) -> bool:
        """Return whether more than one contribution is added up for `node`."""
        return self._products[node] > 1

    def ways(self, target: Value) -> int:
        """Return how many paths lead from the result down to `target`; `COUNTED` if there are that many or more."""
        return self._ways.get(target, 0)

    def paths(self) -> Iterator[tuple[str, Value, list[Path]]]:
        """Yield each target, by name, with the first few paths from the result down to it.

        Together they are proportional to the graph: each target gets a share of the steps that are written out.
        """
        left = max(MOST_PATH_STEPS, len(self.backward))
        for index, (name, target) in enumerate(self.targets.items()):
            paths = list(_paths(self.root, target, self._arriving, left // (len(self.targets) - index)))
            left -= sum(len(path.steps) for path in paths)
            yield name, target, paths


def is_closed(step: Contribution) -> bool:
    """Return whether a step ends at a branch that is not taken: its operand has no effect."""
    return step.slope == 0.0 and step.node.operation.chooses


def taken(node: Value) -> list[Value]:
    """Return the operands of `node`, an operation that chooses, that have an effect: one, if none of them meet."""
    slopes = [local_derivative(node, index) for index in range(len(node.operands))]
    return [operand for operand, slope in zip(node.operands, slopes, strict=True) if slope]


def _paths(root: Value, target: Value, arriving: Mapping[Value, list[Contribution]], most_steps: int) -> Iterator[Path]:
    """Yield the first paths, found from the target upwards, up to the first that is too long."""
    found = 0
    stack: list[tuple[Value, int, _Steps | None]] = [(target, 0, None)]
    while stack and found < MOST_PATHS:
        node, length, below = stack.pop()
        if length > min(most_steps, LONGEST_PATH):
            return
        if node is root:
            found += 1
            most_steps -= length
            yield Path(_steps(below))
            continue
        stack.extend((step.node, length + 1, (step, below)) for step in reversed(arriving.get(node, [])))


_Steps = tuple[Contribution, "_Steps | None"]
"""A step, and the steps below it: two paths share what they have in common."""


def _steps(path: _Steps | None) -> list[Contribution]:
    steps = []
    while path is not None:
        step, path = path
        steps.append(step)
    return steps


def _outlines(nodes: Iterable[Value], names: Mapping[Value, str]) -> dict[Value, Value]:
    """Return a copy without numbers of each of `nodes`, down to what has a name.

    A rule may be undefined at the numbers of the nodes; without numbers it cannot be.
    """
    outlines: dict[Value, Value] = {}
    for node in nodes:
        for part in _below(node, names):
            if part in outlines:
                continue
            if part in names:
                outlines[part] = Value(nan, names[part])
            elif part.operation is None:
                outlines[part] = constant(part.data, part.label) if not part.varies else Value(nan, part.label)
            else:
                outlines[part] = make(part.operation, [outlines[operand] for operand in part.operands], nan)
    return outlines


def _below(node: Value, names: Mapping[Value, str]) -> list[Value]:
    """Return `node` and the nodes that it is written with, operands first, without going below a name."""
    seen = {node}
    nodes = [node]
    for part in nodes:
        if part in names:
            continue
        for operand in part.operands:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    nodes.sort(key=lambda part: part._serial)
    return nodes


def explain(program: Program, wrt: Iterable[str] | None = None, title: str | None = None) -> Explanation:
    """Return both passes over the graph of `program`, which is evaluated and has a value.

    With `wrt`, only what leads to those names. `title` is what the result is called, if not as in the program.
    Raises EvaluationError where a derivative is not defined.
    """
    chosen = None if wrt is None else set(wrt)
    wanted = program.inputs() if chosen is None else [name for name in program.known() if name in chosen]
    targets = {name: program.node(name) for name in wanted}
    report = differentiated(program, wanted)
    if report.error:
        raise report.error
    exact = {node: node.grad for node in targets.values()}
    nodes = topological(program.root)
    active = {node for node in nodes if node.varies} if wrt is None else leading_to(targets.values(), nodes)
    open_steps = contributions(program.root, None if wrt is None else targets.values())
    backward = list(_with_closed(program.root, list(open_steps), active))
    sums = {node: node.grad for node in targets.values()}
    for node, derivative in exact.items():
        node.grad = derivative
    report.add(_unequal_sums(targets, sums))
    if wrt is not None:
        nodes = [node for node in nodes if node in active or node is program.root]
    # Only nodes of a branch that is not taken have no value.
    forward = [node for node in nodes if node.operation and node.data == node.data and not is_literal(node)]
    steps = [ForwardStep(number, node) for number, node in enumerate(forward, 1)]
    return Explanation(wording(program, targets.values(), title), steps, backward, targets, report)


def wording(program: Program, targets: Iterable[Value] = (), title: str | None = None) -> Wording:
    """Return what the nodes of `program`, and `targets`, are called in an explanation; `title` is as in `explain`."""
    title = title or program.title
    return Wording(program.root, title, _names(program, topological(program.root, *targets), title))


def _with_closed(root: Value, steps: Iterable[Contribution], active: Collection[Value]) -> Iterator[Contribution]:
    """Yield the steps of the backward pass and, in their places, those that end at a closed branch.

    active: the nodes whose gradients are wanted, and those that depend on them.
    """
    found = {(step.node, step.operand_index): step for step in steps}
    reached = {root, *(step.operand for step in found.values())}
    sums: dict[Value, float] = {}
    for node in reversed(topological(root)):
        if node not in reached or node.operation is None:
            continue
        for index, operand in enumerate(node.operands):
            if step := found.get((node, index)):
                sums[operand] = step.total
                yield step
            elif operand in active and node.operation.slopes[index] != 0.0:
                so_far = sums.get(operand, 0.0)
                yield Contribution(Product(node, index, node.grad, 0.0, 0.0), operand, so_far, so_far)


def _unequal_sums(targets: Mapping[str, Value], sums: Mapping[Value, float]) -> Iterator[Note]:
    """Yield a note if the steps, computed in floats, do not add up to the derivative."""
    for name, node in targets.items():
        off = abs(sums[node] - node.grad)
        if not off <= TOLERANCE * abs(node.grad):
            message = f"the steps in floats add up to {{}} for {name}; the derivative is {{}}"
            yield Note(message, numbers=(sums[node], node.grad))


def is_literal(node: Value) -> bool:
    """Return whether `node` is a negative number: an operation in the grammar, but not to a reader."""
    return node._op == "-" and len(node.operands) == 1 and node.operands[0].operation is None and not node.varies


def _names(program: Program, nodes: Sequence[Value], title: str) -> dict[Value, str]:
    """Return the name of each node that has one, and a new name for each that is too long to be written out."""
    names = {node: node.label for node in nodes if node.label and node.varies}
    names.setdefault(program.root, title)
    free = FreeNames([*names.values(), *program.known()])
    lengths: dict[Value, int] = {}
    for node in nodes:
        if node in names or node.operation is None:
            lengths[node] = len(names.get(node, "")) or len(expression(node, {}))
            continue
        lengths[node] = _length(node.operation, [lengths[operand] for operand in node.operands])
        if lengths[node] > SHORT:
            names[node] = free.take("v1")
            lengths[node] = len(names[node])
    return names


def _length(operation: Operation, operands: Sequence[int]) -> int:
    """Return the approximate length of an operation on operands of those lengths."""
    return sum(operands) + sum(len(piece) for piece in operation.text.pieces if isinstance(piece, str))

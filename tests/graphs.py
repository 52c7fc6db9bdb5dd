"""Random graphs over the whole table, their exact values by mpmath, and when they are compiled."""

from random import Random
from typing import Any

from hypothesis import strategies as st
from mpmath import mp, mpf
from references import REFERENCES, WITHOUT_DERIVATIVE

from mgcli.codegen import function
from mgcli.graph.evaluation import forward_pass
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import OPERATIONS, TABLE
from mgcli.graph.value import Value, constant, make

POINTS = [-2.0, -1.0, -0.5, 0.0, 0.25, 1.0, 1.5, 3.0]
LARGEST = mpf(10) ** 100

ARITHMETIC = ["add", "sub", "mul", "div", "neg", "pow"]
COMPARISONS = [operation for operation in TABLE if operation.compares]
NAN = float("nan")


def exact_values(root: Value, point: dict[str, float]) -> dict[Value, Any]:
    """Return the value of every node below `root` with 60 digits, nan where it has none or is huge."""
    with mp.workdps(60):
        values = {}
        for node in topological(root):
            operation = node.operation
            if operation is None:
                # A number in a formula is the decimal that its text says.
                digits = node.label if node.label[-1:].isdigit() else repr(node.data)
                number = mpf(point[node.label]) if node.varies else mpf(digits)
                values[node] = mp.pi if node.label == "pi" else number
                continue
            values[node] = _exact(operation, [values[operand] for operand in node._prev])
        return values


def exact_value(root: Value, point: dict[str, float]) -> Any:
    return exact_values(root, point)[root]


def _exact(operation: Operation, operands: list[Any], largest: Any = LARGEST) -> Any:
    if operation.selects:
        condition, first, second = operands
        return mp.nan if mp.isnan(condition) else first if condition else second
    reference = REFERENCES[operation.name]
    if any(map(mp.isnan, operands)) or not reference.defined(*operands):
        return mp.nan
    try:
        value = _power(*operands) if operation.name == "pow" else reference.value(*operands)
    except (ZeroDivisionError, ValueError):
        return mp.nan
    return value if mp.isfinite(value) and abs(value) < largest else mp.nan


def _power(x: Any, y: Any) -> Any:
    """The power, exact for whole and half exponents: what is compared afterwards must not differ in the last digit."""
    if y % 1 == 0.5 and abs(y) < 10**4:
        return mp.sqrt(x) ** int(2 * y)
    return x ** int(y) if y % 1 == 0 and abs(y) < 10**4 else REFERENCES["pow"].value(x, y)


def judged_value(root: Value, point: dict[str, float]) -> Any:
    """Return the value as `exact_value` does; None if a node below `root` is too large to be judged by 60 digits."""
    values = exact_values(root, point)
    with mp.workdps(60):
        is_huge = any(
            abs(value) > mpf(10) ** 30 if not mp.isnan(value) else _is_beyond(node, values)
            for node, value in values.items()
        )
    return None if is_huge else values[root]


def _is_beyond(node: Value, values: dict[Value, Any]) -> bool:
    operands = [values[operand] for operand in node._prev]
    return node.operation is not None and not mp.isnan(_exact(node.operation, operands, mp.inf))


def close(got: Any, expected: Any) -> bool:
    return bool(abs(got - expected) <= mpf(10) ** -25 * (1 + abs(expected)))


@st.composite
def graphs(
    draw: st.DrawFn,
    names: Any = ("x", "y"),
    operations: Any = tuple(OPERATIONS),
    most: int = 12,
    numbers: Any = (0, 1, 2, 3, 0.5, -1),
) -> Any:
    """Draw the root of a graph on variables of these names."""
    nodes = [Value(NAN, name) for name in names]
    nodes.extend(constant(draw(st.sampled_from(numbers))) for _ in range(2))
    for _ in range(draw(st.integers(1, most))):
        name = draw(st.one_of(st.sampled_from(ARITHMETIC), st.sampled_from(operations)))
        operation = OPERATIONS[name]
        recent = st.one_of(st.sampled_from(nodes[-4:]), st.sampled_from(nodes))
        nodes.append(make(operation, [draw(recent) for _ in range(operation.arity)], NAN))
    return nodes[-1]


def random_graph(random: Random, operations: list[Operation], names: Any = ("x", "y"), most: int = 8) -> Value:
    """Return a graph of up to `most` operations drawn by `random`, each on one of the last nodes at least.

    A choice is by any comparison of the table; an order, of polygamma, is a whole number.
    """
    nodes = [Value(NAN, name) for name in names]
    nodes.extend(constant(number) for number in random.sample([1.0, 2.0, 3.0, 0.5, 5.0], 2))
    for _ in range(random.randint(2, most)):
        operation = random.choice([operation for operation in operations if operation.name != "zetaprime"])
        operands = [random.choice(nodes) for _ in range(operation.arity)]
        operands[random.randrange(operation.arity)] = random.choice(nodes[-3:])
        if operation.selects:
            operands[0] = make(random.choice(COMPARISONS), random.sample(nodes, 2), NAN)
        if (operation.name, 0) in WITHOUT_DERIVATIVE:
            operands[0] = constant(random.choice([0.0, 1.0, 2.0]))
        nodes.append(make(operation, operands, NAN))
    return nodes[-1]


def variables(root: Value) -> dict[str, Value]:
    """Return the variables below `root` by name."""
    return {node.label: node for node in topological(root) if node.operation is None and node.varies}


def bind(root: Value, point: dict[str, float]) -> None:
    """Give the variables below `root` their numbers, and compute every node."""
    for name, leaf in variables(root).items():
        leaf.data = point[name]
    forward_pass(topological(root))


def same(first: Value, second: Value) -> bool:
    """Whether two graphs say the same, however often they repeat a part."""
    keys: dict[Value, int] = {}
    numbers: dict[object, int] = {}
    for node in topological(first, second):
        key: tuple[object, ...]
        if node.operation is None:
            key = (node.label,) if node.label else (node.data, node.varies)
        else:
            key = (node.operation.name, *(keys[operand] for operand in node._prev))
        keys[node] = numbers.setdefault(key, len(numbers))
    return keys[first] == keys[second]


def compile_from(monkeypatch: Any, times: int) -> None:
    """Make a graph that is evaluated so many times or more be compiled."""
    monkeypatch.setattr(function, "PAID_BACK", times)
    monkeypatch.setattr(function, "LOADED", 0)


SPECIAL_NUMBERS = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, 3.0, -2.5, 1e-3, 40.0, -800.0, 1e200, 1e-200, 0.3, 0.7, 1.1]


def random_graph_of_the_table(source: Random, size: int) -> Value:
    """Return a graph over the whole table with variables and constants, its numbers not computed yet."""
    nodes = [Value(source.choice(SPECIAL_NUMBERS), label) for label in ("x", "y", "z")]
    nodes.append(constant(source.choice(SPECIAL_NUMBERS)))
    for _ in range(size):
        operation = source.choice(TABLE)
        recent = nodes[-6:]
        operands = [
            constant(source.choice(SPECIAL_NUMBERS)) if source.random() < 0.15 else source.choice(recent)
            for _ in range(operation.arity)
        ]
        nodes.append(make(operation, operands, NAN))
    return nodes[-1]


def varying_leaves(root: Value) -> list[Value]:
    return [node for node in topological(root) if node.operation is None and node.varies]

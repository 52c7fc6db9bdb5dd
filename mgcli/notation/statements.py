"""A graph written as a program: statements, what they name, and the lines of a block of LaTeX."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence, Set
from math import inf
from types import MappingProxyType

from mgcli.graph.names import NAME
from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.notation.latex import LATEX
from mgcli.notation.writing import TEXT, Notation, expression


def statements(root: Value, names: Mapping[str, Value] | None = None, separator: str = "\n") -> str:
    """Return a program whose graph is the one that ends in `root`.

    `names` are the names that its statements give, in their order (`Program.names`), each labelled
    node without it; each other node that is used more than once gets a statement too.
    """
    named = _names(root, names)
    written = _leaf_names(root, named)
    lines = []
    for name, node in named.items():
        if written.setdefault(node, name) == name:
            lines.append(f"{name} = {expression(node, written, open_root=True)}")
        else:
            lines.append(f"{name} = {written[node]}")
    last = next(reversed(named), None)
    if last is None or named[last] is not root:
        lines.append(expression(root, written))
    return separator.join(lines)


def variables_of(root: Value) -> dict[str, Value]:
    """Return the variables of the program that `statements` writes of `root`, by their names there."""
    return {name: leaf for leaf, name in _leaf_names(root, _names(root, None)).items()}


def latex_display(root: Value) -> str:
    """Return `root` as a displayed formula in the names of its variables, after its label if it has one."""
    names = _leaf_names(root, {})
    formula = expression(root, names, LATEX, open_root=bool(root.operation))
    opening = f"{LATEX.name(root.label)} = " if root.label and root.operation else ""
    return f"$\\displaystyle {opening}{formula}$"


def equations(
    results: Mapping[str, Value], names: Mapping[str, Value], notation: Notation = TEXT
) -> list[tuple[str, str]]:
    """Return the two sides of each statement: what gives `names`, in their order, and then the `results`.

    A result named "" is an expression, and its left side is empty.
    """
    written: dict[Value, str] = {}
    for root in results.values():
        written.update(_leaf_names(root, names))
    written.update((node, name) for name, node in names.items())
    lines = [(notation.name(name), expression(node, written, notation, open_root=True)) for name, node in names.items()]
    lines.extend((name, expression(node, written, notation)) for name, node in results.items())
    return lines


def program(
    sides: Iterable[tuple[str, str]], separator: str = "\n", comments: Mapping[int, str] = MappingProxyType({})
) -> str:
    """Return `equations` as a program, each statement followed by the comment at the same index of `comments`."""
    statements = (f"{left} = {right}" if left else right for left, right in sides)
    return separator.join(f"{statement}{comments.get(index, '')}" for index, statement in enumerate(statements))


def latex_block(sides: Sequence[tuple[str, str]], comments: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return `equations` in LaTeX: a single one as it is, several as the lines of an align* block.

    Each is followed by the comment at the same index of `comments`, at the end of the line, since a
    comment ends its line.
    """
    if len(sides) == 1:
        return f"{program(sides)}{comments.get(0, '')}"
    return aligned(sides, comments)


CONTINUED = "\0"
"""In place of the left side: the line continues the one before."""


def aligned(sides: Sequence[tuple[str, str]], comments: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return `equations` in LaTeX as the lines of an align* block; one without a left side equals the one before."""
    lines = [f"  & {right}" if left == CONTINUED else f"  {left} &= {right}" for left, right in sides]
    ends = [r" \\"] * (len(lines) - 1) + [""]
    body = "\n".join(
        f"{line}{end}{comments.get(index, '')}" for index, (line, end) in enumerate(zip(lines, ends, strict=True))
    )
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def written_nodes(root: Value) -> int:
    """Return the number of nodes in the formula of `root`, at most `COUNTED`; one that is used twice counts twice."""
    return _name_long(topological(root), set(), {})[root]


def _leaf_names(root: Value, named: Mapping[str, Value]) -> dict[Value, str]:
    """Return the name of each variable below `root` and `named`; variables with the same name get different ones."""
    leaves = [node for node in topological(root, *named.values()) if node.operation is None]
    free = FreeNames({*named, *(leaf.label for leaf in leaves if not leaf.varies)})
    variables = [leaf for leaf in leaves if leaf.varies and leaf.label and named.get(leaf.label) is not leaf]
    return {leaf: free.take(leaf.label) for leaf in variables}


def _names(root: Value, given: Mapping[str, Value] | None) -> dict[str, Value]:
    """Return a name for each node that needs a statement: the one given, its label, or a new one."""
    names = dict(given or {})
    nodes = topological(root, *names.values())
    users = _users(nodes)
    named = set(names.values())
    free = FreeNames([*names, *(node.label for node in nodes if node.operation is None)])
    more = [
        node
        for node in nodes
        if node.operation and node not in named and (users[node] > 1 or (given is None and node.label))
    ]
    labels = {node: free.take(node.label) for node in more if node.label}
    rest = deque((labels.get(node) or free.take("v1"), node) for node in more)
    ordered: dict[str, Value] = {}
    for name, node in names.items():
        while rest and rest[0][1]._serial < node._serial:
            ordered.update([rest.popleft()])
        ordered[name] = node
    return {**ordered, **dict(rest)}


def _users(nodes: Sequence[Value]) -> dict[Value, int]:
    """Return how often each of `nodes` is written where it is used.

    A comparison gets no name: it is written again wherever it is used, and its operands with it.
    """
    users = dict.fromkeys(nodes, 0)
    for node in reversed(nodes):
        times = 1
        if node.operation and node.operation.compares and not node.label:
            times, users[node] = users[node], 0
        for operand in node.operands:
            users[operand] += times
    return users


class FreeNames:
    """The names that are not `taken` yet."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, wished: str) -> str:
        """Return `wished` or, if that is taken or not a name, the next name like it, which is then taken."""
        name = wished if wished.isidentifier() and re.fullmatch(NAME, wished) else "v1"
        stem = name.rstrip("0123456789")
        number = self._last.get(stem, 1)
        while name in self._taken:
            number += 1
            name = f"{stem}{number}"
        self._last[stem] = number
        self._taken.add(name)
        return name


SHORT_TEXT = 50
"""The number of nodes up to which an expression repeats its parts rather than name them."""

SHORT_PART = 4
"""The number of nodes from which a part that is used more than once is named in a longer expression."""

SHORT_CONDITION = 8
"""The same for a part of a condition, which reads better where it is used."""

LONG_TEXT = 1000
"""The number of nodes above which that counts no more: conditions are named like any other part."""

COUNTED = 10**9
"""The number of nodes up to which the length of a formula is counted: it may double with each line of a program."""


def names_of_shared(
    roots: Sequence[Value], taken: Iterable[str] = (), kept: Set[Value] = frozenset()
) -> dict[str, Value]:
    """Return names for the nodes below `roots` that a text would otherwise repeat at length: their own, or new ones.

    Nodes in `kept` keep their names whatever their length. No name is one of `taken`, or a
    variable's.
    """
    nodes = topological(*roots)
    named = {node for node in nodes if node.operation and node in kept}
    sizes = _name_long(nodes, named, {})
    if sum(sizes[root] for root in roots) > SHORT_TEXT:
        briefly = {*named}
        sizes = _name_long(nodes, briefly, _shared(nodes, roots))
        if sum(sizes[node] for node in {*roots, *briefly}) > LONG_TEXT:
            _name_long(nodes, named, dict.fromkeys(_used_again(nodes, roots), SHORT_PART))
        else:
            named = briefly
    leaves = {node.label: node for node in nodes if node.operation is None and node.varies}
    free = FreeNames({*taken, *leaves})
    names = {label: node for label, node in leaves.items() if node in kept}
    for node in nodes:
        if node in named:
            names[node.label if node in kept else free.take(node.label or "v1")] = node
    return names


def _shared(nodes: Sequence[Value], roots: Sequence[Value]) -> dict[Value, int]:
    """Return the nodes that are written more than once, with the length from which each is named."""
    uses = Counter(_users(nodes))
    uses.update(roots)
    conditions = {node.operands[0] for node in nodes if node.operation and node.operation.selects}
    compared = {operand for node in nodes if node.operation and node.operation.compares for operand in node.operands}
    kept_together = conditions | compared
    return {node: SHORT_CONDITION if node in kept_together else SHORT_PART for node in nodes if uses[node] > 1}


def _used_again(nodes: Sequence[Value], roots: Sequence[Value]) -> set[Value]:
    """Return the nodes that are used more than once, comparisons included."""
    uses = Counter(roots)
    for node in nodes:
        uses.update(node.operands)
    return {node for node in nodes if uses[node] > 1}


def _name_long(ascending: Iterable[Value], named: set[Value], longest: Mapping[Value, int]) -> dict[Value, int]:
    """Add to `named` the nodes that are at least as long as `longest` allows; return the length of each node.

    The length is the number of nodes in its formula, at most `COUNTED`.
    """
    sizes: dict[Value, int] = {}
    for node in ascending:
        size = 1 + sum(1 if operand in named else sizes[operand] for operand in node.operands)
        sizes[node] = min(size, COUNTED)
        if node.operation and sizes[node] >= longest.get(node, inf):
            named.add(node)
    return sizes

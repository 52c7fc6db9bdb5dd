"""Nodes written as text and as LaTeX, one `Notation` for each.

Writers emit pieces onto a list and keep an explicit stack, so a graph may be deep, and the work is
proportional to the number of pieces.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from math import copysign, inf, isfinite
from types import MappingProxyType

from mgcli.graph.names import NAME
from mgcli.graph.node import topological
from mgcli.graph.operation import ANY, ATOM, CONDITION, POWER, UNARY, Form, Operation
from mgcli.graph.value import Value

_NAME = re.compile(NAME)
"""What the grammar accepts as a name."""


_DIGITS = re.compile(r"[0-9.]+(?:e[+-]?[0-9]+)?")
"""The name of an exact number with many digits."""


class Notation:
    """One way to write nodes: the form of each operation, numbers, names, and what encloses an operand.

    `parentheses` enclose a number, `indicator` a condition in a position where a number is
    expected.
    """

    def __init__(
        self,
        form: Callable[[Operation], Form],
        number: Callable[[float], str],
        name: Callable[[str], str],
        parentheses: tuple[str, str],
        indicator: tuple[str, str],
    ) -> None:
        self.form = form
        self.number = number
        self.name = name
        self.parentheses = parentheses
        self.indicator = indicator


def number_text(number: float) -> str:
    """Return `number` as a formula has it: with the fewest digits that read back as the same float, and no `.0`."""
    written = repr(float(number))
    return written[:-2] if written.endswith(".0") else written


def short_number(number: float) -> str:
    """Return `number` rounded to 6 significant digits."""
    return number_text(float(f"{number:.6g}"))


def _latex_number(number: float) -> str:
    return _latex_digits(number_text(number))


def _latex_digits(text: str) -> str:
    digits, _, exponent = text.partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits


_GREEK = "α β γ δ ε ζ η θ ι κ λ μ ν ξ π ρ σ τ υ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω"
GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_LATEX_LETTERS = {
    **{name: rf"\{name}" for name in GREEK_NAMES.split()},
    **{letter: rf"\{name}" for letter, name in zip(_GREEK.split(), GREEK_NAMES.split(), strict=True)},
}


_LATEX_SIGNS = {
    **{sign: rf"\{sign}" for sign in "_{}$&#% "},
    "\\": r"\backslash ",
    "^": r"\wedge ",
    "~": r"\sim ",
    "\n": r"\ ",
    "\t": r"\ ",
}


def latex_name(name: str) -> str:
    r"""Return `name` for a formula: Greek letters as such, trailing digits and what follows `_` as an index."""
    if _DIGITS.fullmatch(name):
        # An exact number that no float equals: its digits are its name.
        return _latex_digits(name)
    stem, _, index = name.partition("_") if not name.endswith("_") else (name[:-1], "", "_")
    if not stem.strip("_") or not _NAME.fullmatch(name):
        return rf"\mathrm{{{_latex_letters(name)}}}"
    digits = len(stem) - len(stem.rstrip("0123456789"))
    if digits and digits < len(stem):
        stem, index = stem[:-digits], stem[-digits:] + (f",{index}" if index else "")
    letters = _latex_letters(stem)
    written = _LATEX_LETTERS.get(stem, letters if len(stem) == 1 else rf"\mathrm{{{letters}}}")
    index = _LATEX_LETTERS.get(index, _latex_letters(index))
    return rf"{written}_{{{index}}}" if index else written


def _latex_letters(name: str) -> str:
    """Return `name`, which may be any label of the library, with what LaTeX would take for a command escaped."""
    return "".join(_LATEX_SIGNS.get(letter, letter if letter.isprintable() else "?") for letter in name)


NEGATED_NUMBER = Form(UNARY, "-(", ANY, ")")
"""How the negation of a number is written: without its parentheses it would be read as a negative number."""

TEXT = Notation(lambda operation: operation.text, number_text, str, ("(", ")"), ("where(", ", 1, 0)"))
LATEX = Notation(
    lambda operation: operation.latex, _latex_number, latex_name, (r"\left(", r"\right)"), (r"\left[", r"\right]")
)


def rounded_latex(show: Callable[[float], str]) -> Notation:
    """Return LaTeX in which a number has the digits that `show` writes."""
    return Notation(
        LATEX.form,
        lambda number: _latex_digits(show(number).removesuffix(".0")),
        LATEX.name,
        LATEX.parentheses,
        LATEX.indicator,
    )


def expression(
    root: Value,
    names: Mapping[Value, str],
    notation: Notation = TEXT,
    *,
    open_root: bool = False,
    loosest: int = ANY,
) -> str:
    """Return `root` written as one expression with the fewest parentheses.

    A node in `names` is written by its name; with `open_root`, `root` itself is written out anyway.
    `loosest` is the precedence below which the whole is enclosed; with CONDITION, a comparison is
    not enclosed.
    """
    pieces: list[str] = []
    stack: list[str | tuple[Value, int]] = [(root, loosest)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, precedence = item
        if node in names and not (open_root and node is root):
            pieces.append(notation.name(names[node]))
        elif node.operation is None:
            pieces.append(_leaf(node, precedence, notation))
        else:
            form = notation.form(node.operation)
            if notation is TEXT and node.operation.name == "neg" and _is_literal(node.operands[0]):
                form = NEGATED_NUMBER
            operands = _all_operands(node, names)
            if len(operands) > len(node.operands):
                form = form.repeated(len(operands))
            stack.extend(reversed(_written(form, operands, precedence, notation)))
    return "".join(pieces)


def _all_operands(node: Value, names: Mapping[Value, str]) -> tuple[Value, ...]:
    """Return the operands of a call; max(max(x, y), z), where what is inside has no name, has three."""
    operands = node.operands
    if node.operation is None or not node.operation.is_variadic:
        return operands
    others = []
    while operands[0].operation is node.operation and operands[0] not in names:
        others.append(operands[1])
        operands = operands[0].operands
    return (*operands, *reversed(others))


def _is_literal(node: Value) -> bool:
    return node.operation is None and not node.label and node.data > 0


def _leaf(node: Value, precedence: int, notation: Notation) -> str:
    if node.label and not node.varies:
        return notation.name(node.label)
    if not isfinite(node.data):
        raise ValueError(f"{node.data} cannot be written in an expression")
    number = notation.number(node.data)
    loose = UNARY if copysign(1.0, node.data) < 0 else POWER if "^" in number else ATOM
    return number if loose >= precedence else number.join(notation.parentheses)


def _written(
    form: Form, operands: tuple[Value, ...], precedence: int, notation: Notation
) -> list[str | tuple[Value, int]]:
    remaining = iter(form.arranged(operands))
    pieces = [piece if isinstance(piece, str) else (next(remaining), piece) for piece in form.pieces]
    if form.precedence >= precedence:
        return pieces
    opening, closing = notation.indicator if form.precedence == CONDITION else notation.parentheses
    return [opening, *pieces, closing]


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


def written_nodes(root: Value) -> int:
    """Return the number of nodes in the formula of `root`; one that is used twice counts twice."""
    return _name_long(topological(root), set(), {})[root]


def latex_display(root: Value) -> str:
    """Return `root` as a displayed formula in the names of its variables, after its label if it has one."""
    names = _leaf_names(root, {})
    formula = expression(root, names, LATEX, open_root=bool(root.operation))
    opening = f"{LATEX.name(root.label)} = " if root.label and root.operation else ""
    return f"$\\displaystyle {opening}{formula}$"


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
        name = wished if wished.isidentifier() and _NAME.fullmatch(wished) else "v1"
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


def program(
    sides: Iterable[tuple[str, str]], separator: str = "\n", comments: Mapping[int, str] = MappingProxyType({})
) -> str:
    """Return `equations` as a program, each statement followed by the comment at the same index of `comments`."""
    statements = (f"{left} = {right}" if left else right for left, right in sides)
    return separator.join(f"{statement}{comments.get(place, '')}" for place, statement in enumerate(statements))


def latex_block(sides: Sequence[tuple[str, str]], comments: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return `equations` in LaTeX: a single formula as it is, several as the lines of an align* block.

    Each is followed by the comment at the same index of `comments`, at the end of the line, since a
    comment ends its line.
    """
    if len(sides) == 1 and not sides[0][0]:
        return f"{sides[0][1]}{comments.get(0, '')}"
    lines = [f"  {left} &= {right}" if left else f"  & {right}" for left, right in sides]
    ends = [r" \\"] * (len(lines) - 1) + [""]
    body = "\n".join(
        f"{line}{end}{comments.get(place, '')}" for place, (line, end) in enumerate(zip(lines, ends, strict=True))
    )
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _name_long(ascending: Iterable[Value], named: set[Value], longest: Mapping[Value, int]) -> dict[Value, int]:
    """Add to `named` the nodes that are at least as long as `longest` allows; return the length of each node.

    The length is the number of nodes in its formula.
    """
    sizes: dict[Value, int] = {}
    for node in ascending:
        sizes[node] = 1 + sum(1 if operand in named else sizes[operand] for operand in node.operands)
        if node.operation and sizes[node] >= longest.get(node, inf):
            named.add(node)
    return sizes


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

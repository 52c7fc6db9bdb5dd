"""Nodes written as text and as LaTeX, one `Notation` for each.

Writers emit pieces onto a list and keep an explicit stack, so a graph may be deep, and the work is
proportional to the number of pieces.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache
from math import copysign, inf, isfinite, nan
from types import MappingProxyType

from mgcli.graph.names import NAME
from mgcli.graph.node import topological
from mgcli.graph.operation import ANY, ATOM, CONDITION, POWER, PRODUCT, UNARY, Form, Operation
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, make

_NAME = re.compile(NAME)
"""What the grammar accepts as a name."""


_DIGITS = re.compile(r"[0-9.]+(?:e[+-]?[0-9]+)?")
"""The name of an exact number with many digits."""


BEHIND, FOLLOWED, RAISED = 1, 2, 4
"""Where an operand is written: directly after an operator, directly before a factor, in an exponent."""

Item = str | tuple[Value, int, int]
"""A piece of text; or a node, the precedence below which it is enclosed, and where it is written."""


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

    def operation(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], precedence: int, place: int
    ) -> list[Item]:
        """Return what the operation of `node` on `operands` is written as, its operands still as nodes."""
        assert node.operation is not None
        form = self.form(node.operation)
        if node.operation.name == "neg" and _is_literal(operands[0]):
            form = NEGATED_NUMBER
        form = form.repeated(len(operands)) if len(operands) > len(node.operands) else form
        remaining = iter(form.arranged(operands))
        pieces: list[Item] = [piece if isinstance(piece, str) else (next(remaining), piece, 0) for piece in form.pieces]
        return pieces if form.precedence >= precedence else self.enclosed(form, pieces)

    def enclosed(self, form: Form, pieces: list[Item]) -> list[Item]:
        """Return the pieces of a `form` in what encloses it."""
        opening, closing = self.indicator if form.precedence == CONDITION else self.parentheses
        return [opening, *pieces, closing]

    def leaf(self, node: Value, precedence: int, place: int) -> str:
        """Return how a leaf without a name is written. Raises ValueError if it is not finite."""
        if node.label and not node.varies:
            return self.name(node.label)
        if not isfinite(node.data):
            raise ValueError(f"{node.data} cannot be written in an expression")
        number = self.number(node.data)
        loose = UNARY if copysign(1.0, node.data) < 0 else POWER if "^" in number else ATOM
        is_loose = loose < precedence or (loose == UNARY and place & BEHIND)
        return number.join(self.parentheses) if is_loose else number

    def joined(self, pieces: Sequence[str]) -> str:
        """Return the text of `pieces`."""
        return "".join(pieces)


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
    if not exponent:
        return digits
    power = f"10^{{{int(exponent)}}}"
    return digits.replace("1", power) if digits in ("1", "-1") else rf"{digits} \cdot {power}"


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
        return _upright(name)
    digits = len(stem) - len(stem.rstrip("0123456789"))
    if digits and digits < len(stem):
        stem, index = stem[:-digits], stem[-digits:] + (f",{index}" if index else "")
    written = _LATEX_LETTERS.get(stem) or (stem if len(stem) == 1 and stem.isascii() else _upright(stem))
    return rf"{written}_{{{','.join(map(_latex_index, index.split(',')))}}}" if index else written


def _latex_index(index: str) -> str:
    if index.isascii() and (len(index) < 2 or index.isdigit()):
        return _latex_letters(index)
    return _LATEX_LETTERS.get(index) or _upright(index)


def _upright(name: str) -> str:
    """Return `name` as one word: what is not ASCII as text, since TeX has no accents in formulas."""
    is_text = not name.isascii() and name.replace("_", "").isalnum()
    return rf"\{'text' if is_text else 'mathrm'}{{{_latex_letters(name)}}}"


def _latex_letters(name: str) -> str:
    """Return `name`, which may be any label of the library, with what LaTeX would take for a command escaped."""
    return "".join(_LATEX_SIGNS.get(letter, letter if letter.isprintable() else "?") for letter in name)


NEGATED_NUMBER = Form(UNARY, "-(", ANY, ")")
"""How the negation of a number is written: without its parentheses it would be read as a negative number."""

TIMES, TIMES_FUNCTION = "\0", "\1"
"""What is between two factors until it is known what they begin and end with; the second may be `\\sin x`."""

_PRODUCT, _PRODUCT_WITH_FUNCTION = (Form(PRODUCT, PRODUCT, times, POWER) for times in (TIMES, TIMES_FUNCTION))
_NEGATIVE_FRACTION = Form(UNARY, r"-\frac{", ANY, "}{", ANY, "}")
_SLASHED, _NEGATIVE_SLASHED = Form(PRODUCT, PRODUCT, "/", POWER), Form(UNARY, "-", PRODUCT, "/", POWER)

_OPERATORS = (" + ", " - ", "-", TIMES, TIMES_FUNCTION, r" \cdot ", r" \bmod ", "/")
_BEFORE_FACTORS = (TIMES, r" \cdot ", r" \bmod ", "/")


class Latex(Notation):
    """The notation of a textbook: factors beside each other, fractions, functions without parentheses where it can be.

    A negative number, or what begins with a minus sign, is enclosed after an operator.
    """

    def operation(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], precedence: int, place: int
    ) -> list[Item]:
        """Return what the operation of `node` on `operands` is written as, its operands still as nodes."""
        form, operands = self._as_written(node, operands, names, place)
        begins_with_minus = str(form.pieces[0]).startswith("-")
        is_enclosed = form.precedence < precedence or (place & BEHIND and begins_with_minus)
        place = 0 if is_enclosed else place
        is_alone = is_enclosed or (precedence <= POWER and not place & FOLLOWED)
        if form.command and is_alone and _is_plain(operands[0], names):
            pieces: list[Item] = [f"{form.command} ", (operands[0], ANY, 0)]
        else:
            pieces = _placed(form, operands, place)
        return self.enclosed(form, pieces) if is_enclosed else pieces

    def _as_written(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], place: int
    ) -> tuple[Form, Sequence[Value]]:
        """Return the form of an operation, and the operands that it shows."""
        assert node.operation is not None
        if node.operation.name == "mul":
            # x in \sin x \cos y is not followed by a factor: no function is one of its own argument.
            return (_PRODUCT_WITH_FUNCTION if self._command(operands[1], names) else _PRODUCT), operands
        if node.operation.name == "div":
            positive = _without_minus(operands[0], names)
            if positive is None:
                return (_SLASHED if place & RAISED else self.form(node.operation)), operands
            return (_NEGATIVE_SLASHED if place & RAISED else _NEGATIVE_FRACTION), (positive, operands[1])
        if node.operation.name == "where":
            return _cases(node, names)
        if (command := self._command(node, names)) and not self.form(node.operation).command:
            return Form(POWER, rf"{command}\left(", ANY, r"\right)", command=command), operands[0].operands
        form = self.form(node.operation)
        return form.repeated(len(operands)) if len(operands) > len(node.operands) else form, operands

    def _command(self, node: Value, names: Mapping[Value, str]) -> str:
        r"""Return the command that a call of a function, or a power of one, begins with: `\sin`, `\sin^{2}`, or ""."""
        if node in names or node.operation is None:
            return ""
        exponent = _whole_exponent(node)
        if not exponent:
            return self.form(node.operation).command
        (inside, *_) = node.operands
        command = self.form(inside.operation).command if inside.operation and inside not in names else ""
        return f"{command}^{{{exponent}}}" if command and "_" not in command else ""

    def joined(self, pieces: Sequence[str]) -> str:
        """Return the text of `pieces`, with what is written between factors."""
        return "".join(
            _between(pieces[index - 1], pieces[index + 1 : index + 3]) if piece in (TIMES, TIMES_FUNCTION) else piece
            for index, piece in enumerate(pieces)
        )


def _cases(node: Value, names: Mapping[Value, str]) -> tuple[Form, Sequence[Value]]:
    """Return a choice as one list of cases: a choice in the place of its last operand adds its own cases."""
    pieces: list[str | int] = [r"\begin{cases} "]
    shown: list[Value] = []
    otherwise = node
    while otherwise.operation is node.operation and (otherwise is node or otherwise not in names):
        condition, value, otherwise = otherwise.operands
        pieces += [ANY, r" & \text{if } ", CONDITION, r" \\ "]
        shown += [value, condition]
    return Form(ATOM, *pieces, ANY, r" & \text{otherwise} \end{cases}"), [*shown, otherwise]


def _placed(form: Form, operands: Sequence[Value], place: int) -> list[Item]:
    """Return the pieces of `form` with its operands, each with where it is written; `place` is that of the whole."""
    remaining = iter(form.arranged(operands))
    pieces: list[Item] = []
    last = len(form.pieces) - 1
    for index, piece in enumerate(form.pieces):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        before = str(form.pieces[index - 1]) if index else ""
        after = str(form.pieces[index + 1]) if index < last else ""
        where = (place & BEHIND) if not index else BEHIND * before.endswith(_OPERATORS)
        where |= (place & FOLLOWED) if index == last else FOLLOWED * after.startswith(_BEFORE_FACTORS)
        where |= RAISED * before.endswith("^{") or (place & RAISED if before == "-" else 0)
        pieces.append((next(remaining), piece, where))
    return pieces


def _without_minus(node: Value, names: Mapping[Value, str]) -> Value | None:
    """Return `node` without the minus sign that it begins with, None if it begins with none."""
    others = []
    while node not in names and node.operation and node.operation.name == "mul":
        node, other = node.operands
        others.append(other)
    if node in names or node.label:
        return None
    if node.operation and node.operation.name == "neg":
        (node,) = node.operands
    elif node.operation is None and node.data < 0.0:
        node = constant(-node.data)
    else:
        return None
    for other in reversed(others):
        node = make(OPERATIONS["mul"], [node, other], nan)
    return node


def _whole_exponent(node: Value) -> str:
    """Return the exponent of a power, if that is a whole number above 1: sin x to the -1 is read as the arcsine."""
    assert node.operation is not None
    if node.operation.name == "square":
        return "2"
    exponent = node.operands[-1]
    if node.operation.name != "pow" or exponent.operation or exponent.label or exponent.varies:
        return ""
    return number_text(exponent.data) if exponent.data > 1.0 and exponent.data.is_integer() else ""


def _is_plain(node: Value, names: Mapping[Value, str]) -> bool:
    """Return whether a function of `node` needs no parentheses: of a name, or a number without a sign."""
    return node in names or (node.operation is None and (bool(node.label) or 0.0 <= node.data < 1e16))


_LETTER = re.compile(r"(\\[A-Za-z]+|[^\W\d_])(_\{.*\})?")
"""A name of one letter, perhaps with an index."""


@cache
def _function_letters() -> Set[str]:
    """Return what is read as a function before parentheses: the letters of functions of the table, and usual ones."""
    heads = {str(operation.latex.pieces[0]).removesuffix(r"\left(") for operation in OPERATIONS.values()}
    return {*heads, *"fghFGHu"}


def _between(left: str, after: Sequence[str]) -> str:
    """Return what is written between factors: nothing if they can be beside each other and nothing else be read."""
    right = after[0]
    is_negative = right.startswith(r"\left(-") or (right == r"\left(" and after[1].startswith("-"))
    is_long, is_name = left.startswith((r"\mathrm{", r"\text{")), bool(_LETTER.fullmatch(left))
    if (
        right[0].isdigit()
        or right.startswith((r"\frac", r"\begin"))
        or is_negative
        or is_long
        or left in ("d", "1", right)
    ):
        return r" \cdot "
    if right.startswith((r"\mathrm{", r"\text{")) and right.endswith("}"):
        return r" \cdot " if is_name else r" \, "
    if right.startswith((r"\left(", r"\left[")) and is_name and left.partition("_")[0] in _function_letters():
        return r" \cdot "
    return " " if right.startswith("\\") or re.search(r"\\[A-Za-z]+$", left) else ""


TEXT = Notation(lambda operation: operation.text, number_text, str, ("(", ")"), ("where(", ", 1, 0)"))
LATEX = Latex(
    lambda operation: operation.latex, _latex_number, latex_name, (r"\left(", r"\right)"), (r"\left[", r"\right]")
)


def rounded_latex(show: Callable[[float], str]) -> Latex:
    """Return LaTeX in which a number has the digits that `show` writes."""
    return Latex(
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
    place: int = 0,
) -> str:
    """Return `root` written as one expression with the fewest parentheses.

    A node in `names` is written by its name; with `open_root`, `root` itself is written out anyway.
    `loosest` is the precedence below which the whole is enclosed; with CONDITION, a comparison is
    not enclosed. `place` is where it is to be written: BEHIND an operator, FOLLOWED by a factor.
    """
    pieces: list[str] = []
    stack: list[Item] = [(root, loosest, place)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, precedence, place = item
        if node in names and not (open_root and node is root):
            pieces.append(notation.name(names[node]))
        elif node.operation is None:
            pieces.append(notation.leaf(node, precedence, place))
        else:
            operands = _all_operands(node, names)
            stack.extend(reversed(notation.operation(node, operands, names, precedence, place)))
    return notation.joined(pieces)


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

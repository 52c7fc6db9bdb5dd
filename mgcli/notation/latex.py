"""The notation of a textbook, in LaTeX."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache

from mgcli.graph.names import NAME
from mgcli.graph.node import has_more_digits
from mgcli.graph.operation import ANY, ATOM, CONDITION, POWER, PRODUCT, UNARY, Form
from mgcli.graph.table import OPERATIONS
from mgcli.graph.value import Value, constant, unevaluated
from mgcli.notation.writing import AFTER_OPERATOR, BEFORE_FACTOR, IN_EXPONENT, Item, Notation, number_text

_DIGITS = re.compile(r"-?[0-9.]+(?:e[+-]?[0-9]+)?")
"""The name of an exact number with many digits."""


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
    if not stem.strip("_") or not re.fullmatch(NAME, name):
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

    def rounded(self, show: Callable[[float], str]) -> "Latex":
        """Return this notation with the digits that `show` writes of a number."""

        def digits(number: float) -> str:
            return _latex_digits(show(number).removesuffix(".0"))

        return Latex(self.form, digits, self.name, self.parentheses, self.indicator)

    def operation(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], precedence: int, position: int
    ) -> list[Item]:
        """Return what the operation of `node` on `operands` is written as, its operands still as nodes."""
        form, operands = self._as_written(node, operands, names, position)
        begins_with_minus = str(form.pieces[0]).startswith("-")
        is_enclosed = form.precedence < precedence or (position & AFTER_OPERATOR and begins_with_minus)
        position = 0 if is_enclosed else position
        is_alone = is_enclosed or (precedence <= POWER and not position & BEFORE_FACTOR)
        if form.command and is_alone and _is_plain(operands[0], names):
            pieces: list[Item] = [f"{form.command} ", (operands[0], ANY, 0)]
        else:
            pieces = _placed(form, operands, position)
        return self.enclosed(form, pieces) if is_enclosed else pieces

    def _as_written(
        self, node: Value, operands: Sequence[Value], names: Mapping[Value, str], position: int
    ) -> tuple[Form, Sequence[Value]]:
        """Return the form of an operation, and the operands that it shows."""
        assert node.operation is not None
        if node.operation.name == "mul":
            # x in \sin x \cos y is not followed by a factor: no function is one of its own argument.
            return (_PRODUCT_WITH_FUNCTION if self._command(operands[1], names) else _PRODUCT), operands
        if node.operation.name == "div":
            positive = _without_minus(operands[0], names)
            if positive is None:
                return (_SLASHED if position & IN_EXPONENT else self.form(node.operation)), operands
            return (_NEGATIVE_SLASHED if position & IN_EXPONENT else _NEGATIVE_FRACTION), (positive, operands[1])
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


def _placed(form: Form, operands: Sequence[Value], position: int) -> list[Item]:
    """Return the pieces of `form` with its operands, each with where it is written; `position` is that of the whole."""
    remaining = iter(form.arranged(operands))
    pieces: list[Item] = []
    last = len(form.pieces) - 1
    for index, piece in enumerate(form.pieces):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        before = str(form.pieces[index - 1]) if index else ""
        after = str(form.pieces[index + 1]) if index < last else ""
        where = (position & AFTER_OPERATOR) if not index else AFTER_OPERATOR * before.endswith(_OPERATORS)
        where |= (position & BEFORE_FACTOR) if index == last else BEFORE_FACTOR * after.startswith(_BEFORE_FACTORS)
        where |= IN_EXPONENT * before.endswith("^{") or (position & IN_EXPONENT if before == "-" else 0)
        pieces.append((next(remaining), piece, where))
    return pieces


def _without_minus(node: Value, names: Mapping[Value, str]) -> Value | None:
    """Return `node` without the minus sign that it begins with, None if it begins with none."""
    others = []
    while node not in names and node.operation and node.operation.name == "mul":
        node, other = node.operands
        others.append(other)
    if node in names or (node.label and not has_more_digits(node)):
        return None
    if node.operation and node.operation.name == "neg":
        (node,) = node.operands
    elif node.operation is None and node.data < 0.0:
        node = constant(-node.data, node.label.removeprefix("-"))
    else:
        return None
    for other in reversed(others):
        node = unevaluated("mul", node, other)
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
    if node in names or node.operation:
        return node in names
    return 0.0 <= node.data < 1e16 or (bool(node.label) and (node.varies or node.data > 0.0))


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


LATEX = Latex(
    lambda operation: operation.latex, _latex_number, latex_name, (r"\left(", r"\right)"), (r"\left[", r"\right]")
)

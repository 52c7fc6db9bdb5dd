"""What is wrong with a text that does not parse, and the remedy where it can be guessed."""

import re

from mgcli.errors import ExpressionError
from mgcli.operations import FUNCTIONS

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_INSTEAD = {
    **dict.fromkeys("×·⋅∗∙•", "write * to multiply"),
    **dict.fromkeys("÷∕⁄", "write / to divide"),
    **dict.fromkeys("−–—‐‑", "write - (this is another character that looks like it)"),
    **dict.fromkeys("√", "write sqrt(...)"),
    **dict.fromkeys("∛", "write cbrt(...)"),
    **dict.fromkeys("[{", "write ( and )"),
    **dict.fromkeys("]}", "write ( and )"),
    **dict.fromkeys("|", "write abs(...) for an absolute value"),
    **dict.fromkeys("$`\"'“”‘’", "an expression has no quotes and no $; in a shell, put it between single quotes"),
    **dict.fromkeys(":", "a range is the value of a variable: -x 0:1:0.1"),
    **dict.fromkeys("<>≤≥≠", "there are no comparisons here; see min, max, abs and relu"),
    **dict.fromkeys("∞", "a number is finite"),
    **dict.fromkeys("°", "angles are in radians: 180° is pi"),
    **dict.fromkeys("\\", "this is not LaTeX: write a name without \\"),
    "%": "there is no %; for a percentage write x/100",
    "!": "there is no factorial; write the product out",
    "@": "write * to multiply",
    "&": "there are no conditions here",
    "~": "write - for the opposite",
    "?": "there are no conditions here",
    "\u200b": "delete the invisible character",
    "\ufeff": "delete the invisible character",
    "\xa0": "replace the no-break space by an ordinary one",
}

_LONGER = {
    "//": ("there is no floor division", "write / to divide"),
    "==": ("there is no ==", "= gives a name to an expression, as in 'L = a*b'"),
    "!=": ("there is no !=", "there are no comparisons here"),
    "+=": ("there is no +=", "give the result a name of its own, as in 'b = a + 1'"),
    "-=": ("there is no -=", "give the result a name of its own, as in 'b = a - 1'"),
    "*=": ("there is no *=", "give the result a name of its own, as in 'b = a*2'"),
    "/=": ("there is no /=", "give the result a name of its own, as in 'b = a/2'"),
    ":=": ("there is no :=", "write = to give a name"),
    "->": ("there is no ->", "write an expression, as in 3*x**2"),
}

_TOKEN = (
    r"(?P<space>[ \t\f]+|\#[^\r\n]*)"
    r"|(?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<power>\*\*)|(?P<other>(?s:.))"
)


def empty() -> ExpressionError:
    """Return the error of a text without a statement."""
    return ExpressionError("the expression is empty", hint="write one, such as a*b + c")


def check_name(text: str, span: tuple[int, int]) -> None:
    """Raise ExpressionError where the name at `span` holds a character that is no letter and no digit, as in x²."""
    name = text[span[0] : span[1]]
    if not name.isascii() and not name.isidentifier():
        place = next(index for index in range(len(name)) if not name[: index + 1].isidentifier())
        raise unexpected(text, span[0] + place)


def unexpected(text: str, position: int) -> ExpressionError:
    """Return the error of a text that cannot go on at `position`."""
    end = len(text)
    if position >= end:
        return _unfinished(text)
    character = text[position]
    before = _before(text, position)
    error = (
        _superscript(text, position)
        or _longer(text, position)
        or _foreign(text, position, before)
        or _comma(text, position, before)
        or _juxtaposed(text, position, before)
        or _assigned(text, position)
    )
    if error:
        return error
    if character == ")" and _open_parenthesis(text, position) is None:
        return _error(text, position, position + 1, "this ) closes nothing", "delete it, or open a ( before it")
    if character in "\r\n;":
        return _unfinished(text, position)
    return _error(text, position, position + 1, f"expected {_expected(before)}, not {character}")


def _error(text: str, start: int, end: int, message: str, hint: str | None = None) -> ExpressionError:
    return ExpressionError(message, text=text, span=(start, end), hint=hint)


def _tokens(text: str, end: int) -> list[tuple[str, int, str]]:
    """Return the kind, place and text of what stands before `end`, spaces and comments left out."""
    return [
        (match.lastgroup or "", match.start(), match.group())
        for match in re.compile(_TOKEN).finditer(text, 0, end)
        if match.lastgroup != "space"
    ]


Before = tuple[str, int, str] | None


def _before(text: str, position: int) -> Before:
    tokens = _tokens(text, position)
    return tokens[-1] if tokens else None


def _expected(before: Before) -> str:
    ends_operand = before is not None and (before[0] in ("number", "name") or before[2] == ")")
    return "an operator" if ends_operand else "a number, a name or ("


def _open_parenthesis(text: str, end: int) -> int | None:
    """Return the place of the innermost ( that is open at `end`."""
    opened: list[int] = []
    for _, place, token in _tokens(text, end):
        if token == "(":
            opened.append(place)
        elif token == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _unfinished(text: str, end: int | None = None) -> ExpressionError:
    end = len(text.rstrip()) if end is None else end
    before = _before(text, end)
    opened = _open_parenthesis(text, end)
    if before is None or (before[2] in "\r\n;" and opened is None):
        return empty()
    expected = _expected(before)
    if opened is not None and expected == "an operator":
        return _error(text, opened, opened + 1, "this ( is never closed", "add a )")
    more = "to go on in the next line, put the whole in parentheses" if text[end:].strip("\r\n; \t") else None
    return _error(text, end, end + 1, f"the expression stops short: expected {expected}", more)


def _superscript(text: str, position: int) -> ExpressionError | None:
    end = position
    while end < len(text) and text[end] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺":
        end += 1
    if end == position:
        return None
    raised = text[position:end]
    return _error(
        text, position, end, f"unexpected character {raised}", f"write **{raised.translate(_SUPERSCRIPTS)} for a power"
    )


def _longer(text: str, position: int) -> ExpressionError | None:
    for start in (position, position - 1):
        pair = text[max(start, 0) : start + 2]
        if pair in _LONGER:
            message, hint = _LONGER[pair]
            return _error(text, start, start + 2, message, hint)
    return None


def _foreign(text: str, position: int, before: Before) -> ExpressionError | None:
    """Explain a character that is not of the language."""
    character = text[position]
    if character == ".":
        if before and before[0] == "name":
            following = re.compile(r"\.\s*(\w+)").match(text, position)
            function = following.group(1) if following and following.group(1) in FUNCTIONS else None
            hint = f"write {function}(...), without {before[2]}." if function else "a name has no . in it"
            return _error(text, position, position + 1, "unexpected .", hint)
        return _error(text, position, position + 1, "unexpected .", "write a number as 1.5, 1. or .5")
    if character.isascii() and (character.isalnum() or character in "_()+-*/^=,;#\r\n \t\f"):
        return None
    instead = _INSTEAD.get(character)
    if instead is None and (character.isalpha() or character.isdecimal()):
        return None
    shown = character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"
    return _error(text, position, position + 1, f"unexpected character {shown}", instead)


def _comma(text: str, position: int, before: Before) -> ExpressionError | None:
    if text[position] != ",":
        return None
    hint = "a comma stands between the operands of a function, as in hypot(x, y)"
    after = re.compile(r",\s*([0-9]+)").match(text, position)
    if before and before[0] == "number" and after:
        hint = f"write a decimal point: {before[2]}.{after.group(1)}"
    return _error(text, position, position + 1, "unexpected ,", hint)


def _juxtaposed(text: str, position: int, before: Before) -> ExpressionError | None:
    """Explain two operands side by side: 2x, 2(x + 1), sin x, a b."""
    following = re.compile(_TOKEN).match(text, position)
    if before is None or following is None:
        return None
    kind, start, previous = before
    token = following.group()
    if not (kind in ("number", "name") or previous == ")"):
        return None
    if not (following.lastgroup in ("number", "name") or token == "("):
        return None
    span = position, following.end()
    expected = f"expected an operator, not {token}"
    if kind == "name" and previous in FUNCTIONS and token != "(":
        return _error(text, start, following.end(), expected, f"write {previous}({token})")
    if kind == "number" and following.lastgroup == "number" and token.startswith("."):
        return _error(text, *span, expected, "a number has one decimal point")
    if kind == "number" and following.lastgroup == "number" and start + len(previous) < position:
        return _error(text, *span, expected, f"to multiply, write {previous}*{token}")
    if kind == "number" and token in ("e", "E") and start + len(previous) == position:
        return _error(text, *span, expected, f"an exponent has digits, as in {previous}e3; to multiply, {previous}*e")
    right = f"{token}..." if token == "(" else token
    return _error(text, start, following.end(), expected, f"to multiply, write {previous}*{right}")


def _assigned(text: str, position: int) -> ExpressionError | None:
    if text[position] != "=":
        return None
    if _open_parenthesis(text, position) is not None:
        return _error(text, position, position + 1, "unexpected =", "a name is given outside parentheses")
    return _error(text, position, position + 1, "unexpected =", "on the left of = stands one name, as in 'L = a*b'")

"""What is wrong with a text that does not parse, and a hint where one can be given.

Most of it is data: the table in `mgcli.language.syntax_errors`. This module walks that table, and
has the errors that depend on more than the text around them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from mgcli.errors import ExpressionError, Remedy, Span
from mgcli.graph.names import NAME, misspelled, normalized
from mgcli.graph.table import CONSTANTS
from mgcli.language.remedies import (
    A_RANGE,
    DEFINE,
    INSTEAD_OF_FUNCTION,
    RANGES,
    SUPERFLUOUS,
    WRITE_THE_FORMULA,
    apart,
    spelled,
)
from mgcli.language.syntax_errors import ROWS
from mgcli.language.syntax_patterns import (
    ANY_NUMBER,
    HEAD,
    HERE,
    LEIBNIZ,
    RAISED,
    RAISED_LETTERS,
    TOKEN,
    SyntaxErrorRow,
)

_DIFFERENTIATES = ("diff", "derivative", "derive", "deriv", "differentiate", "grad", "D")
_INTEGRATES = ("integrate", "integral")

_CONTEXT = 500
"""The number of characters after an error that are examined first."""

_HEAD = re.compile(rf"{HEAD}(?==(?!=))")

_TOKEN = re.compile(
    r"(?P<space>[ \t\f]+|\#[^\r\n]*)"
    rf"|(?P<number>{ANY_NUMBER})"
    rf"|(?P<name>{NAME})|(?P<raised>{RAISED})|(?P<power>\*\*)|(?P<comparison>[<>=!]=|[<>])|(?P<other>(?s:.))"
)


def empty() -> ExpressionError:
    """Return the error of a text without a statement."""
    return ExpressionError("the expression is empty", hint="write one, such as a*b + c")


def check_name(text: str, span: tuple[int, int]) -> None:
    """Raise ExpressionError if the name at `span` has a character that is neither a letter nor a digit, as in x²."""
    name = text[span[0] : span[1]]
    if name.isascii() or (name.isidentifier() and not set(RAISED_LETTERS) & set(name)):
        return
    for index, character in enumerate(name):
        # More characters may continue a name than begin one.
        valid = f"{'_' if index else ''}{character}".isidentifier()
        if not valid or (index and character in RAISED_LETTERS):
            raise unexpected(text, span[0] + index)


def unexpected(text: str, position: int, given: Collection[str] = ()) -> ExpressionError:
    """Return the error for a text that cannot continue at `position`; the names in `given` are variables."""
    before = _before(text, position)
    if before and before[2] == "%":
        return percentage(text, (before[1], before[1] + 1))
    if position >= len(text):
        return _unfinished(text)
    error = _compatible(text, position) or _described(text, position, given) or _value_of_comparison(text, position)
    if error:
        return error
    character = text[position]
    if character == ")" and _open_parenthesis(text, position) is None:
        return _error(text, position, position + 1, "this ) closes nothing", "delete it, or open a ( before it")
    if character in "\r\n;":
        return _unfinished(text, position)
    token = _token_at(text, position)
    if not (token.isascii() or token.isalpha() or token.isdecimal()) or (token.isascii() and not token.isprintable()):
        return _error(text, position, position + len(token), f"unexpected character {_shown(token)}")
    return _error(text, position, position + len(token), f"expected {_expected(_before(text, position))}, not {token}")


def _compatible(text: str, position: int) -> ExpressionError | None:
    """Return the error for a character that is another way to write ASCII: a fraction, an index, a wide letter."""
    character = text[position]
    kind = unicodedata.decomposition(character).partition(" ")[0]
    if kind not in ("<fraction>", "<sub>", "<wide>"):
        return None
    plain = normalized(character).replace("⁄", "/")
    hint = f"write {plain} for {character}"
    if kind == "<fraction>":
        before, after = _expected(_before(text, position)) == "an operator", text[position + 1 : position + 2]
        plain = f"{'*' if before else ''}({plain}){'*' if re.match(rf'{NAME}|[(0-9]', after) else ''}"
        hint = f"write {plain} for {character}"
    return _error(text, position, position + 1, f"unexpected character {character}", hint if plain.isascii() else None)


def _described(text: str, position: int, given: Collection[str]) -> ExpressionError | None:
    """Return the error that the first matching row of the table describes, None if there is no such row."""
    found = matching_row(text, position)
    if found is None:
        return None
    row, match, span = found
    next_token = _token_at(text, position)
    parts = {**match.groupdict(), "next": next_token, "shown": _shown(next_token)}
    if re.fullmatch(NAME, parts.get("token") or ""):
        parts["token"] = spelled(parts["token"], given)
    return ExpressionError(row.message.format(**parts), text=text, span=span, hint=row.hint_for(match, parts))


def matching_row(text: str, position: int) -> tuple[SyntaxErrorRow, re.Match[str], Span] | None:
    """Return the first row of the table that describes the error at `position`, its match and its span."""
    inside = _inside(text, position)
    context = _CONTEXT
    while True:
        offsets, around = _around(text, position, context)
        row, match = next(((row, match) for row in ROWS if (match := row.match(around, inside))), (None, None))
        if row is None or match is None:
            return None
        if match.end() < len(around) or position + context >= len(text):
            break
        # The error extends beyond what was examined.
        context *= 4
    group = next(name for name in ("here", "at", "at_") if match.groupdict().get(name))
    return row, match, (offsets(match.start(group)), offsets(match.end()))


def _around(text: str, position: int, context: int) -> tuple[Callable[[int], int], str]:
    """Return the text around `position` as the patterns expect it, and a function from its offsets to the text's."""
    before = ""
    starts: list[int] = []
    end = 0
    for _, start, token in _significant(text, position)[-8:]:
        if before and start > end:
            before += " "
            starts.append(end)
        before += token
        starts.extend(range(start, start + len(token)))
        end = start + len(token)
    if before and position > end:
        before += " "
        starts.append(end)
    left = len(before)

    def offset(index: int) -> int:
        return starts[index] if index < left else position + max(0, index - left - len(HERE))

    return offset, f"{before}{HERE}{text[position : position + context]}"


def _inside(text: str, position: int) -> str:
    """Return what encloses `position`, as `SyntaxErrorRow.inside` describes it."""
    opened = _open_parenthesis(text, position)
    if opened is None:
        return ""
    name = _before(text, opened)
    if name and _HEAD.match(text, name[1]) and _starts_statement(text, name[1]):
        return "def ("
    called = name[2] if name and name[0] == "name" else ""
    return f"{called}(" + ("<" if _compares_already(text, opened, position) else "")


def _value_of_comparison(text: str, position: int) -> ExpressionError | None:
    """Return the error for an operator after a comparison in parentheses; after a number it is never wrong."""
    before = _before(text, position)
    if text[position] in "+-*/^" and before and before[2] == ")":
        return misplaced_comparison(text, ((_open_parenthesis(text, before[1]) or 0) + 1, before[1]))
    return None


def _token_at(text: str, position: int) -> str:
    found = re.compile(TOKEN).match(text, position)
    return found.group() if found else ""


def _shown(character: str) -> str:
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"


def _error(text: str, start: int, end: int, message: str, hint: str | None = None) -> ExpressionError:
    return ExpressionError(message, text=text, span=(start, end), hint=hint)


def _tokens(text: str, end: int) -> list[tuple[str, int, str]]:
    """Return the kind, offset and text of the tokens before `end`, without spaces and comments."""
    return [
        (match.lastgroup or "", match.start(), match.group())
        for match in _TOKEN.finditer(text, 0, end)
        if match.lastgroup != "space"
    ]


Before = tuple[str, int, str] | None


def _significant(text: str, end: int) -> list[tuple[str, int, str]]:
    """Return the tokens before `end`; inside parentheses the end of a line is a space."""
    tokens = _tokens(text, end)
    if _open_parenthesis(text, end) is not None:
        tokens = [token for token in tokens if token[2] not in ("\r", "\n")]
    return tokens


def _before(text: str, position: int) -> Before:
    tokens = _significant(text, position)
    return tokens[-1] if tokens else None


def _expected(before: Before) -> str:
    ends_operand = before is not None and (before[0] in ("number", "name", "raised") or before[2] in (")", "!"))
    return "an operator" if ends_operand else "a number, a name or ("


def _open_parenthesis(text: str, end: int) -> int | None:
    """Return the offset of the innermost ( that is open at `end`."""
    opened: list[int] = []
    for _, offset, token in _tokens(text, end):
        if token == "(":
            opened.append(offset)
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
        is_semicolon = re.match(r"\s*;[^()\r\n;]*\)", text[end:])
        hint = "separate the operands with commas" if is_semicolon else "add a )"
        return _error(text, opened, opened + 1, "this ( is never closed", hint)
    more = (
        "to continue on the next line, put the whole expression in parentheses"
        if text[end:].strip("\r\n; \t")
        else None
    )
    return _error(text, end, end + 1, f"the expression ends too early: expected {expected}", more)


def check_equation(text: str, end: int) -> None:
    """Raise ExpressionError if the left side of an equation, which ends at `end`, is a derivative: dy/dx = x."""
    around = _around(text, end, 0)[1].removesuffix(HERE)
    if re.search(rf"(?:^|[;\s]) ?{LEIBNIZ} ?$", around):
        equals = text.index("=", end)
        raise _error(text, equals, equals + 1, "unexpected =", WRITE_THE_FORMULA)


def percentage(text: str, span: tuple[int, int]) -> ExpressionError:
    """Return the error for a % at the end of `span` that is not an operator."""
    return _error(text, *span, "% is the remainder of a division", "for a percentage, write /100 instead of %")


def misplaced_comparison(text: str, span: tuple[int, int]) -> ExpressionError:
    """Return the error for a comparison, at `span`, that is not in a condition."""
    written = text[span[0] : span[1]]
    hint = f"to get 1 where it holds and 0 elsewhere, write where({written}, 1, 0)"
    if len(written) > 20 or not written.isprintable():
        hint = "to get 1 where it holds and 0 elsewhere, write where(condition, 1, 0)"
    return _error(text, *span, "comparisons are allowed only in a condition", hint)


def _compares_already(text: str, opened: int | None, end: int) -> bool:
    """Return whether there is a comparison before `end` in the same operand of the call that `opened` opens."""
    depth = 0
    compared = False
    for kind, offset, token in _tokens(text, end):
        if opened is None or offset <= opened:
            continue
        depth += (token == "(") - (token == ")")
        if depth == 0:
            compared = (compared or kind == "comparison") and token != ","
    return compared


def unknown_function(
    text: str, name: str, span: tuple[int, int], functions: Collection[str], named: Collection[str]
) -> ExpressionError:
    """Return the error for a call, at `span`, of a function that does not exist.

    functions: the names of those that exist. named: the variables and constants.
    """
    if later := _definition_of(name, text, span[1]):
        return ExpressionError(
            f"{name} is not defined yet",
            text=text,
            span=span,
            also=[(later, "defined here")],
            hint="put the definition before its first use",
        )
    return _error(text, *span, f"unknown function {name}", _instead_of_call(text, name, span, functions, named))


def _instead_of_call(
    text: str, name: str, span: tuple[int, int], functions: Collection[str], named: Collection[str]
) -> str:
    """Return the hint for a call of `name`: see `unknown_function`."""
    is_empty = re.match(r"\s*\(\s*\)", text[span[1] :][:_CONTEXT])
    if name.lower() in CONSTANTS and is_empty:
        return f"write {name.lower()}"
    if name in named:
        return f"{name} is not a function; to multiply, write {name}*(...)"
    if name in _DIFFERENTIATES or re.search(rf"{LEIBNIZ}$", _around(text, span[1], _CONTEXT)[1].partition(HERE)[0]):
        return WRITE_THE_FORMULA
    if name in _INTEGRATES:
        return "mg differentiates; it does not integrate"
    if instead := INSTEAD_OF_FUNCTION.get(name) or INSTEAD_OF_FUNCTION.get(name.lower()):
        return f"write {instead}"
    if name in RANGES:
        return A_RANGE
    if name in SUPERFLUOUS and not is_empty:
        return f"leave out {name}"
    if product := _product_with_call(name, functions, named):
        return f"to multiply, write {product}(...)"
    if _starts_statement(text, span[0]) and re.match(r"\s*\([^()]*\)\s*=(?!=)", text[span[1] : span[1] + _CONTEXT]):
        return DEFINE
    if name in ("f", "g", "h"):
        return f"define it first, as in {name}(x) = x*x; to multiply, write {name}*(...)"
    if len(name) == 1:
        return f"to multiply, write {name}*(...)"
    if near := misspelled(name, functions):
        return f"did you mean {near}?"
    return Remedy("the functions are those of mgcli.functions", "functions")


def _product_with_call(name: str, functions: Collection[str], named: Collection[str]) -> str | None:
    """Return `x*sin` for xsin: names that run together with a function."""
    for function in functions:
        factors = apart(name[: -len(function)], named) if name.endswith(function) else []
        if factors:
            return "*".join([*factors, function])
    return None


def right_arity(name: str, operands: list[str], given: int) -> str:
    """Return how to call `name`, which takes `operands` but got `given` of them."""
    if name == "atan" and given == 2:
        return "write atan2(y, x)"
    return f"write {name}({', '.join(operands)})"


def _definition_of(name: str, text: str, start: int) -> tuple[int, int] | None:
    """Return the span of the head of a definition of `name` in `text` from `start` on."""
    previous = ";"
    for _, offset, token in _tokens(text, len(text)):
        if offset >= start and token == name and previous in "\r\n;" and (head := _HEAD.match(text, offset)):
            return offset, offset + len(head.group().rstrip())
        previous = token
    return None


def _starts_statement(text: str, position: int) -> bool:
    before = _before(text, position)
    return before is None or before[2] in "\r\n;"

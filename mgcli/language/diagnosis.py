"""What is wrong with a text that does not parse, and the remedy where it can be guessed."""

import re
from collections.abc import Collection

from mgcli.errors import ExpressionError, Remedy
from mgcli.graph.names import nearest
from mgcli.graph.table import FUNCTIONS
from mgcli.language.remedies import INSTEAD_OF_FUNCTION, apart

_DERIVATIVE: str = Remedy("write the formula alone", "derivative")
_DIFFERENTIATES = ("diff", "derivative", "derive", "deriv", "differentiate", "grad", "D")
_INTEGRAL = "mg differentiates, and does not integrate"
_INTEGRATES = ("integrate", "integral")
_PRIMES = "'’′″"

_BOTH = "for two conditions write one where in the other: where(x > 0, where(x < 1, p, q), q)"
_EITHER = "for one of two conditions write where(x < 0, p, where(x > 1, p, q))"

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
    **dict.fromkeys(":", Remedy("a range is the value of a variable, not a part of an expression", "range")),
    **dict.fromkeys("∞", "a number is finite"),
    **dict.fromkeys("°", "angles are in radians: 180° is pi"),
    **dict.fromkeys("\\", "this is not LaTeX: write a name without \\"),
    "∂": _DERIVATIVE,
    "∫": _INTEGRAL,
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "%": "for the remainder of x by y write x - y*floor(x/y); for a percentage, x/100",
    "!": "for the factorial of x write gamma(x + 1)",
    "@": "write * to multiply",
    "&": _BOTH,
    "~": "write - for the opposite",
    "?": "write where(condition, p, q)",
    "\u200b": "delete the invisible character",
    "\ufeff": "delete the invisible character",
    "\xa0": "replace the no-break space by an ordinary one",
}

_LONGER = {
    "//": ("there is no floor division", "write floor(x/y)"),
    "=<": ("there is no =<", "write <="),
    "=>": ("there is no =>", "write >="),
    "<>": ("there is no <>", "write !="),
    "||": ("there is no ||", _EITHER),
    "&&": ("there is no &&", _BOTH),
    "+=": ("there is no +=", "give the result a name of its own, as in 'b = a + 1'"),
    "-=": ("there is no -=", "give the result a name of its own, as in 'b = a - 1'"),
    "*=": ("there is no *=", "give the result a name of its own, as in 'b = a*2'"),
    "/=": ("there is no /=", "give the result a name of its own, as in 'b = a/2'"),
    ":=": ("there is no :=", "write = to give a name"),
    "->": ("there is no ->", "define a function as in f(x, y) = x*y"),
}

_WORDS = {
    "and": _BOTH,
    "or": _EITHER,
    "not": "exchange p and q in where(condition, p, q)",
    "if": "write where(condition, p, q)",
    "else": "write where(condition, p, q)",
    "def": "define a function as in f(x, y) = x*y",
    "lambda": "define a function as in f(x, y) = x*y",
    "mod": "for the remainder of x by y write x - y*floor(x/y)",
}
"""What to write for the words that are operators elsewhere."""

# d/dx, df/dx or d^2/dx^2 at the end of a text without spaces.
_LEIBNIZ = re.compile(r"(?<!\w)d(?:(?:\^|\*\*)[0-9]+)?\w*/d\w+(?:(?:\^|\*\*)[0-9]+)?$")

# sin^2, sin^-1, sin^(-1), or the sin-1 of calculators, at the end of a text without spaces.
_RAISED = re.compile(r"(?<!\w)([^\W\d]\w*)(?:(?:\^|\*\*)\(?([+-]?[0-9]+)\)?|-1)$")

# What a function is put before without parentheses: x, 2x, 2*x, x^2.
_OPERAND = re.compile(
    r"(?P<number>[0-9.]+)?[ \t]*\*?[ \t]*(?P<name>[^\W\d]\w*)?[ \t]*(?:(?P<power>(?:\^|\*\*)[ \t]*\w+)|(?P<call>\())?"
)

# Whole numbers in groups of three digits, and what follows the last group.
_GROUPS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*)(?![0-9])(?P<part>(?!(?P=mark))[.,][0-9]+)?"
)

# The head of a definition, as the grammar's DEFINED and what follows it.
_HEAD = re.compile(r"(?P<name>[^\W\d]\w*)[ \t\f]*\([^()#]*(?:#[^\r\n]*[\r\n][^()#]*)*\)(?=[ \t\f]*(?P<sign>=)(?!=))")

_TOKEN = re.compile(
    r"(?P<space>[ \t\f]+|\#[^\r\n]*)"
    r"|(?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<power>\*\*)|(?P<comparison>[<>=!]=|[<>])|(?P<other>(?s:.))"
)


def empty() -> ExpressionError:
    """Return the error of a text without a statement."""
    return ExpressionError("the expression is empty", hint="write one, such as a*b + c")


def check_name(text: str, span: tuple[int, int]) -> None:
    """Raise ExpressionError where the name at `span` holds a character that is no letter and no digit, as in x²."""
    name = text[span[0] : span[1]]
    if not name.isascii() and not name.isidentifier():
        # What may continue a name need not be able to begin one.
        place = next(index for index in range(len(name)) if not f"{'_' * index}{name[index]}".isidentifier())
        raise unexpected(text, span[0] + place)


def unexpected(text: str, position: int) -> ExpressionError:
    """Return the error of a text that cannot go on at `position`."""
    end = len(text)
    if position >= end:
        return _unfinished(text)
    character = text[position]
    before = _before(text, position)
    error = (
        _superscript(text, position, before)
        or _parameter(text, position, before)
        or _longer(text, position)
        or _compared(text, position, before)
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
        for match in _TOKEN.finditer(text, 0, end)
        if match.lastgroup != "space"
    ]


Before = tuple[str, int, str] | None


def _before(text: str, position: int) -> Before:
    tokens = _tokens(text, position)
    if _open_parenthesis(text, position) is not None:
        tokens = [token for token in tokens if token[2] not in ("\r", "\n")]
    return tokens[-1] if tokens else None


def _joined(text: str, end: int) -> str:
    """Return the last tokens before `end`, without what stands between them."""
    return "".join(token for _, _, token in _tokens(text, end)[-8:])


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


def _superscript(text: str, position: int, before: Before) -> ExpressionError | None:
    end = position
    while end < len(text) and ord(text[end]) in _SUPERSCRIPTS:
        end += 1
    if end == position:
        return None
    raised = text[position:end]
    exponent = raised.translate(_SUPERSCRIPTS)
    is_function = before is not None and before[2] in FUNCTIONS
    hint = _power_of(before[2], exponent) if before and is_function else f"write **{exponent} for a power"
    return _error(text, position, end, f"unexpected character {raised}", hint)


def _power_of(function: str, exponent: str) -> str:
    """Return what to write for sin^2(x) and sin^-1(x)."""
    power = f"{function}(...)**{exponent}"
    inverse = f"a{function}"
    if exponent == "-1" and inverse in FUNCTIONS:
        return f"the inverse of {function} is {inverse}(...); a power is {power}"
    return f"write {power}"


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
        again = before is not None and before[0] == "number" and before[1] + len(before[2]) == position
        hint = "a number has one decimal point" if again else "write a number as 1.5, 1. or .5"
        grouped = _GROUPS.match(text, before[1]) if before and again else None
        hint = _ungrouped(grouped) if grouped and grouped.end() > position else hint
        return _error(text, position, position + 1, "unexpected .", hint)
    if character.isascii() and (character.isalnum() or character in "_()+-*/^=<>,;#\r\n \t\f"):
        return None
    if character in _PRIMES and before and before[0] == "name" and before[1] + len(before[2]) == position:
        return _error(text, position, position + 1, f"unexpected character {character}", _DERIVATIVE)
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
        grouped = _GROUPS.match(text, before[1])
        hint = _ungrouped(grouped) if grouped else f"write a decimal point: {before[2]}.{after.group(1)}"
    return _error(text, position, position + 1, "unexpected ,", hint)


def _ungrouped(number: re.Match[str]) -> str:
    """Return how to write a number whose thousands are set apart: 1.000,5 or 1,000,000.5."""
    whole, part, mark = number["whole"], number["part"] or "", number["mark"]
    digits = whole.replace(mark, "")
    if mark == "," and whole.count(mark) == 1 and not part:
        return f"write a decimal point: {whole.replace(mark, '.')}; for thousands, {digits}"
    return f"write {digits}{part.replace(',', '.')}"


def _juxtaposed(text: str, position: int, before: Before) -> ExpressionError | None:
    """Explain two operands side by side: 2x, 2(x + 1), sin x, a b."""
    following = _TOKEN.match(text, position)
    if before is None or following is None:
        return None
    kind, start, previous = before
    token = following.group()
    if not (kind in ("number", "name") or previous == ")"):
        return None
    if not (following.lastgroup in ("number", "name") or token == "("):
        return None
    if word := next((word for word in (previous, token) if word in _WORDS), None):
        place = start if word == previous else position
        return _error(text, place, place + len(word), f"there is no {word}", _WORDS[word])
    span = position, following.end()
    expected = f"expected an operator, not {token}"
    if _LEIBNIZ.search(before_text := _joined(text, position)):
        return _error(text, start, following.end(), expected, _DERIVATIVE)
    if (raised := _RAISED.search(before_text)) and raised[1] in FUNCTIONS:
        return _error(text, start, following.end(), expected, _power_of(raised[1], raised[2] or "-1"))
    if kind == "name" and previous in FUNCTIONS and token != "(":
        return _error(text, start, following.end(), expected, f"write {previous}({_operand(text, position)})")
    if kind == "number" and following.lastgroup == "number" and token.startswith("."):
        return _error(text, *span, expected, "a number has one decimal point")
    if kind == "number" and start + len(previous) == position and token.startswith("_"):
        return _error(text, *span, expected, "an underscore stands between two digits, as in 1_000")
    if previous == "0" and start + 1 == position and re.fullmatch("[xXbBoO][0-9a-fA-F]+", token):
        return _error(text, *span, expected, "numbers are decimal")
    if kind == "number" and re.fullmatch("[0-9]{3}", token) and previous.isdecimal():
        return _error(text, *span, expected, f"write {previous}{token} or {previous}_{token}")
    if kind == "number" and following.lastgroup == "number" and start + len(previous) < position:
        return _error(text, *span, expected, f"to multiply, write {previous}*{token}")
    if kind == "number" and token in ("e", "E") and start + len(previous) == position:
        return _error(text, *span, expected, f"an exponent has digits, as in {previous}e3; to multiply, {previous}*e")
    if previous == ")":
        return _error(text, start, following.end(), expected, f"to multiply, write * before {token}")
    right = f"{token}..." if token == "(" else token
    return _error(text, start, following.end(), expected, f"to multiply, write {previous}*{right}")


def unknown_function(
    text: str, name: str, span: tuple[int, int], functions: Collection[str], named: Collection[str]
) -> ExpressionError:
    """Return the error of a call at `span` of a function that there is not.

    functions: those that there are. named: the variables and constants.
    """
    if later := _definition_of(name, text, span[1]):
        return ExpressionError(
            f"{name} is not defined yet",
            text=text,
            span=span,
            also=[(later, "defined here")],
            hint="put the definition before its first use",
        )
    called = next((known for known in functions if name.endswith(known) and apart(name[: -len(known)], named)), None)
    if name in named:
        hint = f"{name} is not a function; to multiply, write {name}*(...)"
    elif name in _DIFFERENTIATES or _LEIBNIZ.search(_joined(text, span[1])):
        hint = _DERIVATIVE
    elif name in _INTEGRATES:
        hint = _INTEGRAL
    elif name in INSTEAD_OF_FUNCTION:
        hint = f"write {INSTEAD_OF_FUNCTION[name]}"
    elif called:
        hint = f"to multiply, write {'*'.join(apart(name[: -len(called)], named))}*{called}(...)"
    elif near := nearest(name, functions):
        hint = f"did you mean {near}?"
    elif len(name) == 1:
        hint = f"to multiply, write {name}*(...)"
    else:
        hint = Remedy("the functions are those of mgcli.functions", "functions")
    return _error(text, *span, f"unknown function {name}", hint)


def right_arity(name: str, operands: list[str], given: int) -> str:
    """Return how to call `name`, which takes `operands` but got `given` of them."""
    if name in ("log", "ln") and given == 2:
        return "for the logarithm of x to base b write log(x)/log(b)"
    if name in ("min", "max", "hypot") and given > 2:
        return f"write {name}({name}(x, y), z)"
    return f"write {name}({', '.join(operands)})"


def _operand(text: str, position: int) -> str:
    """Return what the function before `position` is put before, as it is written here: 2*x for the 2x of sin 2x."""
    found = _OPERAND.match(text, position)
    assert found
    call = "(...)" if found["call"] else None
    factors = [found["number"], f"{found['name']}{call}" if found["name"] and call else found["name"] or call]
    return "*".join(filter(None, factors)) + (found["power"] or "").replace(" ", "")


def _assigned(text: str, position: int) -> ExpressionError | None:
    head = _HEAD.match(text, position)
    place = head.start("sign") if head else position
    if text[place] != "=":
        return None
    opened = _open_parenthesis(text, place)
    if _LEIBNIZ.search(_joined(text, place)):
        hint = _DERIVATIVE
    elif opened is None:
        function = ", or one function, as in 'f(x) = x**2'" if head else ""
        hint = f"an equation is not taken: on the left of = stands one name, as in 'L = a*b'{function}"
    elif (name := _before(text, opened)) and name[2] in ("where", "if"):
        hint = "to compare, write =="
    else:
        hint = "a name is given outside parentheses"
    return _error(text, place, place + 1, "unexpected =", hint)


def _definition_of(name: str, text: str, start: int) -> tuple[int, int] | None:
    """Return the place of the head of a definition of `name` that stands in `text` from `start` on."""
    previous = ";"
    for _, place, token in _tokens(text, len(text)):
        if place >= start and token == name and previous in "\r\n;" and (head := _HEAD.match(text, place)):
            return head.span()
        previous = token
    return None


def _starts_statement(text: str, position: int) -> bool:
    before = _before(text, position)
    return before is None or before[2] in "\r\n;"


def _parameter(text: str, position: int, before: Before) -> ExpressionError | None:
    """Explain what stands between the parentheses of a definition's head and is no list of names."""
    opened = _open_parenthesis(text, position)
    name = None if opened is None else _before(text, opened)
    if name is None or before is None or not _HEAD.match(text, name[1]) or not _starts_statement(text, name[1]):
        return None
    following = _TOKEN.match(text, position)
    token = following.group() if following else text[position]
    expected = "a parameter's name" if before[2] in "(," else ", or )"
    return _error(
        text,
        position,
        position + len(token),
        f"expected {expected}, not {token}",
        "define a function as in f(x, y) = x*y",
    )


def misplaced_comparison(text: str, span: tuple[int, int]) -> ExpressionError:
    """Return the error of a comparison, at `span`, that is not in a condition."""
    written = text[span[0] : span[1]]
    hint = f"for 1 where it holds and 0 elsewhere write where({written}, 1, 0)"
    if len(written) > 20 or not written.isprintable():
        hint = "for 1 where it holds and 0 elsewhere write where(condition, 1, 0)"
    return _error(text, *span, "a comparison stands only in a condition", hint)


def _compared(text: str, position: int, before: Before) -> ExpressionError | None:
    """Explain a comparison outside of a condition, and two of them in a row."""
    found = _TOKEN.match(text, position)
    if found is None or found.lastgroup != "comparison":
        if text[position] in "+-*/^" and before and before[2] == ")":
            # After a number an operator is never wrong: these parentheses hold a comparison.
            return misplaced_comparison(text, ((_open_parenthesis(text, before[1]) or 0) + 1, before[1]))
        return None
    span = position, found.end()
    if _expected(before) != "an operator":
        return _error(text, *span, f"expected {_expected(before)}, not {found.group()}")
    opened = _open_parenthesis(text, position)
    if opened is None and found.group() == "==":
        hint = "= gives a name to an expression, as in 'L = a*b'; to compare, write where(x == 1, p, q)"
    elif _compares_already(text, opened, position):
        return _error(
            text, *span, "a comparison has two sides", "for 0 < x < 1 write where(0 < x, where(x < 1, p, q), q)"
        )
    else:
        hint = "write where(condition, p, q), as in where(x > 0, x, 0)"
    return _error(text, *span, "a comparison stands only in a condition", hint)


def _compares_already(text: str, opened: int | None, end: int) -> bool:
    """Return whether a comparison stands before `end` in the same operand of the call that `opened` opens."""
    depth = 0
    compared = False
    for kind, place, token in _tokens(text, end):
        if opened is None or place <= opened:
            continue
        depth += (token == "(") - (token == ")")
        if depth == 0:
            compared = (compared or kind == "comparison") and token != ","
    return compared

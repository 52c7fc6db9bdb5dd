"""Characters, operators and words that other languages have, as rows of the table of syntax errors."""

import re
from collections.abc import Iterator
from functools import partial

from mgcli.language.remedies import A_RANGE, DEFINE, WRITE_THE_FORMULA
from mgcli.language.syntax_patterns import HERE, NAME, NUMBER, SyntaxErrorRow

_BOTH = "if both conditions must hold, write where(x > 0, where(x < 1, p, q), q)"
_EITHER = "if one of two conditions is enough, write where(x < 0, p, where(x > 1, p, q))"


def _root(function: str, opening: str, found: re.Match[str]) -> str:
    """Return the call for a root without parentheses: sqrt(x) for √x."""
    inside = "..." if found["opening"] or not found["x"] else found["x"]
    call = f"{found['x']}(...)" if found["x"] and found["opening"] else inside
    return f"{opening}{function}({call})"


def characters() -> Iterator[SyntaxErrorRow]:
    """Yield the rows for characters that the language does not use."""
    yield SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]{{1,3}}){HERE}(?P<at>['’])(?=(?P<rest>[0-9]{{3}}(?:['’][0-9]{{3}})*)(?![0-9]))",
        "unexpected character {at}",
        lambda found: f"write {found['n']}{re.sub('[^0-9]', '', found['rest'])}",
        "1'000'000*x",
        "1000000*x",
    )
    rows: list[tuple[str, str, str, str | None]] = [
        ("∗∙•@", "write * to multiply", "2{}x", "2*x"),
        ("∕⁄", "write / to divide", "x{}2", "x/2"),
        ("–—‐‑", "write - (this is another character that looks like it)", "x{}2", "x-2"),
        ("[{", "write ( and )", "2*{}x", "2*(x)"),
        ("]}", "write ( and )", "2*(x{}", "2*(x)"),
        ("|‖", "for an absolute value, write abs(...)", "{}x|", "abs(x)"),
        (
            "$`\"'“”‘’",
            "expressions contain no quotation marks and no $; in a shell, put the expression in single quotes",
            "{}x",
            "x",
        ),
        ("∞", "numbers are finite", "x + {}", None),
        ("→", "evaluate the formula near the limit", "x{}0", None),
        ("°", "angles are in radians: 180° is pi", "sin(x{})", "sin(x*pi/180)"),
        ("\\", "this is not LaTeX: write names without \\", "{}alpha", "alpha"),
        ("≤", "write <=", "where(x {} 1, p, q)", "where(x <= 1, p, q)"),
        ("≥", "write >=", "where(x {} 1, p, q)", "where(x >= 1, p, q)"),
        ("≠", "write !=", "where(x {} 1, p, q)", "where(x != 1, p, q)"),
        ("&", _BOTH, "where(x > 0 {} x < 1, p, q)", "where(x > 0, where(x < 1, p, q), q)"),
        ("~", "for the negative, write -", "{}x", "-x"),
        ("?", "write where(condition, p, q)", "x {} p", "where(x, p, q)"),
        ("\u200b\ufeff", "delete the invisible character", "x{} + 1", "x + 1"),
        ("\xa0", "replace the no-break space with an ordinary space", "x{}+ 1", "x + 1"),
    ]
    for characters, hint, example, corrected in rows:
        for character in characters:
            yield SyntaxErrorRow(
                rf"{HERE}(?P<at>{re.escape(character)})",
                "unexpected character {shown}",
                hint,
                example.format(character),
                corrected,
                sign=HERE + character,
            )
    for root, function in (("√", "sqrt"), ("∛", "cbrt")):
        operand = rf"(?=(?P<x>{NUMBER}|{NAME})?(?P<opening>\()?)"
        yield SyntaxErrorRow(
            rf"[\w.)!] ?{HERE}(?P<at>{root}) ?{operand}",
            "expected an operator, not {shown}",
            partial(_root, function, "to multiply, write *"),
            f"2{root}x",
            f"2*{function}(x)",
            sign=HERE + root,
        )
        yield SyntaxErrorRow(
            rf"(?P<at>{root}) ?{HERE}{operand}",
            f"a ( follows {root}",
            partial(_root, function, "write "),
            f"{root}x",
            f"{function}(x)",
            sign=root,
        )
    yield SyntaxErrorRow(
        rf"{HERE}(?P<at>!!)(?!=)",
        "there is no double factorial",
        "for the factorial of a factorial, write (x!)!",
        "x!!",
        "(x!)!",
        sign=f"{HERE}!!",
    )
    yield SyntaxErrorRow(
        rf"{HERE}(?P<at>!)(?!=)",
        "unexpected character !",
        "for 1 where x is 0 and 0 elsewhere, write where(x == 0, 1, 0); the factorial of x is x!",
        "!x",
        "where(x == 0, 1, 0)",
        sign=f"{HERE}!",
    )
    yield SyntaxErrorRow(
        rf"(?<!\w)(?P<column>[A-Z])(?P<first>[0-9]{{1,3}}) ?{HERE}(?P<at>:)(?= ?(?P=column)(?P<last>[0-9]{{1,3}}))",
        "unexpected character :",
        _sum_of_cells,
        "SUM(A1:A3)",
        "(A1 + A2 + A3)",
        sign=f"{HERE}:",
    )
    yield SyntaxErrorRow(
        rf"(?:{NAME}|\)) {HERE}(?P<at>:)(?= [\w(])",
        "unexpected character :",
        "to divide, write /",
        "x : 2",
        "x / 2",
        sign=f"{HERE}:",
    )
    yield SyntaxErrorRow(
        rf"{HERE}(?P<at>:)",
        "unexpected character :",
        A_RANGE,
        "0:1",
        None,
        sign=f"{HERE}:",
    )
    yield SyntaxErrorRow(rf"{HERE}(?P<at>∂)", "unexpected character ∂", WRITE_THE_FORMULA, "∂/∂x x**2", "x**2")
    yield SyntaxErrorRow(
        rf"{HERE}(?P<at>∫)", "unexpected character ∫", "mg differentiates; it does not integrate", "∫x", None
    )


def _sum_of_cells(found: re.Match[str]) -> str:
    first, last = sorted((int(found["first"]), int(found["last"])))
    cells = [f"{found['column']}{row}" for row in range(first, last + 1)]
    return f"for a sum, write {' + '.join(cells if len(cells) < 5 else [*cells[:2], '...'])}"


def pairs() -> Iterator[SyntaxErrorRow]:
    """Yield the rows for operators of two characters that other languages have."""
    change = "give the result a new name, as in '{}'"
    rows: list[tuple[str, str, str, str, str]] = [
        ("//", "there is no floor division", "write floor(x/y)", "x // y", "floor(x/y)"),
        ("=<", "there is no =<", "write <=", "where(x =< 1, p, q)", "where(x <= 1, p, q)"),
        ("=>", "there is no =>", "write >=", "where(x => 1, p, q)", "where(x >= 1, p, q)"),
        ("<>", "there is no <>", "write !=", "where(x <> 1, p, q)", "where(x != 1, p, q)"),
        ("||", "there is no ||", _EITHER, "where(x < 0 || x > 1, p, q)", "where(x < 0, p, where(x > 1, p, q))"),
        ("&&", "there is no &&", _BOTH, "where(x > 0 && x < 1, p, q)", "where(x > 0, where(x < 1, p, q), q)"),
        ("+=", "there is no +=", change.format("b = a + 1"), "a = 2; a += 1", "a = 2; b = a + 1"),
        ("-=", "there is no -=", change.format("b = a - 1"), "a = 2; a -= 1", "a = 2; b = a - 1"),
        ("*=", "there is no *=", change.format("b = a*2"), "a = 2; a *= 2", "a = 2; b = a*2"),
        ("/=", "there is no /=", change.format("b = a/2"), "a = 2; a /= 2", "a = 2; b = a/2"),
        (":=", "there is no :=", "write = to give a name", "a := 2", "a = 2"),
        ("->", "there is no ->", DEFINE, "f = x -> x*x", "f(x, y) = x*y; f(x, 2)"),
    ]
    for pair, message, hint, example, corrected in rows:
        first, second = map(re.escape, pair)
        for pattern, sign in (
            (rf"{HERE}(?P<at>{first}{second})", f"{HERE}{pair}"),
            (rf"(?P<at>{first}){HERE}{second}", f"{pair[0]}{HERE}{pair[1]}"),
        ):
            yield SyntaxErrorRow(pattern, message, hint, example, corrected, sign=sign)


def words() -> Iterator[SyntaxErrorRow]:
    """Yield the rows for words that are operators in other languages."""
    rows: list[tuple[str, str, str, str]] = [
        ("and", _BOTH, "where(x > 0 and x < 1, p, q)", "where(x > 0, where(x < 1, p, q), q)"),
        ("or", _EITHER, "where(x < 0 or x > 1, p, q)", "where(x < 0, p, where(x > 1, p, q))"),
        ("not", "swap p and q in where(condition, p, q)", "where(not x > 0, p, q)", "where(x > 0, q, p)"),
        ("if", "write where(condition, p, q)", "p if x", "where(x, p, q)"),
        ("else", "write where(condition, p, q)", "p else q", "where(x, p, q)"),
        ("def", DEFINE, "def f(x)", "f(x, y) = x*y; f(x, 2)"),
        ("lambda", DEFINE, "lambda x", "f(x, y) = x*y; f(x, 2)"),
        (
            "choose",
            "write factorial(n)/(factorial(k)*factorial(n - k))",
            "n choose k",
            "factorial(n)/(factorial(k)*factorial(n - k))",
        ),
        ("div", "write floor(x/y)", "x div y", "floor(x/y)"),
        ("mod", "write % for the remainder", "x mod y", "x % y"),
        ("for", "write out the terms of a sum, as in 1 + 2 + 3", "sum(k for k in x)", "1 + 2 + 3"),
    ]
    for word, hint, example, corrected in rows:
        for pattern in (rf"(?<!\w)(?P<at>{word})(?= ?{HERE}[\w(])", rf"[\w.)!] ?{HERE}(?P<at>{word})(?!\w)"):
            yield SyntaxErrorRow(pattern, f"there is no {word}", hint, example, corrected, sign=word)

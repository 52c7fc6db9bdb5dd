"""The table of syntax errors: what people write by habit, and what to write instead.

The first row that matches describes the error; `mgcli.language.diagnosis` walks the table.
Its order matters, so it is kept in one file, though a long one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from mgcli.errors import Remedy
from mgcli.graph import names
from mgcli.graph.table import CONSTANTS, FUNCTIONS
from mgcli.language.remedies import INSTEAD_OF_FUNCTION

HERE = "‸"
"""Marks, in a pattern, the position at which the text cannot continue."""

Template = str | Callable[[re.Match[str]], str]


class SyntaxErrorRow:
    r"""One kind of syntax error.

    pattern: a regular expression for the text around the error, where `‸` marks the position at
    which it cannot continue. Before it, comments are left out and spaces are one space. The error
    begins at the group `here`, or else `at`, or else `at_`, and ends where the match does. A group
    `function` matches only the name of a function.
    inside: a regular expression for what encloses the position: "" outside parentheses, else the name before the
    parenthesis and `(`, then `<` if the operand already has a comparison; "def (" in the head of a definition.
    message, hint: templates that are filled with the groups of the match, or functions of it; a
    `Remedy` is used as it is.
    example: a text with this error.
    corrected: that text after following the hint; None if there is no such text.
    sign: a string without which the pattern does not match.
    """

    def __init__(
        self,
        pattern: str,
        message: str,
        hint: Template,
        example: str,
        corrected: str | None,
        *,
        inside: str = ".*",
        sign: str = "",
    ) -> None:
        self.pattern = pattern
        self.message = message
        self.hint = hint
        self.example = example
        self.corrected = corrected
        self.inside = inside
        self.sign = sign

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, around: str, inside: str) -> re.Match[str] | None:
        """Return the match of the pattern, None where this is another error."""
        if self.sign not in around or not re.fullmatch(self.inside, inside):
            return None
        found = self._compiled.search(around)
        if found and "function" in found.groupdict() and found["function"] not in FUNCTIONS:
            return None
        return found

    def hint_for(self, found: re.Match[str], parts: Mapping[str, str]) -> str:
        """Return the hint for a match of the pattern, filled with `parts`."""
        if callable(self.hint):
            return self.hint(found)
        return self.hint if isinstance(self.hint, Remedy) else self.hint.format(**parts)


NAME = rf"(?<!\w){names.NAME}"
NUMBER = r"(?<![\w.])(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+−-]?[0-9][0-9_]*)?"
RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
RAISED = rf"[{names.SUPERSCRIPTS}]+"
TOKEN = rf"(?:[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+−-]?[0-9][0-9_]*)?|{names.NAME}|{RAISED}|\*\*|[<>=!]=|(?s:.))"

# The head of a definition: DEFINED in the grammar, and what follows it.
HEAD = rf"{names.NAME}" r"[ \t\f]*\([\w\s,]*(?:#[^\r\n]*[\r\n][\w\s,]*)*\)[ \t\f]*"

_FUNCTION = rf"(?P<function>{NAME})"
_INVERTIBLE = rf"(?P<f>(?<!\w)(?:{'|'.join(name for name in FUNCTIONS if f'a{name}' in FUNCTIONS)}))"
_SEVERAL_OPERANDS = "|".join(name for name, function in FUNCTIONS.items() if function.arity != 1)
_POWER = r"(?:\^|\*\*)"
_OPERAND = rf"(?P<token>[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+−-]?[0-9][0-9_]*)?|{names.NAME})"
_NEXT = rf"(?:{_OPERAND}|(?P<opening>\())"

_MODULES = "math|np|numpy|cmath|Math|torch|tf|jnp|jax|scipy|special|sympy|sp|mp|mpmath|cp|cupy|F|nn|xp"

# d/dx, df/dx or d^2/dx^2.
LEIBNIZ = rf"(?<!\w)d(?: ?{_POWER} ?[0-9]+)?\w* ?/ ?(?:d\w+ ?{_POWER} ?(?P<at>[0-9]+)|(?P<at_>d\w+))"

A_RANGE: str = Remedy("a range is the value of a variable, not part of an expression", "range")
WRITE_THE_FORMULA: str = Remedy("write the formula alone", "derivative")
_BOTH = "if both conditions must hold, write where(x > 0, where(x < 1, p, q), q)"
_EITHER = "if one of two conditions is enough, write where(x < 0, p, where(x > 1, p, q))"
_DEFINE = "define a function as in f(x, y) = x*y"
_PRIMES = "'’′″"


def _exponent(found: re.Match[str]) -> str:
    return names.ascii_exponent(found["at"])


# What a function may precede without parentheses: x, 2x, 2*x, x^2.
_PUT_BEFORE = (
    r"(?=(?P<number>[0-9.]+)?[ \t]*\*?[ \t]*(?P<name>[^\W\d]\w*)?[ \t]*"
    rf"(?:(?P<power>{_POWER}[ \t]*\w+)|(?P<call>\())?)"
)


def _call(found: re.Match[str]) -> str:
    """Return the call for a function written before its operand: sin(2*x) for sin 2x."""
    call = "(...)" if found["call"] else None
    factors = [found["number"], f"{found['name']}{call}" if found["name"] and call else found["name"] or call]
    if found["number"] and found["name"] in ("deg", "degrees"):
        factors[1] = "pi/180"
    operand = "*".join(filter(None, factors)) + (found["power"] or "").replace(" ", "")
    return f"write {found['function']}({operand})"


def _root(function: str, opening: str, found: re.Match[str]) -> str:
    """Return the call for a root without parentheses: sqrt(x) for √x."""
    inside = "..." if found["opening"] or not found["x"] else found["x"]
    call = f"{found['x']}(...)" if found["x"] and found["opening"] else inside
    return f"{opening}{function}({call})"


def _known(name: str) -> str:
    """Return the function that is called `name` in other capitals, else the name."""
    return name.lower() if name.lower() in FUNCTIONS else name


def _characters() -> Iterator[SyntaxErrorRow]:
    """Yield the rows for characters that the language does not use."""
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


def _pairs() -> Iterator[SyntaxErrorRow]:
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
        ("->", "there is no ->", _DEFINE, "f = x -> x*x", "f(x, y) = x*y; f(x, 2)"),
    ]
    for pair, message, hint, example, corrected in rows:
        first, second = map(re.escape, pair)
        for pattern, sign in (
            (rf"{HERE}(?P<at>{first}{second})", f"{HERE}{pair}"),
            (rf"(?P<at>{first}){HERE}{second}", f"{pair[0]}{HERE}{pair[1]}"),
        ):
            yield SyntaxErrorRow(pattern, message, hint, example, corrected, sign=sign)


def _words() -> Iterator[SyntaxErrorRow]:
    """Yield the rows for words that are operators in other languages."""
    rows: list[tuple[str, str, str, str]] = [
        ("and", _BOTH, "where(x > 0 and x < 1, p, q)", "where(x > 0, where(x < 1, p, q), q)"),
        ("or", _EITHER, "where(x < 0 or x > 1, p, q)", "where(x < 0, p, where(x > 1, p, q))"),
        ("not", "swap p and q in where(condition, p, q)", "where(not x > 0, p, q)", "where(x > 0, q, p)"),
        ("if", "write where(condition, p, q)", "p if x", "where(x, p, q)"),
        ("else", "write where(condition, p, q)", "p else q", "where(x, p, q)"),
        ("def", _DEFINE, "def f(x)", "f(x, y) = x*y; f(x, 2)"),
        ("lambda", _DEFINE, "lambda x", "f(x, y) = x*y; f(x, 2)"),
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


_EXPECTED = "expected an operator, not {next}"

ROWS: tuple[SyntaxErrorRow, ...] = (
    # Powers written as superscripts
    SyntaxErrorRow(
        rf"{_INVERTIBLE} ?(?P<at>⁻¹) ?{HERE}{_NEXT}",
        _EXPECTED,
        "the inverse of {f} is a{f}(...); for a power, write {f}(...)**-1",
        "sin⁻¹(x)",
        "sin(x)**-1",
    ),
    SyntaxErrorRow(
        rf"{_FUNCTION} ?(?P<at>{RAISED}) ?{HERE}{_NEXT}",
        _EXPECTED,
        lambda found: f"write {found['function']}(...)**{_exponent(found)}",
        "sin²(x)",
        "sin(x)**2",
    ),
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>[⁺⁻]?[⁰¹²³⁴-⁹]+[⁺⁻][⁰¹²³⁴-⁹]+)(?![{names.SUPERSCRIPTS}])",
        "unexpected character {at}",
        lambda found: f"for a power, write **({_exponent(found)})",
        "x²⁻¹",
        "x**(2-1)",
    ),
    SyntaxErrorRow(
        rf"\w{HERE}(?P<at>[{RAISED_LETTERS}])",
        "unexpected character {at}",
        lambda found: f"for a power, write **{names.normalized(found['at'])}",
        "xⁿ",
        "x**n",
    ),
    # The head of a definition
    SyntaxErrorRow(
        rf"[(,] ?{HERE}(?P<at>{TOKEN})",
        "expected the name of a parameter, not {at}",
        _DEFINE,
        "f(2, y) = x*y; f(1, 2)",
        "f(x, y) = x*y; f(1, 2)",
        inside=r"def \(",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>{TOKEN})",
        "expected , or ), not {at}",
        _DEFINE,
        "f(x y) = x*y; f(1, 2)",
        "f(x, y) = x*y; f(1, 2)",
        inside=r"def \(",
    ),
    *_pairs(),
    # Comparisons that are not in a condition
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>==)",
        "comparisons are allowed only in a condition",
        "= gives a name to an expression, as in 'L = a*b'; to compare, write where(x == 1, p, q)",
        "x == 1",
        "where(x == 1, p, q)",
        inside="",
    ),
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>[<>=!]=|[<>])",
        "comparisons cannot be chained",
        "for 0 < x < 1, write where(0 < x, where(x < 1, p, q), q)",
        "where(0 < x < 1, p, q)",
        "where(0 < x, where(x < 1, p, q), q)",
        inside=".*<",
    ),
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>[<>=!]=|[<>])",
        "comparisons are allowed only in a condition",
        "write where(condition, p, q), as in where(x > 0, x, 0)",
        "x > 0",
        "where(x > 0, p, q)",
    ),
    # Points and commas
    SyntaxErrorRow(
        rf"[\w)\]] ?{HERE}(?P<at>\.(?P<operator>\*\*|[*/^]))",
        "unexpected .",
        "write {operator} without the point",
        "x.^2",
        "x^2",
    ),
    SyntaxErrorRow(
        rf"{NAME} ?{HERE}(?P<at>\.)(?=(?:\w+\.)+(?P<function>\w+)\()",
        "unexpected .",
        "write {function}(...), without what is before it",
        "torch.nn.functional.relu(x)",
        "relu(x)",
    ),
    SyntaxErrorRow(
        rf"(?P<module>{_MODULES}) ?{HERE}(?P<at>\.)(?=(?P<other>{'|'.join(INSTEAD_OF_FUNCTION)})\()",
        "unexpected .",
        lambda found: f"write {INSTEAD_OF_FUNCTION[found['other']]}",
        "np.arctan2(y, x)",
        "atan2(y, x)",
    ),
    SyntaxErrorRow(
        rf"(?P<module>{NAME}) ?{HERE}(?P<at>::)(?=(?P<function>\w+)\()",
        "unexpected :",
        "write {function}(...), without {module}::",
        "std::sqrt(x)",
        "sqrt(x)",
    ),
    SyntaxErrorRow(
        rf"(?P<function>max|min|hypot) ?\( ?{HERE}(?P<at>\[(?P<inside>[^\[\]\r\n]{{1,30}})\])",
        "unexpected character [",
        "write {function}({inside})",
        "max([x, y])",
        "max(x, y)",
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?P<name>Power|Max|Min|Mod) ?{HERE}(?P<at>\[(?P<inside>[^\[\]{{}}\r\n]{{1,30}})\])",
        "unexpected character [",
        lambda found: f"write {found['name'].lower().replace('power', 'pow')}({found['inside']})",
        "Power[x, 2]",
        "pow(x, 2)",
    ),
    SyntaxErrorRow(
        rf"(?<!\w)log_ ?{HERE}(?P<at>\{{ ?(?P<base>2|10) ?\}})",
        "unexpected character {{",
        "write log{base}(...)",
        "log_{10}(x)",
        "log10(x)",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\sqrt ?\[(?P<n>\w+)\] ?\{{(?P<inside>[^{{}}]*)\}})",
        "unexpected character \\",
        "write nthroot({inside}, {n})",
        r"\sqrt[3]{x}",
        "nthroot(x, 3)",
    ),
    SyntaxErrorRow(
        rf"(?:^|[-+*/(,]) ?{HERE}(?P<at>%) ?(?=pi(?!\w))",
        "unexpected character %",
        "write pi, without %",
        "%pi*x",
        "pi*x",
    ),
    SyntaxErrorRow(
        rf"^ ?{HERE}(?P<at>=)(?= ?[A-Za-z])",
        "expected a number, a name or (, not =",
        "leave out the first =",
        "=x*2",
        "x*2",
    ),
    SyntaxErrorRow(
        rf"(?P<module>{NAME}) ?{HERE}(?P<at>\.)(?=\s*(?P<constant>(?i:{'|'.join(CONSTANTS)}))(?!\w))",
        "unexpected .",
        lambda found: f"write {found['constant'].lower()}, without {found['module']}.",
        "math.pi",
        "pi",
    ),
    SyntaxErrorRow(
        rf"(?P<module>{_MODULES}) ?{HERE}(?P<at>\.)(?=\s*e(?!\w))",
        "unexpected .",
        "for Euler's number, write exp(1)",
        "math.e*x",
        "exp(1)*x",
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?!(?:{_MODULES})\b)(?P<operand>{names.NAME}) ?{HERE}(?P<at>\.)(?=(?P<function>\w+)\s*\(\s*\))",
        "unexpected .",
        "write {function}({operand})",
        "x.tanh()",
        "tanh(x)",
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?!(?:{_MODULES})\b)(?P<operand>{names.NAME}) ?{HERE}(?P<at>\.)"
        r"(?=(?P<function>\w+)\(\s*(?P<second>[\w.]+)\s*\))",
        "unexpected .",
        "write {function}({operand}, {second})",
        "x.pow(2)",
        "pow(x, 2)",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])[0-9]+(?:\.[0-9]+)? ?{HERE}(?P<at>,)(?= ?(?!000)[0-9.]+ ?,(?! ?[0-9]{{3}}\b)[0-9 ])",
        "unexpected ,",
        A_RANGE,
        "10,20,30",
        None,
    ),
    SyntaxErrorRow(
        rf"(?<!\w)D ?{HERE}(?P<at>\[)",
        "unexpected character [",
        WRITE_THE_FORMULA,
        "D[x**2]",
        "x**2",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\[)(?=[^\[\]]*,)",
        "unexpected character [",
        A_RANGE,
        "[1, 2, 3]",
        None,
    ),
    SyntaxErrorRow(
        rf"(?P<name>{NAME}) ?{HERE}(?P<at>\[)(?=(?P<inside>[^\[\]\r\n]{{1,20}})\])",
        "unexpected character [",
        lambda found: f"write {_known(found['name'])}({found['inside']})",
        "Sin[x]",
        "sin(x)",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\frac ?\{{(?P<p>[^{{}}]*)\}} ?\{{(?P<q>[^{{}}]*)\}})",
        "unexpected character \\",
        "write ({p})/({q})",
        r"\frac{1}{2}",
        "(1)/(2)",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\[dt]?frac)(?!\w)",
        "unexpected character \\",
        "write (p)/(q) for \\frac{{p}}{{q}}",
        r"\frac{1}{1 + 2^{x}}",
        "(1)/(1 + 2^(x))",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\(?:cdot|times)\b)",
        "unexpected character \\",
        "write *",
        r"2\cdot x",
        "2*x",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\(?P<function>\w+) ?\{{(?P<inside>[^{{}}]*)\}})",
        "unexpected character \\",
        "write {function}({inside})",
        r"\sqrt{x}",
        "sqrt(x)",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>\\(?P<side>left|right) ?[()\[\]|])",
        "unexpected character \\",
        "leave out \\{side}",
        r"2*\left(x)",
        "2*(x)",
    ),
    SyntaxErrorRow(
        rf"(?:{NUMBER}|{NAME}|\)) ?{HERE}(?P<at>inf|infinity|nan)(?!\w)",
        _EXPECTED,
        "numbers are finite",
        "x inf",
        None,
    ),
    SyntaxErrorRow(
        rf"{NUMBER}{HERE}(?P<at>[ij])(?!\w)",
        _EXPECTED,
        "there are no complex numbers",
        "1j",
        None,
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?P<word>let|var|const|set|local|float|double|real) {HERE}(?P<at>(?P<name>{NAME}))(?= ?=)",
        _EXPECTED,
        "write {name} = ..., without {word}",
        "let a = 1; a",
        "a = 1; a",
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?P<at>lim) ?{HERE}(?=[\w(])",
        "there is no lim",
        "evaluate the formula near the limit",
        "lim x",
        None,
    ),
    SyntaxErrorRow(
        rf"(?<!\w)(?P<word>return|print|calc|evaluate|eval) {HERE}(?P<at>[\w(])",
        _EXPECTED,
        "leave out {word}",
        "return x",
        "x",
    ),
    SyntaxErrorRow(
        rf"(?P<module>{NAME}) ?{HERE}(?P<at>\.)(?=\s*(?P<function>\w+))",
        "unexpected .",
        "write {function}(...), without {module}.",
        "math.sin(x)",
        "sin(x)",
    ),
    SyntaxErrorRow(rf"{NAME} ?{HERE}(?P<at>\.)", "unexpected .", "names contain no .", "a.b", "ab"),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<whole_>[0-9]{{1,3}}\.[0-9]{{3}}){HERE}(?P<at>\.)"
        r"(?=(?P<rest>[0-9]{3}(?:\.[0-9]{3})*)(?![0-9])(?:,(?P<part>[0-9]+))?)",
        "unexpected .",
        lambda found: (
            f"write {found['whole_'].replace('.', '')}{found['rest'].replace('.', '')}"
            + (f".{found['part']}" if found["part"] else "")
        ),
        "1.234.567,5",
        "1234567.5",
    ),
    SyntaxErrorRow(
        rf"{NUMBER}{HERE}(?P<at>\.)", "unexpected .", "a number has only one decimal point", "1.2.3", "1.23"
    ),
    SyntaxErrorRow(rf"{HERE}(?P<at>\.)", "unexpected .", "write a number as 1.5, 1. or .5", ". + 1", "1.5 + 1"),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]{{1,3}}){HERE}(?P<at>,)(?=(?P<rest>[0-9]{{3}})(?![0-9,.]))",
        "unexpected ,",
        "write a decimal point: {n}.{rest}; for thousands, {n}{rest}",
        "1,000*x",
        "1.000*x",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]{{1,3}}){HERE}(?P<at>,)"
        r"(?=(?P<rest>[0-9]{3}(?:,[0-9]{3})*)(?![0-9])(?P<part>\.[0-9]+)?)",
        "unexpected ,",
        lambda found: f"write {found['n']}{found['rest'].replace(',', '')}{found['part'] or ''}",
        "1,000,000.5*x",
        "1000000.5*x",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]{{1,3}})\.(?P<rest>[0-9]{{3}}){HERE}(?P<at>,)(?=(?P<part>[0-9]+))",
        "unexpected ,",
        "write {n}{rest}.{part}",
        "1.000,5*x",
        "1000.5*x",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]+) ?{HERE}(?P<at>,)(?=\s*(?P<part>[0-9]+))",
        "unexpected ,",
        "write a decimal point: {n}.{part}",
        "1,5*x",
        "1.5*x",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>;)(?=[^=\r\n]*\))",
        "unexpected ;",
        "separate the operands of a function with commas, as in max(x, y)",
        "max(x; y)",
        "max(x, y)",
        inside=rf"(?:{_SEVERAL_OPERANDS})\(<?",
        sign=HERE + ";",
    ),
    SyntaxErrorRow(
        rf"(?<![=<>!])=(?!=)[^=,]*{HERE}(?P<at>,)(?= ?{names.NAME} ?=(?!=))",
        "unexpected ,",
        "separate statements with ;",
        "a = 1, b = 2; a*b",
        "a = 1; b = 2; a*b",
        inside="",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>,)",
        "unexpected ,",
        "commas separate the operands of a function, as in hypot(x, y)",
        "x, y",
        "hypot(x, y)",
    ),
    SyntaxErrorRow(
        rf"{NAME}{HERE}(?P<at>[{_PRIMES}])",
        "unexpected character {at}",
        WRITE_THE_FORMULA,
        "y' = x",
        "x",
    ),
    SyntaxErrorRow(
        rf"(?P<n>{NUMBER}) ?{HERE}(?P<at>°)",
        "unexpected character °",
        "angles are in radians: write deg2rad({n})",
        "sin(30°)",
        "sin(deg2rad(30))",
    ),
    SyntaxErrorRow(
        rf"(?:\*\*|\^) ?{HERE}(?P<at>\*\*|[*^])",
        "expected a number, a name or (, not {at}",
        "for a power, write **",
        "x^^2",
        "x**2",
    ),
    *_characters(),
    # Two operands with no operator between them
    *_words(),
    SyntaxErrorRow(rf"{LEIBNIZ} ?{HERE}{_NEXT}", _EXPECTED, WRITE_THE_FORMULA, "d/dx x**2", "x**2"),
    SyntaxErrorRow(
        rf"{_INVERTIBLE} ?(?:{_POWER} ?\( ?- ?1 ?(?P<at>\))|{_POWER}? ?- ?(?P<at_>1)) ?{HERE}{_NEXT}",
        _EXPECTED,
        "the inverse of {f} is a{f}(...); for a power, write {f}(...)**-1",
        "sin^-1(x)",
        "sin(x)**-1",
    ),
    SyntaxErrorRow(
        rf"{_FUNCTION} ?{_POWER} ?\(? ?(?P<minus>[+-]?) ?(?P<at>(?P<n>[0-9]+) ?\)?) ?{HERE}{_NEXT}",
        _EXPECTED,
        "write {function}(...)**{minus}{n}",
        "sin^2(x)",
        "sin(x)**2",
    ),
    SyntaxErrorRow(
        rf"{_FUNCTION} ?- ?(?P<at>1) ?{HERE}{_NEXT}", _EXPECTED, "write {function}(...)**-1", "exp-1(x)", "exp(x)**-1"
    ),
    SyntaxErrorRow(
        rf"(?P<at>{_FUNCTION}) ?{HERE}(?P<n>{NUMBER}) ?°",
        _EXPECTED,
        "angles are in radians: write {function}(deg2rad({n}))",
        "sin 30°",
        "sin(deg2rad(30))",
    ),
    SyntaxErrorRow(
        rf"(?:^|;) ?(?P<at>(?P<word>import|from)) {HERE}{_NEXT}",
        "there is no {word}",
        "leave it out: functions need no import, as in sin(x)",
        "import math",
        "sin(x)",
    ),
    SyntaxErrorRow(rf"(?P<at>{_FUNCTION}) ?{HERE}{_PUT_BEFORE}{_OPERAND}", _EXPECTED, _call, "sin 2x", "sin(2*x)"),
    SyntaxErrorRow(
        rf"{NUMBER}{HERE}(?P<at>(?P<token>_\w*))",
        _EXPECTED,
        "an underscore goes between two digits, as in 1_000",
        "1__000",
        "1_000",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])0{HERE}(?P<at>(?P<token>[xXbBoO][0-9a-fA-F]+))(?!\w)",
        _EXPECTED,
        "write numbers in decimal",
        "0x10",
        "16",
    ),
    SyntaxErrorRow(
        rf"(?<![\w.])(?P<n>[0-9]+) {HERE}(?P<at>(?P<token>[0-9]{{3}}(?: [0-9]{{3}})*))(?![\w.])",
        _EXPECTED,
        lambda found: f"write {found['n']}{found['token'].replace(' ', '')}",
        "10 000*x",
        "10000*x",
    ),
    SyntaxErrorRow(
        rf"(?P<n>{NUMBER}) {HERE}(?P<at>(?P<token>[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?))",
        _EXPECTED,
        "to multiply, write {n}*{token}",
        "3 4",
        "3*4",
    ),
    SyntaxErrorRow(
        rf"(?P<at>(?P<n>{NUMBER})) ?{HERE}(?P<token>deg|degrees)(?!\w)",
        _EXPECTED,
        "angles are in radians: write deg2rad({n})",
        "sin(30 deg)",
        "sin(deg2rad(30))",
    ),
    SyntaxErrorRow(
        rf"(?P<n>{NUMBER}){HERE}(?P<at>(?P<token>[eE]))(?!\w)",
        _EXPECTED,
        "an exponent needs digits, as in {n}e3; to multiply, write {n}*{token}",
        "2e + 1",
        "2*e + 1",
    ),
    SyntaxErrorRow(
        rf"(?P<at>\)|!|[⁰¹²³⁴-⁹]) ?{HERE}{_NEXT}",
        _EXPECTED,
        "to multiply, write * before {next}",
        "(x + 1)(x)",
        "(x + 1)*(x)",
    ),
    SyntaxErrorRow(
        rf"(?P<at>{NUMBER}|{NAME}) ?{HERE}(?P<opening>\()(?=(?P<inside>[^()\r\n]{{1,20}}\))?)",
        _EXPECTED,
        lambda found: f"to multiply, write {found['at']}*({found['inside'] or '...)'}",
        "3(x + 1)",
        "3*(x + 1)",
    ),
    SyntaxErrorRow(
        rf"(?P<at>{NUMBER}|{NAME}) ?{HERE}{_OPERAND}", _EXPECTED, "to multiply, write {at}*{token}", "2x", "2*x"
    ),
    # Equations
    *(
        SyntaxErrorRow(
            rf"{sign} ?{HERE}(?P<at>=)",
            f"there is no {sign}=",
            f"write {sign}",
            f"where(x {sign}= 1, p, q)",
            f"where(x {sign} 1, p, q)",
        )
        for sign in ("==", "!=")
    ),
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>=)",
        "unexpected =",
        "a statement has one =; separate two with ;",
        "a = b = 2",
        "b = 2; a = b",
        inside="",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>=)",
        "unexpected =",
        "to compare, write ==",
        "where(x = 1, p, q)",
        "where(x == 1, p, q)",
        inside=r"(where|if)\(.*",
    ),
    SyntaxErrorRow(
        rf", ?(?P<at>(?P<word>[a-z]\w*)) ?{HERE}= ?(?P<operand>[\w.]+) ?(?=[,)])",
        "unexpected =",
        "write {operand} without {word}=",
        "log(x, base=2)",
        "log(x, 2)",
        inside=r"\w+\(",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>=)",
        "unexpected =",
        "give names outside parentheses",
        "2*(b = a)",
        "b = a; 2*(b)",
        inside=".+",
    ),
)
"""Every syntax error that has a hint, the more specific ones first."""

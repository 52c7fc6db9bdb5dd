"""The table of syntax errors: what people write by habit, and what to write instead.

The first row that matches describes the error; `mgcli.language.diagnosis` walks the table.
"""

import re

from mgcli.graph import names
from mgcli.graph.table import CONSTANTS, FUNCTIONS
from mgcli.language.other_languages import characters, pairs, words
from mgcli.language.remedies import A_RANGE, DEFINE, INSTEAD_OF_FUNCTION, WRITE_THE_FORMULA
from mgcli.language.syntax_patterns import (
    HERE,
    LEIBNIZ,
    NAME,
    NUMBER,
    NUMERAL,
    POWER,
    RAISED,
    RAISED_LETTERS,
    TOKEN,
    SyntaxErrorRow,
)

_FUNCTION = rf"(?P<function>{NAME})"
_INVERTIBLE = rf"(?P<f>(?<!\w)(?:{'|'.join(name for name in FUNCTIONS if f'a{name}' in FUNCTIONS)}))"
_SEVERAL_OPERANDS = "|".join(name for name, function in FUNCTIONS.items() if function.arity != 1)
_OPERAND = rf"(?P<token>{NUMERAL}|{names.NAME})"
_NEXT = rf"(?:{_OPERAND}|(?P<opening>\())"

_MODULES = "math|np|numpy|cmath|Math|torch|tf|jnp|jax|scipy|special|sympy|sp|mp|mpmath|cp|cupy|F|nn|xp"

_PRIMES = "'’′″"


def _exponent(found: re.Match[str]) -> str:
    return names.ascii_exponent(found["at"])


# What a function may precede without parentheses: x, 2x, 2*x, x^2.
_PUT_BEFORE = (
    r"(?=(?P<number>[0-9.]+)?[ \t]*\*?[ \t]*(?P<name>[^\W\d]\w*)?[ \t]*"
    rf"(?:(?P<power>{POWER}[ \t]*\w+)|(?P<call>\())?)"
)


def _call(found: re.Match[str]) -> str:
    """Return the call for a function written before its operand: sin(2*x) for sin 2x."""
    call = "(...)" if found["call"] else None
    factors = [found["number"], f"{found['name']}{call}" if found["name"] and call else found["name"] or call]
    if found["number"] and found["name"] in ("deg", "degrees"):
        factors[1] = "pi/180"
    operand = "*".join(filter(None, factors)) + (found["power"] or "").replace(" ", "")
    return f"write {found['function']}({operand})"


def _known(name: str) -> str:
    """Return the function that is called `name` in other capitals, else the name."""
    return name.lower() if name.lower() in FUNCTIONS else name


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
        DEFINE,
        "f(2, y) = x*y; f(1, 2)",
        "f(x, y) = x*y; f(1, 2)",
        inside=r"def \(",
    ),
    SyntaxErrorRow(
        rf"{HERE}(?P<at>{TOKEN})",
        "expected , or ), not {at}",
        DEFINE,
        "f(x y) = x*y; f(1, 2)",
        "f(x, y) = x*y; f(1, 2)",
        inside=r"def \(",
    ),
    *pairs(),
    # Comparisons that are not in a condition
    SyntaxErrorRow(
        rf"[\w.)!] ?{HERE}(?P<at>==)",
        "comparisons are allowed only in a condition",
        "one = makes an equation, or a name as in 'L = a*b'; to compare, write where(x == 1, p, q)",
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
        rf"[\w.)!] {HERE}(?P<at>where) (?=[\w(])",
        _EXPECTED,
        "write where(condition, p, q), as in where(x > 0, x, 0)",
        "p where x > 0",
        "where(x > 0, p, q)",
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
    *characters(),
    # Two operands with no operator between them
    *words(),
    SyntaxErrorRow(rf"{LEIBNIZ} ?{HERE}{_NEXT}", _EXPECTED, WRITE_THE_FORMULA, "d/dx x**2", "x**2"),
    SyntaxErrorRow(
        rf"{_INVERTIBLE} ?(?:{POWER} ?\( ?- ?1 ?(?P<at>\))|{POWER}? ?- ?(?P<at_>1)) ?{HERE}{_NEXT}",
        _EXPECTED,
        "the inverse of {f} is a{f}(...); for a power, write {f}(...)**-1",
        "sin^-1(x)",
        "sin(x)**-1",
    ),
    SyntaxErrorRow(
        rf"{_FUNCTION} ?{POWER} ?\(? ?(?P<minus>[+-]?) ?(?P<at>(?P<n>[0-9]+) ?\)?) ?{HERE}{_NEXT}",
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
        rf"(?P<n>{NUMBER}) {HERE}(?P<at>(?P<token>{NUMERAL}))",
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

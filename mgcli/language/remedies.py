"""What to write for a name that is probably not meant as one: a function, a constant, several names run together.

The hints that several errors share are here too.
"""

from collections.abc import Collection, Iterable

from mgcli.errors import Remedy
from mgcli.graph.table import CONSTANTS, FUNCTIONS, LETTERS

A_RANGE: str = Remedy("a range is the value of a variable, not part of an expression", "range")
WRITE_THE_FORMULA: str = Remedy("write the formula alone", "derivative")
DEFINE = "define a function as in f(x, y) = x*y"

_SPELLED = {"π": "pi", "Π": "pi", "τ": "tau"}

INSTEAD_OF_FUNCTION = {
    "fact": "factorial(x)",
    "trigamma": "polygamma(1, x)",
    **dict.fromkeys(("gammaln", "loggamma", "lngamma"), "lgamma(x)"),
    "psi": "digamma(x)",
    **dict.fromkeys(("if", "ifelse", "piecewise", "cases"), "where(condition, p, q)"),
    "step": "heaviside(x)",
    "atg": "atan(x)",
    **dict.fromkeys(("cosine", "cosinus"), "cos(x)"),
    **dict.fromkeys(("racine", "rac", "wurzel"), "sqrt(x)"),
    "arctan2": "atan2(y, x)",
    "lg": "log10(x)",
    "lb": "log2(x)",
    "logb": "log(x, b)",
    "exp10": "10**x",
    "sqr": "square(x)",
    "cube": "x**3",
    "cuberoot": "cbrt(x)",
    "nroot": "nthroot(x, n)",
    **dict.fromkeys(("inv", "reciprocal"), "1/x"),
    "frac": "x - floor(x)",
    "int": "trunc(x)",
    **{f"{name}d": f"{name}(deg2rad(x))" for name in ("sin", "cos", "tan")},
    **{f"{name}d": f"rad2deg({name}(x))" for name in ("asin", "acos", "atan")},
    "deg": "rad2deg(x)",
    "rad": "deg2rad(x)",
    **dict.fromkeys(("expit", "logistic"), "sigmoid(x)"),
    **dict.fromkeys(("swish", "silu"), "x*sigmoid(x)"),
    "gelu": "x*normcdf(x)",
    "elu": "where(x > 0, x, expm1(x))",
    **dict.fromkeys(("leaky_relu", "leakyrelu"), "max(x, 0.01*x)"),
    **dict.fromkeys(("gauss", "gaussian"), "normpdf(x)"),
    "softsign": "x/(1 + abs(x))",
    **dict.fromkeys(("sum", "add"), "x + y"),
    "power": "pow(x, y)",
    **dict.fromkeys(("ncr", "binomial", "binom", "comb", "choose"), "factorial(n)/(factorial(k)*factorial(n - k))"),
    **dict.fromkeys(("npr", "perm"), "factorial(n)/factorial(n - k)"),
    **dict.fromkeys(("rint", "nint"), "round(x)"),
    "sinpi": "sin(pi*x)",
    "cospi": "cos(pi*x)",
    "dot": "x*y",
    "fabs": "abs(x)",
    **dict.fromkeys(("maximum", "fmax", "amax"), "max(x, y)"),
    **dict.fromkeys(("minimum", "fmin", "amin"), "min(x, y)"),
    "norm": "hypot(x, y)",
    "sen": "sin(x)",
    "raiz": "sqrt(x)",
    "mish": "x*tanh(softplus(x))",
    "relu6": "clamp(x, 0, 6)",
    "hardtanh": "clamp(x, -1, 1)",
    **dict.fromkeys(("mean", "average", "avg"), "(x + y)/2"),
}
"""What to write for functions of other tools that mg does not have, by their names."""


IN_PLACE_OF_NAMES = {
    **dict.fromkeys(("inf", "infinity", "infty", "oo"), "numbers are finite; the largest is about 1.8e308"),
    "nan": "numbers are finite: there is no nan",
    **dict.fromkeys(("i", "j"), "there are no complex numbers"),
    "true": "for true, write 1",
    "false": "for false, write 0",
}
"""What is said about a name without a value that stands for something mg lacks, by the name.

A name of more than one letter is in lower case; I is a current.
"""

RANGES = ("linspace", "arange", "range", "logspace")

SUPERFLUOUS = ("print", "eval", "evaluate", "simplify", "N", "float", "double", "Value", "array", "expr")
"""Functions of other tools around an expression that mg reads as it is."""


def spelled(name: str, known: Collection[str]) -> str:
    """Return what `name`, a factor, most likely says: x*y for xy, pi*x for πx, sin(x) for sinx, else itself."""
    if name in known or name in LETTERS or name in ("e", "E"):
        return name
    hint = instead_of_run(name, known) or instead_of_variable(name) or ""
    written = hint.partition("write ")[2]
    return written if written and "..." not in written else name


def apart(name: str, known: Iterable[str]) -> list[str]:
    """Return the smallest number of names in `known` that run together make `name`; none if there is no such split."""
    pieces = [piece for piece in known if piece in name]
    reached: list[tuple[int, str]] = [(0, ""), *[(len(name) + 1, "")] * len(name)]
    for start, (steps, _) in enumerate(reached):
        for piece in pieces if steps <= start else ():
            end = start + len(piece)
            if name.startswith(piece, start) and reached[end][0] > steps + 1:
                reached[end] = steps + 1, piece
    way: list[str] = []
    end = len(name)
    while piece := reached[end][1]:
        way.append(piece)
        end -= len(piece)
    return way[::-1]


def instead_of_variable(name: str) -> str | None:
    """Return what to write for the variable `name`, None if it is a plausible name for a variable.

    e, exp, sinx and πr are not; gamma, max, cost and τ_1 are.
    """
    if name in ("e", "E"):
        return "for Euler's number, write exp(1)"
    constant, rest = (name.lower(), "") if name.lower() in CONSTANTS else (_SPELLED.get(name[0]), name[1:])
    if constant and rest[:1].isalpha():
        return f"to multiply, write {constant}*{rest}"
    if constant and not rest:
        return f"for the constant, write {constant}"
    if _is_call(name) and not _is_letter(name):
        return call_of(name)
    operand = name[-1]
    # Other letters make words: cost, sine, logp.
    if _is_call(name[:-1]) and (operand in "xyz" or not operand.isascii()):
        return call_of(name[:-1], operand)
    return None


def call_of(function: str, operand: str = "...") -> str:
    """Return how to call `function`, which was written as a variable."""
    return f"to call the function, write {function}({operand})"


def instead_of_run(name: str, known: Iterable[str]) -> str | None:
    """Return what to write for a variable that is `known` names run together, or a function of them: xy, sinx, πr."""
    known = {*known, *CONSTANTS, *_SPELLED}
    if product := _product(name, known):
        return f"to multiply, write {product}"
    for function in sorted(filter(_is_call, FUNCTIONS), key=len, reverse=True):
        rest = name.removeprefix(function)
        operand = rest.lstrip("0123456789")
        if rest != name and (product := _product(operand, known)):
            number = rest.removesuffix(operand)
            return call_of(function, f"{number}*{product}" if number else product)
    return None


def _product(name: str, known: Iterable[str]) -> str:
    return "*".join(_SPELLED.get(piece, piece) for piece in apart(name, known))


def _is_call(name: str) -> bool:
    return name in FUNCTIONS and FUNCTIONS[name].arity == 1


def _is_letter(name: str) -> bool:
    """Return whether `name` is a Greek letter spelled out."""
    from mgcli.notation import GREEK_NAMES

    return name in GREEK_NAMES.split()

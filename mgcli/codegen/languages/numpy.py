"""Python with numpy: a function of numbers and arrays, nan where mg refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mgcli.codegen.draft import OUTCOMES, Draft, Outcome, Request, spread
from mgcli.codegen.language import ARITHMETIC, EITHER, SPACED, Language, read_helpers, words
from mgcli.codegen.languages.python import KEYWORDS, assigned, docstring, signature
from mgcli.graph.operation import ANY, ATOM, CONDITION, POWER, SUM, Form, call

_OF_NUMPY = words("exp expm1 log log1p log2 log10 sqrt sin cos tan sinh cosh tanh cbrt")
_RENAMED = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "abs": "abs",
}


def _at_each(name: str, function: str, arguments: str = "x") -> str:
    """Return the helper that computes a function of Python for each number of an array."""
    return f'''\
def @{name}({arguments}):
    """Return {function} of each number, nan where it is not defined."""
    def at({arguments}):
        try:
            return {function}({arguments})
        except (ArithmeticError, ValueError):
            return math.nan
    return np.vectorize(at, otypes=[float])({arguments})
'''


_OF_PYTHON = {name: re.sub(r"@(?=\w+\()", "@python_", text) for name, text in read_helpers("helpers_python.py").items()}
_HELPERS = {
    **{f"python_{name}": text for name, text in _OF_PYTHON.items()},
    **{name: _at_each(name, f"math.{name}") for name in ("erf", "erfc", "gamma")},
    **{name: _at_each(name, f"@python_{name}") for name in ("lgamma", "digamma")},
    "polygamma": _at_each("polygamma", "@python_polygamma", "n, x"),
}

FORMS = {
    **ARITHMETIC,
    **SPACED,
    **{name: call(f"np.{name}") for name in _OF_NUMPY},
    **{name: call(f"np.{function}") for name, function in _RENAMED.items()},
    **{name: call(f"@{name}") for name in ("erf", "erfc", "gamma", "lgamma", "digamma")},
    "polygamma": call("@polygamma", 2),
    "where": Form(ATOM, "np.where(", EITHER, ", ", ANY, ", ", ANY, ")"),
    "both": Form(CONDITION, "np.logical_and(", EITHER, ", ", EITHER, ")"),
    "either": Form(CONDITION, "np.logical_or(", EITHER, ", ", EITHER, ")"),
    "atan2": call("np.arctan2", 2),
    "hypot": call("np.hypot", 2),
    "pow": call("np.power", 2),
    "power": Form(POWER, ATOM, "**", ATOM),
    # Adding 0 turns -0.0 into 0.0.
    **{name: Form(SUM, f"np.{name}(", ANY, ") + 0.0") for name in ("floor", "ceil", "trunc")},
    "round": Form(SUM, "np.rint(", ANY, ") + 0.0"),
    "mod": Form(SUM, "np.mod(", ANY, ", ", ANY, ") + 0.0"),
    "fmod": Form(SUM, "np.fmod(", ANY, ", ", ANY, ") + 0.0"),
}

LANGUAGE = Language(
    title="numpy",
    forms=FORMS,
    condition=Form(CONDITION, SUM, " != 0.0"),
    indicator=Form(ATOM, "np.where(", EITHER, ", 1.0, 0.0)"),
    constant="{name} = {text}",
    variable="{name} = {text}",
    update="{name} = {name} {sign} {text}",
    keywords=KEYWORDS,
    nan="np.nan",
    helpers=_HELPERS,
    answers_apart=True,
)


def source(request: Request) -> str:
    """Return a module with the function and what it needs."""
    draft = Draft(request, LANGUAGE, *OUTCOMES, "defined", "each", "row")
    value, *derived = request.outcomes()
    body = [*draft.body, *assigned(draft, value)]
    body += spread(draft.zeros([value]) or ["0.0"], " + ", "defined = np.isfinite(", ")", "    ")
    body += _masked(value, "defined")
    body += draft.note("# ")
    for outcome in derived:
        body += assigned(draft, outcome)
    for outcome in derived:
        body += _masked(outcome, "defined & np.isfinite(each)")
    helpers = draft.helpers()
    imports = ["import math\n", "import numpy as np\n\n"] if helpers else ["import numpy as np\n\n"]
    lines = [
        *signature(draft),
        *docstring(draft, "Takes numbers or arrays; nan where a result is not defined or not finite."),
        *_arrays(draft.arguments),
        '    with np.errstate(all="ignore"):',
        *(f"        {line}" for line in body),
        f"    return {', '.join(outcome.name for outcome in request.outcomes())}",
    ]
    return "\n".join([*imports, *(f"{text}\n" for text in helpers), *lines]) + "\n"


def _arrays(arguments: Sequence[str]) -> list[str]:
    """Return the statement that makes arrays of one shape of the arguments."""
    if len(arguments) < 2:
        return [f"    {name} = np.asarray({name}, dtype=float)" for name in arguments]
    names = ", ".join(arguments)
    return [f"    {names} = (np.asarray(each, dtype=float) for each in np.broadcast_arrays({names}))"]


def _masked(outcome: Outcome, condition: str) -> list[str]:
    """Return the statement that puts nan into an outcome where a condition does not hold; a number stays one."""
    name = outcome.name
    if not outcome.shape:
        return [f"{name} = np.where({condition}, {name}, np.nan)[()]"]
    inner = f"np.where({condition}, each, np.nan)[()] for each in"
    if len(outcome.shape) == 1:
        return [f"{name} = tuple({inner} {name})"]
    return [f"{name} = tuple(tuple({inner} row) for row in {name})"]

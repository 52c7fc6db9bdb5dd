"""Python: a function of the standard library alone, which raises where mg refuses."""

from __future__ import annotations

from functools import partial
from keyword import kwlist, softkwlist

from mgcli.codegen.draft import ON_ZEROS, OUTCOMES, Draft, Outcome, Request, described, paragraph, spread
from mgcli.codegen.language import ARITHMETIC, SPACED, read_helpers, words
from mgcli.codegen.python import CHOICES, PYTHON
from mgcli.graph.operation import ANY, ATOM, PRODUCT, SUM, UNARY, Form, call

KEYWORDS = frozenset((*kwlist, *softkwlist, "__debug__")) | words(
    "abs float math max min np range round tuple ValueError"
)
"""The names that sources in Python use."""

_OF_MATH = words("""
    exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc gamma
""")

_DEFINED = '''\
def @defined(compute):
    """Return what `compute` returns, nan where it fails: the branch that needs it may not be taken."""
    try:
        return compute()
    except (ArithmeticError, ValueError):
        return math.nan
'''

FORMS = {
    **ARITHMETIC,
    **SPACED,
    **CHOICES,
    **{name: call(f"math.{name}") for name in _OF_MATH},
    "abs": call("abs"),
    # Of equal numbers, and of zeros, the first is taken.
    "smaller": Form(ATOM, "min(", ANY, ", ", ANY, ")", order=(2, 1)),
    "larger": Form(ATOM, "max(", ANY, ", ", ANY, ")", order=(2, 1)),
    "atan2": call("math.atan2", 2),
    "hypot": call("math.hypot", 2),
    "power": call("math.pow", 2),
    "pow": call("@pow", 2),
    **{name: call(f"@{name}") for name in ("cbrt", "lgamma", "digamma")},
    "polygamma": call("@polygamma", 2),
    # Adding 0 turns -0.0 into 0.0.
    "mod": Form(SUM, PRODUCT, " % ", UNARY, " + 0.0"),
    "fmod": Form(SUM, "math.fmod(", ANY, ", ", ANY, ") + 0.0"),
    **{name: Form(ATOM, f"float(math.{name}(", ANY, "))") for name in ("floor", "ceil", "trunc")},
    "round": Form(ATOM, "float(round(", ANY, "))"),
}

LANGUAGE = PYTHON._replace(
    forms=FORMS,
    keywords=KEYWORDS,
    nan="math.nan",
    helpers={"defined": _DEFINED, **read_helpers("helpers_python.py")},
    guard="@defined(lambda: {text})",
)


def source(request: Request) -> str:
    """Return a module with the function and what it needs."""
    draft = Draft(request, LANGUAGE, *OUTCOMES)
    outcomes = request.outcomes()
    body = [*draft.body, *draft.assignments(partial(assigned, draft), "# ")]
    answer = ", ".join(outcome.name for outcome in outcomes)
    point = ", ".join(f"{name} = {{{name}}}" for name in draft.arguments)
    where = f" at {point}" if point else ""
    message = f"{request.name} is not defined or not finite{where}"
    zeros = draft.zeros(request.outcomes())
    body.append(f"# {ON_ZEROS}")
    body += spread(zeros or ["0.0"], " + ", "if math.isfinite(", "):", "        ")
    body.append(f"    return {answer}")
    lines = [
        *signature(draft),
        *docstring(draft, "Raises ValueError where a result is not defined or not finite."),
        "    try:",
        *(f"        {line}" for line in body),
        "    except (ArithmeticError, ValueError):",
        "        pass",
        f'    raise ValueError({"f" if point else ""}"{message}")',
    ]
    return "\n".join(["import math\n\n", *(f"{text}\n" for text in draft.helpers()), *lines]) + "\n"


def assigned(draft: Draft, outcome: Outcome) -> list[str]:
    """Return the statement that gives an outcome its name."""
    pieces = outcome.literal(draft.text, "(", ")")
    if not outcome.shape:
        return [f"{outcome.name} = {pieces[0]}"]
    closing = ",)" if len(pieces) == 1 else ")"
    return spread(pieces, ", ", f"{outcome.name} = (", closing, "    ")


def signature(draft: Draft) -> list[str]:
    """Return the line, or the lines, with the name and the parameters."""
    opening = f"def {draft.request.name}("
    return spread(draft.parameters("="), ", ", opening, "):", " " * len(opening))


def docstring(draft: Draft, refusing: str) -> list[str]:
    """Return the docstring, of what is computed and where it is refused."""
    request = draft.request
    title = request.title.replace("\\", "\\\\").replace('"""', "'''")
    first, *rest = paragraph(described(request._replace(title=title)), '    """', "    ")
    notes = paragraph(" ".join([*request.remarks(), refusing]), "    ", "    ")
    return [first, *rest, "", *notes, '    """']

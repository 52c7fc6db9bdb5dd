"""Rust: safe functions of the standard library, and the same floats as mg to the last bit."""

from __future__ import annotations

import re
from functools import partial

from mgcli.codegen.draft import MOST_ARGUMENTS, ON_ZEROS, OUTCOMES, Draft, Request, described, paragraph, spread
from mgcli.codegen.language import ARITHMETIC, BOTH, EITHER, SPACED, Language, read_helpers, words
from mgcli.graph.operation import ANY, ATOM, CONDITION, PRODUCT, SUM, UNARY, Form, call

_KEYWORDS = words("""
    _ as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut
    pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final gen
    macro override priv typeof unsized virtual yield try union f64 bool None Some Option
""")

_METHODS = {
    "abs": "abs",
    "exp": "exp",
    "expm1": "exp_m1",
    "log": "ln",
    "log1p": "ln_1p",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "asin",
    "acos": "acos",
    "atan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
}
"""The methods of a number that compute functions of the table."""

FORMS = {
    **ARITHMETIC,
    **SPACED,
    **{name: Form(ATOM, ATOM, f".{method}()") for name, method in _METHODS.items()},
    "where": Form(ANY, "if ", EITHER, " { ", ANY, " } else { ", ANY, " }"),
    "both": Form(BOTH, CONDITION, " && ", CONDITION),
    "either": Form(EITHER, CONDITION, " || ", CONDITION),
    # Adding 0 turns -0.0 into 0.0.
    "floor": Form(SUM, ATOM, ".floor() + 0.0"),
    "ceil": Form(SUM, ATOM, ".ceil() + 0.0"),
    "trunc": Form(SUM, ATOM, ".trunc() + 0.0"),
    "fmod": Form(SUM, PRODUCT, " % ", UNARY, " + 0.0"),
    "atan2": Form(ATOM, ATOM, ".atan2(", ANY, ")"),
    "power": Form(ATOM, ATOM, ".powf(", ANY, ")"),
    "power_as_is": call("@power", 2),
    "pow": call("@pow", 2),
    "mod": call("@mod", 2),
    "hypot": call("@hypot", 2),
    **{name: call(f"@{name}") for name in ("asinh", "acosh", "atanh", "erf", "erfc", "round")},
    **{name: call(f"@{name}") for name in ("cbrt", "gamma", "lgamma", "digamma")},
    "polygamma": call("@polygamma", 2),
}


_UNTYPED = re.compile(r"(\(if .*\{ -?[\d.e+-]+)( \} else \{ -?[\d.e+-]+ \}\)\.)")
"""A choice between numbers whose method is called: their type must be named."""

_BRANCH = re.compile(r"\{ ([^{}]*) \}")
_NUMBER = re.compile(r"-?[\d.e+-]+")


def _tidied(text: str) -> str:
    """Return a choice, in which others are tidied already, as a chain of `else if`."""
    opening, found, rest = text.partition(" else { if ")
    return f"{opening} else if {rest[:-2]}" if found else _UNTYPED.sub(r"\1_f64\2", text)


def _typed(statement: str) -> str:
    """Return a statement, with the type of a choice between numbers."""
    branches = _BRANCH.findall(statement)
    if branches and all(map(_NUMBER.fullmatch, branches)):
        return statement.replace(" =", ": f64 =", 1)
    return statement


LANGUAGE = Language(
    title="Rust",
    forms=FORMS,
    condition=Form(CONDITION, SUM, " != 0.0"),
    indicator=Form(ANY, "if ", EITHER, " { 1.0 } else { 0.0 }"),
    constant="let {name} = {text};",
    variable="let mut {name} = {text};",
    update="{name} {sign}= {text};",
    keywords=_KEYWORDS,
    has_unicode=False,
    has_defaults=False,
    receiver="_f64",
    nan="f64::NAN",
    helpers=read_helpers("helpers.rs"),
    tidied=_tidied,
)


def source(request: Request) -> str:
    """Return a module with the function and what it needs."""
    draft = Draft(request, LANGUAGE, *OUTCOMES, "inputs", "zeros")
    outcomes = request.outcomes()
    body = [*draft.inputs("let _ = {name};"), *map(_typed, draft.body)]
    body += draft.assignments(partial(draft.assigned, indent="    "), "// ")
    names = [outcome.name for outcome in outcomes]
    answer = f"({', '.join(names)})" if len(names) > 1 else names[0]
    if zeros := draft.zeros(request.outcomes()):
        body.append(f"// {ON_ZEROS}")
        body += spread(zeros, " + ", "let zeros: f64 = ", ";", "    ")
        body += ["if zeros.is_finite() {", f"    Some({answer})", "} else {", "    None", "}"]
    else:
        body.append(f"Some({answer})")
    function = [*_comment(draft), *_signature(draft), *(f"    {line}" for line in body), "}"]
    helpers = draft.helpers() if request.name.islower() else [f"{_ALLOWED}\n{text}" for text in draft.helpers()]
    return "\n".join([*helpers, *function]) + "\n"


_ALLOWED = "#[allow(non_snake_case)]"


def _signature(draft: Draft) -> list[str]:
    request = draft.request
    parameters = [f"{name}: f64" for name in draft.arguments]
    if len(parameters) > MOST_ARGUMENTS:
        parameters = [f"inputs: &[f64; {len(parameters)}]"]
    types = [_type(outcome.shape) for outcome in request.outcomes()]
    kind = f"({', '.join(types)})" if len(types) > 1 else types[0]
    opening = f"pub fn {request.name}("
    allowed = [] if all(map(_is_snake_case, [request.name, *draft.names])) else [_ALLOWED]
    return [*allowed, *spread(parameters, ", ", opening, f") -> Option<{kind}> {{", " " * len(opening))]


def _is_snake_case(name: str) -> bool:
    return name == name.lower() and "__" not in name


def _type(shape: tuple[int, ...]) -> str:
    """Return the type of a number, a vector or a matrix."""
    kind = "f64"
    for size in reversed(shape):
        kind = f"[{kind}; {size}]"
    return kind


def _comment(draft: Draft) -> list[str]:
    request = draft.request
    sentences = [
        described(request._replace(title=f"`{request.title}`")),
        "None where a result is not defined or not finite. The same bits as mg.",
        *draft.remarks(),
    ]
    return [line for text in sentences for line in paragraph(text, "/// ", "/// ")]

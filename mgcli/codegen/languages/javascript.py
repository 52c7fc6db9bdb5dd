"""JavaScript: an ES module, or statements for a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from mgcli.codegen.draft import ON_ZEROS, OUTCOMES, Draft, Request, described, paragraph, spread
from mgcli.codegen.language import ARITHMETIC, C_CHOICES, EITHER, SPACED, Language, Names, read_helpers, words
from mgcli.codegen.lines import Lines
from mgcli.codegen.straight_line import Code
from mgcli.codegen.terms import Term
from mgcli.graph.operation import ANY, ATOM, CONDITION, PRODUCT, SUM, Form, call

_OF_MATH = words("abs exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh")

_KEYWORDS = words("""
    arguments async await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield
    Array Infinity Math NaN Number Object
""")


def _number(number: float) -> str:
    return repr(number).removesuffix(".0")


FORMS = {
    **ARITHMETIC,
    **SPACED,
    **C_CHOICES,
    **{name: call(f"Math.{name}") for name in _OF_MATH},
    "equal": Form(CONDITION, SUM, " === ", SUM),
    "not_equal": Form(CONDITION, SUM, " !== ", SUM),
    # Adding 0 turns -0 into 0.
    "floor": Form(SUM, "Math.floor(", ANY, ") + 0"),
    "ceil": Form(SUM, "Math.ceil(", ANY, ") + 0"),
    "trunc": Form(SUM, "Math.trunc(", ANY, ") + 0"),
    "round": call("@round"),
    "fmod": Form(SUM, PRODUCT, " % ", ATOM, " + 0"),
    "mod": call("@mod", 2),
    "atan2": call("Math.atan2", 2),
    "hypot": call("Math.hypot", 2),
    **{name: call(f"@{name}") for name in ("cbrt", "erf", "erfc", "gamma", "lgamma", "digamma")},
    "polygamma": call("@polygamma", 2),
    "pow": call("Math.pow", 2),
}

LANGUAGE = Language(
    title="JavaScript",
    forms=FORMS,
    condition=Form(CONDITION, SUM, " !== 0"),
    indicator=Form(ANY, EITHER, " ? 1 : 0"),
    constant="const {name} = {text};",
    variable="let {name} = {text};",
    update="{name} {sign}= {text};",
    keywords=_KEYWORDS,
    number=_number,
    nan="NaN",
    helpers=read_helpers("helpers.mjs"),
)


class Statements(NamedTuple):
    """Statements of JavaScript, and the expressions that have their results after them.

    helpers: functions that the statements call, to be written once, before them.
    names: the names of the arguments, in order, which the statements expect to exist.
    lines: the statements. text: gives the expression of a term of the code.
    """

    helpers: list[str]
    names: list[str]
    lines: list[str]
    text: Callable[[Term], str]


def statements(code: Code, prefix: str = "") -> Statements:
    """Return the statements that compute every result of `code`, in a page or another function.

    A result that is not defined is NaN or infinite. `prefix` is put before the names of the helpers.
    Raises NoFormError for a function that JavaScript cannot compute.
    """
    lines = Lines(code, LANGUAGE, Names(LANGUAGE.keywords, code.labels.values()))
    raw = lines.statements()

    def finished(text: str) -> str:
        return text.replace("@", prefix)

    helpers = LANGUAGE.helpers_of([*raw, *map(lines.text, code.results)])
    names = [lines.names[term] for term in code.arguments]
    return Statements(
        [finished(text) for text in helpers],
        names,
        [finished(line) for line in raw],
        lambda term: finished(lines.text(term)),
    )


def source(request: Request) -> str:
    """Return a module with the function and what it needs."""
    draft = Draft(request, LANGUAGE, *OUTCOMES)
    body = [*draft.body, *draft.assignments(partial(draft.assigned, indent="  "), "// ")]
    names = [outcome.name for outcome in request.outcomes()]
    answer = "value" if names == ["value"] else f"{{ {', '.join(names)} }}"
    if zeros := draft.zeros(request.outcomes()):
        body.append(f"// {ON_ZEROS}")
        body.extend(spread(zeros, " + ", "return Number.isFinite(", f") ? {answer} : null;", "  "))
    else:
        body.append(f"return {answer};")
    opening = f"export function {request.name}("
    signature = spread(draft.parameters(" = "), ", ", opening, ") {", " " * len(opening))
    function = [*_comment(draft), *signature, *(f"  {line}" for line in body), "}"]
    return "\n".join([*draft.helpers(), *function]) + "\n"


def _comment(draft: Draft) -> list[str]:
    request = draft.request
    sentences = [described(request), *request.remarks()]
    lines = [line for text in sentences for line in paragraph(text, " * ", " * ")]
    plain = len(draft.arguments) - len(request.defaults)
    for index, name in enumerate(draft.arguments):
        optional = index >= plain
        lines.append(f" * @param {{number}} {f'[{name}]' if optional else name}")
    types = {outcome.name: _type(outcome.shape) for outcome in request.outcomes()}
    fields = ", ".join(f"{name}: {kind}" for name, kind in types.items())
    kind = "number" if [*types] == ["value"] else f"{{{fields}}}"
    lines.append(f" * @returns {{{kind} | null}} null where a result is not defined or not finite")
    return ["/**", *(line.replace("*/", "* /") for line in lines), " */"]


def _type(shape: tuple[int, ...]) -> str:
    """Return the type of a number, a vector or a matrix."""
    return f"number{'[]' * len(shape)}"

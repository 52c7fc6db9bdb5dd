"""C: C99 with the functions of math.h, and the same floats as mg to the last bit."""

from __future__ import annotations

from functools import partial

from mgcli.codegen.draft import (
    MOST_ARGUMENTS,
    ON_ZEROS,
    OUTCOMES,
    Draft,
    Outcome,
    Request,
    described,
    paragraph,
    spread,
)
from mgcli.codegen.language import ARITHMETIC, C_CHOICES, EITHER, Language, read_helpers, words
from mgcli.graph.operation import ANY, CONDITION, SUM, Form, call

_OF_MATH_H = words(
    "exp expm1 log log1p log2 log10 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc"
)

_KEYWORDS = words("""
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool _Complex
    _Imaginary alignas alignof bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual asm
    fortran main NULL NDEBUG
""")

_KEYWORDS_OF_CPP = words("""
    and and_eq bitand bitor catch char16_t char32_t char8_t class compl concept const_cast consteval constinit co_await
    co_return co_yield decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not not_eq
    operator or or_eq private protected public reinterpret_cast requires static_cast template this throw try typeid
    typename using virtual wchar_t xor xor_eq
""")
"""A C++ file may include the declaration."""

_LIBRARY = words("""
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax
    fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint
    nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc abs
    fpclassify isfinite isgreater isgreaterequal isinf isless islessequal islessgreater isnan isnormal isunordered
    signbit INFINITY NAN HUGE_VAL HUGE_VALF HUGE_VALL FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO FP_FAST_FMA
    FP_ILOGB0 FP_ILOGBNAN MATH_ERRNO MATH_ERREXCEPT math_errhandling float_t double_t
""")

FORMS = {
    **ARITHMETIC,
    **C_CHOICES,
    **{name: call(name) for name in _OF_MATH_H},
    "abs": call("fabs"),
    # Adding 0 turns -0.0 into 0.0.
    "floor": Form(SUM, "floor(", ANY, ") + 0.0"),
    "ceil": Form(SUM, "ceil(", ANY, ") + 0.0"),
    "round": Form(SUM, "rint(", ANY, ") + 0.0"),
    "trunc": Form(SUM, "trunc(", ANY, ") + 0.0"),
    "fmod": Form(SUM, "fmod(", ANY, ", ", ANY, ") + 0.0"),
    "mod": call("@mod", 2),
    "atan2": call("atan2", 2),
    "hypot": call("@hypot", 2),
    **{name: call(f"@{name}") for name in ("cbrt", "gamma", "lgamma", "digamma")},
    "polygamma": call("@polygamma", 2),
    "pow": call("@pow", 2),
    "power": call("pow", 2),
    "power_as_is": call("@power", 2),
}

LANGUAGE = Language(
    title="C",
    forms=FORMS,
    condition=Form(CONDITION, SUM, " != 0.0"),
    indicator=Form(ANY, EITHER, " ? 1.0 : 0.0"),
    constant="const double {name} = {text};",
    variable="double {name} = {text};",
    update="{name} {sign}= {text};",
    keywords=_KEYWORDS | _KEYWORDS_OF_CPP | _LIBRARY,
    has_unicode=False,
    has_defaults=False,
    nan="NAN",
    helpers=read_helpers("helpers.c"),
)


def source(request: Request) -> str:
    """Return a file with the function and what it needs."""
    draft = Draft(request, LANGUAGE, *OUTCOMES, "inputs")
    zeros = draft.zeros(request.outcomes(), "(*value)")
    answer = ["return 0;"]
    if zeros:
        answer = [f"/* {ON_ZEROS} */"]
        answer += spread(zeros, " + ", "return isfinite(", ") ? 0 : 1;", " " * 8)
    assignments = draft.assignments(partial(_assigned, draft), "/* ", " */")
    body = [*draft.inputs("(void){name};"), *draft.body, *assignments, *answer]
    function = [*_comment(draft), *_signature(draft, ")"), "{", *(f"    {line}" for line in body), "}"]
    return "\n".join(["#include <math.h>\n", *draft.helpers(), *function]) + "\n"


def header(request: Request) -> str:
    """Return a file with the declaration of the function, for C and C++."""
    draft = Draft(request, LANGUAGE, *OUTCOMES, "inputs")
    guard = f"{request.name.upper()}_H"
    opening = [f"#ifndef {guard}", f"#define {guard}", "", "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    closing = ["", "#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return "\n".join([*opening, *_comment(draft), *_signature(draft, ");"), *closing]) + "\n"


def _assigned(draft: Draft, outcome: Outcome) -> list[str]:
    """Return the statements that write an outcome to its place."""
    places = outcome.places() if outcome.shape else ["*value"]
    return [f"{place} = {draft.text(term)};" for place, term in zip(places, outcome.terms, strict=True)]


def _comment(draft: Draft) -> list[str]:
    sentences = [
        described(draft.request),
        "Returns 0, or 1 where a result is not defined or not finite.",
        *draft.remarks(),
        "Same bits as mg: cc -O2 -ffp-contract=off",
    ]
    lines = [line for text in sentences for line in paragraph(_harmless(text), "   ", "   ")]
    return ["/*" + lines[0][2:], *lines[1:-1], f"{lines[-1]} */"]


def _harmless(text: str) -> str:
    """Return `text` for a comment."""
    return text.replace("*/", "* /").replace("/*", "/ *")


def _signature(draft: Draft, closing: str) -> list[str]:
    request = draft.request
    count = len(draft.arguments)
    parameters = [f"double {name}" for name in draft.arguments]
    if count > MOST_ARGUMENTS:
        parameters = [f"const double inputs[{count}]"]
    for name, shape, _ in request.outcomes():
        sizes = "".join(f"[{size}]" for size in shape)
        parameters.append(f"double {name}{sizes}" if shape else f"double *{name}")
    opening = f"int {request.name}("
    return spread(parameters, ", ", opening, closing, " " * len(opening))

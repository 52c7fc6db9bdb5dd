"""A graph as the source of a function in one of the languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from math import nan
from pathlib import PurePath
from typing import Any

from mgcli.codegen.draft import Request
from mgcli.codegen.hessian import with_hessian
from mgcli.codegen.language import Language, NoFormError
from mgcli.codegen.straight_line import Code, straight_line
from mgcli.errors import EvaluationError, Remedy
from mgcli.graph.node import Node, by_span, topological
from mgcli.graph.value import Value, constant, make

LANGUAGES = "c", "rust", "javascript", "numpy", "python"
"""The languages; each is a module of `mgcli.codegen.languages`."""

SUFFIXES = {".c": "c", ".h": "c", ".rs": "rust", ".js": "javascript", ".mjs": "javascript", ".py": "python"}
"""The language of a file, by its suffix in lower case."""


def language_of(file: str) -> str | None:
    """Return the language that the suffix of `file` names, None if none."""
    return SUFFIXES.get(PurePath(file).suffix.lower())


def table_of(language: str) -> Language:
    """Return the table of one of `LANGUAGES`."""
    found: Language = _module(language).LANGUAGE
    return found


def source(
    language: str,
    name: str,
    title: str,
    roots: Sequence[Node],
    arguments: Sequence[Node],
    wrt: Mapping[str, Node],
    results: Sequence[str] = (),
    defaults: Sequence[float] = (),
    formulas: Sequence[Node] = (),
    *,
    header: bool = False,
) -> str:
    """Return the source of a function of `arguments`, and all it needs, in one of `LANGUAGES`.

    title: what it computes, for a comment. wrt: the nodes to differentiate with respect to.
    results: the names of several roots. defaults: the numbers of the last arguments.
    formulas: those of the derivatives of a single root, where second derivatives are wanted, too.
    header: whether only the declaration is wanted, of C.
    Raises EvaluationError for an operation that the language cannot have, and for a constant part without a value.
    """
    module = _module(language)
    apart = module.LANGUAGE.answers_apart
    try:
        if formulas:
            code = with_hessian(roots[0], formulas, arguments, [*wrt.values()], apart=apart)
        else:
            code = straight_line(roots, arguments, [*wrt.values()], apart=apart, lenient=True)
        _check(code, roots)
        request = Request(name, title, code, [*wrt], results, defaults)
        text: str = module.header(request) if header else module.source(request)
    except NoFormError as error:
        raise pointing(error, roots) from None
    return text


def _check(code: Code, roots: Sequence[Node]) -> None:
    """Raise EvaluationError where a result is undefined whatever the arguments are."""
    if all(term.number is None or term.is_known for term in code.results):
        return
    failed = [node for node in topological(*roots) if node.error]
    if failed:
        error = min(failed, key=by_span).error
        assert error is not None
        raise error
    message = "a derivative is undefined or overflows, whatever the variables are"
    raise EvaluationError(message, hint=Remedy("leave out the derivatives", "value only"))


def _module(language: str) -> Any:
    return import_module(f"mgcli.codegen.languages.{language}")


def pointing(error: NoFormError, roots: Sequence[Node]) -> EvaluationError:
    """Return an error that points at the first node which calls the function that is missing."""
    title = error.language.title
    for node in topological(*roots):
        operation = node.operation
        if operation is None:
            continue
        operands = [Value(operand.data) if operand.varies else constant(operand.data) for operand in node.operands]
        twin = make(operation, operands, nan)
        variables = [operand for operand in operands if operand.varies]
        for wrt in ([], variables):
            code = straight_line([twin], variables, wrt)
            if error.function in {term.function for term in code.steps}:
                what = f"the derivative of {operation.noun}" if wrt else operation.noun
                hint = Remedy("leave out the derivatives", "value only") if wrt else None
                return EvaluationError(f"{what} cannot be written in {title}", span=node.span, hint=hint)
    return EvaluationError(f"{error.function} cannot be written in {title}")

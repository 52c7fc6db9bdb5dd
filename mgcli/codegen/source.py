"""A graph as the source of a function in one of the languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from math import nan
from pathlib import PurePath
from typing import Any

from mgcli.codegen.draft import Request
from mgcli.codegen.language import Language, NoFormError
from mgcli.codegen.straight_line import straight_line
from mgcli.errors import EvaluationError, Remedy
from mgcli.graph.node import Node, topological
from mgcli.graph.value import Value, constant, make

LANGUAGES = "c", "javascript"
"""The languages; each is a module of `mgcli.codegen.languages`."""

SUFFIXES = {".c": "c", ".h": "c", ".js": "javascript", ".mjs": "javascript"}
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
    *,
    header: bool = False,
) -> str:
    """Return the source of a function of `arguments`, and all it needs, in one of `LANGUAGES`.

    title: what it computes, for a comment. wrt: the nodes to differentiate with respect to.
    results: the names of several roots. defaults: the numbers of the last arguments. header: only the declaration of C.
    Raises EvaluationError for an operation that the language cannot have, and for a constant part without a value.
    """
    module = _module(language)
    try:
        code = straight_line(roots, arguments, [*wrt.values()])
        request = Request(name, title, code, [*wrt], results, defaults)
        text: str = module.header(request) if header else module.source(request)
    except NoFormError as error:
        raise pointing(error, roots) from None
    return text


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

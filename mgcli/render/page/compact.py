"""The scripts and the style of a page, made short, since every page contains them.

The scripts are written for this: a statement begins at the start of a line, what is inside it is indented, it ends with
a semicolon or a brace, templates are not nested, a regular expression follows `(`, an object has no methods, and what
is taken out of an object has no default.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, filterfalse
from string import ascii_letters
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*[\s\S]*?\*/)
    |(?P<string>"(?:\\.|[^"\\])*")
    |(?P<pattern>(?<=\()/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/[a-z]*)
    |(?P<template>`(?:\\.|[^`\\])*`)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<number>\d[\w.]*)
    |(?P<sign>\+\+|--|\.\.\.|.)""",
    re.VERBOSE,
)

_NAMES = r"(\w+|\[[^\]]*\]|\{[\w\s,]*\})"

_OUTSIDE = re.compile(rf"^(?:const|let) {_NAMES}|, {_NAMES} = |^function (\w+)")
"""What the first line of a statement declares for all others."""

_DECLARED = re.compile(rf"\b(?:const|let) {_NAMES}|, {_NAMES} = |\bfunction \w+\(([^)]*)\)|\(([^()]*)\) =>")
"""What a statement declares: names of numbers and so on, the parameters of a function, those of an arrow."""

_DECLARATIONS = {"const", "let"}


class _Token(NamedTuple):
    kind: str
    text: str


_SEMICOLON = _Token("sign", ";")


def script(text: str) -> str:
    """Return a script without comments and needless blanks, with `let` for `const`, and with short names.

    The names that become short are those that the script declares, the most frequent the shortest; two statements may
    have the same for what each of them declares inside. Properties stay as they are, since the script does not say
    which of them are the browser's.
    """
    statements = re.split(r"\n(?=\w)", text)
    shared = {name for statement in statements for name in _declared(statement.partition("\n")[0], _OUTSIDE)}
    tokens = [[*_tokens(statement)] for statement in statements]
    words = Counter(token.text for statement in tokens for token in statement if token.kind == "word")
    short = _shortened(words, shared, set(words))
    renamed: list[_Token] = []
    for statement, found in zip(statements, tokens, strict=True):
        words = Counter(token.text for token in found if token.kind == "word")
        inside = _declared(statement, _DECLARED) - shared
        taken = {short.get(word, word) for word in words if word not in inside}
        renamed += _renamed(found, short | _shortened(words, inside, taken))
    return re.sub(r"(?<![\w$)])\((\w+)\)=>", r"\1=>", "".join(_joined(renamed)))


def _declared(text: str, pattern: re.Pattern[str]) -> set[str]:
    return {name for found in pattern.finditer(text) for name in re.findall(r"\w+", found[found.lastindex or 0])}


def _shortened(words: Counter[str], own: set[str], taken: set[str]) -> dict[str, str]:
    """Return a short name, none of those that are taken, for each of the words that is the script's own."""
    free = filterfalse(taken.__contains__, _short_names())
    return {word: next(free) for word, _ in words.most_common() if word in own}


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens of a script; a template in its parts."""
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup or "", found[0]
        if kind != "template":
            yield from [_Token(kind, token)] if kind != "blank" else []
            continue
        for index, part in enumerate(re.split(r"(\$\{|\})", token)):
            if index % 4 == 2:
                yield from _tokens(part)
            else:
                yield _Token("literal", part)


def _short_names() -> Iterator[str]:
    yield from ascii_letters
    for number in count():
        yield from (f"{letter}{number}" for letter in ascii_letters)


def _renamed(tokens: list[_Token], names: dict[str, str]) -> Iterator[_Token]:
    """Yield the tokens with other names for variables; a property of the same name stays: {x} becomes {x:a}."""
    opened = [""]
    for (_, before), (kind, text), (_, after) in zip(
        [_SEMICOLON, *tokens], tokens, [*tokens[1:], _SEMICOLON], strict=False
    ):
        if kind == "sign" and text[-1] in "([{":
            opened.append(text)
        elif kind == "sign" and text in ")]}":
            opened.pop()
        in_braces = opened[-1] == "{" and before in {"{", ","}
        if kind == "word" and before != "." and text in names and not (in_braces and after == ":"):
            yield _Token(kind, f"{text}:{names[text]}" if in_braces and after in {",", "}"} else names[text])
        else:
            yield _Token(kind, text)


def _joined(tokens: Iterable[_Token]) -> list[str]:
    """Return the tokens with the blanks that they need; one declaration after another is one."""
    written: list[str] = []
    last = ";"
    declares = [False]
    for kind, text in tokens:
        is_declaration = text in _DECLARATIONS
        if is_declaration and last == ";" and declares[-1]:
            written[-1] = last = ","
            continue
        if last in {";", "{", "}"}:
            declares[-1] = is_declaration
        if kind == "sign" and text[-1] in "([{":
            declares.append(False)
        elif kind == "sign" and text in ")]}":
            declares.pop()
        joins = kind in {"word", "number"} and re.match(r"[\w$]", last)
        if joins or (kind == "sign" and text[0] == last and last in "+-"):
            written.append(" ")
        elif (last == "," and text in "}])") or (last == ";" and text == "}"):
            written.pop()
        written.append("let" if is_declaration else text)
        last = "" if kind == "literal" else text[-1]
    return written


def style(text: str) -> str:
    """Return a style sheet without needless blanks, its own properties with short names."""
    properties = dict.fromkeys(re.findall(r"--\w+", text))
    short = dict(zip(properties, (f"--{letter}" for letter in ascii_letters), strict=False))
    text = re.sub(r"--\w+\b(?!-)", lambda found: short[found[0]], re.sub(r"\s+", " ", text))
    return re.sub(r" ?([{};,>+!]) ?|(:) ", r"\1\2", text).replace(";}", "}").strip()

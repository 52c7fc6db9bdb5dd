"""The scripts and the style of the page, made as short as they can be, since every page contains them.

The scripts are written for this: every statement ends with a semicolon, templates are not nested, and a regular
expression follows `(`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from string import ascii_letters
from typing import Any

from mgcli.codegen.language import words

FOREIGN = words("""
    const do else false for function get if in let new null of return true typeof undefined while

    abs Array assign at Boolean every filter find findIndex flat floor forEach includes Infinity is isArray isFinite
    isInteger isNaN join keys length log10 map Map Math max min NaN Number Object PI push reduce replace replaceAll
    set shift slice sort startsWith String test toExponential toLowerCase toPrecision trim trunc

    addEventListener altKey append appendChild autocomplete class clearInterval clearTimeout clientHeight clientWidth
    createElement createElementNS ctrlKey cx cy d display document endsWith focus getElementById hash height history
    id key location match matches maxWidth metaKey minWidth namespaceURI onclick onhashchange oninput onkeydown
    preventDefault removeAttribute replaceChildren replaceState role rx ry scrollLeft scrollTop setAttribute
    setInterval setTimeout style target textContent title transform type URLSearchParams value values viewBox width x
    y

    first back play next last forward backward pi tau graph recompute
""")
"""The words that are not the scripts' own: of JavaScript, of its library, of browsers; and names that are also text."""

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*)
    |(?P<string>"(?:\\.|[^"\\])*")
    |(?P<pattern>(?<=\()/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/[a-z]*)
    |(?P<template>`(?:\\.|[^`\\])*`)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<number>\d[\w.]*)
    |(?P<sign>\+\+|--|.)""",
    re.VERBOSE,
)


class Shortener:
    """Gives the words of scripts short names, the same in each of them; the most frequent gets the shortest."""

    def __init__(self, scripts: str) -> None:
        self.names: Mapping[str, str] = {}
        words = Counter(text for kind, text in _tokens(scripts) if kind == "word" and text not in FOREIGN)
        short = (name for name in _short_names() if name not in FOREIGN)
        self.names = {word: next(short) for word, _ in words.most_common()}

    def script(self, text: str) -> str:
        """Return a script with short names, without comments and needless blanks, and with `let` for `const`."""
        written: list[str] = []
        last = ""
        for kind, found in _tokens(text):
            token = self.names.get(found, found) if kind == "word" else found
            joins = kind in ("word", "number") and re.match(r"[\w$]", last)
            if joins or (kind == "sign" and token[0] == last and last in "+-"):
                written.append(" ")
            elif (last == "," and token in "}])") or (last == ";" and token == "}"):
                written.pop()
            written.append("let" if token == "const" and kind == "word" else token)
            last = "" if kind == "literal" else token[-1]
        return re.sub(r"(?<![\w$)])\((\w+)\)=>", r"\1=>", "".join(written))

    def keys(self, data: Any) -> Any:
        """Return JSON data with the keys that scripts know them by."""
        if isinstance(data, dict):
            return {self.names.get(key, key): self.keys(value) for key, value in data.items()}
        return [self.keys(item) for item in data] if isinstance(data, list | tuple) else data


def _tokens(script: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a script, with their kinds; a template in its parts."""
    for found in _TOKEN.finditer(script):
        kind, text = found.lastgroup or "", found[0]
        if kind == "template":
            for index, part in enumerate(re.split(r"(\$\{|\})", text)):
                yield from (
                    [("literal", part)] if index % 4 == 0 else _tokens(part) if index % 4 == 2 else [("sign", part)]
                )
        elif kind != "blank":
            yield kind, text


def _short_names() -> Iterator[str]:
    yield from ascii_letters
    for number in count():
        yield from (f"{letter}{number}" for letter in ascii_letters)


def style(text: str) -> str:
    """Return a style sheet without needless blanks, its own properties with short names."""
    properties = dict.fromkeys(re.findall(r"--\w+", text))
    short = dict(zip(properties, (f"--{letter}" for letter in ascii_letters), strict=False))
    text = re.sub(r"--\w+\b(?!-)", lambda found: short[found[0]], re.sub(r"\s+", " ", text))
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", text).replace(";}", "}").strip()

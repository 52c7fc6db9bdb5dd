"""The tables of the grammar, walked, against Lark itself; and where they are kept."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from work import lines_run

from mgcli.language import grammar

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "grammars" / "expression.lark").read_text(encoding="utf-8")
PIECES = ["a", "x1", "α", "sin", "2", ".5", "1e-3", "1_0", "+", "-", "*", "**", "^", "/", "(", ")", ",", "=", "==", "<"]
SYMBOLS = ["×", "·", "⋅", "÷", "−", "²", "⁻¹", "√", "√(", "%", "!", "!=", "π", "x²y", "1e−3"]
SPACES = [";", "\n", "\r\n", " ", "\t", "# note (\n", "$", "2x", "₁"]
VALID = [
    "a",
    "-x**2^-3*+y",
    "f(a, g(b), -(c))",
    "f()",
    "-x!**2 − y²³%3·√(z)⁻¹÷π",
    "e = a*b; d = e + c\nL = d*f",
    "\n;a\n\n; b = 2 # end",
    "(a\n+\r\nb) # (\n",
    "f(a,\n# note\nb)",
    ";",
    "",
]


class Trees:
    """Builds (rule, children) of every rule that has a name, tokens as (text, start, end)."""

    def __getattr__(self, rule: Any) -> Any:
        if rule.startswith("_") or rule.isupper():
            raise AttributeError(rule)
        return lambda children: (rule, [plain(child) for child in children])


def plain(child: Any) -> tuple[Any, ...]:
    return child if type(child) is tuple else (str(child), child.start_pos, child.end_pos)


class NewlinesInParentheses:
    always_accept = ("_SEPARATOR",)

    def process(self, tokens: Any) -> Iterator[Any]:
        depth = 0
        begins = True
        for token in tokens:
            depth += (token.type == "LPAR") - (token.type == "RPAR")
            if not (depth > 0 and token.type == "_SEPARATOR" and token != ";"):
                if token.type == "DEFINED" and not begins:
                    token.type = "NAME"
                begins = token.type == "_SEPARATOR"
                yield token


def by_lark(text: str) -> Any:
    """Return what Lark's own parser makes of a text, or where it stops."""
    try:
        return LARK.parse(text)
    except UnexpectedCharacters as error:
        return error.pos_in_stream
    except UnexpectedToken as error:
        return len(text) if error.token.type == "$END" else error.token.start_pos


LARK = Lark(
    TEXT,
    start="program",
    parser="lalr",
    lexer="basic",
    keep_all_tokens=True,
    maybe_placeholders=False,
    postlex=NewlinesInParentheses(),
    transformer=Trees(),
)
PARSER = grammar.Parser(json.loads(json.dumps(grammar.tables(TEXT))))


def by_the_tables(text: str) -> Any:
    try:
        return PARSER.parse(text, Trees())
    except grammar.UnexpectedError as error:
        return error.position


@pytest.mark.parametrize("text", VALID)
def test_a_text_gives_the_tree_that_lark_gives(text: str) -> None:
    tree = by_the_tables(text)
    assert tree == by_lark(text)
    assert tree[0] == "program"


@settings(max_examples=settings().max_examples * 3 // 2)
@given(st.lists(st.sampled_from(PIECES + SYMBOLS + SPACES), max_size=14).map("".join))
def test_any_text_gives_the_tree_or_the_position_that_lark_gives(text: str) -> None:
    assert by_the_tables(text) == by_lark(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [("a + $", 4), ("a b", 2), ("a +", 3), ("(a  ", 4), (")", 0), ("a = = b", 4), ("# only $", None)],
)
def test_an_error_has_the_position_of_the_unexpected_token(text: str, position: int | None) -> None:
    result = by_the_tables(text)
    assert result == (position if position is not None else ("program", []))


GRAMMAR = r"""
program: _items
_items: item (";" item)*
!item: pair | "[" _pairs? "]" -> listed
_pairs: pair+
?pair: WORD | WORD "=" WORD -> assigned
WORD: /[a-z]+/i
%ignore " "
"""


def test_another_grammar_works_as_well() -> None:
    parser = grammar.Parser(grammar.tables(GRAMMAR))
    a, b = ("a", 0, 1), ("B", 4, 5)
    assert parser.parse("a = B", Trees()) == ("program", [("item", [("assigned", [a, ("=", 2, 3), b])])])
    listed = parser.parse("[];[x y=z]", Trees())
    assert [name for name, _ in listed[1][::2]] == ["listed", "listed"]
    assert len(listed[1][2][1]) == 4


def test_a_keyword_among_the_names_is_refused_when_the_tables_are_made() -> None:
    with pytest.raises(ValueError, match="IF is also a NAME"):
        grammar.tables('program: "if" NAME\nNAME: /[a-z]+/')


def test_kept_tables_are_used_only_for_the_grammar_that_they_were_made_from(tmp_path: Path) -> None:
    kept = tmp_path / "expression.json"
    assert grammar._kept(kept, TEXT) is None
    kept.write_text(json.dumps(grammar.tables(TEXT)), encoding="utf-8")
    assert grammar._kept(kept, TEXT) == grammar.tables(TEXT)
    assert grammar._kept(kept, TEXT + "// changed\n") is None
    for damaged in (b"", b"{", b"[]", b"\xff"):
        kept.write_bytes(damaged)
        assert grammar._kept(kept, TEXT) is None


def test_the_tables_do_not_depend_on_the_machine() -> None:
    written = json.dumps(grammar.tables(TEXT))
    assert str(ROOT) not in written
    assert written == json.dumps(grammar.tables(TEXT))


@pytest.mark.parametrize("name", ["long sum", "long program", "deep"])
def test_the_work_for_a_token_does_not_grow_with_the_text(name: str) -> None:
    def text(size: int) -> str:
        if name == "long sum":
            return "+".join(["a"] * size)
        if name == "long program":
            return "\n".join(f"x{i} = a" for i in range(size // 2)) + "\na"
        return "(" * size + "a" + ")" * size

    short, long = text(1_000), text(10_000)
    assert lines_run(lambda: PARSER.parse(long, Trees())) < 10.1 * lines_run(lambda: PARSER.parse(short, Trees()))


LOADED = """
import sys
import click
before = set(sys.modules)
from mgcli.cli.group import cli
try:
    cli.main([{!r}])
except SystemExit:
    print(*set(sys.modules) - before)
"""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_no_more_than_they_need(option: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(option)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "mgcli.cli.group" in loaded
    commands = {name for name in loaded if name.startswith("mgcli.cli.commands.")}
    heavy = {"lark", "graphviz", "subprocess", "tempfile", "json", "dataclasses", "importlib.metadata"}
    heavy |= {"mgcli.graph.table", "mgcli.graph.value"}
    assert loaded & (heavy | commands) == set()


def test_a_wheel_holds_the_tables_of_its_grammar_and_no_checkout_does(tmp_path: Path) -> None:
    from hatchling.builders import wheel

    path = next(wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with ZipFile(path) as archive:
        kept = json.loads(archive.read("mgcli/grammars/expression.json"))
        assert archive.read("mgcli/grammars/expression.lark").decode() == TEXT
    assert kept == grammar.tables(TEXT)
    assert [*ROOT.glob("grammars/*.json"), *ROOT.glob("mgcli/**/*.json")] == []

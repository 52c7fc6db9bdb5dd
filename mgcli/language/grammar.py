"""The parser: from text to what the rules of the grammar build.

Lark turns `grammars/expression.lark` into the tables of an LALR parser. Walking them takes one page
and no Lark, whose import alone costs as much as the rest of a command; so a wheel contains the
tables as well, made from the grammar when the wheel is built. If they are missing or made from
another grammar (in a checkout), Lark makes them at the first use.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

_END = "$END"


class UnexpectedError(Exception):
    """The text cannot continue at `position`."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Token(str):
    """A piece of the text that the grammar has a name for; the offset of its start and the one after its end."""

    __slots__ = ("end_pos", "start_pos")
    start_pos: int
    end_pos: int


class Parser:
    """An LALR parser: a walk over the tables of a grammar (see `tables`)."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._tokens = re.compile(tables["tokens"])
        self._actions: list[dict[str, int]] = tables["actions"]
        self._gotos: list[dict[str, int]] = tables["gotos"]
        self._rules: list[dict[str, Any]] = tables["rules"]
        self._start: int = tables["start"]

    def parse(self, text: str, builder: Any) -> Any:
        """Return what `builder` makes of all of `text`.

        A method of `builder` named after a rule, or after the alias of one, gets the children of
        the rule as a list: tokens, and what earlier methods returned. Raises UnexpectedError where
        the text does not fit the grammar.
        """
        actions, gotos = self._actions, self._gotos
        # Most texts need only a few of the rules.
        rules: list[_Reduction | None] = [None] * len(self._rules)
        states = [self._start]
        values: list[Any] = []
        depth = 0
        for match in self._tokens.finditer(text):
            kind = match.lastgroup or _END
            start, end = match.span(match.lastindex or 0)
            if depth and kind == "_SEPARATOR" and text[start] != ";":
                # Inside parentheses the end of a line is a space.
                continue
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    if kind == "DEFINED":
                        # In the middle of a statement it is called, at the end of one side of an equation.
                        kind = "NAME"
                        continue
                    raise UnexpectedError(start if kind != _END else len(text))
                if action >= 0:
                    break
                rule = rules[action]
                if rule is None:
                    rule = rules[action] = _Reduction(self._rules[action], builder)
                if rule.renames:
                    # The value stays as it is; only the state shows that it now counts as something larger.
                    states[-1] = gotos[states[-2]][rule.origin]
                    continue
                size = rule.size
                children = values[len(values) - size :]
                if size:
                    del values[-size:], states[-size:]
                values.append(rule.build(children))
                states.append(gotos[states[-1]][rule.origin])
            if kind == _END:
                return values[0]
            if kind == "LPAR":
                depth += 1
            elif kind == "RPAR":
                depth -= 1
            token = Token(text[start:end])
            token.start_pos = start
            token.end_pos = end
            values.append(token)
            states.append(action)
        raise AssertionError("the end of the text is a token too")

    def ends_statement(self, text: str, position: int) -> bool:
        """Return whether the statement that goes on at `position` is the last one of `text`."""
        depth, ended = 0, False
        for match in self._tokens.finditer(text, position):
            kind = match.lastgroup or _END
            if kind == _END:
                break
            if depth == 0 and kind == "_SEPARATOR":
                ended = True
            elif ended:
                return False
            depth += (kind == "LPAR") - (kind == "RPAR")
        return True


class _Reduction:
    """What is done with the children of a rule once all of them have been read.

    renames: nothing is done. build: makes the value of the rule from its `size` children.
    """

    __slots__ = ("build", "origin", "renames", "size")

    def __init__(self, rule: dict[str, Any], builder: Any) -> None:
        self.origin: str = rule["origin"]
        self.size: int = rule["size"]
        self.renames: bool = rule["renames"]
        method = getattr(builder, rule["method"]) if rule["method"] else _as_it_is
        spliced = rule["spliced"]
        self.build: Callable[[list[Any]], Any] = _splicing(method, spliced) if spliced else method


def _as_it_is(children: list[Any]) -> list[Any]:
    return children


def _splicing(method: Callable[[list[Any]], Any], spliced: list[int]) -> Callable[[list[Any]], Any]:
    """Return `method` with the children at the indices `spliced`, which are lists, flattened into its own list."""

    def build(children: list[Any]) -> Any:
        # A list that comes first is extended, so a repetition takes as many steps as it has parts.
        laid_out = children[0] if spliced[0] == 0 else children[:1]
        for index, child in enumerate(children[1:], 1):
            if index in spliced:
                laid_out.extend(child)
            else:
                laid_out.append(child)
        return method(laid_out)

    return build


_BUILDING = Lock()


@cache
def parser() -> Parser:
    """Return the parser of the language."""
    folder = _folder()
    with open(os.path.join(folder, "expression.lark"), encoding="utf-8") as file:
        grammar = file.read()
    # One at a time: Lark reads literals with `ast`, which in Python 3.11 fails if two threads use it at once.
    with _BUILDING:
        return Parser(_kept(os.path.join(folder, "expression.json"), grammar) or tables(grammar))


def _folder() -> str:
    """Return the folder of the grammars: inside the package when it is installed, beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "grammars")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "grammars")


def _kept(path: str | os.PathLike[str], grammar: str) -> dict[str, Any] | None:
    """Return the tables in `path`, None where there are none or where they were made from another grammar."""
    import json

    try:
        with open(path, "rb") as file:
            kept = json.load(file)
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and kept.get("grammar") == grammar else None


def lark(grammar: str) -> "Lark":
    """Return what Lark makes of the text of a grammar whose first rule is `program`."""
    from lark import Lark

    return Lark(grammar, start="program", parser="lalr", lexer="basic", keep_all_tokens=True, maybe_placeholders=False)


def tables(grammar: str) -> dict[str, Any]:
    """Return the tables of a `Parser` for the text of a grammar, ready for JSON.

    grammar: the text. tokens: a regular expression, a group for each kind of token.
    start: the first state.
    actions: for each state, what the kind of the next token leads to: a state to go to (0 or more)
    or a rule to apply (less than 0, counted from the end).
    gotos: for each state, the next state after each rule applied there.
    rules: their `origin`, their `size`, the builder's `method`; which children are `spliced` into its list, being lists
    of a rule whose name begins with `_`; and whether it only `renames` its child.
    """
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    made = lark(grammar)
    serialized, memory = made.memo_serialize([TerminalDef, Rule])
    table = serialized["parser"]["parser"]
    rules = [rule["@"] for rule in serialized["parser"]["parser_conf"]["rules"]]
    described = [memory[rule] for rule in rules]
    names = {rule["origin"]["name"] for rule in described}
    rows = {
        state: {table["tokens"][symbol]: target for symbol, target in row.items()}
        for state, row in table["states"].items()
    }
    start, end = table["start_states"]["program"], table["end_states"]["program"]
    states = _in_order(start, rows)
    numbers = {state: number for number, state in enumerate(states)}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in states:
        targets = {
            symbol: rules.index(target["@"]) - len(rules) if applies else numbers[target]
            for symbol, (applies, target) in sorted(rows[state].items(), key=_symbol)
        }
        actions.append({symbol: target for symbol, target in targets.items() if symbol not in names})
        gotos.append({symbol: target for symbol, target in targets.items() if symbol in names})
    actions[numbers[end]][_END] = numbers[end]
    return {
        "grammar": grammar,
        "tokens": _pattern(made),
        "start": numbers[start],
        "actions": actions,
        "gotos": gotos,
        "rules": _rules(described),
    }


_symbol = itemgetter(0)


def _in_order(start: int, rows: dict[int, dict[str, Any]]) -> list[int]:
    """Return the states in the order in which they are reached: Lark's numbers change from run to run."""
    states = [start]
    for state in states:
        targets = [target for _, (applies, target) in sorted(rows[state].items(), key=_symbol) if not applies]
        states.extend(target for target in dict.fromkeys(targets) if target not in states)
    return states


def _pattern(made: "Lark") -> str:
    """Return the regular expression for the next token, including what is ignored before it.

    There is a group for each kind of token, in the order in which Lark tries them. A character of
    no kind is an `_UNKNOWN`, and at the end of the text no group matches.
    """
    ignored = [terminal.pattern.to_regexp() for terminal in made.terminals if terminal.name in made.ignore_tokens]
    kinds = sorted(
        (terminal for terminal in made.terminals if terminal.name not in made.ignore_tokens),
        key=lambda kind: (-kind.priority, -kind.pattern.max_width, -len(kind.pattern.value), kind.name),
    )
    for word in kinds:
        for kind in kinds:
            if (
                word.pattern.type == "str"
                and kind.pattern.type == "re"
                and re.fullmatch(kind.pattern.to_regexp(), word.pattern.value)
            ):
                raise ValueError(f"{word.name} is also a {kind.name}")
    groups = [f"(?P<{kind.name}>{kind.pattern.to_regexp()})" for kind in kinds]
    return rf"(?:{'|'.join(ignored)})*(?:{'|'.join(groups)}|(?P<_UNKNOWN>(?s:.))|\Z)"


def _rules(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    expansions: dict[str, list[list[str]]] = {}
    for rule in rules:
        expansions.setdefault(rule["origin"]["name"], []).append([part["name"] for part in rule["expansion"]])
    lists = {name for name in expansions if name.startswith("_")}
    # A rule like `_expression: sum_` needs no list: it always has one part, which can take its place.
    names_only = {
        name for name in lists if all(len(parts) == 1 and parts[0] not in lists for parts in expansions[name])
    }
    lists -= names_only
    described = []
    for rule in rules:
        origin, alias = rule["origin"]["name"], rule["alias"]
        parts = [part["name"] for part in rule["expansion"]]
        renames = len(parts) == 1 and not alias and (rule["options"]["expand1"] or origin in names_only)
        described.append(
            {
                "origin": origin,
                "size": len(parts),
                "method": None if renames or origin in lists else alias or origin,
                "spliced": [index for index, part in enumerate(parts) if part in lists],
                "renames": renames,
            }
        )
    return described

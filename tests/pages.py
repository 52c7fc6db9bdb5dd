"""Pages for tests: programs that together use every operation a page can have, and what node computes of one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import mgcli.render.page
from mgcli.errors import EvaluationError
from mgcli.graph.node import topological
from mgcli.graph.operation import Operation
from mgcli.graph.table import TABLE
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.render.page.document import described
from mgcli.render.page.recompute import recompute

FOLDER = Path(mgcli.render.page.__file__).parent
SCRIPTS = sorted(FOLDER.glob("*.js"))

LECTURE = "e = a*b; d = e + c; L = d*f"
POINT = {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}


class Case(NamedTuple):
    """A program and values for its variables; `moves` are others, one after another."""

    text: str
    values: Mapping[str, float]
    moves: Sequence[Mapping[str, float]]


def every_operation() -> list[Case]:
    """Return programs with every operation that JavaScript has, two in each."""
    calls = []
    for operation in TABLE:
        call = _call(operation)
        if _is_known(call):
            calls.append((call, dict(zip("xyz", operation.example, strict=False))))
    cases = []
    for (first, one), (second, two) in zip(calls[::2], [*calls[1::2], calls[0]], strict=False):
        renamed = re.sub(r"\b[xyz]\b", lambda found: found[0] * 2, second)
        values = {
            "x": 1.0,
            "y": 1.0,
            **one,
            **{name * 2: value for name, value in two.items()},
            "yy": two.get("y", 1.0),
        }
        program = parse_program(f"p = {first}; q = {renamed}; p*q + p")
        point = {name: values[name] for name in program.variables}
        moves = [{name: value * factor for name, value in point.items()} for factor in (1.05, 0.9, -1.0)]
        cases.append(Case(program.text, point, moves))
    return cases


def _call(operation: Operation) -> str:
    """Return an expression with an operation on x, y and z."""
    names = iter("xyz")
    call = re.sub(r"0\.0", lambda _: next(names), operation.text.fill([0.0] * operation.arity))
    return f"where({call}, x*y, x - y)" if operation.compares else call


def _is_known(text: str) -> bool:
    try:
        recompute(topological(parse_program(text).root))
    except EvaluationError:
        return False
    return True


def bound(text: str, values: Mapping[str, float]) -> Program:
    """Return the program, evaluated and differentiated."""
    program = parse_program(text)
    program.bind(values)
    program.differentiate()
    return program


def node() -> str:
    """Return the program node; skip the test where there is none."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    return found


def passes(requests: Sequence[tuple[Program, Sequence[Sequence[float]]]]) -> list[list[Any]]:
    """Return what the scripts of the page make of programs, each at several points: `data`, `steps`, `sentences`."""
    source = (FOLDER / "passes.js").read_text(encoding="utf-8")
    parts = []
    for program, points in requests:
        nodes = topological(program.root)
        graph = json.dumps(described(program, nodes))
        parts.append(
            f"(() => {{ {recompute(nodes)}\nconst graph = {graph};\n{source}\n"
            f"return {json.dumps(points)}.map((point) => {{ const run = passes(point);"
            "return { ...run, sentences: run.steps.map(sentence) }; }); })()"
        )
    script = f'"use strict"; console.log(JSON.stringify([{",".join(parts)}]))'
    done = subprocess.run([node(), "-"], input=script, capture_output=True, encoding="utf-8", check=True, timeout=60)
    answer: list[list[Any]] = json.loads(done.stdout)
    return answer


FAKE_BROWSER = """
const known = new Map(), listeners = {}, root = globalThis;
class Element {
    constructor(name, space = "http://www.w3.org/1999/xhtml") {
        Object.assign(this, { localName: name, namespaceURI: space, attributes: {}, children: [], style: {} });
        Object.assign(this, { clientWidth: 100, clientHeight: 100, scrollLeft: 0, scrollTop: 0, value: "" });
        this.textContent = "";
    }
    setAttribute(key, value) {
        this.attributes[key] = String(value);
        if (key === "max") this.max = String(value);
    }
    removeAttribute(key) { delete this.attributes[key]; }
    getAttribute(key) { return this.attributes[key] ?? null; }
    appendChild(child) { this.children.push(child); return child; }
    append(child) { this.children.push(child); }
    replaceChildren() { this.children = []; }
    matches() { return false; }
    focus() { document.focused = this; }
}
root.document = {
    getElementById: (id) => known.get(id) ?? known.set(id, new Element("div")).get(id),
    createElementNS: (space, name) => new Element(name, space),
    createElement: (name) => new Element(name),
    addEventListener: (kind, action) => { listeners[kind] = action; },
};
root.location = { hash: "" };
root.onkeydown = root.onhashchange = null;
root.history = { replaceState: (state, title, address) => { root.location.hash = address; } };
const all = (element) => [element, ...element.children.flatMap(all)];
const shown = (id) => document.getElementById(id).textContent;
"""
"""Enough of a browser, in JavaScript, for the scripts of a page to run."""


def in_fake_browser(written: str, script: str) -> Any:
    """Return what `script` returns, which is run in a page; the scripts of the page have run before."""
    data = written.partition('id="graph">')[2].partition("</script>")[0]
    page = written.partition("<script>")[2].partition("</script>")[0]
    source = (
        f"{FAKE_BROWSER}\ndocument.getElementById('graph').textContent = {json.dumps(data)};\n"
        f"(0, eval)({json.dumps(page)});\nlisteners.DOMContentLoaded();\n"
        f"console.log(JSON.stringify((() => {{ {script} }})()));process.exit(0);"
    )
    done = subprocess.run([node(), "-"], input=source, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

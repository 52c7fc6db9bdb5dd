"""Pages for tests: programs that together use every operation a page can have, and what node computes of one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import mgcli.render.page
from mgcli.analysis.explain import explain
from mgcli.errors import EvaluationError
from mgcli.graph.node import topological
from mgcli.graph.operation import PRODUCT, Operation
from mgcli.graph.table import TABLE
from mgcli.language.parser import parse_program
from mgcli.language.program import Program
from mgcli.render.explanation import document as explained
from mgcli.render.page.document import columns
from mgcli.render.page.recompute import recompute
from mgcli.render.tables import number as rounded

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
    calls = [(call, values) for _, call, values in one_operation()]
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


def one_operation() -> Iterator[tuple[str, str, Mapping[str, float]]]:
    """Yield each operation that JavaScript has: its name, a program with that alone, and values for its variables."""
    for operation in TABLE:
        call = _call(operation)
        if _is_known(call):
            values = {"y": 1.0, **dict(zip("xyz", operation.example, strict=False))}
            yield operation.name, call, {name: values[name] for name in parse_program(call).variables}


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


def sentences(program: Program) -> Iterator[str]:
    """Yield what `explain` says, as the sentences of the page have it."""
    explanation = explain(program)
    document = explained(explanation)
    title = program.title
    for step, wanted in zip(explanation.forward, document["forward"], strict=True):
        operation = step.node.operation
        assert operation
        numbers = operation.text.fill([operand["value"] for operand in wanted["operands"]], shown)
        opening = wanted["node"] if wanted["node"] == wanted["formula"] else f"{wanted['node']} = {wanted['formula']}"
        yield f"{opening} = {numbers} = {shown(wanted['value'])}"
    yield f"d{title}/d{title} = 1.0"
    sums: dict[str, float] = {}
    for contribution, wanted in zip(explanation.backward, document["backward"], strict=True):
        node = wanted["node"]
        factor = explanation.local_formula(contribution.node, contribution.operand_index, loosest=PRODUCT)
        ratio = f"d{title}/d{node}" if node.isidentifier() else f"d{title}/d({node})"
        numbers = f"{shown(wanted['incoming'])} * {shown(wanted['local']['value'])} = {shown(wanted['contribution'])}"
        since = f", since {wanted['closed']}" if "closed" in wanted else ""
        before = sums.get(wanted["operand"], 0.0)
        so_far = (
            f"; {shown(before)} so far, + {shown(wanted['contribution'])} = {shown(wanted['sum'])}" if before else ""
        )
        yield f"{wanted['operand']}: {ratio} * {factor} = {numbers}{since}{so_far}"
        sums[wanted["operand"]] = wanted["sum"]


def shown(number: float) -> str:
    return rounded(number, 6)


def node() -> str:
    """Return the program node; skip the test where there is none."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    return found


def passes(requests: Sequence[tuple[Program, Sequence[Sequence[float]]]]) -> list[list[Any]]:
    """Return what the scripts of the page make of programs, each at several points: `data`, `steps`, `open`."""
    source = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("passes.js", "branches.js"))
    parts = []
    for program, points in requests:
        nodes = topological(program.root)
        parts.append(
            f"(() => {{ {recompute(nodes)}\n{constants(columns(program, nodes))}\n{source}\n"
            f"return {json.dumps(points)}.map(passes); }})()"
        )
    script = f'"use strict"; console.log(JSON.stringify([{",".join(parts)}]))'
    done = subprocess.run([node(), "-"], input=script, capture_output=True, encoding="utf-8", check=True, timeout=60)
    answer: list[list[Any]] = json.loads(done.stdout)
    return answer


def constants(graph: Mapping[str, Any]) -> str:
    """Return the declarations of what the scripts of a page know of its graph."""
    return f"const {', '.join(f'{name} = {json.dumps(value)}' for name, value in graph.items())};"


FAKE_BROWSER = """
const known = new Map(), root = globalThis;
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
    scrollTo(x, y) { Object.assign(this, { scrollLeft: x, scrollTop: y }); }
    matches() { return false; }
    focus() { document.focused = this; }
}
root.document = {
    getElementById: (id) => known.get(id) ?? known.set(id, new Element("div")).get(id),
    createElementNS: (space, name) => new Element(name, space),
};
root.location = { hash: "" };
root.onkeydown = root.onhashchange = null;
root.history = { replaceState: (state, title, address) => { root.location.hash = address; } };
const buttons = () => all(document.getElementById("steps"));
const shown = (id) => (known.get(id) ?? buttons().find(({ attributes }) => attributes.id === id)).textContent;
const all = (element) => [element, ...element.children.flatMap(all)];
"""
"""Enough of a browser, in JavaScript, for the scripts of a page to run."""


def in_fake_browser(written: str, script: str) -> Any:
    """Return what `script` returns, which is run in a page; the scripts of the page have run before."""
    data = written.partition("id=data>")[2].partition("</script>")[0]
    page = written.partition("<script>")[2].partition("</script>")[0]
    source = (
        f"{FAKE_BROWSER}\ndocument.getElementById('data').textContent = {json.dumps(data)};\n"
        f"(0, eval)({json.dumps(page)});\n"
        f"console.log(JSON.stringify((() => {{ {script} }})()));process.exit(0);"
    )
    done = subprocess.run([node(), "-"], input=source, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

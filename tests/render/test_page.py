"""The page of a graph: what is in the file, and what its scripts compute."""

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pages import (
    FOLDER,
    LECTURE,
    POINT,
    SCRIPTS,
    Case,
    bound,
    every_operation,
    in_fake_browser,
    node,
    one_operation,
    passes,
    sentences,
)
from running import Run

from mgcli.analysis.explain import explain
from mgcli.graph.node import topological
from mgcli.render.drawing import draw_dot
from mgcli.render.explanation import document as explained
from mgcli.render.page.compact import script, style
from mgcli.render.page.document import columns, page
from mgcli.render.page.quiz import blanks

PROGRAMS: list[tuple[str, Mapping[str, float]]] = [
    (LECTURE, POINT),
    ("e = a*b; L = e*a", {"a": 2.0, "b": -3.0}),
    ("x**2*sin(x) - (-3)*x/2", {"x": 0.7}),
    ("where(x > 0, log(x), relu(-x)) + max(x, y)*relu(x)", {"x": -2.0, "y": 0.5}),
    ("where(x > 0, log(x), relu(-x)) + max(x, y)*relu(x)", {"x": 2.0, "y": 0.5}),
    ("a*a + 2*a", {"a": 1e-7}),
]


def file_of(text: str = LECTURE, values: Mapping[str, float] = POINT, **options: Any) -> str:
    return page(bound(text, values), **options).decode()


def element(written: str, opening: str, tag: str) -> str:
    """Return what is in the first element that begins with `opening`."""
    return written.partition(opening)[2].partition(f"</{tag}>")[0]


@pytest.mark.parametrize(("text", "values"), PROGRAMS)
def test_the_words_of_the_page_are_those_of_explain(text: str, values: Mapping[str, float]) -> None:
    program = bound(text, values)
    document = explained(explain(program))
    graph = columns(program, topological(program.root))
    names = graph["names"]
    nodes = list(zip(names, graph["formulas"], graph["operands"], graph["locals"], strict=True))
    forward = [(name, formula, [names[each] for each in operands]) for name, formula, operands, _ in nodes if formula]
    found = [
        (step["node"], step["formula"], [each["node"] for each in step["operands"]]) for step in document["forward"]
    ]
    assert [step for step in forward if step in found] == found
    backward = [
        (name, names[operand], local if isinstance(local, str) else local[0])
        for name, _, operands, locals_ in reversed(nodes)
        for operand, local in zip(operands, locals_, strict=True)
        if local
    ]
    found = [(step["node"], step["operand"], step["local"]["formula"]) for step in document["backward"]]
    assert [step for step in backward if step in found] == found


def test_the_steps_are_those_of_explain() -> None:
    requests = [(bound(text, values), [list(values.values())]) for text, values in PROGRAMS]
    for (program, _), [run] in zip(requests, passes(requests), strict=True):
        document = explained(explain(program))
        assert [step["said"] for step in run["steps"]] == list(sentences(program))
        numbers = [step["value"] for step in document["forward"]] + [1.0]
        numbers += [step["sum"] for step in document["backward"]]
        assert [step["number"] for step in run["steps"]] == pytest.approx(numbers, rel=1e-12)
        amounts = [step["contribution"] for step in document["backward"]]
        assert [step["part"] for step in run["steps"] if "part" in step] == pytest.approx(amounts, rel=1e-12)


def test_where_it_is_undefined_the_message_is_the_one_that_mg_reports() -> None:
    cases: list[tuple[str, list[float], str]] = [
        ("log(x)*y", [-1.0, 2.0], "log(x): log is not defined at -1.0"),
        ("log(x)*y", [0.0, 2.0], "log(x): log is not defined at 0.0"),
        ("x/y", [1.0, 0.0], "value = x/y: division is not defined at 1.0/0.0"),
        ("exp(x)*y", [1000.0, 1.0], "exp(x): exp overflows at 1000.0"),
        ("x**y", [0.0, -1.0], "value = x**y: power is not defined at 0.0**-1.0"),
        ("sqrt(x)*y", [0.0, 2.0], "x: dvalue/d(sqrt(x)) * 1/(2*sqrt(x)): the derivative of sqrt is not defined at 0.0"),
    ]
    requests = [(bound(text, dict.fromkeys("xy", 1.0)), [values]) for text, values, _ in cases]
    for (text, values, message), [run] in zip(cases, passes(requests), strict=True):
        assert [
            text,
            *(step["said"] for step in run["steps"] if step.get("fault")),
        ] == [
            text,
            message,
        ]
        program = bound(text, dict(zip("xy", values, strict=True)))
        error = program.differentiate()
        assert error
        assert message.endswith(error.message)


@pytest.mark.slow
def test_every_operation_gives_the_numbers_of_the_graph() -> None:
    cases = every_operation()
    assert len(cases) >= 30
    requests = [(bound(case.text, case.values), [[*each.values()] for each in points(case)]) for case in cases]
    for case, runs in zip(cases, passes(requests), strict=True):
        for values, run in zip(points(case), runs, strict=True):
            program = bound(case.text, values)
            nodes = topological(program.root)
            sums: dict[int, float] = {}
            for step in run["steps"]:
                if step["pass"] != "forward":
                    sums[step["into"]] = step["number"]
            for index, each in enumerate(nodes):
                found = run["data"][index]
                assert found == (None if each.data != each.data else pytest.approx(each.data, rel=1e-9)), case.text
                if program.error() is None and index in sums:
                    expected = None if each.grad != each.grad else pytest.approx(each.grad, rel=1e-9, abs=1e-12)
                    assert sums[index] == expected, case.text


def points(case: Case) -> list[Mapping[str, float]]:
    return [case.values, *case.moves]


def test_a_value_is_read_as_mg_reads_it() -> None:
    texts = ["2", " -3 ", "pi/4", "1_000", "2**-1", "-2**2", "2^3^2", "sqrt(2)", "1e-3", ".5", "(1+2)*3", "7%4", "-7%4"]
    texts += [
        "max(1, 2)",
        "6/2/3",
        "2 - 3 - 4",
        "×",
        "",
        "2,3",
        "(2",
        "2)",
        "1 2",
        "a",
        "__proto__",
        "toString()",
        "1/0",
        "log(0)",
    ]
    source = (FOLDER / "passes.js").read_text(encoding="utf-8")
    asked = f"const names = [];{source};console.log(JSON.stringify({json.dumps(texts)}.map(read)))"
    done = subprocess.run([node(), "-"], input=asked, capture_output=True, encoding="utf-8", check=True, timeout=60)
    numbers = json.loads(done.stdout)
    assert numbers[:16] == [2, -3, 0.7853981633974483, 1000, 0.5, -4, 512, 2**0.5, 0.001, 0.5, 9, 3, 1, 2, 1, -5]
    assert numbers[16:] == [None] * 11


def test_the_positions_are_those_of_the_drawing() -> None:
    program = bound(LECTURE, POINT)
    nodes = topological(program.root)
    found = columns(program, nodes)
    plain = draw_dot(program.root).pipe("plain", encoding="utf-8")
    lines = map(str.split, plain.splitlines())
    places = {words[1]: [float(word) * 72 for word in words[2:5]] for words in lines if words[0] == "node"}
    for index, (left, top, wide) in enumerate(found["boxes"]):
        x, y, width = places[f"{index}"]
        assert (left + wide / 2, top + 18, wide) == pytest.approx((x, found["size"][1] - 60 - y, width), abs=1.5)


def test_nothing_is_loaded_and_only_its_own_script_runs() -> None:
    written = file_of()
    policy = element(written, 'Content-Security-Policy content="', "meta").partition('"')[0]
    script, sheet = element(written, "<script>", "script"), element(written, "<style>", "style")
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, sheet)]
    assert policy == (f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'")
    assert re.findall(r"https?://(?!www\.w3\.org/)", written) == []
    assert re.findall(r"\s(?:src|href|on\w+|style)=", written.partition("<script")[0]) == []


def test_hostile_text_stays_text() -> None:
    hostile = "</script><img src=x onerror=alert(1)><!--"
    program = bound(f"a*b # {hostile}", {"a": 1.0, "b": 2.0})
    program.variables["a"].label = hostile
    written = page(program).decode()
    assert hostile not in written
    assert written.count("</script>") == 2
    title, source, *_ = json.loads(element(written, "id=data>", "script"))
    assert title == "value"
    assert hostile in source
    assert "<" not in element(written, "id=data>", "script")


@pytest.mark.parametrize("name", ["__proto__", "constructor", "א", "a" * 200, "step", "v1", "graph"])
def test_any_name_gives_a_page(name: str) -> None:
    written = file_of(f"{name}*2 + b", {name: 1.0, "b": 2.0})
    assert name in element(written, "id=data>", "script")
    other = file_of("p*2 + b", {"p": 1.0, "b": 2.0})
    assert element(written, "<script>", "script") == element(other, "<script>", "script")


def chain(size: int) -> str:
    """Return a program whose graph has so many nodes."""
    lines = [f"t{n} = t{n - 1}*x" if n % 2 else f"t{n} = sin(t{n - 1})" for n in range(1, size)]
    return "; ".join(["t0 = x", *lines])


def excess(text: str, values: Mapping[str, float], quiz: bool = False) -> int:
    """Return by how many bytes a page is larger than it should be: 12 kB, and 0.4 kB for each node."""
    program = bound(text, values)
    written = page(program, blanks=blanks(program.root) if quiz else None)
    return len(written) - 12_000 - 400 * len(topological(program.root))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 10, 30, pytest.param(300, marks=pytest.mark.slow)])
def test_a_page_is_small(size: int) -> None:
    text = chain(size)
    assert len(topological(bound(text, {"x": 0.5}).root)) == size
    assert excess(text, {"x": 0.5}) <= 0
    if size > 1:
        assert excess(text, {"x": 0.5}, quiz=True) <= 0


def test_a_page_with_branches_is_small() -> None:
    text = "where(x > 0, log(x), relu(-x)) + max(x, y)*relu(x)"
    assert excess(text, {"x": 2.0, "y": 0.5}, quiz=True) <= 0
    assert excess("relu(x)", {"x": 2.0}, quiz=True) <= 0


@pytest.mark.slow
def test_a_page_of_any_operation_is_small() -> None:
    pages = {name: excess(text, values) for name, text, values in one_operation()}
    assert {name: size for name, size in pages.items() if size > 0} == {}
    quizzes = {name: excess(text, values, quiz=True) for name, text, values in one_operation()}
    # Their functions are long, and so are their derivatives, in a graph of two nodes.
    long = {"digamma", "factorial", "gamma", "lgamma", "polygamma"}
    assert {name for name, size in quizzes.items() if size > 0} == long


def test_the_scripts_run_as_they_are_in_the_page() -> None:
    shown = in_fake_browser(
        file_of("e = a*b; L = e*a", {"a": 2.0, "b": -3.0}),
        """
        const said = [[shown("place"), shown("sentence")]];
        for (const key of ["ArrowRight", "End", "ArrowLeft", "Home", "f", "b", " "]) {
            onkeydown({ key, target: document.getElementById("drawing"), preventDefault() {} });
            said.push([shown("place"), shown("sentence")]);
        }
        const [label, field, slider, reset] = document.getElementById("variables").children[0].children;
        buttons()[5].onclick();
        for (const value of ["pi", "7", "pi/"]) {
            field.value = value;
            field.oninput();
        }
        slider.value = "-1.5";
        slider.oninput();
        said.push([location.hash, shown("sentence")]);
        reset.onclick();
        location.hash = "#step=5&a=4";
        onhashchange();
        said.push([slider.attributes.step, shown("sentence")]);
        return said;
        """,
    )
    assert shown == [
        ["step 0 of 7", "a = 2.0, b = -3.0"],
        ["step 1 of 7", "e = a*b = 2.0*-3.0 = -6.0"],
        ["step 7 of 7", "b: dL/de * a = 2.0 * 2.0 = 4.0"],
        ["step 6 of 7", "a: dL/de * b = 2.0 * -3.0 = -6.0; -6.0 so far, + -6.0 = -12.0"],
        ["step 0 of 7", "a = 2.0, b = -3.0"],
        ["step 1 of 7", "e = a*b = 2.0*-3.0 = -6.0"],
        ["step 3 of 7", "dL/dL = 1.0"],
        ["step 3 of 7", "dL/dL = 1.0"],
        ["", "b: dL/de * a = -1.5 * -1.5 = 2.25"],
        ["0.2", "a: dL/dL * e = 1.0 * -12.0 = -12.0"],
    ]


def test_the_quiz_runs_as_it_is_in_the_page() -> None:
    program = bound("a*b", {"a": 2.0, "b": -3.0})
    shown = in_fake_browser(
        page(program, blanks=blanks(program.root)).decode(),
        """
        const fields = all(document.getElementById("graph")).filter(({ localName }) => localName === "input");
        return ["x", "4", "5", "6", "4/2"].map((text, place) => {
            const field = fields[place < 4 ? 0 : 1];
            field.value = text;
            field.onkeydown({ key: "Enter", preventDefault() {} });
            return shown("sentence");
        });
        """,
    )
    assert shown == [
        "expected a number, such as pi/4",
        "not 4: dvalue/da = b = -3.0",
        "not 5: a: dvalue/dvalue * b = 1.0 * -3.0",
        "not 6: a: dvalue/dvalue * b = 1.0 * -3.0; dvalue/da = -3.0",
        "right; dvalue/db = 2.0. The backward pass is open",
    ]


def test_the_scripts_are_short_and_strict_javascript(tmp_path: Path) -> None:
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS) <= 400
    written = file_of(blanks=[])
    whole = tmp_path / "page.js"
    whole.write_text(element(written, "<script>", "script"), encoding="utf-8")
    assert whole.read_text(encoding="utf-8").startswith('"use strict";')
    for path in [whole, *SCRIPTS]:
        subprocess.run([node(), "--check", path], check=True, timeout=60)


def test_a_script_is_shortened() -> None:
    text = (
        "const number = 1; // one\n/** Twice\n * as much. */\nfunction twice(number) {\n\tconst two = 2, [a, b] = [];\n"
        '\treturn `${number}-${number + +1}` + "number // 2";\n}\n'
        "const all = ({ number }) => ({ number, two: number.two, title: twice(all) });\ndocument.title = all;\n"
    )
    assert script(text) == (
        'let c=1;function e(c){let a=2,[b,d]=[];return`${c}-${c+ +1}`+"number // 2"}'
        "let d=({number:c})=>({number:c,two:c.two,title:e(d)});document.title=d;"
    )
    # What is declared inside one statement may be the browser's in another.
    text = "const twice = (event) => event.x * 2;\nonclick = () => twice(event);\n"
    assert script(text) == "let a=b=>b.x*2;onclick=()=>a(event);"
    sheet = ":root { --ink: red; }\np { margin: 0 1px; }\n@media print {\n\tp, b > i { color: var(--ink); }\n}\n"
    assert style(sheet) == ":root{--a:red}p{margin:0 1px}@media print{p,b>i{color:var(--a)}}"


def test_a_seed_chooses_half_of_the_gradients() -> None:
    root = bound(LECTURE, POINT).root
    assert [node.label for node in blanks(root)] == ["a", "b", "e", "c", "d", "f"]
    assert [node.label for node in blanks(root, "1")] == [node.label for node in blanks(root, "1")]
    chosen = {"".join(node.label for node in blanks(root, str(seed))) for seed in range(10)}
    assert len(chosen) > 3
    assert {len(labels) for labels in chosen} == {3}


def test_a_page_is_written(mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert mg(f"draw '{LECTURE}' -a 2 -b -3 -c 10 -f -2 --out g.html") == (0, "", "")
    assert (tmp_path / "g.html").read_text(encoding="utf-8") == file_of()
    assert mg("draw --out - --format html").stdout == file_of()


def test_without_values_every_variable_starts_at_1(mg: Run, tmp_path: Path) -> None:
    result = mg("draw", "a*b + c", "--out", str(tmp_path / "g.html"))
    assert result == (0, "", "note: a, b and c start at 1; give another value with -a VALUE\n")
    assert (
        mg("draw", "a", "--out", str(tmp_path / "g.html")).stderr
        == "note: a starts at 1; give another value with -a VALUE\n"
    )


def test_a_page_of_what_is_undefined_is_written_all_the_same(mg: Run, tmp_path: Path) -> None:
    file = tmp_path / "g.html"
    status, output, error = mg("draw", "log(a)*b", "-a", "-1", "-b", "2", "--out", str(file))
    assert (status, output, error) == (1, "", "error: log is not defined at -1.0\n  log(a)*b\n  ^^^^^^\n")
    assert file.exists()
    assert mg("draw", "log(a)*b", "-a", "-1", "-b", "2", "--out", str(tmp_path / "q.html"), "--quiz").exit_code == 1
    assert not (tmp_path / "q.html").exists()


def test_an_operation_that_javascript_does_not_have_is_an_error_that_points(mg: Run, tmp_path: Path) -> None:
    assert mg("draw", "x + besselj(0, x)", "-x", "2", "--out", str(tmp_path / "g.html")) == (
        1,
        "",
        "error: besselj cannot be written in JavaScript\n  x + besselj(0, x)\n      ^^^^^^^^^^^^^\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_large_graph_has_no_page(mg: Run, tmp_path: Path) -> None:
    assert mg("draw", "+".join(["a"] * 301), "-a", "1", "--out", str(tmp_path / "g.html")) == (
        1,
        "",
        "error: a page shows up to 300 nodes, and this graph has 301\n"
        "hint: draw a picture, --out g.svg, or one of its results, --of NAME\n",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--out g.svg --quiz", "--quiz is for a page\nhint: add --out g.html"),
        ("--out g.html --seed 1", "--seed is for a quiz\nhint: add --quiz"),
        ("--open", "--open needs a file\nhint: add --out g.html"),
        ("--out g.html --compact", "--compact is not for a page\nhint: leave it out, or use --out g.svg"),
        ("--out g.html --direction TB", "--direction is not for a page\nhint: leave it out, or use --out g.svg"),
    ],
)
def test_options_that_do_not_fit_are_refused(mg: Run, options: str, message: str) -> None:
    assert mg(f"draw 'a*b' -a 1 -b 2 {options}") == (2, "", f"error: {message}\n")


def test_a_quiz_asks_for_something(mg: Run) -> None:
    assert mg("draw '1 + 1' --out - --format html --quiz") == (
        2,
        "",
        "error: there is no gradient to ask for\nhint: a quiz needs a variable below the result\n",
    )


def test_the_browser_is_started(mg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def show(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr("webbrowser.open", show)
    file = tmp_path / "a b.html"
    line = ("draw", "a*b", "-a", "1", "-b", "2", "--out", str(file), "--open")
    assert mg(*line) == (0, "", "")
    assert opened == [file.as_uri()]
    assert mg(*line) == (0, "", f"note: no browser was found; open {file} yourself\n")

"""The page of a graph in a real browser: Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pages import LECTURE, POINT, bound, every_operation, sentences

from mgcli.graph.node import topological
from mgcli.graph.value import Value
from mgcli.language.program import Program
from mgcli.render.page.document import columns, page
from mgcli.render.page.quiz import blanks
from mgcli.render.tables import number

pytestmark = pytest.mark.slow

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens the page of a program; in the end nothing else was requested, and nothing said."""
    heard: list[str] = []
    contexts: list[Any] = []

    def show(program: Program, address: str = "", *, quiz: bool = False, axe: bool = False, **look: Any) -> Any:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_bytes(page(program, blanks=blanks(program.root) if quiz else None))
        # What looks for faults is put into the page, whose policy forbids that.
        context = browser.new_context(bypass_csp=axe, **look)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: heard.append(message.text))
        shown.on("pageerror", lambda error: heard.append(str(error)))
        shown.on(
            "request", lambda request: None if request.url.startswith(file.as_uri()) else heard.append(request.url)
        )
        shown.goto(file.as_uri() + address)
        return shown

    yield show
    for context in contexts:
        context.close()
    assert heard == []


def place(shown: Any) -> str:
    return str(shown.inner_text("#place"))


def sentence(shown: Any) -> str:
    return str(shown.text_content("#sentence"))


def read(shown: Any) -> list[tuple[str, str, str]]:
    """Return the data, the grad and the note of each node, in the order in which they are read."""
    texts: list[str] = shown.eval_on_selector_all(
        ".node .data, .node .grad, .node .note", "texts => texts.map(text => text.textContent)"
    )
    return list(zip(texts[::3], texts[1::3], texts[2::3], strict=True))


def in_reading_order(program: Program) -> list[Value]:
    nodes = topological(program.root)
    boxes = columns(program, nodes)["boxes"]
    return [nodes[index] for index in sorted(range(len(nodes)), key=lambda index: boxes[index][:2])]


def test_buttons_and_keys_lead_through_the_steps(opened: Open) -> None:
    shown = opened(bound(LECTURE, POINT))
    assert place(shown) == "step 0 of 10"
    assert sentence(shown) == "a = 2.0, b = -3.0, c = 10.0, f = -2.0"
    for start, label, key, expected in [
        ("Home", "Forward", "ArrowRight", 1),
        ("Home", "Last", "End", 10),
        ("End", "Back", "ArrowLeft", 9),
        ("End", "First", "Home", 0),
        ("End", "Forward pass", "f", 1),
        ("Home", "Backward pass", "B", 4),
    ]:
        for press in ("button", "key"):
            shown.locator("body").press(start)
            if press == "button":
                shown.get_by_role("button", name=label, exact=True).click()
            else:
                shown.locator("body").press(key)
            assert place(shown) == f"step {expected} of 10"
            assert shown.inner_text("#steps button:nth-child(3)") == ("Pause" if "pass" in label else "Play")


def test_play_runs_to_the_end(opened: Open) -> None:
    shown = opened(bound("a*b", {"a": 2.0, "b": 3.0}))
    shown.clock.install()
    shown.reload()
    shown.keyboard.press("Space")
    assert (place(shown), shown.inner_text("#steps button:nth-child(3)")) == ("step 1 of 4", "Pause")
    shown.keyboard.press("Space")
    shown.clock.run_for(10_000)
    assert (place(shown), shown.inner_text("#steps button:nth-child(3)")) == ("step 1 of 4", "Play")
    shown.keyboard.press("Space")
    shown.clock.run_for(10_000)
    assert (place(shown), shown.inner_text("#steps button:nth-child(3)")) == ("step 4 of 4", "Play")
    shown.keyboard.press("f")
    shown.clock.run_for(10_000)
    assert place(shown) == "step 1 of 4"
    shown.keyboard.press("b")
    shown.clock.run_for(10_000)
    assert place(shown) == "step 4 of 4"


def test_keys_belong_to_the_fields_while_they_are_used(opened: Open) -> None:
    shown = opened(bound(LECTURE, POINT))
    shown.focus("#v0")
    for key in ("End", "f", "b", "Home", "Space"):
        shown.keyboard.press(key)
    assert place(shown) == "step 0 of 10"
    shown.focus("#steps input")
    shown.keyboard.press("ArrowRight")
    assert place(shown) == "step 1 of 10"
    shown.locator("#steps input").fill("7")
    assert place(shown) == "step 7 of 10"


PROGRAMS: list[tuple[str, Mapping[str, float]]] = [
    (LECTURE, POINT),
    ("x**2*sin(x) - (-3)*x/2", {"x": 0.7}),
    ("where(x > 0, log(x), relu(-x)) + max(x, y)*relu(x)", {"x": -2.0, "y": 0.5}),
    ("p = (1 - tanh(a))*a; q = p*p + 1/(1 + exp(-p*a)); q**p", {"a": 0.31}),
]


@pytest.mark.parametrize(("text", "values"), PROGRAMS)
def test_each_sentence_is_a_step_of_explain(opened: Open, text: str, values: Mapping[str, float]) -> None:
    program = bound(text, values)
    shown = opened(program)
    found = []
    for _ in range(int(place(shown).split()[-1])):
        shown.keyboard.press("ArrowRight")
        found.append(sentence(shown))
    assert found == list(sentences(program))


def test_a_value_is_empty_before_its_step_and_nothing_moves(opened: Open) -> None:
    program = bound(LECTURE, POINT)
    shown = opened(program)
    names = [node.label for node in in_reading_order(program)]
    places = "groups => groups.map(group => { const { x, y } = group.getBoundingClientRect(); return [x, y]; })"
    at_first = shown.eval_on_selector_all(".node rect, .node .name", places)
    filled = []
    for _ in range(11):
        texts = dict(zip(names, read(shown), strict=True))
        filled.append([name + "'" * bool(grad) for name, (data, grad, _) in sorted(texts.items()) if data])
        assert all(grad == "" for name, (data, grad, _) in texts.items() if data == "")
        assert shown.eval_on_selector_all(".node rect, .node .name", places) == at_first
        shown.keyboard.press("ArrowRight")
    assert [" ".join(each) for each in filled[:6]] == [
        "a b c f",
        "a b c e f",
        "a b c d e f",
        "L a b c d e f",
        "L' a b c d e f",
        "L' a b c d' e f",
    ]
    assert " ".join(filled[-1]) == "L' a' b' c' d' e' f'"


def test_the_edge_at_work_carries_its_local_derivative(opened: Open) -> None:
    shown = opened(bound("e = a*b; L = e*a", {"a": 2.0, "b": -3.0}), "#step=6")
    assert shown.text_content(".local") == "de/da = b = -3.0"
    assert shown.locator(".local").is_visible()
    # The edge from a, that to the box of e, and the oval.
    assert shown.locator(".wire.backward").count() == 3
    assert [note for _, _, note in read(shown) if note] == ["-6.0 + -6.0"]
    assert shown.locator(".working").count() == 2


MOVE = """([moves]) => moves.map(([place, value]) => {
    const slider = document.querySelectorAll('#variables [type=range]')[place];
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
}) && [...document.querySelectorAll('#variables input:not([type])')].map(({ value }) => value)"""


@pytest.mark.parametrize("case", every_operation(), ids=lambda case: case.text)
def test_after_each_move_of_a_slider_all_numbers_are_those_of_the_graph(opened: Open, case: Any) -> None:
    program = bound(case.text, case.values)
    page_shown = opened(program, "#step=99")
    order = in_reading_order(program)
    names = [node.label for node in topological(program.root) if node.operation is None and node.varies]
    for move in case.moves:
        typed = page_shown.evaluate(MOVE, [[[place, move[name]] for place, name in enumerate(names)]])
        page_shown.locator("body").press("End")
        program.bind(dict(zip(names, map(float, typed), strict=True)))
        program.differentiate()
        for node, (data, grad, _) in zip(order, read(page_shown), strict=True):
            assert alike(data, node.data), (case.text, node, typed)
            if program.error() is None and node.varies:
                assert alike(grad, node.grad), (case.text, node, typed)


def alike(text: str, wanted: float) -> bool:
    """Return whether a number is shown to 6 digits; empty is nan."""
    if text == "" or wanted != wanted:
        return text == "" and wanted != wanted
    return float(text) == pytest.approx(wanted, rel=6e-6, abs=1e-12)


def test_a_field_takes_any_value(opened: Open) -> None:
    shown = opened(bound("sin(a)*b", {"a": 1.0, "b": 2.0}), "#step=99")
    shown.fill("#v0", "pi/4")
    assert "0.707107" in {data for data, _, _ in read(shown)}
    shown.fill("#v0", "pi/")
    assert shown.text_content("#m0") == "expected a number, such as pi/4"
    assert shown.get_attribute("#v0", "aria-invalid") == "true"
    assert "0.707107" in {data for data, _, _ in read(shown)}
    shown.get_by_role("button", name="Reset a").click()
    assert (shown.input_value("#v0"), shown.text_content("#m0")) == ("1", "")
    assert "0.841471" in {data for data, _, _ in read(shown)}


def test_where_it_is_undefined_the_message_is_at_the_node(opened: Open) -> None:
    program = bound("p = a*b; log(p) + sqrt(a)", {"a": 2.0, "b": 3.0})
    shown = opened(program, "#step=99")
    whole = read(shown)
    shown.get_by_label("b, slider").fill("-1")
    failed = shown.locator(".node.failed")
    assert failed.get_attribute("aria-label") == "log(p), log is not defined at -2.0"
    texts = {node.label: texts for node, texts in zip(in_reading_order(program), read(shown), strict=True)}
    assert texts["p"] == ("-2.0", "", "")
    assert read(shown)[-1] == ("", "", "")
    assert place(shown) == "step 3 of 3"
    shown.get_by_label("b, slider").fill("3")
    assert read(shown) == whole
    shown.fill("#v0", "0")
    assert sorted(note for _, _, note in read(shown) if note) == ["log is not defined at 0.0"]


def test_a_derivative_that_is_undefined_is_reported(opened: Open) -> None:
    shown = opened(bound("sqrt(a)*b", {"a": 1.0, "b": 2.0}), "#step=99")
    shown.get_by_label("a, slider").fill("0")
    assert sentence(shown).endswith(": the derivative of sqrt is not defined at 0.0")
    assert "the derivative of sqrt is not defined at 0.0" in {note for _, _, note in read(shown)}


def test_a_branch_that_is_not_taken_is_grey_and_mentioned(opened: Open) -> None:
    program = bound("p = a*2; q = log(a); where(a > 0, p, q)", {"a": -1.0})
    shown = opened(program, "#step=99")
    closed = {name.split(",")[0]: name for name in shown.eval_on_selector_all(".closed[role]", LABELS)}
    assert closed["p = a*2"] == "p = a*2, data -2.0, not taken"
    assert shown.locator(".failed").get_attribute("aria-label") == "q = log(a), log is not defined at -1.0"
    shown.get_by_label("a, slider").fill("1")
    assert [name.split(",")[0] for name in shown.eval_on_selector_all(".closed[role]", LABELS)] == ["q = log(a)"]


LABELS = "groups => groups.map(group => group.getAttribute('aria-label'))"


def test_the_address_keeps_the_step_and_the_values(opened: Open) -> None:
    program = bound("step*b", {"step": 2.0, "b": 3.0})
    shown = opened(program, "#step=2&step=pi/2&b=-1")
    assert place(shown) == "step 2 of 4"
    assert [shown.input_value(f"#v{number}") for number in (0, 1)] == ["pi/2", "-1"]
    shown.keyboard.press("End")
    shown.fill("#v1", "1/3")
    shown.wait_for_url(lambda url: url.endswith("#step=4&step=pi%2F2&b=1%2F3"))
    address = shown.evaluate("location.hash")
    again = opened(program, address)
    assert (sentence(again), read(again)) == (sentence(shown), read(shown))
    again.evaluate("location.hash = '#step=1'")
    again.get_by_text("step 1 of 4").wait_for()
    for nonsense in ("#step=x", "#%", "#step=-5&b=oops&__proto__=1", "#step=1e99", "#b=2"):
        assert place(opened(program, nonsense)) in ("step 0 of 4", "step 4 of 4")


def answer(shown: Any, name: str, text: str) -> str:
    field = shown.get_by_label(name, exact=True)
    field.fill(text)
    field.press("Enter")
    return sentence(shown)


def test_a_quiz_checks_answers(opened: Open) -> None:
    shown = opened(bound("e = a*b; L = e*a/3", {"a": 2.0, "b": -3.0}), quiz=True)
    assert place(shown).startswith("step 3 of ")
    shown.keyboard.press("End")
    assert place(shown).startswith("step 3 of ")
    assert shown.inner_text("#score") == "score: 0 of 4, 0 at the first try"
    assert answer(shown, "dL/de", "2/3") == "right; dL/de = 0.666667"
    assert answer(shown, "dL/db", "1.3335") == "right; dL/db = 1.33333"
    assert answer(shown, "dL/da", "7") == "not 7: d(e*a)/da = e = -6.0; de/da = b = -3.0"
    products = "a: dL/d(e*a) * e = 0.333333 * -6.0; a: dL/de * b = 0.666667 * -3.0"
    assert answer(shown, "dL/da", "-3.99") == f"not -3.99: {products}"
    assert answer(shown, "dL/da", "oops") == "expected a number, such as pi/4"
    assert answer(shown, "dL/da", "-4") == "right; dL/da = -4.0"
    assert shown.inner_text("#score") == "score: 3 of 4, 2 at the first try"
    assert shown.locator("#all li").count() == 3
    assert answer(shown, "dL/d(e*a)", "1/3").endswith(". The backward pass is open")
    shown.keyboard.press("End")
    assert place(shown) == "step 9 of 9"
    assert shown.locator("#all li").count() == 9
    shown.get_by_label("a, slider").fill("1")
    assert shown.inner_text("#score") == "score: 0 of 4, 0 at the first try"


def test_a_quiz_gives_the_answer_after_three_wrong_ones(opened: Open) -> None:
    shown = opened(bound("a*b", {"a": 2.0, "b": -3.0}), quiz=True)
    for _ in range(3):
        said = answer(shown, "dvalue/da", "1")
    assert said == "not 1: a: dvalue/dvalue * b = 1.0 * -3.0; dvalue/da = -3.0"
    assert answer(shown, "dvalue/db", "2").startswith("right")
    assert shown.inner_text("#score") == "score: 1 of 2, 1 at the first try"


@pytest.mark.parametrize(
    "name", ["</script><img src=x onerror=alert(1)>", "__proto__", "constructor", "אבג", "a" * 200]
)
def test_a_hostile_name_is_text(opened: Open, name: str) -> None:
    program = bound("a*b + a # </script><b>", {"a": 2.0, "b": 3.0})
    if name.isidentifier():
        program = bound(f"{name}*b + {name}", {name: 2.0, "b": 3.0})
    else:
        program.variables["a"].label = name
    shown = opened(program, "#step=99")
    assert shown.locator("img, b").count() == 0
    assert name in shown.eval_on_selector_all(".name", "texts => texts.map(text => text.textContent)")
    assert sorted(grad for _, grad, _ in read(shown) if grad) == ["1.0", "1.0", "2.0", "4.0"]
    shown.fill("#v0", "5")
    assert read(shown)[-1][0] == "20.0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("quiz", [False, True])
def test_axe_finds_nothing(opened: Open, scheme: str, quiz: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    program = bound("p = a*b; where(b > 0, log(p), p**2) + relu(a)", {"a": 1.0, "b": 2.0})
    shown = opened(program, "#step=9", quiz=quiz, axe=True, color_scheme=scheme)
    for prepare in (lambda: None, lambda: shown.fill("#v0", "-"), lambda: shown.fill("#v0", "-1")):
        prepare()
        found = axe.Axe().run(shown)
        assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_a_long_program(opened: Open) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    text = "\n".join(["t0 = x", *(f"t{n} = sin(t{n - 1}) # {'word ' * 20}" for n in range(1, 20))])
    shown = opened(bound(text, {"x": 0.5}), "#step=9", axe=True, viewport={"width": 375, "height": 700})
    found = axe.Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()


def test_paper_has_all_steps(opened: Open) -> None:
    program = bound(LECTURE, POINT)
    shown = opened(program)
    steps = shown.locator("#all li")
    assert not steps.first.is_visible()
    shown.emulate_media(media="print")
    assert steps.first.is_visible()
    assert steps.all_text_contents() == list(sentences(program))
    assert not shown.locator("#steps button").first.is_visible()
    shown.emulate_media(media="screen")
    shown.get_by_text("All steps").click()
    assert steps.first.is_visible()


def test_a_phone_shows_the_node_at_work(opened: Open) -> None:
    shown = opened(bound(LECTURE, POINT), viewport={"width": 375, "height": 700})
    for _ in range(10):
        shown.keyboard.press("ArrowRight")
        name = "L" if sentence(shown).startswith("dL/dL") else sentence(shown)[0]
        box = shown.locator(".working .name").get_by_text(name, exact=True).bounding_box()
        assert 0 < box["x"] < box["x"] + box["width"] < 375
    assert shown.evaluate("document.documentElement.scrollWidth") <= 375


CHAIN = "; ".join(["t0 = x", *(f"t{n} = sin(t{n - 1})" for n in range(1, 6))])


@pytest.mark.parametrize(("width", "fits"), [(375, False), (1280, True), (1920, True)])
def test_a_drawing_of_five_operations_fits_into_a_window(opened: Open, width: int, fits: bool) -> None:
    shown = opened(bound(CHAIN, {"x": 0.5}), viewport={"width": width, "height": 800})
    wide, seen = shown.eval_on_selector("#drawing", "drawing => [drawing.scrollWidth, drawing.clientWidth]")
    assert (wide <= seen) == fits
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    # Letters of at least 8 points.
    assert shown.eval_on_selector("svg", "svg => svg.clientWidth / svg.viewBox.baseVal.width") * 15 >= 8


def test_an_edge_has_an_arrowhead(opened: Open) -> None:
    shown = opened(bound("a*b", {"a": 2.0, "b": 3.0}))
    ends = shown.eval_on_selector_all("path.wire", "wires => wires.map(wire => getComputedStyle(wire).markerEnd)")
    assert ends == ['url("#tip")'] * 3
    assert shown.locator("marker#tip path").count() == 1


def test_the_back_button_leads_to_the_step_before(opened: Open) -> None:
    shown = opened(bound(LECTURE, POINT), "#step=7&a=3")
    shown.evaluate("location.hash = '#step=2&a=5'")
    shown.get_by_text("step 2 of 10").wait_for()
    shown.go_back()
    shown.get_by_text("step 7 of 10").wait_for()
    assert shown.input_value("#v0") == "3"


def test_a_slider_that_is_dragged_fast_stays_at_the_last_number(opened: Open) -> None:
    shown = opened(bound("log(x)*x", {"x": 1.0}), "#step=99")
    slider = shown.get_by_label("x, slider")
    box = slider.bounding_box()
    shown.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    shown.mouse.down()
    for step in range(60):
        shown.mouse.move(box["x"] + box["width"] * (0.6 - step / 120), box["y"] + box["height"] / 2)
    shown.mouse.up()
    x = float(shown.input_value("#v0"))
    assert -2 <= x < -1
    assert read(shown)[0][0] == number(x, 6)
    assert shown.locator(".failed .note").text_content() == f"log is not defined at {number(x, 6)}"
    shown.get_by_role("button", name="Reset x").click()
    assert read(shown)[-1][0] == "0.0"


def test_colours_that_the_user_forces_are_kept(opened: Open) -> None:
    shown = opened(bound(LECTURE, POINT), "#step=7", forced_colors="active", reduced_motion="reduce")
    strokes = shown.eval_on_selector_all(".wire", "wires => wires.map(wire => getComputedStyle(wire).stroke)")
    assert len(set(strokes)) == 2
    assert shown.eval_on_selector(".wire", "wire => getComputedStyle(wire).transitionDuration") == "0s"


def test_three_hundred_nodes_are_computed_and_painted_in_time(opened: Open) -> None:
    text = "; ".join(["p0 = a*b", *(f"p{n} = sin(p{n - 1})*a + b" for n in range(1, 100))])
    program = bound(text, {"a": 0.5, "b": 0.25})
    assert 295 <= len(topological(program.root)) <= 300
    shown = opened(program, "#step=2000")
    times = shown.evaluate("""() => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((value) => {
        const slider = document.querySelector('#variables [type=range]');
        const start = performance.now();
        slider.value = value;
        slider.dispatchEvent(new Event('input'));
        document.body.getBoundingClientRect();
        return performance.now() - start;
    })""")
    assert min(times) < 50
    order = in_reading_order(program)
    program.bind({"a": float(shown.input_value("#v0")), "b": 0.25})
    program.differentiate()
    for node, (data, grad, _) in zip(order, read(shown), strict=True):
        assert alike(data, node.data)
        assert not node.varies or alike(grad, node.grad)

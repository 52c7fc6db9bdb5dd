"""The drawing of a graph, and the `Drawing` that a notebook shows."""

import sys
from html import unescape
from pathlib import Path
from textwrap import dedent
from typing import Any

import graphviz
import pytest

from mgcli import Value, draw_dot, parse, parse_program
from mgcli.render.drawing import Drawing


def records(drawing: Drawing) -> list[str]:
    """Return the text of each record of a drawing, in order."""
    lines = drawing.source.splitlines()
    return [line.split("{ ")[1].split(" }")[0] for line in lines if "shape=record" in line]


@pytest.fixture
def product() -> Any:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    product = a * b
    product.backward()
    return product


def test_a_graph_built_of_values_is_drawn_as_one_that_is_parsed(product: Any) -> None:
    parsed = parse("a*b", a=2, b=-3)
    parsed.backward()
    assert draw_dot(product).source == draw_dot(parsed).source


def test_an_operand_that_is_used_twice_has_two_edges() -> None:
    a = Value(3.0, label="a")
    assert draw_dot(a * a).source.expandtabs(4) == dedent("""\
        digraph {
            graph [ordering=in rankdir=LR]
            0 [label="{ a | data 3.0000 | grad 0.0000 }" shape=record]
            "1*" [label="*"]
            1 [label="{  | data 9.0000 | grad 0.0000 }" shape=record]
            "1*" -> 1
            0 -> "1*"
            0 -> "1*"
        }
        """)


def test_a_leaf_alone_is_one_record() -> None:
    assert draw_dot(Value(2.0)).source.expandtabs(4) == dedent("""\
        digraph {
            graph [ordering=in rankdir=LR]
            0 [label="{  | data 2.0000 | grad 0.0000 }" shape=record]
        }
        """)


def test_a_constant_has_no_grad() -> None:
    assert records(draw_dot(Value(3.0, label="x") ** 2)) == [
        "x | data 3.0000 | grad 0.0000",
        "data 2.0000",
        " | data 9.0000 | grad 0.0000",
    ]


def test_numbers_alone_have_no_grad_as_the_result_either() -> None:
    root = parse("3*4")
    root.backward()
    assert records(draw_dot(root)) == ["data 3.0000", "data 4.0000", "data 12.0000"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.0, "0.0000"),
        (6.8814, "6.8814"),
        (-1 / 3, "-0.3333"),
        (0.0001, "0.0001"),
        (0.00009, "9.0000e-05"),
        (-1.2345678e-7, "-1.2346e-07"),
        (999999.0, "999999.0000"),
        (1e6, "1.0000e+06"),
        (-2.5e100, "-2.5000e+100"),
    ],
)
def test_a_number_has_four_decimals_and_an_exponent_where_it_is_very_large_or_small(number: float, shown: str) -> None:
    value = Value(number, label="v")
    value.grad = number
    assert records(draw_dot(value)) == [f"v | data {shown} | grad {shown}"]


def test_a_graph_without_numbers_is_drawn_as_its_structure() -> None:
    assert records(draw_dot(parse("e = a*b; e + log(c)"))) == ["a", "b", "e", "c"]


def test_characters_with_a_meaning_in_a_record_are_shown_as_they_are() -> None:
    label = r'a|b {c} <d>  "e" \n \f &amp; -->'
    picture = unescape(draw_dot(Value(1.0, label=label)).pipe(encoding="utf-8")).replace("\xa0", " ")
    assert f">{label}" in picture


def test_an_undefined_value_is_marked_with_the_reason() -> None:
    marked = [line for line in draw_dot(parse("log(x)*2", x=-1)).source.splitlines() if "color=red" in line]
    assert marked == [
        '\t1 [label="{  | data nan | grad 0.0000 }" '
        'color=red fontcolor=red shape=record tooltip="log is not defined at -1.0"]',
        '\t3 [label="{  | data nan | grad 0.0000 }" color=red fontcolor=red shape=record tooltip="not defined"]',
    ]


def test_the_options_of_mg_draw_are_keywords(product: Any) -> None:
    a, _ = product.operands
    source = draw_dot(product, digits=3, grad=False, compact=True, highlight=[a]).source
    assert '[label="{ a | data 2.0 }" color=royalblue penwidth=2 shape=record]' in source
    assert '[label="{ * | data -6.0 }" color=royalblue penwidth=2 shape=record]' in source
    assert "data -6" not in draw_dot(product, data=False).source


def test_an_unknown_direction_is_an_error(product: Any) -> None:
    assert "rankdir=TB" in draw_dot(product, direction="TB").source
    with pytest.raises(ValueError, match="must be one of LR, TB"):
        draw_dot(product, direction="up")


def test_a_sign_that_has_a_meaning_in_a_record_is_shown_in_a_compact_one() -> None:
    assert ">&gt;</text>" in draw_dot(parse("where(x > 1, x, 2)"), compact=True).pipe(encoding="utf-8")


def test_a_long_expression_is_drawn() -> None:
    root = parse(" + ".join(["x"] * 5000), x=1)
    drawing = draw_dot(root)
    assert records(drawing)[-1] == " | data 5000.0000 | grad 0.0000"
    assert drawing.source.count("->") == 3 * 4999


@pytest.mark.usefixtures("without_dot")
class TestDrawing:
    """What a notebook and a script do with a drawing, on a machine without Graphviz."""

    def test_it_is_a_digraph_that_can_be_added_to(self, product: Any) -> None:
        drawing = draw_dot(product)
        drawing.attr(label="a product")
        assert isinstance(drawing, graphviz.Digraph)
        assert "a product" in drawing.pipe(encoding="utf-8")

    @pytest.mark.parametrize(
        ("form", "beginning"),
        [(None, b"<?xml"), ("svg", b"<?xml"), ("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff")],
    )
    def test_pipe_returns_the_picture(self, product: Any, form: str | None, beginning: bytes) -> None:
        assert draw_dot(product).pipe(form).startswith(beginning)

    def test_pipe_with_an_encoding_returns_text(self, product: Any) -> None:
        drawing = draw_dot(product)
        assert drawing.pipe(format="svg", encoding="utf-8") == drawing.pipe().decode()

    def test_a_notebook_shows_it(self, product: Any) -> None:
        drawing = draw_dot(product)
        assert drawing._repr_mimebundle_() == {"image/svg+xml": drawing.pipe(encoding="utf-8")}
        assert drawing._repr_mimebundle_(include=["image/png"])["image/png"].startswith(b"\x89PNG")

    def test_render_writes_the_source_and_the_picture_beside_it(self, product: Any, tmp_path: Path) -> None:
        drawing = draw_dot(product)
        assert drawing.render("g", tmp_path) == str(tmp_path / "g.svg")
        assert (tmp_path / "g").read_text() == drawing.source
        assert (tmp_path / "g.svg").read_bytes() == drawing.pipe()

    def test_render_takes_the_format_of_the_file_to_write(self, product: Any, tmp_path: Path) -> None:
        outfile = tmp_path / "g.png"
        assert draw_dot(product).render(outfile=outfile) == str(outfile)
        assert outfile.read_bytes().startswith(b"\x89PNG")

    def test_render_removes_the_source_on_request(self, product: Any, tmp_path: Path) -> None:
        draw_dot(product).render("g", tmp_path, format="png", cleanup=True)
        assert [path.name for path in tmp_path.glob("g*")] == ["g.png"]

    def test_render_and_view_open_the_picture_on_request(
        self, product: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = []
        monkeypatch.setattr(graphviz, "view", lambda path, quiet: opened.append((path, quiet)))
        drawing = draw_dot(product)
        written = drawing.render("g", tmp_path, view=True)
        assert drawing.render("g", tmp_path, quiet=True, quiet_view=True) == written
        assert drawing.view("g", directory=tmp_path) == written
        assert opened == [(written, False), (written, True), (written, False)]

    def test_the_engine_lays_the_picture_out(self, product: Any, tmp_path: Path) -> None:
        drawing = draw_dot(product)
        assert drawing.pipe(engine="dot") == drawing.pipe() != drawing.pipe(engine="circo")
        drawing.render("g", tmp_path, engine="circo")
        assert (tmp_path / "g.svg").read_bytes() == drawing.pipe(engine="circo")

    @pytest.mark.parametrize(
        ("argument", "error"), [({"engine": "nonsense"}, ValueError), ({"nonsense": "dot"}, TypeError)]
    )
    def test_an_argument_that_means_nothing_is_an_error(
        self, product: Any, tmp_path: Path, argument: dict[str, Any], error: type[Any]
    ) -> None:
        with pytest.raises(error, match="nonsense"):
            draw_dot(product).pipe(**argument)
        with pytest.raises(error, match="nonsense"):
            draw_dot(product).render("g", tmp_path, **argument)
        assert not (tmp_path / "g").exists()

    def test_a_picture_that_cannot_be_made_leaves_the_file_as_it_was(
        self, product: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mgcli.errors import RenderError

        outfile = tmp_path / "g.pdf"
        outfile.write_text("the picture of yesterday")
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(RenderError, match="a pdf without an installed Graphviz needs matplotlib"):
            draw_dot(product).render(outfile=outfile)
        assert outfile.read_text() == "the picture of yesterday"


LONG = {
    "one variable over and over": "+".join(["a"] * 500),
    "each line uses the line before": "\n".join(
        ["x0 = a", *(f"x{i} = x{i - 1}*b + sin(x{i - 1})" for i in range(1, 167))]
    ),
    "Horner's rule": "(" * 120 + "a" + "*b + c)" * 120,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_drawing_of_1_000_nodes_is_made_before_mg_gives_up(text: str) -> None:
    program = parse_program(text)
    program.bind(dict.fromkeys(program.variables, 0.5))
    assert draw_dot(program.root).pipe("svg").endswith(b"</svg>\n")


def test_only_a_large_drawing_gives_up_the_best_layout() -> None:
    assert "concentrate" not in draw_dot(parse("+".join(["a"] * 50))).source
    assert "concentrate=true" in draw_dot(parse("+".join(["a"] * 300))).source

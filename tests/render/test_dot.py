"""DOT to a picture: the embedded renderer, a `dot` on the PATH, and what is said when neither can."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mgcli.errors import RenderError
from mgcli.render import dot
from mgcli.render.dot import render

SOURCE = "digraph { a -> b }\n"


@pytest.fixture
def not_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot, "_embedded", lambda: None)


@pytest.mark.usefixtures("without_dot")
@pytest.mark.parametrize(
    ("form", "beginning"),
    [("svg", b"<?xml"), ("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff"), ("dot", b"digraph {")],
)
def test_no_graphviz_needs_to_be_installed(form: str, beginning: bytes) -> None:
    assert render(SOURCE, form).startswith(beginning)


def test_the_embedded_renderer_is_tried_first(fake_dot: Callable[[str], None]) -> None:
    fake_dot("echo never")
    assert render(SOURCE, "svg").startswith(b"<?xml")


def test_what_the_embedded_renderer_cannot_make_a_dot_on_the_path_makes(fake_dot: Callable[[str], None]) -> None:
    fake_dot("echo made by dot")
    assert render(SOURCE, "pdf") == b"made by dot\n"


@pytest.mark.usefixtures("not_embedded")
def test_where_it_is_missing_a_dot_on_the_path_is_given_the_source(fake_dot: Callable[[str], None]) -> None:
    fake_dot('echo "$@"; cat')
    assert render(SOURCE, "png", "neato") == b"-Kneato -Tpng -Nfontname=Helvetica\n" + SOURCE.encode()


@pytest.mark.usefixtures("not_embedded", "without_dot")
def test_without_any_renderer_the_error_says_how_to_get_one() -> None:
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "svg")
    assert str(caught.value) == "no renderer found\nhint: install one: python -m pip install graphviz-pure"


@pytest.mark.usefixtures("not_embedded")
@pytest.mark.parametrize(("system", "machine"), [("linux", "riscv64"), ("freebsd14", "amd64"), ("win32", "x86")])
def test_where_there_is_no_embedded_renderer_the_error_names_graphviz(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    # Where to look for programs is another question, which `shutil.which` answers differently on Windows.
    monkeypatch.setattr(dot, "_installed", lambda: None)
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "svg")
    assert str(caught.value) == (
        "no renderer found\n"
        "hint: install Graphviz, so that dot is on the PATH: there is no graphviz-pure for this kind of machine"
    )


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Let this Python have no scripts, and no record of the renderer."""
    monkeypatch.setattr("sysconfig.get_path", lambda *_: str(tmp_path / "scripts"))
    monkeypatch.setattr("importlib.metadata.files", lambda name: None)
    return tmp_path


@pytest.mark.usefixtures("nowhere")
def test_the_embedded_renderer_may_be_missing() -> None:
    assert dot._embedded() is None


def test_the_embedded_renderer_is_found_by_its_record(nowhere: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = nowhere / "bin" / "graphviz-pure"
    recorded.parent.mkdir()
    recorded.touch()

    class File:
        stem = "graphviz-pure"

        def locate(self) -> Any:
            return recorded

    monkeypatch.setattr("importlib.metadata.files", lambda name: [File()])
    assert dot._embedded() == str(recorded)


@pytest.mark.parametrize(("system", "script"), [("linux", "bin/graphviz-pure"), ("win32", "Scripts/graphviz-pure.exe")])
def test_the_embedded_renderer_is_found_beside_the_packages(
    nowhere: Any, monkeypatch: pytest.MonkeyPatch, system: str, script: str
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(dot, "__file__", str(nowhere / "mgcli" / "render" / "dot.py"))
    beside = nowhere / script
    beside.parent.mkdir()
    beside.touch()
    assert dot._embedded() == str(beside)


@pytest.mark.usefixtures("without_dot")
def test_a_pdf_without_graphviz_is_made_by_matplotlib() -> None:
    picture = render(SOURCE, "pdf")
    assert picture.startswith(b"%PDF")
    assert render(SOURCE, "pdf") == picture


@pytest.mark.usefixtures("without_dot")
def test_a_pdf_without_either_is_an_error_that_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "pdf")
    assert str(caught.value) == (
        "a pdf without an installed Graphviz needs matplotlib, which is not installed\n"
        "hint: install it: python -m pip install matplotlib"
    )


@pytest.mark.usefixtures("not_embedded")
def test_a_dot_that_does_not_know_the_format_is_not_reported_missing(fake_dot: Callable[[str], None]) -> None:
    fake_dot("""echo 'Format: "pdf" not recognized. Use one of: dot svg' >&2; exit 1""")
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "pdf")
    assert caught.value.message == ('the picture could not be made: Format: "pdf" not recognized. Use one of: dot svg')


@pytest.mark.usefixtures("without_dot")
def test_the_messages_of_the_embedded_renderer_are_in_the_error() -> None:
    with pytest.raises(RenderError, match=r"^the picture could not be made: .*syntax error in line 1"):
        render("digraph { a -> }", "svg")


@pytest.mark.usefixtures("not_embedded")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo warning >&2; echo 'out of paper' >&2; exit 1", "the picture could not be made: out of paper"),
        ("exit 3", "the picture could not be made: status 3"),
        ("cat >/dev/null", "the picture could not be made: DOT wrote nothing"),
        ("echo 'no room' >&2", "the picture could not be made: no room"),
        ("exec kill -9 $$", "the picture could not be made: status -9"),
    ],
)
def test_a_renderer_that_fails_is_quoted(fake_dot: Callable[[str], None], script: str, message: str) -> None:
    fake_dot(script)
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "svg")
    assert str(caught.value).replace(dot._installed() or "", "DOT") == message


@pytest.mark.usefixtures("not_embedded")
def test_a_renderer_that_takes_too_long_is_stopped(
    fake_dot: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dot, "TIME_LIMIT", 0.2)
    # What it started itself is stopped too.
    fake_dot("sleep 30; echo")
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "svg")
    assert str(caught.value) == ("the picture takes more than 0.2 seconds\nhint: write the graph itself, as dot")


@pytest.mark.usefixtures("without_dot")
def test_a_renderer_that_cannot_be_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "graphviz-pure"
    broken.write_text("not a program")
    monkeypatch.setattr(dot, "_embedded", lambda: str(broken))
    with pytest.raises(RenderError) as caught:
        render(SOURCE, "svg")
    assert str(caught.value) == f"{broken} cannot be run: Permission denied"


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals here")
@pytest.mark.usefixtures("not_embedded")
@pytest.mark.parametrize("failure", [KeyboardInterrupt, SystemExit])
def test_a_renderer_does_not_outlive_what_interrupts_mg(
    fake_dot: Callable[[str], None], tmp_path: Path, failure: type[Any]
) -> None:
    pid = tmp_path / "pid"
    # Once mg has written all that it has to say, it waits for the picture.
    fake_dot(f"cat >/dev/null; echo $$ >{pid}; kill -USR1 {os.getpid()}; sleep 30; echo")

    def interrupt(*_: Any) -> None:
        raise failure

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(failure):
            render(SOURCE, "svg")
    finally:
        signal.signal(signal.SIGUSR1, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)

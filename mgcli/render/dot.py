"""DOT source to a picture, by the renderer that is installed with mg or by a `dot` on the PATH."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mgcli.errors import Remedy, RenderError
from mgcli.render import svg

if TYPE_CHECKING:
    import subprocess

FORMATS = ("svg", "png", "jpg", "pdf", "dot")
"""The formats of a drawing."""

TIME_LIMIT = 120.0
"""The time limit for a picture, in seconds."""


BUILT_FOR = {"linux": ("x86_64", "aarch64"), "darwin": ("x86_64", "arm64"), "win32": ("AMD64", "ARM64")}
"""The machines of each system for which there is a graphviz-pure, as in `pyproject.toml`."""


def render(source: str, format: str, engine: str = "dot") -> bytes:  # noqa: A002
    """Return the picture of the DOT `source` in `format`.

    An SVG shows its text in the viewer's fonts, inside the cells whatever these are. A PDF needs an installed
    Graphviz or matplotlib. Raises RenderError, with the renderer's own message, if no renderer succeeds.
    """
    if format == "svg":
        return svg.fitted(
            _rendered(source, "svg", engine, f"-Nfontname={svg.MEASURE}", f"-Nmargin={svg.MARGIN}").decode()
        ).encode()
    if format == "pdf" and not _installed():
        from mgcli.render.pdf import pdf

        return pdf(render(source, "svg", engine).decode())
    return _rendered(source, format, engine, "-Nfontname=Helvetica")


def _rendered(source: str, format: str, engine: str, *style: str) -> bytes:  # noqa: A002
    renderers = _renderers()
    if not renderers:
        raise RenderError("no renderer found", hint=_how_to_get_one())
    complaints = []
    for renderer in renderers:
        try:
            return _run([renderer, f"-K{engine}", f"-T{format}", *style], source)
        except RenderError as error:
            complaints.append(error)
    raise complaints[-1]


def _how_to_get_one() -> str:
    import platform

    if platform.machine() in BUILT_FOR.get(sys.platform, ()):
        return "install one: python -m pip install graphviz-pure"
    return "install Graphviz, so that dot is on the PATH: there is no graphviz-pure for this kind of machine"


def _renderers() -> list[str]:
    """Return the programs to try, in this order."""
    return [renderer for renderer in (_embedded(), _installed()) if renderer]


def _installed() -> str | None:
    """Return the `dot` on the PATH, if there is one."""
    import shutil

    return shutil.which("dot")


def _embedded() -> str | None:
    """Return the program of the graphviz-pure wheel: where pip puts scripts, or where its record lists it."""
    name = "graphviz-pure.exe" if sys.platform == "win32" else "graphviz-pure"
    return next((str(path) for folder in _script_folders() if (path := folder / name).is_file()), None)


def _script_folders() -> Iterator[Path]:
    """Yield the folders that may contain scripts: this Python's, the user's, those of the packages."""
    import sysconfig

    for scheme in (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")):
        yield Path(sysconfig.get_path("scripts", scheme))
    # `pip install --target` puts scripts in a folder beside the packages.
    yield Path(__file__).parents[2] / ("Scripts" if sys.platform == "win32" else "bin")

    from importlib.metadata import PackageNotFoundError, files

    try:
        recorded = files("graphviz-pure") or []
    except PackageNotFoundError:
        return
    yield from (Path(str(file.locate())).parent for file in recorded if file.stem == "graphviz-pure")


def _run(command: list[str], source: str) -> bytes:
    import subprocess

    process = None
    try:
        # In a new session it can be ended with everything that it starts, and receives no Ctrl-C.
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        picture, words = process.communicate(source.encode(), timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise RenderError(
            f"the picture takes more than {TIME_LIMIT:g} seconds",
            hint=Remedy("write the graph itself, as dot", "dot"),
        ) from None
    except OSError as error:
        raise RenderError(f"{command[0]} cannot be run: {error.strerror}") from None
    finally:
        if process:
            _end(process)
    if process.returncode == 0 and picture:
        return picture
    complaint = words.decode(errors="replace").strip().splitlines()
    if not complaint:
        status = process.returncode
        complaint = [f"status {status}" if status else f"{command[0]} wrote nothing"]
    raise RenderError(f"the picture could not be made: {complaint[-1]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the renderer, and what it started, if still running: after the time limit, an interrupt, a signal."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            import os
            import signal

            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            if pipe:
                pipe.close()

"""DOT source to a picture, by the renderer that is installed with mg or by a `dot` on the PATH."""

import sys

from mgcli.errors import Remedy, RenderError

FORMATS = ("svg", "png", "jpg", "pdf", "dot")
"""What a drawing can be written as."""

TIME_LIMIT = 120.0
"""The time limit for a picture, in seconds."""


def render(source: str, format: str, engine: str = "dot") -> bytes:  # noqa: A002
    """Return the picture of the DOT `source` in `format`.

    Raises RenderError, with the renderer's own message, if no renderer succeeds.
    """
    renderers = _renderers()
    if not renderers:
        raise RenderError("no renderer found", hint="install one: pip install graphviz-pure")
    complaints = []
    for renderer in renderers:
        try:
            return _run([renderer, f"-K{engine}", f"-T{format}"], source)
        except RenderError as error:
            complaints.append(error)
    if not _installed() and "not recognized" in complaints[0].message:
        raise RenderError(
            f"a {format} needs an installed Graphviz, and there is no dot on the PATH",
            hint="install Graphviz, or use svg or png",
        )
    raise complaints[-1]


def _renderers() -> list[str]:
    """Return the programs to try, in this order."""
    return [renderer for renderer in (_embedded(), _installed()) if renderer]


def _installed() -> str | None:
    """Return the `dot` on the PATH, if there is one."""
    import shutil

    return shutil.which("dot")


def _embedded() -> str | None:
    """Return the program of the graphviz-pure wheel, from the folder where this Python installs scripts."""
    import sysconfig
    from pathlib import Path

    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    folders = [sysconfig.get_path("scripts", scheme) for scheme in schemes]
    name = "graphviz-pure.exe" if sys.platform == "win32" else "graphviz-pure"
    return next((str(path) for folder in folders if (path := Path(folder) / name).is_file()), None)


def _run(command: list[str], source: str) -> bytes:
    import subprocess

    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise RenderError(
            f"the picture takes more than {TIME_LIMIT:g} seconds", hint=Remedy("write the graph itself, as dot", "dot")
        ) from None
    except OSError as error:
        raise RenderError(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise RenderError(f"the picture could not be made: {words[-1] if words else f'status {done.returncode}'}")
    return done.stdout

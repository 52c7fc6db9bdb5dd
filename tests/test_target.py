"""`pip install --target`: a folder that is all of mg, its renderer included."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]

TIME_LIMIT = 300.0


def pip(*arguments: Any) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, timeout=TIME_LIMIT, check=False
    )


@pytest.fixture
def elsewhere(tmp_path: Path) -> Any:
    """Return a Python without packages, and a folder with mg and what it needs; skip if pip gets nothing."""
    if pip("--version").returncode:
        pytest.skip("no pip here")
    target, empty = tmp_path / "target", tmp_path / "empty"
    done = pip("install", "--quiet", "--disable-pip-version-check", "--target", str(target), str(REPOSITORY))
    if "No matching distribution found" in done.stderr:
        pytest.skip("no package index here")
    assert done.returncode == 0, done.stderr
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(empty)], check=True, timeout=TIME_LIMIT)
    return empty / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"), target


@pytest.mark.slow
def test_a_folder_of_packages_has_the_renderer_too(elsewhere: Any, tmp_path: Path) -> None:
    python, target = elsewhere
    done = subprocess.run(
        [str(python), "-m", "mgcli", "draw", "x*y", "--out", "g.svg"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target), "PATH": str(python.parent)},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "</svg>" in (tmp_path / "g.svg").read_text()

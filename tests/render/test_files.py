"""Files are written whole or not at all."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mgcli.render.files import write_whole


@pytest.fixture
def file(tmp_path: Path) -> Any:
    return tmp_path / "folder" / "file"


@pytest.fixture(autouse=True)
def _folder(file: Any) -> None:
    file.parent.mkdir()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_that_the_user_gives_new_files(file: Any, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(file, b"new")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == mode
    assert names(file.parent) == ["file"]


def test_an_existing_file_keeps_its_permissions(file: Any) -> None:
    file.write_bytes(b"old, and longer")
    file.chmod(0o604)
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o604


@pytest.mark.parametrize("bits", [0o4755, 0o2755, 0o1755])
def test_a_replaced_file_loses_its_set_user_bit(file: Any, bits: int) -> None:
    file.write_bytes(b"old")
    file.chmod(bits)
    assert write_whole(file, b"new")
    assert file.stat().st_mode & 0o7777 == 0o755


def refuse(*_: Any, **__: Any) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("failing", ["os.open", "os.replace"])
@pytest.mark.parametrize("old", [b"old", b"old, and longer"])
def test_a_file_in_a_read_only_folder_is_overwritten_in_place(
    file: Any, monkeypatch: pytest.MonkeyPatch, failing: str, old: bytes
) -> None:
    file.write_bytes(old)
    monkeypatch.setattr(failing, refuse)
    assert write_whole(file, b"fresh") is False
    assert file.read_bytes() == b"fresh"
    assert names(file.parent) == ["file"]


def test_a_file_that_cannot_be_written_is_an_os_error(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(PermissionError):
        write_whole(file, b"new")
    file.write_bytes(b"old")
    with pytest.raises(PermissionError):
        write_whole(file, b"new", private=True)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_console_without_an_inode_is_not_taken_for_a_file(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # On Windows, where consoles and pipes all have the number 0.
    nothing = os.stat_result([0] * 10)
    monkeypatch.setattr("os.fstat", lambda descriptor: nothing)
    assert write_whole(file, b"new")
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("before", [None, 0o644])
def test_a_private_file_is_the_user_s_alone(file: Any, before: int | None) -> None:
    if before:
        file.write_bytes(b"old")
        file.chmod(before)
    write_whole(file, b"new", private=True)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_followed(file: Any, exists: bool) -> None:
    if exists:
        file.write_bytes(b"old")
    link = file.with_name("link")
    link.symlink_to("file")
    write_whole(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert names(file.parent) == ["file", "link"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    file: Any, monkeypatch: pytest.MonkeyPatch, failure: Any
) -> None:
    def fail(*_: Any) -> None:
        raise failure

    file.write_bytes(b"old")
    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(type(failure)):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert names(file.parent) == ["file"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("nowhere/file", "No such file or directory"), (".", "Is a directory"), ("file/g", "Not a directory")],
)
def test_the_error_names_the_file_as_it_was_given(
    file: Any, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.chdir(file.parent)
    file.write_bytes(b"old")
    with pytest.raises(OSError, match=reason) as caught:
        write_whole(Path(path), b"new")
    assert (caught.value.filename, caught.value.strerror) == (path, reason)
    assert names(file.parent) == ["file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_written_to(file: Any) -> None:
    os.mkfifo(file)
    read = []
    reader = threading.Thread(target=lambda: read.append(file.read_bytes()), daemon=True)
    reader.start()
    write_whole(file, b"new")
    reader.join(10)
    assert read == [b"new"]
    assert names(file.parent) == ["file"]


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no /dev/fd here")
def test_a_pipe_that_the_shell_gives_as_a_file_is_written_to() -> None:
    reading, writing = os.pipe()
    try:
        write_whole(Path(f"/dev/fd/{writing}"), b"new")
        assert os.read(reading, 10) == b"new"
    finally:
        os.close(reading)
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_that_is_full_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left on device"):
        write_whole(Path("/dev/full"), b"new")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
def test_other_output_on_standard_output_is_not_lost(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from mgcli.render.files import write_whole; write_whole(Path('/dev/stdout'), b'b')"
    )
    with (tmp_path / "out").open("wb") as output:
        for code in ("print('a', end='')", script, "print('c', end='')"):
            subprocess.run([sys.executable, "-c", code], stdout=output, check=True)
    assert (tmp_path / "out").read_bytes() == b"abc"

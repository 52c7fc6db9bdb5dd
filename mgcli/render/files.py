"""Files written whole or not at all."""

import os
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


def write_whole(path: Path, content: bytes, *, private: bool = False) -> bool:
    """Write `content` to `path`, first to a file next to it, which then replaces it; return whether it was replaced.

    A link is followed, an existing file keeps its permissions, and what is not a regular file (a
    device, a pipe) or is the standard output is written to directly. So is a file in a folder where
    no other can be created, which is the only case of False. With `private`, only the user can read
    the file. Raises OSError if it cannot be written; the old file, if any, is then left as it was.
    """
    try:
        if _is_standard_output(path):
            with os.fdopen(os.dup(1), "wb") as output:
                output.write(content)
        elif path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            return _replace(Path(os.path.realpath(path)), content, private)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    return True


def _is_standard_output(path: Path) -> bool:
    """Whether `path` is where the standard output goes: replacing it would lose what else is written there."""
    try:
        there, output = path.stat(), os.fstat(1)
    except OSError:
        return False
    # Windows numbers files, but not consoles and pipes.
    return bool(output.st_ino) and os.path.samestat(there, output)


def _replace(target: Path, content: bytes, private: bool) -> bool:
    temporary = target.parent / f".{target.name[:32]}.{os.urandom(8).hex()}"
    try:
        # This is what `tempfile` does; importing that takes longer than writing the file.
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600), "wb") as file:
            file.write(content)
        temporary.chmod(0o600 if private else _permissions(target))
        temporary.replace(target)
    except PermissionError:
        temporary.unlink(missing_ok=True)
        if private or not os.access(target, os.W_OK):
            raise
        _overwrite(target, content)
        return False
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True


def _overwrite(target: Path, content: bytes) -> None:
    """Write into the file itself, and truncate it last."""
    with target.open("r+b") as file:
        file.write(content)
        file.truncate()


def _permissions(target: Path) -> int:
    """Return the permissions of the file that is replaced, or of a new one, without the set-user and set-group bits."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask

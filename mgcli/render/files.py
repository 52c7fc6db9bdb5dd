"""Files written whole or not at all."""

import os
from contextlib import suppress

_BINARY = getattr(os, "O_BINARY", 0)


def write_whole(path: str | os.PathLike[str], content: bytes, *, private: bool = False) -> bool:
    """Write `content` to `path`, first to a file next to it, which then replaces it; return whether it was replaced.

    A link is followed, an existing file keeps its permissions, and what is not a regular file (a
    device, a pipe) or is the standard output is written to directly. So is a file in a folder where
    no other can be created, which is the only case of False. With `private`, only the user can read
    the file. Raises OSError if it cannot be written; the old file, if any, is then left as it was.
    """
    try:
        if is_standard_output(path):
            with os.fdopen(os.dup(1), "wb") as output:
                output.write(content)
        elif os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.write(content)
        else:
            return _replace(os.path.realpath(path), content, private)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    return True


def is_standard_output(path: str | os.PathLike[str]) -> bool:
    """Whether `path` is where the standard output goes: replacing it would lose what else is written there."""
    try:
        there, output = os.stat(path), os.fstat(1)
    except OSError:
        return False
    # Windows numbers files, but not consoles and pipes.
    return bool(output.st_ino) and os.path.samestat(there, output)


def _replace(target: str, content: bytes, private: bool) -> bool:
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name[:32]}.{os.urandom(8).hex()}")
    try:
        # This is what `tempfile` does; importing that takes longer than writing the file.
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600), "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o600 if private else permissions(target))
        os.replace(temporary, target)
    except PermissionError:
        _remove(temporary)
        if private or not os.access(target, os.W_OK):
            raise
        _overwrite(target, content)
        return False
    except BaseException:
        _remove(temporary)
        raise
    return True


def _remove(file: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(file)


def _overwrite(target: str, content: bytes) -> None:
    """Write into the file itself, and truncate it last."""
    with open(target, "r+b") as file:
        file.write(content)
        file.truncate()


def permissions(target: str) -> int:
    """Return the permissions of the file that is replaced, or of a new one, without the set-user and set-group bits."""
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask

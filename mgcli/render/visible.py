"""Text from outside, made safe to show in a terminal or a picture."""

import re

# Control characters, marks that change the direction of reading, halves of surrogate pairs.
_UNSEEN = (
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""Return `text` with each invisible character written as in Python: an escape is `\x1b`.

    These are control characters but for tabs and line ends, marks that change the direction of reading,
    characters without a width, and lone surrogates.
    """
    if text.isascii() and text.isprintable():
        # As nearly all text is; the pattern takes a while to compile.
        return text
    return re.sub(_UNSEEN, lambda found: _escaped(ord(found[0])), text)


def visible_name(name: str) -> str:
    r"""Return the name of a file as `visible` does, on one line."""
    return visible(name).replace("\n", r"\n").replace("\t", r"\t")


def visible_title(title: str) -> str:
    """Return a title or a label as `visible` does, on one line."""
    return visible(" ".join(title.split()))


def program_line(text: str) -> str:
    """Return the statements of a program on one line, without its comments."""
    shown: list[str] = []
    depth = 0
    for line in text.splitlines():
        statement = " ".join(line.partition("#")[0].split())
        if not depth:
            statement = statement.rstrip("; ")
        if statement:
            shown += [" " if depth else "; ", statement]
            depth += statement.count("(") - statement.count(")")
    return "".join(shown[1:]).rstrip("; ")


def _escaped(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""`mg`, `mgcli` and `python -m mgcli`."""

# What `signal` wraps: that takes longer to load than all else before the first signal can be met.
import _signal
import gc
import sys

INTERRUPTED = 130

ENDING = [getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(_signal, name)]
"""The signals that ask a program to end."""


class Ended(BaseException):
    """A signal asks the program to end: what is under way is undone on the way out, as for an interrupt."""


def main() -> None:
    """Run the command line; a signal that asks it to end does so without a traceback, also while the program loads."""
    received: list[int] = []

    def end(number: int, _: object) -> None:
        received.append(number)
        if number == _signal.SIGINT:
            raise KeyboardInterrupt
        # A second one ends it at once.
        _signal.signal(number, _signal.SIG_DFL)
        raise Ended

    def unraisable(raised: "sys.UnraisableHookArgs") -> None:
        # Raised in a callback, an interrupt ends nothing; the status tells of it all the same.
        if not received:
            unraisable_before(raised)

    unraisable_before, sys.unraisablehook = sys.unraisablehook, unraisable
    for number in ENDING:
        # What is ignored, as after nohup, stays ignored.
        if _signal.getsignal(number) in (_signal.SIG_DFL, _signal.default_int_handler):
            _signal.signal(number, end)
    # A graph has no cycles; to look for some takes a sixth of the time of a large expression.
    gc.disable()
    try:
        from mgcli.cli.streams import prepare

        prepare()
        from mgcli.cli.group import cli

        cli.main(prog_name=None if sys.argv[0].endswith(("mg", "mgcli")) else "mg")
    except MemoryError:
        sys.exit("error: not enough memory")
    except BaseException as error:
        # What is raised in the middle of an import may arrive as another error.
        if not received and not isinstance(error, KeyboardInterrupt):
            raise
        if received and received[-1] != _signal.SIGINT:
            _end_by(received[-1])
        sys.exit(INTERRUPTED)
    finally:
        # It only has to leave; another Ctrl-C would show where in Python it is.
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        sys.unraisablehook = unraisable_before


def _end_by(number: int) -> None:
    """End this process by a signal, so that the one that started it sees that."""
    import os

    _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    main()

"""`mg`, `mgcli` and `python -m mgcli`."""

# `signal` takes longer to load than everything else up to the first line of `main`.
import _signal
import gc
import sys

INTERRUPTED = 130

ENDING = [getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(_signal, name)]
"""The signals that end a program."""


class Ended(BaseException):
    """A signal to end the program: unfinished work is cleaned up on the way out, as for an interrupt."""


def main() -> None:
    """Run the command line; a signal ends it without a traceback, even while the program is loading."""
    received: list[int] = []

    def end(number: int, _: object) -> None:
        received.append(number)
        if number == _signal.SIGINT:
            raise KeyboardInterrupt
        # A second one ends it at once.
        _signal.signal(number, _signal.SIG_DFL)
        raise Ended

    def unraisable(raised: "sys.UnraisableHookArgs") -> None:
        # An interrupt in a callback ends nothing; the exit status still shows it.
        if not received:
            unraisable_before(raised)

    unraisable_before, sys.unraisablehook = sys.unraisablehook, unraisable
    for number in ENDING:
        # A signal that is ignored, as after nohup, stays ignored.
        if _signal.getsignal(number) in (_signal.SIG_DFL, _signal.default_int_handler):
            _signal.signal(number, end)
    # A graph has no cycles; looking for them takes a sixth of the time for a large expression.
    gc.disable()
    try:
        from mgcli.cli.streams import prepare

        prepare()
        from mgcli.cli.group import cli

        cli.main(prog_name=None if sys.argv[0].endswith(("mg", "mgcli")) else "mg")
    except MemoryError:
        sys.exit("error: not enough memory")
    except BaseException as error:
        # An interrupt in the middle of an import may arrive as another error.
        if not received and not isinstance(error, KeyboardInterrupt):
            raise
        if received and received[-1] != _signal.SIGINT:
            _end_by(received[-1])
        sys.exit(INTERRUPTED)
    finally:
        # All that is left is to exit; another Ctrl-C would print a traceback.
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        sys.unraisablehook = unraisable_before
        # Looking for cycles among all that was loaded would be a tenth of the run.
        gc.freeze()


def _end_by(number: int) -> None:
    """End this process by a signal, so that its parent sees the signal."""
    import os

    _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    main()

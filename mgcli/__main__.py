"""`mg`, `mgcli` and `python -m mgcli`."""

import gc
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt is an exit status, also while the program loads."""
    # A graph has no cycles; to look for some takes a sixth of the time of a large expression.
    gc.disable()
    try:
        from mgcli.cli.process import Ended, end_by, prepare

        try:
            prepare()
            from mgcli.cli.group import cli

            cli.main(prog_name=None if sys.argv[0].endswith(("mg", "mgcli")) else "mg")
        except Ended as ended:
            end_by(ended.number)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except MemoryError:
        sys.exit("error: not enough memory")
    finally:
        # It only has to leave; another Ctrl-C would show where in Python it is.
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()

"""`mg`, `mgcli` and `python -m mgcli`."""

import gc
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt gives an exit status, even while the program is loading."""
    # A graph has no cycles; looking for them takes a sixth of the time for a large expression.
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
        # All that is left is to exit; another Ctrl-C would print a traceback.
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()

"""`mg`, `mgcli` and `python -m mgcli`."""

import gc
import sys


def main() -> None:
    """Run the command line; an interrupt is an exit status, also while the program loads."""
    # A graph has no cycles; to look for some takes a sixth of the time of a large expression.
    gc.disable()
    try:
        from mgcli.cli.group import cli

        cli.main(prog_name=None if sys.argv[0].endswith(("mg", "mgcli")) else "mg")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

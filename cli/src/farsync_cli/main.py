"""The script `farsync`. What takes long to import is imported inside, where Ctrl-C is answered already."""

import sys


def main() -> None:
    try:
        from farsync_cli.application import run_command, surroundings_here

        code = run_command(sys.argv[1:], surroundings_here())
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)

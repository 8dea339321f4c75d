"""Draws run_job for the README: python -m tools.draw_state_machine [--check]"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.drawing.routing import compose
from tools.drawing.svg import draw
from tools.generated_file import write_or_check
from tools.states_language import ROOT, read_state_machine

MACHINE_FILE = ROOT / "statemachines" / "run_job.asl.yaml"
PICTURE_FILE = ROOT / "docs" / "run_job.svg"


def main(arguments: Sequence[str], machine_file: Path = MACHINE_FILE, picture_file: Path = PICTURE_FILE) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.draw_state_machine", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the picture differs")
    options = parser.parse_args(arguments)
    machine = read_state_machine(machine_file)
    return write_or_check(picture_file, draw(machine, compose(machine.scope)), options.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m tests.outage [--hours 6]`: plays an outage and prints its timeline; 1 where something is wrong at last."""

import argparse
import sys

from tests.outage.scenario import SPEED, play_outage


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.outage", description=__doc__)
    parser.add_argument("--hours", type=float, default=6.0, help="of the scaled clock")
    hours: float = parser.parse_args().hours
    print(f"Both providers are away for {hours:g} hours; the clock runs {SPEED} times faster.", flush=True)
    wrongs = play_outage(hours, lambda line: print(line, flush=True))
    print(
        "\n".join(f"WRONG  {wrong}" for wrong in wrongs) or "Nothing runs any more, and every event was emitted once."
    )
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())

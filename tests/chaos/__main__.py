"""`python -m tests.chaos --runs 2000 --seed 7 [--dump DIR]`: plays, and prints the verdict."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos import judge
from tests.chaos.late_visibility import judge_late, make_late_plan
from tests.chaos.planning import make_plan
from tests.chaos.playing import play

LATE_RUNS = 24


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="default: one at random, which is printed")
    parser.add_argument("--dump", type=Path, default=None, help="a folder for all that a verdict needs")
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    began_at = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - began_at:6.0f} s  {line}", file=sys.stderr, flush=True)

    tell(f"chaos with seed {seed}: {asked.runs} runs")
    with tempfile.TemporaryDirectory(prefix="farsync-chaos-") as temporary:
        folder = asked.dump or Path(temporary)
        play(make_plan(seed, asked.runs), folder, tell)
        tell("once more, with starts that are listed later than the consistency window")
        play(make_late_plan(seed, LATE_RUNS), folder / "late", tell)
        return max(judge.main(folder), judge_late(folder / "late"))


if __name__ == "__main__":
    sys.exit(main())

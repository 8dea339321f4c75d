"""`python -m tests.chaos --runs 2000 --seed 7 [--dump DIR]`: plays, checks, and prints the findings."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.planning import OPEN_RUNS, Planner, jobs_for
from tests.chaos.playing import play
from tests.chaos.report import report
from tests.chaos.sandbox import ChaosSandbox


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="default: one at random, which is printed")
    parser.add_argument("--dump", type=Path, default=None, help="a folder for all that the checks need")
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    began_at = time.monotonic()

    def log(line: str) -> None:
        print(f"{time.monotonic() - began_at:6.0f} s  {line}", file=sys.stderr, flush=True)

    log(f"chaos with seed {seed}: {asked.runs} runs")
    jobs = jobs_for(asked.runs)
    with tempfile.TemporaryDirectory(prefix="farsync-chaos-") as temporary:
        folder = asked.dump or Path(temporary)
        play(ChaosSandbox(jobs), OPEN_RUNS, lambda driver: Planner(driver, jobs, seed, asked.runs).play(), folder, log)
        return report(folder)


if __name__ == "__main__":
    sys.exit(main())

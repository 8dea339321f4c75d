"""The cost of a run, and how late its end is detected, in every way: python -m benchmarks.cost [--write]

Fails when an hour's run misses a goal.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.cost.comparison import compare, documents_with, figures, page_table, readme_line
from benchmarks.cost.fixed import monthly, transitions_explained
from benchmarks.cost.runs import HISTORIES, PAST_RUNS, RUNS_OF_A_HISTORY, SEED, SPREAD, Averages
from benchmarks.cost.ways import REGION
from farsync.polling import POLL_COST_SECONDS
from tools.generated_file import write_or_check

MINUTES = 60


class Goal(NamedTuple):
    """The most that an hour's run may cost, and how late its end may be detected."""

    way: str
    usd: float
    delay_seconds: float
    p95_seconds: float

    def holds(self, reached: Averages) -> bool:
        """Prints the line of the goal."""
        print(
            f"goal at {MINUTES} minutes, {self.way}: usd={reached.usd:.6f} limit={self.usd:.6f} "
            f"mean={reached.delay_seconds:.1f}s limit={self.delay_seconds:g}s "
            f"p95={reached.p95_seconds:.1f}s limit={self.p95_seconds:g}s"
        )
        pairs = ((reached.usd, self.usd), (reached.delay_seconds, self.delay_seconds))
        return all(value <= limit for value, limit in (*pairs, (reached.p95_seconds, self.p95_seconds)))


GOALS = (
    Goal("farsync", 0.00042, 15, 38),
    Goal("farsync, `pollCostSeconds` 0.05", 0.0006, 8, 38),
)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--write", action="store_true", help="only write the parts of README and docs/cost.md")
    options = parser.parse_args(arguments)
    compared = compare()
    if options.write:
        for document, text in documents_with(compared).items():
            write_or_check(document, text, is_check=False)
        return 0
    print(
        f"{REGION}, price of a poll {POLL_COST_SECONDS:g} s; run times log-normal, spread {SPREAD:g}, "
        f"{PAST_RUNS} known; {HISTORIES} x {RUNS_OF_A_HISTORY} runs, seed {SEED}\n"
        "farsync, every 15 s: maxDetectionDelaySeconds 15, pollCostSeconds 3600\n"
    )
    print(figures(compared))
    print(f"\nTransitions of every run:\n{transitions_explained()}")
    print(f"\nA month, before any run:\n{monthly()}")
    print(f"\nIn the README:\n\n{readme_line(compared)}\nIn docs/cost.md:\n\n{page_table(compared)}")
    reached = {averages.way: averages for averages in compared if averages.minutes == MINUTES}
    results = [goal.holds(reached[goal.way]) for goal in GOALS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

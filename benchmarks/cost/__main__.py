"""What a run costs, and how late its end is known, in every way: python -m benchmarks.cost [--write]

Fails when an hour's run costs more than the limit.
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks.cost.comparison import README, compare, figures, readme_table, readme_with
from benchmarks.cost.runs import HISTORIES, PAST_RUNS, RUNS_OF_A_HISTORY, SEED, SPREAD
from benchmarks.cost.ways import REGION
from farsync.polling import LOOK_COST_SECONDS
from tools.generated_file import write_or_check

LIMIT_USD = 0.0010
LIMITED_MINUTES = 60


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--write", action="store_true", help="only write the README's table")
    options = parser.parse_args(arguments)
    compared = compare()
    if options.write:
        return write_or_check(README, readme_with(readme_table(compared)), is_check=False)
    print(
        f"{REGION}, price of a look {LOOK_COST_SECONDS:g} s; run times log-normal, spread {SPREAD:g}, "
        f"{PAST_RUNS} known; {HISTORIES} x {RUNS_OF_A_HISTORY} runs, seed {SEED}\n"
    )
    print(figures(compared))
    print(f"\nIn the README:\n\n{readme_table(compared)}")
    (usd,) = (one.usd for one in compared if (one.minutes, one.way) == (LIMITED_MINUTES, "farsync"))
    print(f"bill of an hour's run  ours=${usd:.6f} limit=${LIMIT_USD:.4f}")
    return 0 if usd <= LIMIT_USD else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

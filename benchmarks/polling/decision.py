"""How long one decision takes a processor, and that it needs no numpy."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from timeit import repeat

from benchmarks.polling.cases import MOST_EARLIER_RUNS, cases_of
from benchmarks.polling.models import draw_hour
from farsync.polling import PastRuns, next_wait_seconds

LIMIT_RATIO = 2.0
"""To `sum(range(10_000))`, which takes about 100 us."""
ROUNDS = 60
DECISIONS = 15
ELAPSED_SHARES = (0.0, 0.5, 0.9, 1.0, 1.5)


def best_us(action: Callable[[], object]) -> float:
    """Of the processor's time; the fastest rounds are the least disturbed by all else."""
    return 1e6 * min(repeat(action, timer=time.process_time, repeat=ROUNDS, number=DECISIONS)) / DECISIONS


def decide(past: PastRuns, elapsed_seconds: float) -> int:
    return next_wait_seconds(
        elapsed_seconds,
        past=past,
        remaining_seconds=24 * 3600,
        max_detection_delay_seconds=None,
        random=random.random,
    )


def holds_for_a_decision(seed: int) -> bool:
    """Prints the dearest of several moments of a run with a full history, and whether numpy came along."""
    past = cases_of(draw_hour(0.2, MOST_EARLIER_RUNS + 1, seed))[-1].past
    middle = median(past.succeeded_seconds)
    dearest = max(best_us(partial(decide, past, share * middle)) for share in ELAPSED_SHARES)
    ratio = dearest / best_us(lambda: sum(range(10_000)))
    statements = "import sys, farsync.polling; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, check=True)
    brings_numpy = done.stdout.strip() == "True"
    print(
        f"decision={dearest:.0f}us ratio={ratio:.2f} to sum(range(10_000)) limit={LIMIT_RATIO:.2f} "
        f"numpy={'yes' if brings_numpy else 'no'}"
    )
    return ratio <= LIMIT_RATIO and not brings_numpy

"""What one decision takes of a processor, and that it needs no numpy."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.polling.cases import MOST_EARLIER_RUNS, cases_of
from benchmarks.polling.models import draw_hour
from farsync.polling import PastRuns, next_wait_seconds

LIMIT_US = 200.0
LIMIT_RATIO = 2.0
"""Of `sum(range(10_000))`, which takes about 100 us where the limit was set."""
ROUNDS = 60
DECISIONS = 15
ELAPSED_SHARES = (0.0, 0.5, 0.9, 1.0, 1.5)


def best_us(actions: Sequence[Callable[[], object]]) -> Sequence[float]:
    """Of the processor's time for each, taken in turns; the fastest rounds are the least disturbed by all else."""
    rounds = [[_us(action) for action in actions] for _ in range(ROUNDS)]
    return [min(each) for each in zip(*rounds, strict=True)]


def _us(action: Callable[[], object]) -> float:
    begun = time.process_time_ns()
    for _ in range(DECISIONS):
        action()
    return (time.process_time_ns() - begun) / DECISIONS / 1000


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
    middle = sorted(past.succeeded_seconds)[len(past.succeeded_seconds) // 2]
    decisions = [partial(decide, past, share * middle) for share in ELAPSED_SHARES]
    *ours, yardstick = best_us([*decisions, lambda: sum(range(10_000))])
    dearest = max(ours)
    statements = "import sys, farsync.polling; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, check=True)
    brings_numpy = done.stdout.strip() == "True"
    ratio = dearest / yardstick
    print(
        f"decision={dearest:.0f}us limit={LIMIT_US:.0f}us ratio={ratio:.2f} to sum(range(10_000)) "
        f"limit={LIMIT_RATIO:.2f} numpy={'yes' if brings_numpy else 'no'}"
    )
    return (dearest <= LIMIT_US or ratio <= LIMIT_RATIO) and not brings_numpy

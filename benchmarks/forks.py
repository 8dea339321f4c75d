"""Two ways to poll again by a queue, while functions crash: does a run's chain of messages fork?

    python -m benchmarks.forks [--runs 1000] [--seed 5]

"send the next" sends a message for the next poll and deletes the one received. A crash between the two leaves both,
and the run is polled by two chains from then on. "hide the same" changes the visibility of the one message there is.
Either way, a message whose function crashes is received again after the queue's visibility time-out.
"""

import argparse
import sys
from collections.abc import Iterator
from math import ceil, log
from random import Random
from statistics import fmean
from typing import NamedTuple

RUN_SECONDS = 2 * 3600
INTERVAL_SECONDS = 15
VISIBILITY_SECONDS = 90
IDEAL_POLLS = ceil(RUN_SECONDS / INTERVAL_SECONDS)
CRASH_RATES = (1e-5, 1e-4, 1e-3, 1e-2)
RUNS = 1000
SEED = 5


class Followed(NamedTuple):
    """Of many runs: the share whose chain forked, and their polls to those without a crash."""

    share_forked: float
    polls_to_ideal: float


def follow(*, sends_next: bool, crash_rate: float, random: Random) -> tuple[int, int]:
    """How often a run is polled until its end is detected, and how often its chain forks. A function may crash after
    each of its three steps: received, polled, sent or hidden.
    """
    crashes = _crashes(crash_rate, random)
    polls = forks = 0
    messages = [INTERVAL_SECONDS]
    while messages:
        now = messages.pop()
        while now < RUN_SECONDS:
            if next(crashes):
                now += VISIBILITY_SECONDS
                continue
            polls += 1
            if next(crashes):
                now += VISIBILITY_SECONDS
                continue
            if next(crashes) and sends_next:
                forks += 1
                messages.append(now + VISIBILITY_SECONDS)
            now += INTERVAL_SECONDS
    # The first message to be received after the end completes the task; the others find it dead and do not poll.
    return polls + 1, forks


def _crashes(rate: float, random: Random) -> Iterator[bool]:
    """Whether the function crashes after each step; the steps between two crashes are drawn at once."""
    while True:
        for _ in range(int(log(1 - random.random()) / log(1 - rate))):
            yield False
        yield True


def follow_all(*, sends_next: bool, crash_rate: float, runs: int, seed: int) -> Followed:
    random = Random(f"{seed} {sends_next} {crash_rate}")
    polls, forks = zip(
        *(follow(sends_next=sends_next, crash_rate=crash_rate, random=random) for _ in range(runs)), strict=True
    )
    return Followed(fmean(number > 0 for number in forks), fmean(polls) / IDEAL_POLLS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(
        f"{given.runs} runs of {RUN_SECONDS / 3600:g} hours, a poll every {INTERVAL_SECONDS} s, visibility "
        f"{VISIBILITY_SECONDS} s; crash rate of each step; seed {given.seed}"
    )
    for way, sends_next in (("send the next", True), ("hide the same", False)):
        for crash_rate in CRASH_RATES:
            found = follow_all(sends_next=sends_next, crash_rate=crash_rate, runs=given.runs, seed=given.seed)
            print(
                f"{way:<14}  crash rate {crash_rate:.0e}  forked {found.share_forked:>6.1%}  "
                f"polls {found.polls_to_ideal:>5.2f} times the ideal",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

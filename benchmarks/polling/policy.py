"""What farsync's policy pays for runs: looks, and seconds by which the news is late."""

import random
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from statistics import fmean
from typing import NamedTuple

from benchmarks.polling.cases import Case
from farsync.polling import next_wait_seconds

DEADLINE_SECONDS = 30 * 24 * 3600
CASES_PER_TASK = 25


class Bill(NamedTuple):
    """What one run took until its end was known."""

    looks: int
    delay_seconds: float


def watch(case: Case, look_cost_seconds: float, chance: random.Random) -> Bill:
    """The whole policy, with its jitter and its whole seconds."""
    deadline_seconds = max(DEADLINE_SECONDS, 2 * case.run_seconds)
    elapsed_seconds, looks = 0, 0
    while elapsed_seconds < case.run_seconds:
        elapsed_seconds += next_wait_seconds(
            elapsed_seconds,
            past=case.past,
            look_cost_seconds=look_cost_seconds,
            looks_so_far=looks,
            remaining_seconds=deadline_seconds - elapsed_seconds,
            random=chance.random,
        )
        looks += 1
    return Bill(looks, elapsed_seconds - case.run_seconds)


def bills(cases: Sequence[Case], look_cost_seconds: float, seed: int, executor: Executor) -> Sequence[Bill]:
    """One for each case; the jitter depends on the seed and the case's place alone."""
    begins = range(0, len(cases), CASES_PER_TASK)
    parts = [cases[begin : begin + CASES_PER_TASK] for begin in begins]
    watched = executor.map(partial(_watch_all, look_cost_seconds, seed), begins, parts)
    return [bill for part in watched for bill in part]


def _watch_all(look_cost_seconds: float, seed: int, begin: int, cases: Sequence[Case]) -> list[Bill]:
    return [
        watch(case, look_cost_seconds, random.Random(f"{seed} {begin + index}")) for index, case in enumerate(cases)
    ]


def mean_cost(paid: Sequence[Bill], look_cost_seconds: float) -> float:
    """Seconds a run, a look at its price."""
    return fmean(look_cost_seconds * bill.looks + bill.delay_seconds for bill in paid)

"""The price of runs under farsync's policy: polls, and seconds by which its end is detected late."""

import random
from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import repeat
from statistics import fmean
from typing import NamedTuple

from benchmarks.poll_moments import poll_moments
from benchmarks.polling.cases import Case

DEADLINE_SECONDS = 30 * 24 * 3600
CASES_PER_TASK = 25


class Outcome(NamedTuple):
    """Of a run, until its end was detected."""

    polls: int
    delay_seconds: float


def watch(case: Case, poll_cost_seconds: float, chance: random.Random) -> Outcome:
    """The whole policy, with its jitter and its whole seconds."""
    deadline = max(DEADLINE_SECONDS, 2 * case.run_seconds)
    moments = poll_moments(case.past, chance.random, poll_cost_seconds=poll_cost_seconds, deadline_seconds=deadline)
    return next(
        Outcome(polls, moment - case.run_seconds)
        for polls, moment in enumerate(moments, 1)
        if moment >= case.run_seconds
    )


def outcomes(cases: Sequence[Case], poll_cost_seconds: float, seed: int, executor: Executor) -> Sequence[Outcome]:
    """One for each case; the jitter depends on the seed and the case's place alone."""
    chances = [random.Random(f"{seed} {place}") for place in range(len(cases))]
    return list(executor.map(watch, cases, repeat(poll_cost_seconds), chances, chunksize=CASES_PER_TASK))


def mean_cost(paid: Sequence[Outcome], poll_cost_seconds: float) -> float:
    """Seconds a run, a poll at its price."""
    return fmean(poll_cost_seconds * outcome.polls + outcome.delay_seconds for outcome in paid)

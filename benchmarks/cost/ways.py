"""The ways to learn the end of a job: when each looks, and what it has cost by then."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from benchmarks.cost.state_counts import run_transitions
from farsync.bill import (
    CALLS_BESIDE_LOOKS,
    GIGABYTES,
    SECONDS_OF_A_CALL_BESIDE_LOOKS,
    USD_PER_CALL,
    USD_PER_GB_SECOND,
    USD_PER_TRANSITION_ELSEWHERE,
    estimated_cost_usd,
)
from farsync.looking import LONGEST_WAIT_INSIDE_SECONDS, MOST_LOOKS_OF_A_CALL
from farsync.polling import LOOK_COST_SECONDS, next_wait_seconds
from farsync.run_times import PastRuns

REGION = "us-east-1"
SECONDS_OF_A_LOOK = 0.2
"""A warm call, most of which waits for the vendor's reply."""
GLUE_SECONDS, GLUE_SECONDS_LATER, GLUE_LATER_FROM_SECONDS = 60, 300, 600
"""https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html"""

# Durable functions, as https://aws.amazon.com/lambda/pricing/ has them for us-east-1, read on 2026-11-22. An operation
# is the start of the execution, a step or a wait; what they wrote is kept for 14 days, unless one says otherwise.
USD_PER_OPERATION = 8.00e-6
GIGABYTES_OF_AN_OPERATION = 1e-6
USD_PER_GB_WRITTEN = 0.25
USD_PER_GB_KEPT = 0.15 * 14 / 30


class Job(NamedTuple):
    past: PastRuns
    timeout_seconds: float


class Look(NamedTuple):
    """And what the whole run has cost if this look sees the end."""

    at_seconds: float
    transitions: int
    usd: float


class Way(NamedTuple):
    name: str
    looks: Callable[[Job, Random], Iterator[Look]]
    """Until the job's time is out."""


def farsync_looks(job: Job, random: Random, look_cost_seconds: float = LOOK_COST_SECONDS) -> Iterator[Look]:
    """A run of `run_job` and the event's way onto its queue and off it."""
    steps = run_transitions()
    transitions = steps.until_first_look + steps.from_last_look_on
    calls, function_seconds = CALLS_BESIDE_LOOKS, CALLS_BESIDE_LOOKS * SECONDS_OF_A_CALL_BESIDE_LOOKS
    now, looks, looks_of_call = 0.0, 0, 0
    while now < job.timeout_seconds:
        wait = next_wait_seconds(
            now,
            past=job.past,
            look_cost_seconds=look_cost_seconds,
            looks_so_far=looks,
            remaining_seconds=job.timeout_seconds - now,
            random=random.random,
        )
        if 0 < looks_of_call < MOST_LOOKS_OF_A_CALL and wait <= LONGEST_WAIT_INSIDE_SECONDS:
            function_seconds += wait
            looks_of_call += 1
        else:
            transitions += steps.per_further_look if looks else 0
            calls += 1
            looks_of_call = 1
        now += wait
        looks += 1
        function_seconds += SECONDS_OF_A_LOOK
        cost = estimated_cost_usd(
            REGION, state_transitions=transitions, function_calls=calls, function_seconds=function_seconds
        )
        yield Look(now, transitions, cost)


def glue_looks(job: Job, _: Random) -> Iterator[Look]:
    """As AWS itself looks at its own Glue jobs, without charge: `.sync` is one task."""
    now = 0.0
    while now < job.timeout_seconds:
        now += GLUE_SECONDS if now < GLUE_LATER_FROM_SECONDS else GLUE_SECONDS_LATER
        yield Look(now, 1, USD_PER_TRANSITION_ELSEWHERE)


def looks_at_intervals(
    seconds: int, *, transitions: tuple[int, int] = (0, 0), operations: tuple[int, int] = (0, 0)
) -> Callable[[Job, Random], Iterator[Look]]:
    """Pairs are those of the start and those of each look, beside a call of a function for each."""

    def looks(job: Job, _: Random) -> Iterator[Look]:
        number, now = 0, 0
        while now < job.timeout_seconds:
            number, now = number + 1, now + seconds
            made = transitions[0] + number * transitions[1]
            function_seconds = SECONDS_OF_A_CALL_BESIDE_LOOKS + number * SECONDS_OF_A_LOOK
            usd = (
                made * USD_PER_TRANSITION_ELSEWHERE
                + (1 + number) * USD_PER_CALL
                + function_seconds * GIGABYTES * USD_PER_GB_SECOND
                + (operations[0] + number * operations[1]) * usd_of_an_operation()
            )
            yield Look(now, made, usd)

    return looks


def usd_of_an_operation() -> float:
    return USD_PER_OPERATION + GIGABYTES_OF_AN_OPERATION * (USD_PER_GB_WRITTEN + USD_PER_GB_KEPT)


WAYS: Sequence[Way] = (
    Way("farsync", farsync_looks),
    Way("farsync, `lookCostSeconds` 1", partial(farsync_looks, look_cost_seconds=1.0)),
    Way("Glue's `.sync`, were it there", glue_looks),
    Way("loop of Wait, Task, Choice, 30 s", looks_at_intervals(30, transitions=(1, 3))),
    Way("loop of Wait, Task, Choice, 60 s", looks_at_intervals(60, transitions=(1, 3))),
    Way("a Task's Retry as a loop, 60 s", looks_at_intervals(60, transitions=(1, 1))),
    Way("Lambda durable function, 60 s", looks_at_intervals(60, operations=(2, 2))),
)

"""The ways to learn the end of a job: when each polls, and what it has cost by then."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Any, NamedTuple

from benchmarks.cost.state_counts import run_transitions
from benchmarks.poll_moments import poll_moments
from farsync.events.cost import (
    GIGABYTES,
    SECONDS_OF_A_CALL_BEFORE_POLLS,
    SECONDS_OF_A_POLL,
    USD_PER_CALL,
    USD_PER_GB_SECOND,
    USD_PER_TRANSITION_ELSEWHERE,
    estimated_cost_usd,
)
from farsync.polling import PastRuns

REGION = "us-east-1"
GLUE_SECONDS, GLUE_SECONDS_LATER, GLUE_LATER_FROM_SECONDS = 60, 300, 600
"""https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html"""

# Durable functions, as https://aws.amazon.com/lambda/pricing/ has them for us-east-1, read on 2026-11-22. An operation
# is the start of the execution, a step or a wait; what they wrote is kept for 14 days, unless one says otherwise.
USD_PER_OPERATION = 8.00e-6
GIGABYTES_OF_AN_OPERATION = 1e-6
USD_PER_GB_WRITTEN = 0.25
USD_PER_GB_KEPT = 0.15 * 14 / 30

HIGHEST_POLL_COST_SECONDS = 3600.0


class Job(NamedTuple):
    past: PastRuns
    timeout_seconds: float


class Poll(NamedTuple):
    """And what the whole run has cost if this poll sees the end."""

    at_seconds: float
    usd: float


Polls = Callable[[Job, Random], Iterator[Poll]]
"""Until the job's time is out."""


class Way(NamedTuple):
    name: str
    polls: Polls


def farsync_polls(job: Job, random: Random, **policy: Any) -> Iterator[Poll]:
    """A run of `run_job`, and its event's way onto its queue and off it."""
    moments = poll_moments(job.past, random.random, deadline_seconds=job.timeout_seconds, **policy)
    for polls, moment in enumerate(moments, 1):
        yield Poll(moment, estimated_cost_usd(REGION, transitions=run_transitions(), polls=polls))


def glue_polls(job: Job, _: Random) -> Iterator[Poll]:
    """As AWS itself polls its own Glue jobs, without charge: `.sync` is one task."""
    now = 0.0
    while now < job.timeout_seconds:
        now += GLUE_SECONDS if now < GLUE_LATER_FROM_SECONDS else GLUE_SECONDS_LATER
        yield Poll(now, USD_PER_TRANSITION_ELSEWHERE)


def polls_at_intervals(
    seconds: int, *, transitions: tuple[int, int] = (0, 0), operations: tuple[int, int] = (0, 0)
) -> Polls:
    """Pairs are those of the start and those of each poll, beside a call of a function for each."""

    def polls(job: Job, _: Random) -> Iterator[Poll]:
        number, now = 0, 0
        while now < job.timeout_seconds:
            number, now = number + 1, now + seconds
            function_seconds = SECONDS_OF_A_CALL_BEFORE_POLLS + number * SECONDS_OF_A_POLL
            yield Poll(
                now,
                (transitions[0] + number * transitions[1]) * USD_PER_TRANSITION_ELSEWHERE
                + (1 + number) * USD_PER_CALL
                + function_seconds * GIGABYTES * USD_PER_GB_SECOND
                + (operations[0] + number * operations[1]) * usd_of_an_operation(),
            )

    return polls


def usd_of_an_operation() -> float:
    return USD_PER_OPERATION + GIGABYTES_OF_AN_OPERATION * (USD_PER_GB_WRITTEN + USD_PER_GB_KEPT)


def _farsync_every(seconds: int) -> Way:
    """At the highest price, `maxDetectionDelaySeconds` alone says when to poll, whatever is known of the job."""

    policy = {"poll_cost_seconds": HIGHEST_POLL_COST_SECONDS, "max_detection_delay_seconds": seconds}

    def polls(job: Job, random: Random) -> Iterator[Poll]:
        return farsync_polls(job._replace(past=PastRuns()), random, **policy)

    return Way(f"farsync, every {seconds} s", polls)


WAYS: Sequence[Way] = (
    Way("farsync", farsync_polls),
    Way("farsync, `pollCostSeconds` 0.05", partial(farsync_polls, poll_cost_seconds=0.05)),
    *(_farsync_every(seconds) for seconds in (30, 15, 10, 5)),
    Way("Glue's `.sync`, were it there", glue_polls),
    *(
        Way(f"loop of Wait, Task, Choice, {seconds} s", polls_at_intervals(seconds, transitions=(1, 3)))
        for seconds in (15, 30, 60)
    ),
    *(
        Way(f"a Task's Retry as a loop, {seconds} s", polls_at_intervals(seconds, transitions=(1, 1)))
        for seconds in (15, 30, 60)
    ),
    *(
        Way(f"durable function, {billed} a poll, {seconds} s", polls_at_intervals(seconds, operations=(2, operations)))
        for seconds in (15, 60)
        for operations, billed in ((1, "1 operation"), (2, "2 operations"))
    ),
)

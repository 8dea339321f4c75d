"""How long a run waits: before its first poll, between polls, before it starts or searches again."""

from collections.abc import Callable
from datetime import datetime
from math import ceil

from farsync.model.run import START_FUNCTION_SECONDS, Run
from farsync.polling import POLL_COST_SECONDS, PastRuns, next_wait_seconds

LONGEST_DELAY_SECONDS = 600
"""Of a message on the poll queue; SQS takes 900."""
LONGEST_RETRY_AFTER_SECONDS = 600
SHORTEST_STEP_SECONDS = 5
SHORTEST_WAIT_FOR_ANOTHER_SECONDS = 30
SHARE_OF_AGE = 0.01
"""A run of 30 days that waits a hundredth of its age each time stays below the 25,000 events of a history."""


def wait_of_run(run: Run, now: datetime, random: Callable[[], float]) -> int:
    """Whole seconds until the next poll."""
    return next_wait_seconds(
        run.elapsed_seconds(now),
        past=PastRuns(run.past_durations_seconds, run.past_failures_seconds),
        poll_cost_seconds=run.poll_cost_seconds or POLL_COST_SECONDS,
        remaining_seconds=(run.deadline_at - now).total_seconds(),
        max_detection_delay_seconds=run.max_detection_delay_seconds,
        random=random,
    )


def first_wait_seconds(run: Run, now: datetime, random: Callable[[], float]) -> int:
    """Whole seconds from the start to the first poll; 0 once the deadline has passed."""
    if now >= run.deadline_at:
        return 0
    return min(wait_of_run(run, now, random), LONGEST_DELAY_SECONDS)


def wait_before_a_start(run: Run, now: datetime, random: Callable[[], float], asked_seconds: float | None) -> int:
    """Until a postponed start is tried again, apart from others and within the deadline."""
    shortest = SHORTEST_WAIT_FOR_ANOTHER_SECONDS if run.waits_for else SHORTEST_STEP_SECONDS * (1 + 5 * random())
    asked = min(asked_seconds or 0.0, LONGEST_RETRY_AFTER_SECONDS)
    wait = max(shortest, asked, SHARE_OF_AGE * run.age_seconds(now)) * (1 + random() / 2)
    remaining = max(0.0, (run.deadline_at - now).total_seconds())
    return max(_least_step(run, now), ceil(min(wait, remaining)))


def wait_before_a_search(run: Run, now: datetime, random: Callable[[], float], asked_seconds: float | None) -> int:
    """Whole seconds until an undecided search is repeated."""
    asked = min(asked_seconds or 0.0, LONGEST_RETRY_AFTER_SECONDS)
    wait = max(SHORTEST_STEP_SECONDS, asked, SHARE_OF_AGE * run.age_seconds(now)) * (1 + random() / 2)
    return max(_least_step(run, now), ceil(wait))


def consistency_wait_seconds(run: Run, now: datetime) -> int:
    """Until an unconfirmed start is searched for: the list may lag, and a lost function may still post."""
    return max(run.consistency_window_seconds + START_FUNCTION_SECONDS, ceil(SHARE_OF_AGE * run.age_seconds(now)))


def _least_step(run: Run, now: datetime) -> int:
    return ceil(max(SHORTEST_STEP_SECONDS, SHARE_OF_AGE * run.age_seconds(now)))

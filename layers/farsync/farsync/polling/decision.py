"""What follows a poll. Pure: the answer, the time and the policy's wait come in as arguments."""

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.run import Run
from farsync.polling.policy import LONGEST_WAIT_SECONDS

WAIT_AFTER_DEADLINE_SECONDS = 10
WAIT_AFTER_FAILURE_SECONDS = 15
CLOCK_TOLERANCE = timedelta(seconds=5)
"""By so much the provider's clock may be behind ours, when it says that an execution ended before the deadline."""
MOST_RECEIVES = 900
"""Of one message; the queue gives it up after 1,000."""
LONGEST_AGE = timedelta(days=12)
"""Of one message; the queue forgets it after 14 days."""


class Received(NamedTuple):
    """The message that led to the poll."""

    times: int
    sent_at: datetime


class GoOn(NamedTuple):
    """Poll again after so many seconds. `is_worn_out`: with a copy of the message, which is too old to come again."""

    wait_seconds: int
    cancels: bool
    is_worn_out: bool


class GiveUp(NamedTuple):
    """The grace period is over, and no end was seen; the last cancel goes first."""

    cancels: bool


Decision = GoOn | GiveUp


def next_step(
    run: Run,
    failure: FarsyncError | None,
    *,
    now: datetime,
    policy_wait_seconds: int,
    grace_seconds: float,
    received: Received,
) -> Decision:
    """After a poll that saw no end: the execution goes on, or the provider could not be asked, which is no end."""
    is_late = now >= run.deadline_at
    cancels = is_late and run.may_be_canceled
    if now >= run.deadline_at + timedelta(seconds=grace_seconds):
        return GiveUp(cancels)
    wait_seconds = WAIT_AFTER_DEADLINE_SECONDS if is_late else _wait_seconds(run, failure, now, policy_wait_seconds)
    is_worn_out = received.times >= MOST_RECEIVES or now - received.sent_at >= LONGEST_AGE
    return GoOn(wait_seconds, cancels, is_worn_out)


def was_canceled_at_deadline(run: Run, execution: Execution, now: datetime) -> bool:
    """Whether an execution that has ended did so by the cancel that follows a deadline."""
    if execution.status is not ExecutionStatus.CANCELED or not run.may_be_canceled or now < run.deadline_at:
        return False
    return execution.ended_at is None or execution.ended_at >= run.deadline_at - CLOCK_TOLERANCE


def _wait_seconds(run: Run, failure: FarsyncError | None, now: datetime, policy_wait_seconds: int) -> int:
    """Whole seconds, from 1 to the longest wait, and not past the deadline by a whole second."""
    wait_seconds = float(policy_wait_seconds)
    if failure:
        wait_seconds = max(wait_seconds, WAIT_AFTER_FAILURE_SECONDS, failure.retry_after_seconds or 0)
    remaining_seconds = (run.deadline_at - now).total_seconds()
    return max(1, ceil(min(wait_seconds, LONGEST_WAIT_SECONDS, remaining_seconds)))

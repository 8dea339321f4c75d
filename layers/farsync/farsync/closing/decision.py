"""What follows from what is known of a run that has ended, and when to come back. Nothing here asks anybody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from farsync.aws.run_history import RunEnd, RunHistory
from farsync.closing.ended_run import EndedRun
from farsync.model.errors import ExecutionNotFound, FarsyncError, JobNotFound
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.run import Run

FIRST_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 900
"""500 receives of a message then last about five days."""
END_GRAIN = timedelta(seconds=1)
"""Status events and histories round the moment of an end differently."""
CLOCK_ALLOWANCE = timedelta(seconds=5)
"""By how much the provider's clock may be behind that of AWS."""
GIVE_UP_AFTER = timedelta(days=2)
"""What has not been seen for so long is reported as out of sight."""
HOURLY_WINDOW = timedelta(hours=25)
DAILY_WINDOW = timedelta(days=14)
LATENESS_OF_A_SWEEP = timedelta(minutes=10)


def is_end_of(ended: EndedRun, end: RunEnd) -> bool:
    """Whether the history was read late enough: an older end is that of an earlier redrive. Before a run's first
    redrive there is none, so that a clock that differs keeps no run from being closed.
    """
    return ended.redrive_count == 0 or end.at >= ended.stopped_at - END_GRAIN


def run_state(ended: EndedRun, status: str, redrive_count: int) -> Literal["redriven", "stale", "ended"]:
    """Whether the run still stands as the message says, by what AWS answers now."""
    if redrive_count > ended.redrive_count:
        return "redriven"
    return "ended" if status in ("FAILED", "TIMED_OUT", "ABORTED") else "stale"


def start_state(history: RunHistory) -> Literal["known", "ambiguous", "unconfirmed", "nothing"]:
    """What the run has begun: its execution is known, or must be searched for, or there is none."""
    if history.execution_id is not None:
        return "known"
    if history.ambiguous is not None:
        return "ambiguous"
    return "unconfirmed" if history.post_windows else "nothing"


def next_wait_seconds(receive_count: int, random: Callable[[], float], asked_seconds: float | None = None) -> int:
    """Twice as long each time, at random by a tenth, and as long as the provider asked for; 900 at most."""
    doubled = FIRST_WAIT_SECONDS * 2.0 ** min(receive_count - 1, 10)
    return ceil(min(LONGEST_WAIT_SECONDS, max(doubled * (1 + random() / 10), asked_seconds or 0.0)))


def cancel_reason(ended: EndedRun, run: Run, execution: Execution) -> Literal["deadline", "abort"] | None:
    """Why our cancel ended the execution; None where it ended otherwise. No provider says whose cancel it was: it was
    ours if it came after the run's end or deadline, from which on the poller and `close_run` cancel.
    """
    if not run.may_be_canceled or execution.status is not ExecutionStatus.CANCELED:
        return None
    canceled_from = min(ended.stopped_at, run.deadline_at) - CLOCK_ALLOWANCE
    if execution.ended_at is not None and execution.ended_at < canceled_from:
        return None
    return "deadline" if ended.status == "TIMED_OUT" or ended.stopped_at >= run.deadline_at else "abort"


def is_unknown_to_the_provider(failure: FarsyncError) -> bool:
    return isinstance(failure, ExecutionNotFound | JobNotFound)


def is_out_of_sight(since: datetime, now: datetime) -> bool:
    """Whether what could not be seen since then has been out of sight for long enough to be reported."""
    return now - since > GIVE_UP_AFTER


def is_superseded(ended: EndedRun, sent_at: datetime, now: datetime) -> bool:
    """Whether a later sweep has sent the same again, so that this message need not go on: else they pile up."""
    if not ended.is_swept:
        return False
    age_when_sent = sent_at - ended.stopped_at
    if age_when_sent < HOURLY_WINDOW - timedelta(hours=1):
        return now - sent_at > timedelta(hours=1) + LATENESS_OF_A_SWEEP
    return age_when_sent < DAILY_WINDOW - timedelta(days=1) and now - sent_at > timedelta(days=1) + LATENESS_OF_A_SWEEP

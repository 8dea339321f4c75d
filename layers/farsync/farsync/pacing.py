"""When a run is looked at next."""

from collections.abc import Callable
from datetime import datetime

from farsync.polling import LOOK_COST_SECONDS, next_wait_seconds
from farsync.run import Run
from farsync.run_times import PastRuns

CONFIRM_SECONDS = 120.0
"""How long the state machine goes on looking once it has cancelled."""
TRANSITIONS_OF_A_LOOK = 3
"""Wait, Poll, HasItEnded. What a run spent before its first look, and on looks tried again, fills its history too."""


def wait_of_run(run: Run, now: datetime, random: Callable[[], float]) -> int:
    """Whole seconds. What was cancelled ends soon, whatever the job did before."""
    is_canceling = run.cancel_reason is not None
    return next_wait_seconds(
        0.0 if is_canceling else run.elapsed_seconds(now),
        past=PastRuns() if is_canceling else PastRuns(run.past_durations_seconds, run.past_failures_seconds),
        look_cost_seconds=run.look_cost_seconds or LOOK_COST_SECONDS,
        looks_so_far=max(run.polls, run.transitions // TRANSITIONS_OF_A_LOOK),
        remaining_seconds=CONFIRM_SECONDS if is_canceling else (run.deadline_at - now).total_seconds(),
        max_detection_delay_seconds=run.max_detection_delay_seconds,
        random=random,
    )

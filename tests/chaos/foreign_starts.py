"""When somebody else may start a job of ours.

Where executions carry no marker, a foreign one of the very moment of a lost post is taken for the run's own, as
docs/guarantees.md says. Chaos stays out of that: it searches for what breaks a promise, not a limit.
"""

import threading
import time
from collections.abc import Callable

from tests.chaos.histories import is_end, state_entered
from tests.chaos.runs import Job, Record, Run
from tests.chaos.sandbox import ChaosSandbox

SAFE = frozenset({"Follow", "FollowAgain", "CheckDeadline"})
"""Where a run knows its execution."""
APART_SECONDS = 5.0
"""Real time between a foreign start and a later post; the search allows two seconds to either side."""
LONGEST_POST_SECONDS = 45.0
"""For so long a run that ended while it started may have posted, as far as it knows itself."""
GIVE_UP_AFTER_SECONDS = 8.0
RUNS_ASKED = 40


class ForeignStarts:
    """Of one job. Its runs begin under `lock`."""

    def __init__(self, sandbox: ChaosSandbox, record: Record, job: Job) -> None:
        self._sandbox, self._record, self._job = sandbox, record, job
        self.lock = threading.Lock()

    def start_apart(self, start: Callable[[], None]) -> bool:
        """Starts while no run posts or may have posted, and lets none begin for a while; False where that never is."""
        with self.lock:
            give_up_at = time.monotonic() + GIVE_UP_AFTER_SECONDS
            runs = [run for run in self._record.runs if run.job is self._job]
            while any(map(self._may_post_or_have_posted, runs[-RUNS_ASKED:])):
                if time.monotonic() > give_up_at:
                    return False
                time.sleep(0.3)
            start()
            time.sleep(APART_SECONDS)
        return True

    def _may_post_or_have_posted(self, run: Run) -> bool:
        """A run that is not there yet is about to post."""
        events = self._sandbox.newest_events(self._sandbox.arn_of_run(run.name)) if run.name else []
        if not events:
            return True
        states = [state for state in map(state_entered, events) if state]
        if not is_end(events[0]):
            return not states or states[0] not in SAFE
        knew_its_own = SAFE.intersection(states[:3]) or "Succeeded" in states
        return not knew_its_own and float(events[0]["timestamp"]) > time.time() - LONGEST_POST_SECONDS

"""When somebody else may start a job of ours.

Where executions carry no marker, a foreign one of the very moment of a lost post is taken for the run's own, as
docs/guarantees.md says. Chaos stays out of that: it looks for what breaks a promise, not a limit.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chaos.aws_calls import AwsCalls

SAFE = frozenset({"Follow", "FollowAgain", "CheckDeadline"})
"""Where a run knows its execution."""
APART = timedelta(seconds=5)
"""Real time between a foreign start and a later post; the search allows two seconds to either side."""
LONGEST_POST = timedelta(seconds=45)
"""For so long a run that ended while it started may have posted, as far as it knows itself."""
GIVE_UP_AFTER_SECONDS = 8.0


class Strangers:
    """Of one job. Runs of the job begin under `beginning`, foreign starts happen under `apart`."""

    def __init__(self, aws: AwsCalls) -> None:
        self._aws = aws
        self._lock = threading.Lock()

    @contextmanager
    def beginning(self) -> Iterator[None]:
        with self._lock:
            yield

    def apart(self, arns: Iterable[str], start: Callable[[], None]) -> bool:
        """Starts while no run posts or may have posted, and lets none begin for a while; False where that never is."""
        with self._lock:
            give_up_at = time.monotonic() + GIVE_UP_AFTER_SECONDS
            while any(self._may_post_or_have_posted(arn) for arn in arns):
                if time.monotonic() > give_up_at:
                    return False
                time.sleep(0.3)
            start()
            time.sleep(APART.total_seconds())
        return True

    def _may_post_or_have_posted(self, arn: str) -> bool:
        """A run that is not there yet is about to post."""
        events = self._aws.newest_events(arn)
        if not events:
            return True
        states = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
        if not _is_end(events[0]):
            return not states or states[0] not in SAFE
        knew_its_own = SAFE.intersection(states[:3]) or "Succeeded" in states
        return not knew_its_own and _moment(events[0]) > datetime.now(UTC) - LONGEST_POST


def _is_end(event: dict[str, Any]) -> bool:
    return str(event["type"]).startswith("Execution") and event["type"] not in {"ExecutionStarted", "ExecutionRedriven"}


def _moment(event: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(event["timestamp"]), UTC)

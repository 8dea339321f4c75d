"""When somebody else may start a job of ours.

Where executions carry no marker, a foreign one of the very seconds of a lost post is taken for the run's own, as
docs/guarantees.md says. Chaos stays out of that: it looks for what breaks a promise, not a limit.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chaos.aws_calls import AwsCalls

POSTING = frozenset({"Prepare", "Start", "StartLater", "WasItFound", "MayItWait", "MayKeysComeRight"})
APART = timedelta(seconds=5)
"""Real time between a post and a foreign start; the search allows two seconds to either side."""
PATIENCE_SECONDS = 8.0


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
        """Starts while no run posts or has just posted, and lets none begin for a while; False where that never is."""
        with self._lock:
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            while any(self._may_have_posted_just_now(arn) for arn in arns):
                if time.monotonic() > give_up_at:
                    return False
                time.sleep(0.3)
            start()
            time.sleep(APART.total_seconds())
        return True

    def _may_have_posted_just_now(self, arn: str) -> bool:
        events = self._aws.newest_events(arn)
        states = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
        is_open = bool(events) and not _is_end(events[0])
        recent = [event for event in events if _moment(event) > datetime.now(UTC) - APART]
        return (is_open and (not states or states[0] in POSTING)) or any(_is_near_a_post(event) for event in recent)


def _is_near_a_post(event: dict[str, Any]) -> bool:
    return _is_end(event) or event.get("stateEnteredEventDetails", {}).get("name") in POSTING


def _is_end(event: dict[str, Any]) -> bool:
    return str(event["type"]).startswith("Execution") and event["type"] != "ExecutionStarted"


def _moment(event: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(event["timestamp"]), UTC)

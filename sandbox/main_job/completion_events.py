"""The completion events, taken off the queue as a consumer takes them."""

from collections.abc import Callable
from typing import Any

QUIET_SECONDS = 3.0
LATEST_NEWS_SECONDS = 15.0


def collect_events(
    take: Callable[[int], list[dict[str, Any]]], expected: int, clock: Callable[[], float]
) -> list[dict[str, Any]]:
    """Waits for the expected events, and then long enough to see that no further one comes.

    `take` receives for how many seconds it may wait for events.
    """
    events: list[dict[str, Any]] = []
    began = clock()
    complete_since: float | None = None
    while True:
        events += take(1)
        now = clock()
        if len(events) >= expected and complete_since is None:
            complete_since = now
        if complete_since is not None and now - complete_since >= QUIET_SECONDS:
            return events
        if now - began >= LATEST_NEWS_SECONDS:
            return events

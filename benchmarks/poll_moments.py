"""When farsync polls a run that goes on."""

from collections.abc import Callable, Iterator

from farsync.polling import POLL_COST_SECONDS, PastRuns, next_wait_seconds

DAY_SECONDS = 24 * 3600


def poll_moments(
    past: PastRuns,
    random: Callable[[], float],
    *,
    poll_cost_seconds: float = POLL_COST_SECONDS,
    deadline_seconds: float = DAY_SECONDS,
    max_detection_delay_seconds: int | None = None,
) -> Iterator[int]:
    """Seconds since its start, up to the deadline."""
    elapsed = 0
    while elapsed < deadline_seconds:
        elapsed += next_wait_seconds(
            elapsed,
            past=past,
            poll_cost_seconds=poll_cost_seconds,
            remaining_seconds=deadline_seconds - elapsed,
            max_detection_delay_seconds=max_detection_delay_seconds,
            random=random,
        )
        yield elapsed


def middle() -> float:
    """In place of chance: the random part of each wait stands in its middle."""
    return 0.5

"""When to poll next. Pure: time and randomness come in as arguments."""

from collections.abc import Callable
from math import sqrt

from farsync.polling.duration_model import PastRuns, estimate_durations
from farsync.polling.poll_schedule import seconds_of_next_poll

POLL_COST_SECONDS = 0.25
"""How many seconds of delay one poll is worth, unless the run request says otherwise."""
SHORTEST_WAIT_SECONDS = 1
LONGEST_WAIT_SECONDS = 600
"""Each poll is a sign of life of its task, which is given up after 900 seconds without one."""
AGE_OF_THE_UNKNOWN_SECONDS = 1.0
"""A job that never ran before is taken to end, at any time, within as long again as it runs, and so much more."""
COUNTED_SHARE = 0.9
"""Of a poll's price, in the schedule: the estimate errs, and a poll too many costs less than a wait too long."""
JITTER_OF_A_WAIT = 0.1
JITTER_SECONDS = 2.0
"""Where a poll costs a second; it grows with the root of the price, as waits do."""


def next_wait_seconds(
    elapsed_seconds: float,
    *,
    past: PastRuns,
    poll_cost_seconds: float = POLL_COST_SECONDS,
    remaining_seconds: float,
    max_detection_delay_seconds: int | None,
    random: Callable[[], float],
) -> int:
    """Whole seconds until the next poll, from SHORTEST_WAIT_SECONDS to LONGEST_WAIT_SECONDS.

    A little later than the cheapest moment, by a random part, so that runs which were started together do not poll
    together. Never past the deadline, which is `remaining_seconds` away, and never above `max_detection_delay_seconds`.
    """
    wait = _cheapest_wait_seconds(max(0.0, elapsed_seconds), past, poll_cost_seconds)
    jitter = min(JITTER_OF_A_WAIT * wait, JITTER_SECONDS * sqrt(poll_cost_seconds))
    longest = min(LONGEST_WAIT_SECONDS, max_detection_delay_seconds or LONGEST_WAIT_SECONDS)
    jitter = min(jitter, JITTER_OF_A_WAIT * longest)
    wait = min(wait, longest - jitter) + jitter * random()
    return max(SHORTEST_WAIT_SECONDS, round(min(wait, remaining_seconds)))


def _cheapest_wait_seconds(elapsed_seconds: float, past: PastRuns, poll_cost_seconds: float) -> float:
    if past.is_empty:
        return sqrt(2 * poll_cost_seconds * (elapsed_seconds + AGE_OF_THE_UNKNOWN_SECONDS))
    durations = estimate_durations(past)
    return seconds_of_next_poll(durations, elapsed_seconds, COUNTED_SHARE * poll_cost_seconds) - elapsed_seconds

"""When to look next. Pure: time and randomness come in as arguments."""

from collections.abc import Callable
from math import sqrt

from farsync.look_schedule import seconds_of_next_look
from farsync.run_times import PastRuns, estimate_run_times

LOOK_COST_SECONDS = 12.0
"""How many seconds of delay one look is worth, unless the run request says otherwise: so an hour's run whose times
spread by a fifth costs less than a tenth of a cent in most regions."""
SHORTEST_WAIT_SECONDS = 1
FREE_LOOKS = 450
MOST_LOOKS = 950
"""Below a thousand, so that looks which fail have room. Those that are not free are spread until the deadline."""
AGE_OF_THE_UNKNOWN_SECONDS = 1.0
"""A job that never ran before is taken to end, at any time, within as long again as it runs, and so much more."""
NONE_BEFORE = PastRuns()
JITTER_OF_A_WAIT = 0.1
JITTER_OF_A_LOOK_COST = 0.6


def next_wait_seconds(
    elapsed_seconds: float,
    *,
    past: PastRuns = NONE_BEFORE,
    look_cost_seconds: float = LOOK_COST_SECONDS,
    looks_so_far: int = 0,
    remaining_seconds: float,
    max_detection_delay_seconds: float | None = None,
    random: Callable[[], float],
) -> int:
    """Whole seconds until the next look.

    A little later than the cheapest moment, by a random part, so that runs which were started together do not look
    together. No run needs more looks than MOST_LOOKS, which bounds `max_detection_delay_seconds` too. Never past the
    deadline.
    """
    wait = _cheapest_wait_seconds(max(0.0, elapsed_seconds), past, look_cost_seconds)
    jitter = min(JITTER_OF_A_WAIT * wait, JITTER_OF_A_LOOK_COST * look_cost_seconds)
    if max_detection_delay_seconds is not None:
        jitter = min(jitter, JITTER_OF_A_WAIT * max_detection_delay_seconds)
        wait = min(wait, max_detection_delay_seconds - jitter)
    wait += jitter * random()
    if looks_so_far >= FREE_LOOKS:
        wait = max(wait, remaining_seconds / max(1, MOST_LOOKS - looks_so_far))
    return max(SHORTEST_WAIT_SECONDS, round(min(wait, remaining_seconds)))


def _cheapest_wait_seconds(elapsed_seconds: float, past: PastRuns, look_cost_seconds: float) -> float:
    if past.is_empty:
        return sqrt(2 * look_cost_seconds * (elapsed_seconds + AGE_OF_THE_UNKNOWN_SECONDS))
    return seconds_of_next_look(estimate_run_times(past), elapsed_seconds, look_cost_seconds) - elapsed_seconds

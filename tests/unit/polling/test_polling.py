import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from farsync.polling import LONGEST_WAIT_SECONDS, PastRuns, next_wait_seconds

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
NONE_BEFORE = PastRuns()
STEADY = PastRuns(tuple(HOUR + offset for offset in (3, -12, 8, 0, 25, -7, 14, -20)))
TWO_KINDS = PastRuns((60, 1800, 62, 1795, 61, 1810, 60))
NOW_SLOWER = PastRuns((1200, 1210, 1195, 1205, *(300 for _ in range(16))))
Seconds = st.floats(0, 40 * DAY)
Past = st.builds(PastRuns, st.lists(st.integers(0, 30 * DAY), max_size=20), st.lists(st.integers(0, DAY), max_size=5))


def waits_of_a_run(
    timeout_seconds: float,
    past: PastRuns = NONE_BEFORE,
    poll_cost_seconds: float = 5,
    most_seconds: int | None = None,
) -> list[int]:
    """The waits of a run that never ends, up to its deadline."""
    chance = random.Random(7)
    elapsed_seconds, waits = 0.0, list[int]()
    while elapsed_seconds < timeout_seconds:
        wait = next_wait_seconds(
            elapsed_seconds,
            past=past,
            poll_cost_seconds=poll_cost_seconds,
            remaining_seconds=timeout_seconds - elapsed_seconds,
            max_detection_delay_seconds=most_seconds,
            random=chance.random,
        )
        waits.append(wait)
        elapsed_seconds += wait
    return waits


def polls_within(waits: list[int], begin: float, end: float) -> int:
    moments = [sum(waits[: index + 1]) for index in range(len(waits))]
    return sum(begin <= moment < end for moment in moments)


@pytest.mark.parametrize(
    ("past", "timeout", "begin", "end", "least", "most"),
    [
        (STEADY, 3 * HOUR, 0, 0.9 * HOUR, 0, 6),
        (STEADY, 3 * HOUR, 0.99 * HOUR, 1.02 * HOUR, 3, 99),
        (TWO_KINDS, HOUR, 55, 75, 1, 99),
        (TWO_KINDS, HOUR, 200, 1500, 0, 8),
        (TWO_KINDS, HOUR, 1780, 1850, 1, 99),
        (NOW_SLOWER, 1500, 400, 1100, 0, 8),
        (NOW_SLOWER, 1500, 1190, 1260, 1, 99),
        (PastRuns((600,)), 2 * HOUR, 500, 760, 2, 99),
        (PastRuns((600,)), 2 * HOUR, 1200, 2 * HOUR, 5, 99),
        (PastRuns((900,) * 20), HOUR, 900, 912, 1, 99),
    ],
    ids=[
        *("hardly before the hour", "at the hour", "the short kind", "between the kinds", "the long kind"),
        *("as fast as before", "as slow as of late", "the only run", "no certainty", "identical runs"),
    ],
)
def test_polls_come_where_runs_ended(
    past: PastRuns, timeout: int, begin: float, end: float, least: int, most: int
) -> None:
    assert least <= polls_within(waits_of_a_run(timeout, past), begin, end) <= most


def test_polls_are_densest_where_runs_ended_before() -> None:
    waits = waits_of_a_run(3 * HOUR, STEADY)
    around = polls_within(waits, HOUR - 60, HOUR + 60)
    assert around >= 3 * max(polls_within(waits, at - 60, at + 60) for at in (HOUR // 2, 2 * HOUR))


def test_the_dearer_a_poll_the_fewer_there_are() -> None:
    counts = [len(waits_of_a_run(2 * HOUR, STEADY, poll_cost)) for poll_cost in (1, 5, 15, 60)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 2 * counts[-1]


def test_a_run_far_beyond_anything_seen_is_polled_ever_more_seldom_and_never_forgotten() -> None:
    waits = waits_of_a_run(3 * DAY, PastRuns((60,) * 20))
    assert waits[20] < 0.5 * LONGEST_WAIT_SECONDS < 0.9 * LONGEST_WAIT_SECONDS < waits[-5]


@example(elapsed=5e-324, remaining=DAY, most=None, chance=0.5, past=PastRuns((20 * DAY,)), poll_cost=12)
@given(
    Seconds,
    st.floats(-DAY, 40 * DAY),
    st.none() | st.integers(1, 3600),
    st.floats(0, 1, exclude_max=True),
    Past,
    st.floats(0.01, 3600),
)
def test_a_wait_is_whole_seconds_within_every_bound(
    elapsed: float, remaining: float, most: int | None, chance: float, past: PastRuns, poll_cost: float
) -> None:
    wait = next_wait_seconds(
        elapsed,
        past=past,
        poll_cost_seconds=poll_cost,
        remaining_seconds=remaining,
        max_detection_delay_seconds=most,
        random=lambda: chance,
    )
    assert isinstance(wait, int)
    assert 1 <= wait <= min(600, max(1, round(remaining)), most or 600)


def wait_at(elapsed: float, past: PastRuns = NONE_BEFORE, chance: float = 0.0, **prices: float) -> int:
    return next_wait_seconds(
        elapsed,
        past=past,
        remaining_seconds=DAY,
        max_detection_delay_seconds=None,
        random=lambda: chance,
        **prices,
    )


@pytest.mark.parametrize("past", [NONE_BEFORE, STEADY])
def test_runs_started_together_do_not_poll_together(past: PastRuns) -> None:
    assert len({wait_at(600, past, chance / 50) for chance in range(50)}) > 1
    assert len({wait_at(600, past, chance / 50, poll_cost_seconds=30) for chance in range(50)}) > 5


def test_the_random_part_never_brings_a_poll_forward() -> None:
    soonest, latest = (wait_at(600, STEADY, chance, poll_cost_seconds=12) for chance in (0.0, 0.999))
    assert soonest < latest <= soonest + 8


@pytest.mark.parametrize(("elapsed", "wait"), [(0, 1), (7, 2), (49, 5), (3599, 42)])
def test_a_job_that_never_ran_is_taken_to_end_within_as_long_again_and_a_second(elapsed: float, wait: int) -> None:
    assert wait_at(elapsed) == wait


@pytest.mark.parametrize("most_seconds", [10, 20, 300])
def test_runs_that_the_allowed_delay_holds_together_do_not_poll_together(most_seconds: int) -> None:
    chance = random.Random(3)
    waits = {
        next_wait_seconds(
            HOUR,
            past=PastRuns((20 * DAY,) * 20),
            poll_cost_seconds=100,
            remaining_seconds=DAY,
            max_detection_delay_seconds=most_seconds,
            random=chance.random,
        )
        for _ in range(200)
    }
    assert len(waits) > 1
    assert 0.9 * most_seconds <= min(waits) < max(waits) == most_seconds

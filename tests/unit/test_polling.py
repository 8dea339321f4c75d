import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from farsync.polling import NONE_BEFORE, next_wait_seconds
from farsync.run_times import PastRuns

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
STEADY = PastRuns(tuple(HOUR + offset for offset in (3, -12, 8, 0, 25, -7, 14, -20)))
Seconds = st.floats(0, 40 * DAY)
Past = st.builds(PastRuns, st.lists(st.integers(0, 30 * DAY), max_size=20), st.lists(st.integers(0, DAY), max_size=5))


def waits_of_a_run(
    timeout_seconds: float,
    past: PastRuns = NONE_BEFORE,
    look_cost_seconds: float = 5,
    most_seconds: float | None = None,
) -> list[int]:
    """The waits of a run that never ends, up to its deadline."""
    chance = random.Random(7)
    elapsed_seconds, waits = 0.0, list[int]()
    while elapsed_seconds < timeout_seconds:
        wait = next_wait_seconds(
            elapsed_seconds,
            past=past,
            look_cost_seconds=look_cost_seconds,
            looks_so_far=len(waits),
            remaining_seconds=timeout_seconds - elapsed_seconds,
            max_detection_delay_seconds=most_seconds,
            random=chance.random,
        )
        waits.append(wait)
        elapsed_seconds += wait
    return waits


def looks_within(waits: list[int], begin: float, end: float) -> int:
    moments = [sum(waits[: index + 1]) for index in range(len(waits))]
    return sum(begin <= moment < end for moment in moments)


def test_a_job_that_took_an_hour_every_time_is_looked_at_around_the_hour() -> None:
    waits = waits_of_a_run(3 * HOUR, STEADY)
    assert looks_within(waits, 0, 0.9 * HOUR) <= 6
    assert looks_within(waits, 0.99 * HOUR, 1.02 * HOUR) >= 3


def test_looks_are_densest_where_runs_ended_before() -> None:
    waits = waits_of_a_run(3 * HOUR, STEADY)
    around = looks_within(waits, HOUR - 60, HOUR + 60)
    assert around >= 3 * max(looks_within(waits, at - 60, at + 60) for at in (HOUR // 2, 2 * HOUR))


def test_the_dearer_a_look_the_fewer_there_are() -> None:
    counts = [len(waits_of_a_run(2 * HOUR, STEADY, look_cost)) for look_cost in (1, 5, 15, 60)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 2 * counts[-1]


def test_two_kinds_of_runs_are_both_looked_for() -> None:
    past = PastRuns((60, 1800, 62, 1795, 61, 1810, 60))
    waits = waits_of_a_run(HOUR, past)
    assert looks_within(waits, 55, 75) >= 1
    assert looks_within(waits, 1780, 1850) >= 1
    assert looks_within(waits, 200, 1500) <= 8


def test_failures_that_came_early_are_looked_for_as_well() -> None:
    succeeded = STEADY.succeeded_seconds
    with_failures = waits_of_a_run(HOUR, PastRuns(succeeded, (70, 65, 72, 68)))
    without = waits_of_a_run(HOUR, PastRuns(succeeded))
    assert looks_within(with_failures, 60, 100) > looks_within(without, 60, 100)


def test_a_job_that_has_become_slower_is_soon_expected_to_be_slow() -> None:
    changed = PastRuns((1200, 1210, 1195, 1205, *(300 for _ in range(16))))
    waits = waits_of_a_run(1500, changed)
    assert looks_within(waits, 1190, 1260) >= 1
    assert looks_within(waits, 400, 1100) <= 8


def test_one_earlier_run_is_a_hint_and_no_certainty() -> None:
    waits = waits_of_a_run(2 * HOUR, PastRuns((600,)))
    assert looks_within(waits, 500, 760) >= 2
    assert looks_within(waits, 1200, 2 * HOUR) >= 5


def test_identical_runs_are_met_within_seconds() -> None:
    waits = waits_of_a_run(HOUR, PastRuns((900,) * 20))
    assert looks_within(waits, 900, 912) >= 1


def test_a_run_far_beyond_anything_seen_is_looked_at_ever_more_seldom_and_never_forgotten() -> None:
    waits = waits_of_a_run(3 * DAY, PastRuns((60,) * 20))
    assert looks_within(waits, DAY, 2 * DAY) >= 10
    assert waits[-5] > waits[20]


def test_the_first_looks_at_a_job_without_history_come_within_seconds_and_then_ever_more_seldom() -> None:
    waits = waits_of_a_run(6 * HOUR)
    assert waits[0] <= 6
    assert looks_within(waits, 0, MINUTE) >= 4
    assert waits[-2] > 5 * waits[3]
    assert len(waits) < 120


@example(elapsed=5e-324, remaining=DAY, most=None, chance=0.5, past=PastRuns((20 * DAY,)))
@given(Seconds, st.floats(-DAY, 40 * DAY), st.none() | st.integers(1, 3600), st.floats(0, 1, exclude_max=True), Past)
def test_a_wait_is_a_whole_second_at_least_and_never_longer_than_what_is_left(
    elapsed: float, remaining: float, most: int | None, chance: float, past: PastRuns
) -> None:
    wait = next_wait_seconds(
        elapsed, past=past, remaining_seconds=remaining, max_detection_delay_seconds=most, random=lambda: chance
    )
    assert isinstance(wait, int)
    assert 1 <= wait <= max(1, round(remaining))
    assert most is None or wait <= most


@pytest.mark.parametrize("past", [PastRuns(), STEADY, PastRuns((20,)), PastRuns((20 * DAY,) * 20)])
@pytest.mark.parametrize("look_cost", [1, 3600])
@pytest.mark.parametrize("most_seconds", [None, 1])
def test_the_longest_run_needs_at_most_a_thousand_looks(
    past: PastRuns, look_cost: float, most_seconds: float | None
) -> None:
    assert len(waits_of_a_run(30 * DAY, past, look_cost, most_seconds)) <= 1000


@pytest.mark.parametrize("past", [PastRuns(), STEADY])
def test_runs_started_together_do_not_look_together(past: PastRuns) -> None:
    chances = random.Random(1)
    waits = {
        next_wait_seconds(600, past=past, remaining_seconds=DAY, random=chances.random, look_cost_seconds=30)
        for _ in range(50)
    }
    assert len(waits) > 5


def test_the_random_part_never_brings_a_look_forward() -> None:
    soonest = next_wait_seconds(600, past=STEADY, remaining_seconds=DAY, random=lambda: 0.0)
    latest = next_wait_seconds(600, past=STEADY, remaining_seconds=DAY, random=lambda: 0.999)
    assert soonest < latest <= soonest + 8


def test_the_news_is_never_later_than_the_request_allows() -> None:
    assert max(waits_of_a_run(2 * HOUR, STEADY, most_seconds=20)) <= 20


@pytest.mark.parametrize(("elapsed", "wait"), [(0, 5), (5, 12), (17, 21), (38, 31)])
def test_a_job_that_never_ran_is_taken_to_end_within_as_long_again_and_a_second(elapsed: float, wait: int) -> None:
    assert next_wait_seconds(elapsed, remaining_seconds=DAY, random=lambda: 0.0) == wait


@pytest.mark.parametrize(("looks_so_far", "wait"), [(449, 12), (450, 2000), (700, 4000), (949, 1_000_000)])
def test_looks_past_the_first_450_are_spread_until_the_deadline(looks_so_far: int, wait: int) -> None:
    """Of 950 looks, 500, 250 and 1 remain for a million seconds."""
    assert next_wait_seconds(5, looks_so_far=looks_so_far, remaining_seconds=1_000_000, random=lambda: 0.0) == wait


@pytest.mark.parametrize("most_seconds", [10, 20, 300])
def test_runs_that_the_allowed_delay_holds_together_do_not_look_together(most_seconds: int) -> None:
    chance = random.Random(3)
    waits = {
        next_wait_seconds(
            HOUR,
            past=PastRuns((20 * DAY,) * 20),
            remaining_seconds=DAY,
            max_detection_delay_seconds=most_seconds,
            random=chance.random,
        )
        for _ in range(200)
    }
    assert len(waits) > 1
    assert 0.9 * most_seconds <= min(waits) < max(waits) == most_seconds

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.run import Run
from farsync.polling.pacing import (
    LONGEST_DELAY_SECONDS,
    consistency_wait_seconds,
    first_wait_seconds,
    wait_before_a_search,
    wait_before_a_start,
    wait_of_run,
)
from tests.unit.models import NOON, a_run, an_execution

HOURS_BEHIND = timedelta(hours=9)
DAY = timedelta(days=1)
BEGUN = a_run(deadline_at=NOON + timedelta(hours=6))
AGES = st.floats(0, (30 * DAY).total_seconds())
CHANCES = st.floats(0, 1, exclude_max=True)
Wait = Callable[[Run, datetime, Callable[[], float], float | None], int]


def wait(run: Run, now: datetime) -> int:
    return wait_of_run(run, now, lambda: 0.5)


def of_30_days(**changes: object) -> Run:
    return BEGUN.model_copy(update={"deadline_at": NOON + 30 * DAY, **changes})


class TestBetweenPolls:
    def test_what_this_run_started_is_as_old_as_its_post_whatever_the_providers_clock_says(self) -> None:
        run = BEGUN.with_execution(an_execution(created_at=NOON - HOURS_BEHIND), NOON + timedelta(seconds=30))
        assert run.elapsed_seconds(NOON + timedelta(seconds=90)) == 60

    def test_what_began_before_is_as_old_as_the_providers_own_clock_says(self) -> None:
        provider_now = NOON - HOURS_BEHIND
        run = BEGUN.with_execution(an_execution(created_at=provider_now - timedelta(minutes=20)), NOON, provider_now)
        assert run.elapsed_seconds(NOON + timedelta(minutes=1)) == 21 * 60

    def test_a_run_waits_for_the_time_that_earlier_ones_took(self) -> None:
        run = BEGUN.with_execution(an_execution(created_at=NOON), NOON)
        knowing = run.model_copy(update={"past_durations_seconds": (3600,) * 10})
        assert wait(knowing, NOON + timedelta(minutes=1)) > 10 * wait(run, NOON + timedelta(minutes=1))

    @pytest.mark.parametrize(("cost_seconds", "is_sooner"), [(0.05, True), (12, False)])
    def test_a_cheaper_poll_comes_sooner(self, cost_seconds: float, is_sooner: bool) -> None:
        run = BEGUN.with_execution(an_execution(created_at=NOON), NOON)
        priced = run.model_copy(update={"poll_cost_seconds": cost_seconds})
        later = NOON + timedelta(minutes=10)
        assert (wait(priced, later) < wait(run, later)) is is_sooner

    def test_no_wait_is_longer_than_the_request_wants_the_end_to_go_unseen(self) -> None:
        run = BEGUN.with_execution(an_execution(created_at=NOON), NOON).model_copy(
            update={"max_detection_delay_seconds": 3}
        )
        assert wait(run, NOON + timedelta(hours=1)) <= 3


class TestBeforeTheFirstPoll:
    @given(elapsed=AGES, chance=CHANCES)
    def test_it_fits_a_message_on_the_queue_and_does_not_pass_the_deadline(self, elapsed: float, chance: float) -> None:
        run = of_30_days(past_durations_seconds=(86_400,) * 10)
        now = NOON + timedelta(seconds=elapsed)
        first = first_wait_seconds(run, now, lambda: chance)
        assert 0 <= first <= LONGEST_DELAY_SECONDS
        assert first <= max(1.0, (run.deadline_at - now).total_seconds())

    def test_past_the_deadline_there_is_none(self) -> None:
        assert first_wait_seconds(BEGUN, BEGUN.deadline_at, lambda: 0.5) == 0


class TestBeforeAStart:
    @pytest.mark.parametrize("wait", [wait_before_a_start, wait_before_a_search])
    @given(age=AGES, chance=CHANCES, asked=st.none() | st.floats(0, 1e6), waits_for=st.sampled_from([None, "another"]))
    def test_or_a_search_a_month_of_them_does_not_fill_the_history(
        self, wait: Wait, age: float, chance: float, asked: float | None, waits_for: str | None
    ) -> None:
        seconds = wait(of_30_days(waits_for=waits_for), NOON + timedelta(seconds=age), lambda: chance, asked)
        assert max(5, 0.01 * age) <= seconds <= max(900, 0.015 * age) + 1

    @given(chance=CHANCES, asked=st.integers(0, 600))
    def test_it_is_as_long_as_the_provider_asks_for(self, chance: float, asked: int) -> None:
        assert wait_before_a_start(BEGUN, NOON, lambda: chance, asked) >= asked

    def test_a_run_hears_of_its_deadline_within_a_moment(self) -> None:
        now = BEGUN.deadline_at - timedelta(seconds=400)
        assert wait_before_a_start(BEGUN, now, lambda: 0.9, 600) == 400

    def test_runs_that_were_rejected_together_do_not_come_back_together(self) -> None:
        dice = Random(1)
        assert len({wait_before_a_start(BEGUN, NOON, dice.random, 60) for _ in range(100)}) > 20

    def test_who_waits_for_a_turn_asks_no_more_than_twice_a_minute(self) -> None:
        run = BEGUN.model_copy(update={"waits_for": "another"})
        assert wait_before_a_start(run, NOON, lambda: 0.0, None) == 30


class TestBeforeASearch:
    @given(age=AGES, window=st.integers(0, 900))
    def test_the_first_comes_after_the_window_and_the_time_in_which_a_function_may_still_post(
        self, age: float, window: int
    ) -> None:
        run = of_30_days(consistency_window_seconds=window)
        assert consistency_wait_seconds(run, NOON + timedelta(seconds=age)) >= max(window + 35, 0.01 * age)

"""What is new since the baseline, and when it was posted by the provider's clock."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import Moment
from farsync.model.run import Baseline
from farsync.providers.recent_executions import CLOCK_GRAIN
from farsync.starting.matching import (
    CREATION_SPREAD,
    asked_since,
    new_executions,
    oldest_in_question,
    posts_by_provider_clock,
    seconds_until_settled,
)
from tests.unit.starting.listed_executions import NOON, POSTS, execution

WINDOW = timedelta(seconds=60)
MOMENTS = (Moment(NOON, NOON + timedelta(seconds=35)), Moment(NOON + timedelta(hours=1), NOON + timedelta(hours=2)))


class TestWhenItWasPosted:
    @pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=9), -timedelta(days=400)])
    def test_is_counted_back_from_the_providers_present_time_whatever_ours_is(self, ahead: timedelta) -> None:
        now = NOON + timedelta(hours=3)
        posts = posts_by_provider_clock(now + ahead, now, now, MOMENTS, WINDOW)
        assert posts is not None
        assert posts.moments == tuple((one + ahead - CLOCK_GRAIN, two + ahead + CLOCK_GRAIN) for one, two in MOMENTS)
        assert posts.until == MOMENTS[1].latest + ahead + WINDOW + CLOCK_GRAIN

    def test_is_as_uncertain_as_the_reply_was_slow(self) -> None:
        asked_at, slow = NOON + timedelta(hours=3), timedelta(seconds=9)
        told_first, told_last = (
            posts_by_provider_clock(told, asked_at, asked_at + slow, MOMENTS, WINDOW)
            for told in (asked_at, asked_at + slow)
        )
        for posts in (told_first, told_last):
            assert posts is not None
            assert posts.hold(execution(created=0))
            assert not posts.are_vague_about(execution(created=0))
            assert not posts.are_vague_about(execution(created=60))
            assert posts.until >= MOMENTS[1].latest + WINDOW
        assert told_first is not None
        assert told_first.are_vague_about(execution(created=35))

    def test_is_not_known_where_the_provider_says_no_time(self) -> None:
        assert posts_by_provider_clock(None, NOON, NOON, MOMENTS, WINDOW) is None

    def test_holds_what_was_created_in_between_both_ends_included(self) -> None:
        assert POSTS.hold(execution(created=0))
        assert POSTS.hold(execution(created=10))
        assert not POSTS.hold(execution(created=-0.001))
        assert not POSTS.hold(execution(created=10.001))

    def test_holds_nothing_between_two_posts(self) -> None:
        posts = posts_by_provider_clock(NOON, NOON, NOON, MOMENTS, WINDOW)
        assert posts is not None
        assert not posts.hold(execution(created=600))
        assert posts.hold(execution(created=4000))

    def test_holds_nothing_that_says_no_creation_time(self) -> None:
        assert not POSTS.hold(execution(created=None))


class TestWhenItCanBeJudged:
    def test_is_once_the_window_after_the_last_post_has_passed(self) -> None:
        settled_at = MOMENTS[1].latest + WINDOW
        assert seconds_until_settled(settled_at - timedelta(seconds=3), MOMENTS, WINDOW) == 3
        assert seconds_until_settled(settled_at, MOMENTS, WINDOW) == 0
        assert seconds_until_settled(settled_at + timedelta(days=1), MOMENTS, WINDOW) == 0


class TestSinceWhenOtherRunsAreAsked:
    def test_is_our_first_post(self) -> None:
        assert asked_since([execution()], POSTS, MOMENTS) == NOON
        assert asked_since([execution(created=None)], POSTS, MOMENTS) == NOON
        assert asked_since([execution(created=-500)], None, MOMENTS) == NOON

    def test_is_as_long_before_it_as_the_first_execution_in_question_was_created(self) -> None:
        """Whoever holds it may be over since."""
        assert asked_since([execution(), execution(created=-500)], POSTS, MOMENTS) == NOON - timedelta(seconds=500)


class TestWhatIsNew:
    def test_reaches_a_little_before_the_newest_of_the_baseline(self) -> None:
        assert oldest_in_question(Baseline(newest_created_at=NOON)) == NOON - CREATION_SPREAD

    def test_may_be_stamped_earlier_by_a_host_whose_clock_is_a_little_behind(self) -> None:
        ours, older = execution(created=-4), execution(created=-6)
        assert new_executions([ours, older], Baseline(newest_created_at=NOON), POSTS) == (ours,)

    def test_reaches_back_for_ever_where_the_baseline_is_empty(self) -> None:
        assert oldest_in_question(Baseline()) is None
        assert new_executions([execution(created=-1e9)], Baseline(), POSTS) != ()

    def test_is_nothing_that_was_there_before(self) -> None:
        before = Baseline(newest_created_at=NOON, execution_ids=("x",))
        assert new_executions([execution("x"), execution("y")], before, POSTS) == (execution("y"),)

    def test_is_nothing_older_than_the_baseline(self) -> None:
        before = Baseline(newest_created_at=NOON)
        spread = CREATION_SPREAD.total_seconds()
        old, just_new = execution("old", -spread - 0.001), execution("new", -spread)
        assert new_executions([old, just_new], before, POSTS) == (just_new,)

    def test_is_nothing_that_was_created_after_the_window(self) -> None:
        """Somebody who starts the job again and again would keep a run in doubt for ever."""
        last, later = execution("last", 70), execution("later", 70.001)
        assert new_executions([last, later], Baseline(), POSTS) == (last,)
        assert new_executions([last, later], Baseline(), None) == (last, later)

    def test_may_be_what_says_no_creation_time(self) -> None:
        untimed = execution(created=None)
        assert new_executions([untimed], Baseline(newest_created_at=NOON), POSTS) == (untimed,)

    def test_is_nothing_that_a_schedule_began_but_at_the_moment_of_the_post(self) -> None:
        then, later = execution("then", 10, is_manual=False), execution("later", 11, is_manual=False)
        assert new_executions([then, later], Baseline(), POSTS) == (then,)

    def test_may_be_what_a_schedule_began_where_the_moment_of_the_post_is_not_known(self) -> None:
        scheduled = execution(created=500, is_manual=False)
        assert new_executions([scheduled], Baseline(), None) == (scheduled,)

    @pytest.mark.parametrize("is_manual", [True, None])
    def test_may_be_within_the_window_what_no_schedule_began(self, is_manual: bool | None) -> None:
        later = execution(created=50, is_manual=is_manual)
        assert new_executions([later], Baseline(), POSTS) == (later,)

    def test_comes_in_the_order_of_creation_whatever_the_order_of_the_list(self) -> None:
        first, second, third = execution("c", 1), execution("a", 2), execution("b", 2)
        assert new_executions([third, first, second], Baseline(), POSTS) == (first, second, third)

"""What is new since the baseline, and when it was posted by the provider's clock."""

from datetime import timedelta

import pytest

from farsync.aws.run_history import PostWindow
from farsync.model.execution import Execution
from farsync.model.run import Baseline
from farsync.providers.recent_executions import CLOCK_GRAIN
from farsync.starting.matching import (
    CREATION_SPREAD,
    Posts,
    asked_since,
    new_executions,
    oldest_in_question,
    posts_by_provider_clock,
    seconds_until_consistent,
)
from tests.unit.models import NOON
from tests.unit.starting.listed_executions import POSTS, execution

WINDOW = timedelta(seconds=60)
SPREAD = CREATION_SPREAD.total_seconds()
BASELINE = Baseline(newest_created_at=NOON, execution_ids=("there-before",))
POST_WINDOWS = (
    PostWindow(NOON, NOON + timedelta(seconds=35)),
    PostWindow(NOON + timedelta(hours=1), NOON + timedelta(hours=2)),
)


class TestWhenItWasPosted:
    @pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=9), -timedelta(days=400)])
    def test_is_counted_back_from_the_providers_present_time_whatever_ours_is(self, ahead: timedelta) -> None:
        now = NOON + timedelta(hours=3)
        posts = posts_by_provider_clock(now + ahead, now, now, POST_WINDOWS, WINDOW)
        assert posts is not None
        assert posts.windows == tuple(
            (earliest + ahead - CLOCK_GRAIN, latest + ahead + CLOCK_GRAIN) for earliest, latest in POST_WINDOWS
        )
        assert posts.until == POST_WINDOWS[1].latest + ahead + WINDOW + CLOCK_GRAIN

    def test_is_as_uncertain_as_the_reply_was_slow(self) -> None:
        asked_at, slow = NOON + timedelta(hours=3), timedelta(seconds=9)
        said_first, said_last = (
            posts_by_provider_clock(provider_now, asked_at, asked_at + slow, POST_WINDOWS, WINDOW)
            for provider_now in (asked_at, asked_at + slow)
        )
        for posts in (said_first, said_last):
            assert posts is not None
            assert posts.hold(execution(created=0))
            assert not posts.are_vague_about(execution(created=0))
            assert not posts.are_vague_about(execution(created=60))
            assert posts.until >= POST_WINDOWS[1].latest + WINDOW
        assert said_first is not None
        assert said_first.are_vague_about(execution(created=35))

    def test_is_not_known_where_the_provider_says_no_time(self) -> None:
        assert posts_by_provider_clock(None, NOON, NOON, POST_WINDOWS, WINDOW) is None

    @pytest.mark.parametrize(
        ("created", "is_held"), [(-0.001, False), (0, True), (10, True), (10.001, False), (None, False)]
    )
    def test_holds_what_was_created_in_between_both_ends_included(self, created: float | None, is_held: bool) -> None:
        assert POSTS.hold(execution(created=created)) is is_held

    def test_holds_nothing_between_two_posts(self) -> None:
        posts = posts_by_provider_clock(NOON, NOON, NOON, POST_WINDOWS, WINDOW)
        assert posts is not None
        assert [posts.hold(execution(created=created)) for created in (600, 4000)] == [False, True]


class TestWhenItCanBeAssessed:
    def test_is_once_the_window_after_the_last_post_has_passed(self) -> None:
        consistent_at = POST_WINDOWS[1].latest + WINDOW
        assert seconds_until_consistent(consistent_at - timedelta(seconds=3), POST_WINDOWS, WINDOW) == 3
        assert seconds_until_consistent(consistent_at, POST_WINDOWS, WINDOW) == 0
        assert seconds_until_consistent(consistent_at + timedelta(days=1), POST_WINDOWS, WINDOW) == 0


class TestSinceWhenOtherRunsAreAsked:
    def test_is_our_first_post(self) -> None:
        assert asked_since([execution()], POSTS, POST_WINDOWS) == NOON
        assert asked_since([execution(created=None)], POSTS, POST_WINDOWS) == NOON
        assert asked_since([execution(created=-500)], None, POST_WINDOWS) == NOON

    def test_is_as_long_before_it_as_the_first_execution_in_question_was_created(self) -> None:
        """Whoever holds it may be over since."""
        assert asked_since([execution(), execution(created=-500)], POSTS, POST_WINDOWS) == NOON - timedelta(seconds=500)


class TestNewExecutions:
    def test_reaches_a_little_before_the_newest_of_the_baseline(self) -> None:
        assert oldest_in_question(BASELINE) == NOON - CREATION_SPREAD
        assert oldest_in_question(Baseline()) is None

    def test_may_be_stamped_earlier_by_a_host_whose_clock_is_a_little_behind(self) -> None:
        ours, older = execution("ours", -SPREAD), execution("older", -SPREAD - 0.001)
        assert new_executions([ours, older], BASELINE, POSTS) == (ours,)

    @pytest.mark.parametrize(
        ("listed", "baseline", "posts", "is_new"),
        [
            (execution(created=-1e9), Baseline(), POSTS, True),
            (execution("there-before"), BASELINE, POSTS, False),
            (execution(created=70), Baseline(), POSTS, True),
            (execution(created=70.001), Baseline(), POSTS, False),
            (execution(created=70.001), Baseline(), None, True),
            (execution(created=None), BASELINE, POSTS, True),
            (execution(created=10, is_manual=False), Baseline(), POSTS, True),
            (execution(created=11, is_manual=False), Baseline(), POSTS, False),
            (execution(created=500, is_manual=False), Baseline(), None, True),
            (execution(created=50, is_manual=True), Baseline(), POSTS, True),
            (execution(created=None, is_manual=False), Baseline(), POSTS, True),
            (execution(created=50), Baseline(), POSTS, True),
        ],
        ids=[
            *("old, without a baseline", "of the baseline", "last of the window", "after the window"),
            *("after a post at an unknown time", "without a time", "scheduled while we post", "scheduled later"),
            *("scheduled, at an unknown time", "by hand within the window", "scheduled, without a time"),
            "within the window",
        ],
    )
    def test_is_neither_older_nor_later_nor_scheduled(
        self, listed: Execution, baseline: Baseline, posts: Posts | None, is_new: bool
    ) -> None:
        """Somebody who starts the job again and again would keep a run in doubt for ever."""
        assert new_executions([listed], baseline, posts) == ((listed,) if is_new else ())

    def test_comes_in_the_order_of_creation_whatever_the_order_of_the_list(self) -> None:
        first, second, third = execution("c", 1), execution("a", 2), execution("b", 2)
        assert new_executions([third, first, second], Baseline(), POSTS) == (first, second, third)

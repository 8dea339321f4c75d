from datetime import timedelta

import pytest

from farsync.evidence import (
    CREATION_SPREAD,
    new_executions,
    oldest_in_question,
    posted_within,
)
from farsync.execution import ExecutionStatus
from farsync.recent_executions import CLOCK_GRAIN
from farsync.run import Baseline
from tests.unit.listed_executions import NOON, POSTED, execution


class TestWhenItWasPosted:
    def test_is_counted_back_from_the_vendors_present_time_with_a_grain_to_both_sides(self) -> None:
        posted = posted_within(
            NOON,
            earliest_ago=timedelta(seconds=90),
            latest_ago=timedelta(seconds=60),
            latest_if_canceled_ago=timedelta(seconds=30),
        )
        assert posted == (
            NOON - timedelta(seconds=90) - CLOCK_GRAIN,
            NOON - timedelta(seconds=60) + CLOCK_GRAIN,
            NOON - timedelta(seconds=30) + CLOCK_GRAIN,
        )

    def test_is_not_known_where_the_vendor_tells_no_time(self) -> None:
        assert (
            posted_within(None, earliest_ago=timedelta(1), latest_ago=timedelta(0), latest_if_canceled_ago=timedelta(0))
            is None
        )

    def test_holds_what_was_created_in_between_both_ends_included(self) -> None:
        assert POSTED.holds(execution(created=0))
        assert POSTED.holds(execution(created=10))
        assert not POSTED.holds(execution(created=-0.001))
        assert not POSTED.holds(execution(created=10.001))

    def test_holds_longer_what_a_closed_run_has_cancelled_itself(self) -> None:
        assert POSTED.holds(execution(created=40, status=ExecutionStatus.CANCELED))
        assert not POSTED.holds(execution(created=40.001, status=ExecutionStatus.CANCELED))
        assert not POSTED.holds(execution(created=11, status=ExecutionStatus.SUCCEEDED))

    def test_holds_nothing_that_tells_no_creation_time(self) -> None:
        assert not POSTED.holds(execution(created=None))


class TestWhatIsNew:
    def test_reaches_a_little_before_the_newest_of_the_baseline(self) -> None:
        assert oldest_in_question(Baseline(newest_created_at=NOON)) == NOON - CREATION_SPREAD

    def test_reaches_back_for_ever_where_the_baseline_is_empty(self) -> None:
        assert oldest_in_question(Baseline()) is None
        assert new_executions([execution(created=-1e9)], Baseline(), POSTED) != ()

    def test_is_nothing_that_was_there_before(self) -> None:
        before = Baseline(newest_created_at=NOON, execution_ids=("x",))
        assert new_executions([execution("x"), execution("y")], before, POSTED) == (execution("y"),)

    def test_is_nothing_older_than_the_baseline(self) -> None:
        before = Baseline(newest_created_at=NOON)
        spread = CREATION_SPREAD.total_seconds()
        old, just_new = execution("old", -spread - 0.001), execution("new", -spread)
        assert new_executions([old, just_new], before, POSTED) == (just_new,)

    def test_may_be_what_tells_no_creation_time(self) -> None:
        untimed = execution(created=None)
        assert new_executions([untimed], Baseline(newest_created_at=NOON), POSTED) == (untimed,)

    def test_is_nothing_that_a_schedule_began_but_at_the_moment_of_the_post(self) -> None:
        then, later = execution("then", 10, is_manual=False), execution("later", 11, is_manual=False)
        assert new_executions([then, later], Baseline(), POSTED) == (then,)

    def test_may_be_what_a_schedule_began_where_the_moment_of_the_post_is_not_known(self) -> None:
        scheduled = execution(created=500, is_manual=False)
        assert new_executions([scheduled], Baseline(), None) == (scheduled,)

    @pytest.mark.parametrize("is_manual", [True, None])
    def test_may_be_at_any_time_what_no_schedule_began(self, is_manual: bool | None) -> None:
        later = execution(created=500, is_manual=is_manual)
        assert new_executions([later], Baseline(), POSTED) == (later,)

    def test_comes_in_the_order_of_creation_whatever_the_order_of_the_list(self) -> None:
        first, second, third = execution("c", 1), execution("a", 2), execution("b", 2)
        assert new_executions([third, first, second], Baseline(), POSTED) == (first, second, third)

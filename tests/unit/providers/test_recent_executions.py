from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from farsync.model.errors import ProviderUnavailable
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.providers.base import ExecutionPage, Provider
from farsync.providers.recent_executions import (
    MOST_PAGES,
    PAGE_LIMIT,
    Recent,
    created_seconds,
    executions_reaching_back,
    executions_since,
    newest_page,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIZE = 3
EITHER_ORDER = pytest.mark.parametrize("is_newest_first", [True, False], ids=["newest first", "oldest first"])


def execution(minute: int | None, name: str | None = None) -> Execution:
    return Execution(
        ref=ExecutionRef(connection="default", job="a-job", execution_id=name or str(minute)),
        status=ExecutionStatus.RUNNING,
        provider_status="RUNNING",
        created_at=None if minute is None else NOON + timedelta(minutes=minute),
    )


class AList:
    """A provider's list, in pages of three; every page read takes a minute of its clock."""

    def __init__(self, executions: Sequence[Execution], *, tells_total: bool = True, tells_time: bool = True) -> None:
        self.executions = list(executions)
        self.tells_total = tells_total
        self.tells_time = tells_time
        self.pages_read: list[int] = []

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        assert job == "a-job"
        assert limit == (SIZE if self.pages_read and self.tells_total and page else PAGE_LIMIT)
        self.pages_read.append(page)
        listed = tuple(self.executions[page * SIZE : (page + 1) * SIZE])
        return ExecutionPage(
            items=tuple(one for one in listed if not one.ref.execution_id.startswith("other")),
            entries=listed,
            total=len(self.executions) if self.tells_total else None,
            page=page,
            limit=SIZE,
            served_at=NOON + timedelta(minutes=len(self.pages_read)) if self.tells_time else None,
        )


def a_list(count: int, *, is_newest_first: bool = True) -> AList:
    minutes = sorted(range(count), reverse=is_newest_first)
    return AList([execution(minute) for minute in minutes])


def newest(listed: AList) -> Recent:
    return newest_page(cast(Provider, listed), "a-job")


def since(listed: AList, moment: datetime | None) -> Recent:
    return executions_since(cast(Provider, listed), "a-job", moment)


def ids(recent: Recent) -> set[str]:
    return {one.ref.execution_id for one in recent.executions}


class TestTheNewestPage:
    def test_is_the_first_where_the_newest_come_first(self) -> None:
        listed = a_list(10)
        assert ids(newest(listed)) == {"9", "8", "7"}
        assert listed.pages_read == [0]

    def test_is_the_last_that_has_any_where_the_oldest_come_first(self) -> None:
        listed = a_list(10, is_newest_first=False)
        assert ids(newest(listed)) == {"9"}
        assert listed.pages_read == [0, 4, 3]

    def test_is_a_later_one_still_where_the_list_has_grown_meanwhile(self) -> None:
        listed = a_list(9, is_newest_first=False)
        read_first_page = listed.list_executions

        def grow(job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
            answer = read_first_page(job, page=page, limit=limit)
            if page == 0:
                listed.executions.append(execution(9))
            return answer

        listed.list_executions = grow  # type: ignore[method-assign]
        assert ids(newest(listed)) == {"9"}

    @EITHER_ORDER
    def test_is_the_only_one_of_a_short_list(self, is_newest_first: bool) -> None:
        listed = a_list(3, is_newest_first=is_newest_first)
        assert ids(newest(listed)) == {"0", "1", "2"}
        assert listed.pages_read == [0]

    def test_is_the_only_one_of_an_empty_list(self) -> None:
        assert newest(AList([])) == Recent((), NOON + timedelta(minutes=1))

    def test_is_the_first_where_the_provider_says_no_length(self) -> None:
        listed = AList([execution(minute) for minute in range(10)], tells_total=False)
        assert ids(newest(listed)) == {"0", "1", "2"}
        assert listed.pages_read == [0]

    def test_says_when_it_was_read(self) -> None:
        assert newest(a_list(10)).served_at == NOON + timedelta(minutes=1)
        assert newest(a_list(10, is_newest_first=False)).served_at == NOON + timedelta(minutes=3)


class TestSinceAMoment:
    @EITHER_ORDER
    def test_all_from_then_on_are_there_and_what_is_older_is_not_read_to_its_end(self, is_newest_first: bool) -> None:
        listed = a_list(30, is_newest_first=is_newest_first)
        recent = since(listed, NOON + timedelta(minutes=22))
        assert ids(recent) >= {str(minute) for minute in range(22, 30)}
        assert len(listed.pages_read) <= 7

    def test_a_page_goes_on_being_read_that_holds_one_of_that_very_moment(self) -> None:
        listed = a_list(9)
        since(listed, NOON + timedelta(minutes=3))
        assert listed.pages_read == [0, 1, 2]
        listed = a_list(9)
        since(listed, NOON + timedelta(minutes=6))
        assert listed.pages_read == [0, 1]

    def test_an_execution_without_a_time_may_be_recent(self) -> None:
        listed = AList([*(execution(None, name) for name in "abcdef"), execution(1)])
        assert ids(since(listed, NOON + timedelta(hours=1))) >= set("abcdef")

    @EITHER_ORDER
    def test_without_a_moment_all_are_there(self, is_newest_first: bool) -> None:
        listed = a_list(20, is_newest_first=is_newest_first)
        assert ids(since(listed, None)) == {str(minute) for minute in range(20)}

    def test_every_page_is_read_once_and_none_beyond_the_end_of_a_list_that_begins_with_the_newest(self) -> None:
        listed = a_list(2 * SIZE)
        assert len(since(listed, None).executions) == 2 * SIZE
        assert listed.pages_read == [0, 1]

    def test_a_list_that_begins_with_the_oldest_is_read_from_the_page_after_its_end_to_the_first(self) -> None:
        listed = a_list(2 * SIZE, is_newest_first=False)
        assert len(since(listed, None).executions) == 2 * SIZE
        assert listed.pages_read == [0, 2, 1]

    def test_the_order_of_a_list_shows_between_the_ends_of_its_first_page(self) -> None:
        for minutes in ([1, 1, 2, 3], [1, 2, 2, 3]):
            listed = AList([execution(minute, f"{number}") for number, minute in enumerate(minutes)])
            since(listed, None)
            assert listed.pages_read == [0, 2, 1]

    def test_one_that_the_moving_list_shows_twice_is_there_once(self) -> None:
        listed = AList([execution(minute) for minute in (9, 8, 7, 7, 6, 5)])
        assert len(since(listed, None).executions) == 5

    @EITHER_ORDER
    def test_a_list_longer_than_may_be_read_is_an_error_and_no_answer(self, is_newest_first: bool) -> None:
        listed = cast(Provider, a_list(MOST_PAGES * SIZE + 1, is_newest_first=is_newest_first))
        for read in (executions_since, executions_reaching_back):
            with pytest.raises(ProviderUnavailable, match=f"of job a-job since 2026.* more than {MOST_PAGES} pages"):
                read(listed, "a-job", NOON - timedelta(days=9))

    def test_as_much_as_may_be_read_is_read(self) -> None:
        listed = a_list(MOST_PAGES * SIZE)
        assert len(since(listed, None).executions) == MOST_PAGES * SIZE

    def test_a_long_list_is_no_error_where_its_recent_part_is_short(self) -> None:
        listed = a_list(500)
        assert len(since(listed, NOON + timedelta(minutes=490)).executions) == 15

    @EITHER_ORDER
    def test_says_when_the_last_page_was_read(self, is_newest_first: bool) -> None:
        """Reading takes time, and the present is counted from its end."""
        listed = a_list(9, is_newest_first=is_newest_first)
        recent = since(listed, NOON + timedelta(minutes=5))
        assert recent.served_at == NOON + timedelta(minutes=len(listed.pages_read))

    def test_says_when_the_only_page_was_read(self) -> None:
        assert since(a_list(2), None).served_at == NOON + timedelta(minutes=1)

    def test_says_no_time_where_the_provider_does_not(self) -> None:
        listed = AList([execution(1)], tells_time=False)
        assert since(listed, None).served_at is None


class TestAmongTheExecutionsOfOtherJobs:
    """Where the provider lists them too, its pages count them."""

    @pytest.fixture
    def listed(self, is_newest_first: bool) -> AList:
        """Two pages of others lie before the newest of our own."""
        others = [execution(minute, f"other {minute}") for minute in range(4, 10)]
        oldest_first = [*(execution(minute) for minute in range(4)), *others]
        return AList(oldest_first[::-1] if is_newest_first else oldest_first)

    @EITHER_ORDER
    def test_the_newest_page_is_the_newest_that_has_any_of_ours(self, listed: AList) -> None:
        assert "3" in ids(newest(listed))

    @EITHER_ORDER
    def test_all_of_ours_are_there(self, listed: AList) -> None:
        assert ids(since(listed, None)) == {"0", "1", "2", "3"}

    @EITHER_ORDER
    def test_a_page_without_any_of_ours_does_not_end_the_reading(self, listed: AList) -> None:
        assert "3" in ids(since(listed, NOON + timedelta(minutes=2)))

    def test_a_page_is_as_long_as_the_provider_made_it_and_not_as_it_has_any_of_ours(self) -> None:
        listed = AList([execution(9), *(execution(minute, f"other {minute}") for minute in range(4, 9)), execution(3)])
        assert ids(since(listed, None)) == {"9", "3"}
        assert listed.pages_read == [0, 1, 2]

    @pytest.mark.parametrize("is_newest_first", [True])
    def test_others_that_are_older_end_it(self, listed: AList) -> None:
        since(listed, NOON + timedelta(minutes=7))
        assert listed.pages_read == [0, 1]

    def test_the_newest_page_is_not_looked_for_on_end(self) -> None:
        listed = AList([execution(-minute, f"other {minute}") for minute in range(500)])
        assert newest(listed).executions == ()
        assert len(listed.pages_read) == MOST_PAGES


@pytest.mark.parametrize(("is_newest_first", "pages"), [(True, [0, 1]), (False, [0, 4, 3, 2])])
def test_a_list_in_order_is_read_as_far_as_a_page_that_holds_an_older_one(
    is_newest_first: bool, pages: list[int]
) -> None:
    listed = a_list(12 if is_newest_first else 11, is_newest_first=is_newest_first)
    moment = NOON + timedelta(minutes=8)
    recent = executions_reaching_back(cast(Provider, listed), "a-job", moment)
    assert {"8", "9", "10"} <= ids(recent)
    assert listed.pages_read == pages


def test_one_call_is_enough_where_the_first_page_of_a_list_in_order_reaches_back() -> None:
    listed = a_list(12)
    executions_reaching_back(cast(Provider, listed), "a-job", NOON + timedelta(minutes=10))
    assert listed.pages_read == [0]


def test_an_execution_without_a_time_counts_as_the_oldest() -> None:
    assert created_seconds(execution(None)) == 0
    assert created_seconds(execution(0)) == NOON.timestamp()

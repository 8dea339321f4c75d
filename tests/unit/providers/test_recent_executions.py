"""The newest executions of a job, from lists in either order, among those of other jobs, and while they grow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farsync.model.errors import ProviderUnavailable
from farsync.model.execution import Execution
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
from tests.unit.models import NOON, an_execution

SIZE = 3
EITHER_ORDER = pytest.mark.parametrize("is_newest_first", [True, False], ids=["newest first", "oldest first"])


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def execution(minute: int | None, name: str | None = None) -> Execution:
    return an_execution(name or str(minute), created_at=None if minute is None else at(minute))


class AList:
    """A provider's list, in pages of three; every page read takes a minute of its clock."""

    def __init__(
        self,
        executions: Sequence[Execution],
        *,
        has_total: bool = True,
        counts_the_page: bool = False,
        grows_by: int | None = None,
    ) -> None:
        self.executions = list(executions)
        self.has_total = has_total
        self.counts_the_page = counts_the_page
        self.grows_by = grows_by
        self.pages_read: list[int] = []

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        assert job == "a-job"
        assert limit == (SIZE if self.pages_read else PAGE_LIMIT)
        self.pages_read.append(page)
        listed = tuple(self.executions[page * SIZE : (page + 1) * SIZE])
        total = len(listed if self.counts_the_page else self.executions)
        if self.grows_by is not None and page == 0:
            self.executions.append(execution(self.grows_by))
        return ExecutionPage(
            items=tuple(entry for entry in listed if not entry.ref.execution_id.startswith("other")),
            entries=listed,
            total=total if self.has_total else None,
            page=page,
            limit=SIZE,
            served_at=at(len(self.pages_read)),
        )


def a_list(count: int, *, is_newest_first: bool = True) -> AList:
    return AList([execution(minute) for minute in sorted(range(count), reverse=is_newest_first)])


def newest(listed: AList) -> Recent:
    return newest_page(cast(Provider, listed), "a-job")


def since(listed: AList, moment: datetime | None) -> Recent:
    return executions_since(cast(Provider, listed), "a-job", moment)


def ids(recent: Recent) -> set[str]:
    return {execution.ref.execution_id for execution in recent.executions}


class TestTheNewestPage:
    @pytest.mark.parametrize(
        ("listed", "found", "pages"),
        [
            (a_list(10), "987", [0]),
            (a_list(10, is_newest_first=False), "9", [0, 4, 3]),
            (a_list(3), "012", [0]),
            (a_list(3, is_newest_first=False), "012", [0]),
            (AList([]), "", [0]),
            (AList([execution(minute) for minute in range(10)], has_total=False), "012", [0]),
            (AList([execution(minute) for minute in range(9)], grows_by=9), "9", [0, 3]),
        ],
        ids=["newest first", "oldest first", "short", "short, oldest first", "empty", "without a length", "growing"],
    )
    def test_is_the_first_or_the_last_that_has_any(self, listed: AList, found: str, pages: list[int]) -> None:
        recent = newest(listed)
        assert (ids(recent), listed.pages_read) == (set(found), pages)
        assert recent.served_at == at(len(pages))

    def test_is_not_searched_for_without_an_end(self) -> None:
        listed = AList([execution(-minute, f"other {minute}") for minute in range(500)])
        assert newest(listed).executions == ()
        assert len(listed.pages_read) == MOST_PAGES


class TestSinceAMoment:
    @EITHER_ORDER
    def test_all_from_then_on_are_there_and_what_is_older_is_not_read_to_its_end(self, is_newest_first: bool) -> None:
        listed = a_list(30, is_newest_first=is_newest_first)
        recent = since(listed, at(22))
        assert ids(recent) >= {str(minute) for minute in range(22, 30)}
        assert listed.pages_read == ([0, 1, 2, 3] if is_newest_first else [0, 10, 9, 8, 7, 6])
        assert recent.served_at == at(len(listed.pages_read))

    @pytest.mark.parametrize(
        ("listed", "moment", "pages"),
        [
            (a_list(9), at(3), [0, 1, 2]),
            (a_list(9), at(6), [0, 1]),
            (a_list(2), None, [0]),
            (a_list(2 * SIZE), None, [0, 1]),
            (a_list(2 * SIZE, is_newest_first=False), None, [0, 2, 1]),
            (AList([execution(minute, str(n)) for n, minute in enumerate([1, 1, 2, 3])]), None, [0, 2, 1]),
            (AList([execution(minute, str(n)) for n, minute in enumerate([1, 2, 2, 3])]), None, [0, 2, 1]),
        ],
        ids=["of that moment", "older", "short", "newest first", "oldest first", "ties first", "ties last"],
    )
    def test_no_page_is_read_twice_or_too_many(self, listed: AList, moment: datetime | None, pages: list[int]) -> None:
        since(listed, moment)
        assert listed.pages_read == pages

    @EITHER_ORDER
    def test_a_page_of_one_moment_does_not_hide_the_order_of_the_list(self, is_newest_first: bool) -> None:
        minutes = [4, 4, 4, 5, 6] if not is_newest_first else [6, 6, 6, 5, 4]
        listed = AList([execution(minute, str(number)) for number, minute in enumerate(minutes)])
        assert ids(since(listed, at(5))) >= {str(number) for number, minute in enumerate(minutes) if minute >= 5}

    @EITHER_ORDER
    @pytest.mark.parametrize("says", [{"has_total": False}, {"counts_the_page": True}], ids=str)
    @pytest.mark.parametrize(("length", "pages"), [(2, 1), (3, 2), (7, 3), (9, 4)])
    def test_a_list_that_does_not_say_how_long_it_is_is_read_to_its_end(
        self, is_newest_first: bool, says: dict[str, bool], length: int, pages: int
    ) -> None:
        listed = AList(a_list(length, is_newest_first=is_newest_first).executions, **says)
        assert ids(since(listed, at(length - 1))) == {str(minute) for minute in range(length)}
        assert listed.pages_read == list(range(pages))

    def test_an_execution_without_a_time_may_be_recent(self) -> None:
        listed = AList([*(execution(None, name) for name in "abcdef"), execution(1)])
        assert ids(since(listed, at(60))) >= set("abcdef")

    def test_an_execution_that_the_moving_list_shows_twice_is_there_once(self) -> None:
        listed = AList([execution(minute) for minute in (9, 8, 7, 7, 6, 5)])
        assert len(since(listed, None).executions) == 5

    @EITHER_ORDER
    def test_a_list_longer_than_may_be_read_is_an_error_and_no_answer(self, is_newest_first: bool) -> None:
        assert len(since(a_list(MOST_PAGES * SIZE), None).executions) == MOST_PAGES * SIZE
        listed = cast(Provider, a_list(MOST_PAGES * SIZE + 1, is_newest_first=is_newest_first))
        for read in (executions_since, executions_reaching_back):
            listed.pages_read.clear()  # type: ignore[attr-defined]
            with pytest.raises(ProviderUnavailable, match=f"of job a-job since 2026.* more than {MOST_PAGES} pages"):
                read(listed, "a-job", NOON - timedelta(days=9))

    @given(
        st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=MOST_PAGES * SIZE),
        st.booleans(),
        st.none() | st.integers(0, 40),
    )
    def test_none_is_missing_in_either_order_among_the_executions_of_other_jobs(
        self, entries: list[tuple[int, bool]], is_newest_first: bool, minute: int | None
    ) -> None:
        named = [
            execution(created, f"{'own' if is_ours else 'other'} {number}")
            for number, (created, is_ours) in enumerate(sorted(entries, reverse=is_newest_first))
        ]
        found = ids(since(AList(named), None if minute is None else at(minute)))
        wanted = {
            entry.ref.execution_id
            for entry in named
            if entry.ref.execution_id.startswith("own") and created_seconds(entry) >= at(minute or 0).timestamp()
        }
        assert wanted <= found
        assert not [name for name in found if name.startswith("other")]


class TestAmongTheExecutionsOfOtherJobs:
    """Two pages of others lie before the newest of our own."""

    @EITHER_ORDER
    def test_the_newest_page_is_the_newest_that_has_any_of_ours(self, is_newest_first: bool) -> None:
        others = [execution(minute, f"other {minute}") for minute in range(4, 10)]
        oldest_first = [*(execution(minute) for minute in range(4)), *others]
        assert "3" in ids(newest(AList(oldest_first[::-1] if is_newest_first else oldest_first)))

    def test_others_that_are_older_end_the_reading(self) -> None:
        listed = AList([execution(minute, f"other {minute}") for minute in range(9, 0, -1)])
        since(listed, at(7))
        assert listed.pages_read == [0, 1]


@pytest.mark.parametrize(
    ("listed", "minute", "pages"),
    [(a_list(12), 8, [0, 1]), (a_list(12), 10, [0]), (a_list(11, is_newest_first=False), 8, [0, 4, 3, 2])],
    ids=["newest first", "first page is enough", "oldest first"],
)
def test_a_list_in_order_is_read_up_to_a_page_with_an_older_one(listed: AList, minute: int, pages: list[int]) -> None:
    recent = executions_reaching_back(cast(Provider, listed), "a-job", at(minute))
    assert {str(newer) for newer in range(minute, 11)} <= ids(recent)
    assert listed.pages_read == pages


def test_an_execution_without_a_time_counts_as_the_oldest() -> None:
    assert (created_seconds(execution(None)), created_seconds(execution(0))) == (0, NOON.timestamp())

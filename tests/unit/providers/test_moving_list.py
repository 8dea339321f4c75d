"""Reading a list to its end while it moves under the reader."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from farsync.model.errors import ProviderUnavailable
from farsync.providers.moving_list import iterate_moving_list


@dataclass(frozen=True)
class FakePage:
    items: tuple[str, ...]
    total: int | None
    limit: int


class ListService:
    """A paged list that a test moves between two pages. `cap` is the service's own maximum for a page."""

    def __init__(self, length: int, *, cap: int = 1000, tells_total: bool = True, tells_cap: bool = False) -> None:
        self.items = [f"old{number}" for number in range(length)]
        self.moves: Iterator[Callable[[], None]] = iter(())
        self.pages_read = 0
        self._cap = cap
        self._tells_total = tells_total
        self._tells_cap = tells_cap
        self._new = count()

    def insert(self, number: int) -> None:
        self.items[:0] = [f"new{next(self._new)}" for _ in range(number)]

    def delete(self, position: int) -> None:
        if self.items:
            del self.items[position % len(self.items)]

    def fetch(self, page: int, limit: int) -> FakePage:
        if self.pages_read:
            next(self.moves, lambda: None)()
        self.pages_read += 1
        size = min(limit, self._cap)
        items = tuple(self.items[page * size : (page + 1) * size])
        return FakePage(items, len(self.items) if self._tells_total else None, size if self._tells_cap else limit)

    def read_all(self, limit: int) -> list[str]:
        return list(iterate_moving_list(self.fetch, lambda item: item, limit))


@pytest.mark.parametrize("length", [0, 1, 19, 20, 21, 39, 40, 41, 60, 399, 400, 1000])
@pytest.mark.parametrize("limit", [1, 20, 33, 1000])
def test_a_list_that_stands_still_is_read_in_order(length: int, limit: int) -> None:
    service = ListService(length)

    assert service.read_all(limit) == service.items


@pytest.mark.parametrize("cap", [1, 2, 3, 5, 7, 50])
@pytest.mark.parametrize("tells", [{"tells_total": True}, {"tells_total": False, "tells_cap": True}])
def test_a_service_that_caps_pages_below_the_limit_is_read_to_the_end(cap: int, tells: dict[str, bool]) -> None:
    service = ListService(123, cap=cap, **tells)

    assert service.read_all(1000) == service.items


def test_overlapping_windows_cost_few_pages_more_than_plain_ones() -> None:
    service = ListService(100_000)
    service.read_all(1000)

    assert service.pages_read <= 105


def test_a_short_list_costs_one_page() -> None:
    service = ListService(3)
    service.read_all(1000)

    assert service.pages_read == 1


def test_an_insertion_does_not_bring_an_item_twice() -> None:
    service = ListService(100)
    service.moves = iter([lambda: service.insert(1)])

    assert service.read_all(20) == [f"old{number}" for number in range(100)]


def test_a_deletion_in_front_does_not_hide_an_item() -> None:
    service = ListService(100)
    service.moves = iter([lambda: service.delete(0)])

    assert service.read_all(20) == [f"old{number}" for number in range(100)]


def test_a_burst_of_insertions_is_read_around() -> None:
    service = ListService(100)
    service.moves = iter([lambda: service.insert(35)])

    assert service.read_all(20) == [f"old{number}" for number in range(100)]


def test_a_list_that_moved_out_of_sight_is_an_error_and_not_a_wrong_answer() -> None:
    service = ListService(2000)
    service.moves = iter([lambda: service.insert(1000)])

    with pytest.raises(ProviderUnavailable, match="start reading it again"):
        service.read_all(20)


def test_a_service_that_takes_no_notice_of_the_page_number_is_not_read_for_ever() -> None:
    def always_the_first(_: int, limit: int) -> FakePage:
        return FakePage(tuple(f"old{number}" for number in range(limit)), None, limit)

    with pytest.raises(ProviderUnavailable, match="repeat themselves"):
        deque(iterate_moving_list(always_the_first, lambda item: item, 20), maxlen=0)


moves = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(1, 25)),
        st.tuples(st.just("delete"), st.lists(st.integers(0, 10_000), min_size=1, max_size=12)),
        st.tuples(st.just("nothing"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=400)
@given(length=st.integers(0, 400), limit=st.integers(1, 60), cap=st.sampled_from([1000, 1000, 25]), moves=moves)
def test_what_stays_in_the_list_throughout_comes_exactly_once(
    length: int, limit: int, cap: int, moves: list[tuple[str, object]]
) -> None:
    service = ListService(length, cap=cap)

    def move(kind: str, what: object) -> None:
        if isinstance(what, list):
            for position in what:
                service.delete(position)
        elif isinstance(what, int) and kind == "insert":
            service.insert(what)

    service.moves = (lambda kind=kind, what=what: move(kind, what) for kind, what in moves)  # type: ignore[misc]
    at_first = list(service.items)

    try:
        read = service.read_all(limit)
    except ProviderUnavailable:
        reject()  # it ran away faster than it was read, which is an error and no wrong answer

    assert len(read) == len(set(read))
    stayed = [item for item in at_first if item in set(service.items)]
    assert [item for item in read if item in set(stayed)] == stayed
    assert all(at_first.index(a) < at_first.index(b) for a, b in pairwise(read) if {a, b} <= set(at_first))

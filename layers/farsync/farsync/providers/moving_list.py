"""Reading a paged list to its end while it changes.

A service that knows only page numbers answers from the list of the moment: an item inserted in front of our
place pushes an old one over the page's edge, so that it comes twice; a deletion pulls an unread one back
over it, so that it never comes. Windows that overlap show which of the two happened: what follows the last
item already seen is new, wherever it stands now.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar

from farsync.model.errors import ProviderUnavailable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# Fewer remembered items might all be deleted from one look to the next.
SMALLEST_LIMIT = 20
# Page numbers tried for a window that overlaps the last one by little.
PAGES_COMPARED = 12
# Half-windows searched behind and ahead of the expected place; some 2,000 items either way at 1,000 a window.
SEARCH_STEPS = 4
# A service that takes no notice of the page number would be read for ever.
WINDOWS_WITHOUT_NEWS_ALLOWED = 10


class Page(Protocol[T_co]):
    """A page of a list, counted from 0; `total` may be the length of the list, or of the page, or missing."""

    @property
    def items(self) -> Sequence[T_co]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def limit(self) -> int: ...


FetchPage = Callable[[int, int], Page[T]]
"""(page, limit) -> that page. A service may answer fewer items than `limit` asks for, if it caps pages."""


def iterate_moving_list(fetch: FetchPage[T], key: Callable[[T], str], limit: int) -> Iterator[T]:
    """Yield every item that stays in the list throughout, once.

    The list must keep its order; items may go anywhere and come in front of those already read. Only one
    window of keys is remembered. Raises `ProviderUnavailable` when the list moved farther than the search
    reaches, or nothing remembered is left in it.
    """
    return chain.from_iterable(_news(_WindowReader(fetch, key, max(limit, SMALLEST_LIMIT))))


def _news(reader: "_WindowReader[T]") -> Iterator[Sequence[T]]:
    """Of each window what was not in those before it."""
    window, seen_count = reader.first(), 0
    remembered: list[str] = []
    windows_without_news = 0
    while True:
        yield window.items[seen_count:]
        is_all_seen = 0 < seen_count == len(window.items)
        windows_without_news = windows_without_news + 1 if is_all_seen else 0
        if windows_without_news > WINDOWS_WITHOUT_NEWS_ALLOWED:
            raise ProviderUnavailable("The pages of the list repeat themselves; it cannot be read to its end.")
        # Read items that the window does not reach yet must stay known, or they would come again.
        unreached = remembered[remembered.index(window.keys[-1]) + 1 :] if is_all_seen else []
        remembered = window.keys + unreached
        expected_offset = window.end
        if window.is_last:
            return
        # Freed before the next is read, so that its memory serves again.
        del window
        window, seen_count = _find_place(reader, remembered, expected_offset)


@dataclass(frozen=True)
class _Window(Generic[T]):
    start: int
    items: Sequence[T]
    keys: list[str]
    is_last: bool

    @property
    def end(self) -> int:
        return self.start + len(self.items)


class _WindowReader(Generic[T]):
    """Reads windows around an offset, though the service speaks only of pages."""

    def __init__(self, fetch: FetchPage[T], key: Callable[[T], str], limit: int) -> None:
        self._fetch = fetch
        self._key = key
        self._limit = limit

    def first(self) -> _Window[T]:
        return self._read(0, self._limit)

    def around(self, offset: int) -> _Window[T]:
        """A window that begins before `offset` and reaches as far beyond it as may be."""
        page, size = _page_around(offset, self._limit)
        if (page + 1) * size > offset:
            return self._read(page, size)
        # All of those pages have an edge here. The later page is read first: a deletion in between then makes
        # the two overlap, where the other order would leave a gap.
        later = self._read(page + 1, size)
        earlier = self._read(page, size)
        items = dict(zip(earlier.keys + later.keys, (*earlier.items, *later.items), strict=True))
        return _Window(earlier.start, tuple(items.values()), list(items), later.is_last)

    def _read(self, page: int, size: int) -> _Window[T]:
        answer = self._fetch(page, size)
        count = len(answer.items)
        is_capped = 0 < count < size and (answer.limit == count or (answer.total or 0) > page * size + count)
        if is_capped:
            self._limit = size = count
        return _Window(page * size, answer.items, list(map(self._key, answer.items)), is_last=count < size)


def _page_around(offset: int, limit: int) -> tuple[int, int]:
    """The page number and size that hold the item before `offset` and reach farthest beyond it."""
    previous = offset - 1
    first_page = previous // limit
    pages = range(first_page, first_page + PAGES_COMPARED)
    candidates = [(page, min(limit, previous // page) if page else limit) for page in pages]
    return max(candidates, key=lambda candidate: (candidate[0] + 1) * candidate[1])


def _find_place(reader: _WindowReader[T], remembered: Sequence[str], expected_offset: int) -> tuple[_Window[T], int]:
    """A window that holds a remembered item, and how many of its items end with the newest of those."""
    for offset in _search_offsets(expected_offset, step=max(1, len(remembered) // 2)):
        window = reader.around(offset)
        newest = _newest_in(window.keys, remembered)
        if newest is not None:
            return window, window.keys.index(newest) + 1
    raise ProviderUnavailable("The list changed faster than it could be read; start reading it again.")


def _newest_in(keys: Sequence[str], remembered: Sequence[str]) -> str | None:
    if remembered[-1] in keys:  # nearly always, and near the window's beginning
        return remembered[-1]
    present = frozenset(keys)
    return next((seen for seen in reversed(remembered) if seen in present), None)


def _search_offsets(expected: int, step: int) -> Iterator[int]:
    """The expected offset, then ever farther behind it (deletions) and ahead of it (insertions)."""
    yield expected
    for distance in range(step, step * SEARCH_STEPS + 1, step):
        if expected - distance + step > 1:
            yield max(1, expected - distance)
        yield expected + distance

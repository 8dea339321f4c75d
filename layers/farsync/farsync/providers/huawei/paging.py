"""What `offset` counts, pages or entries.

The provider's pages call it the number of the page, and the provider's Terraform provider advances it by entries
(https://github.com/huaweicloud/terraform-provider-huaweicloud, services/dataarts): it is found out by asking.
"""

from collections.abc import Callable, Collection

ENTRIES_COMPARED = 20

FetchKeys = Callable[[int, int], Collection[str]]
"""(offset, limit) -> the keys of the entries there."""


class Offsets:
    """Offsets of one list; asks twice, when first something else than the first page is wanted."""

    def __init__(self, fetch_keys: FetchKeys) -> None:
        self._fetch_keys = fetch_keys
        self._counts_entries: bool | None = None

    def of_page(self, page: int, limit: int) -> int:
        """The offset at which the service has this page, counted from 0."""
        if page == 0:
            return 0
        if self._counts_entries is None:
            self._counts_entries = self._skips_one_entry()
        return page * limit if self._counts_entries else page

    def _skips_one_entry(self) -> bool:
        """Whether offset 1 leaves most entries in sight; the list may move a little in between."""
        at_0, at_1 = (frozenset(self._fetch_keys(offset, ENTRIES_COMPARED)) for offset in (0, 1))
        return 0 < len(at_0) <= 2 * len(at_0 & at_1)

"""Runs over several pages, up to what a person reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from farsync_client import Farsync
from farsync_client.models import RunItem

LARGEST_PAGE = 100
MOST_PAGES = 30
"""A page may be empty and have a next one: AWS answers lists of runs slowly on purpose."""


@dataclass(frozen=True)
class Listing:
    runs: Sequence[RunItem]
    has_more: bool


def list_runs(
    client: Farsync,
    *,
    states: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    connection: str | None,
    job: str | None,
    most: int,
) -> Listing:
    """At most so many."""
    runs: list[RunItem] = []
    pages = client.run_pages(
        states=states,
        since=since,
        until=until,
        connection=connection,
        job=job,
        limit=min(most, LARGEST_PAGE),
    )
    for number, page in enumerate(pages, 1):
        runs += page.runs
        if len(runs) >= most or number == MOST_PAGES:
            return Listing(runs[:most], page.next_token is not None or len(runs) > most)
    return Listing(runs, has_more=False)

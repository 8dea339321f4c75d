"""The newest executions of a job, whatever order its provider lists them in."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from typing import NamedTuple

from farsync.model.errors import ProviderUnavailable
from farsync.model.execution import Execution
from farsync.providers.base import ExecutionPage, Provider

PAGE_LIMIT = 1000
MOST_PAGES = 10
CLOCK_GRAIN = timedelta(seconds=2)
"""`Date` and creation times may come in whole seconds, and from two hosts."""


class Recent(NamedTuple):
    """Executions, each once, in no order; `served_at` is the provider's clock when the last of them were read. What is
    older than `reaches_back_to` is not listed. `unreadable` says when those were created that could not be read, as far
    as that could.
    """

    executions: tuple[Execution, ...]
    served_at: datetime | None
    reaches_back_to: datetime | None = None
    unreadable: tuple[datetime | None, ...] = ()

    @property
    def begun(self) -> tuple[Execution, ...]:
        """Without those that are planned for later, as DataArts Factory lists instances that are frozen ahead."""
        if self.served_at is None:
            return self.executions
        latest = self.served_at + CLOCK_GRAIN
        return tuple(found for found in self.executions if found.created_at is None or found.created_at <= latest)


def newest_page(provider: Provider, job: str) -> Recent:
    """The page with the newest executions, which is the first or the last one, but for pages with none of this job."""
    first = provider.list_executions(job, limit=PAGE_LIMIT)
    pages = islice(_pages_from_the_newest(provider, job, first), MOST_PAGES)
    page = next((page for page in pages if page.items), first)
    return Recent(page.items, page.served_at)


def executions_since(provider: Provider, job: str, since: datetime | None) -> Recent:
    """At least all created since then, by the provider's times. Raises ProviderUnavailable beyond MOST_PAGES pages:
    what was not read is not "not there".
    """
    return _read_back(provider, job, since, lambda page: all(_is_older(execution, since) for execution in page.listed))


def executions_reaching_back(provider: Provider, job: str, since: datetime) -> Recent:
    """The same from a list that is trusted to be in the order of creation, one way or the other: one call, where the
    page with the newest holds an older one, or all. Raises ProviderUnavailable likewise.
    """
    return _read_back(provider, job, since, lambda page: any(_is_older(execution, since) for execution in page.listed))


def _read_back(
    provider: Provider, job: str, since: datetime | None, is_far_enough: Callable[[ExecutionPage], bool]
) -> Recent:
    first = provider.list_executions(job, limit=PAGE_LIMIT)
    # A full page that names no larger number may be one of many: `count` may be that of the page.
    is_open_ended = first.size >= min(first.limit, PAGE_LIMIT) and (first.total or 0) <= first.size
    read_pages = _pages_to_the_end if is_open_ended else _pages_from_the_newest
    found = {execution.ref.execution_id: execution for execution in first.items}
    unreadable = list(first.unreadable)
    served_at = first.served_at
    for pages_read, page in enumerate(read_pages(provider, job, first)):
        found.update((execution.ref.execution_id, execution) for execution in page.items)
        unreadable += () if page is first else page.unreadable
        served_at = served_at if page is first else page.served_at
        if not is_open_ended and is_far_enough(page):
            break
        if pages_read == MOST_PAGES:
            raise ProviderUnavailable(f"The executions of job {job} since {since} fill more than {MOST_PAGES} pages.")
    return Recent(tuple(found.values()), served_at, first.reaches_back_to, tuple(unreadable))


def created_seconds(execution: Execution) -> float:
    """When it was created, by the provider's clock; 0 where that is not given."""
    return execution.created_at.timestamp() if execution.created_at else 0.0


def _pages_from_the_newest(provider: Provider, job: str, first: ExecutionPage) -> Iterator[ExecutionPage]:
    """Every page, the newest first; nothing but the first page where it holds all."""
    size = first.size
    if not size or first.total is None or first.total <= size:
        yield first
        return
    last_page = (first.total - 1) // size
    is_newest_first = _first_seconds(first) >= _last_seconds(first)
    if _first_seconds(first) == _last_seconds(first) > 0:
        # A page of one moment says nothing of the order.
        last = provider.list_executions(job, page=last_page, limit=size)
        is_newest_first = not last.listed or _first_seconds(first) >= _last_seconds(last)
    # A list that grows at its end may have got another page since it gave its length.
    order = range(last_page + 1) if is_newest_first else range(last_page + 1, -1, -1)
    for number in order:
        page = first if number == 0 else provider.list_executions(job, page=number, limit=size)
        if page.size:
            yield page


def _pages_to_the_end(provider: Provider, job: str, first: ExecutionPage) -> Iterator[ExecutionPage]:
    """Every page of a list that does not say how many there are, in its own order."""
    page = first
    for number in count(1):
        if page.size:
            yield page
        if page.size < max(1, first.size):
            return
        page = provider.list_executions(job, page=number, limit=first.size)


def _first_seconds(page: ExecutionPage) -> float:
    return created_seconds(page.listed[0]) if page.listed else 0.0


def _last_seconds(page: ExecutionPage) -> float:
    return created_seconds(page.listed[-1]) if page.listed else 0.0


def _is_older(execution: Execution, since: datetime | None) -> bool:
    return since is not None and execution.created_at is not None and execution.created_at < since

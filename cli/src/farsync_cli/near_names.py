"""A wrong name is answered with those that are nearly it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import islice

from farsync_client import Farsync, FarsyncError
from farsync_client.models import JobItem
from farsync_client.problems import ConnectionNotFound, JobNotFound, Problem

MOST_JOBS_READ = 500
MOST_OFFERED = 3


@contextmanager
def near_names_offered(client: Farsync, connection: str, job: str | None = None) -> Iterator[None]:
    """Raises the same errors, with a better remedy."""
    try:
        yield
    except JobNotFound as error:
        _offer(error, job or "", lambda: [name for item in _jobs(client, connection) for name in (item.name, item.job)])
        raise
    except ConnectionNotFound as error:
        _offer(error, connection, lambda: [item.name for item in client.connections()])
        raise


def _jobs(client: Farsync, connection: str) -> Iterator[JobItem]:
    return islice(client.jobs(connection), MOST_JOBS_READ)


def _offer(error: Problem, wrong: str, names: Callable[[], list[str]]) -> None:
    try:
        near = near_names(wrong, names())
    except FarsyncError:
        # The names are a courtesy: whoever may not list them has the first error all the same.
        return
    if near:
        error.remedy = f"Did you mean {' or '.join(near)}? {error.remedy}"


def near_names(wrong: str, known: Iterable[str]) -> list[str]:
    """Those that hold it, then those that are spelled nearly so; without regard to capitals."""
    by_small = {name.lower(): name for name in known if name}
    holding = [small for small in by_small if len(wrong) > 2 and wrong.lower() in small]
    close = get_close_matches(wrong.lower(), by_small, MOST_OFFERED, cutoff=0.6)
    return [by_small[small] for small in dict.fromkeys([*close, *holding])][:MOST_OFFERED]

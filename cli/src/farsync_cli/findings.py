"""What a check found: one line each, OK or what to do."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from farsync_client import Farsync, FarsyncError
from farsync_client.models import ENDED_STATES, JobItem

MOST_JOBS_READ = 100
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Finding(NamedTuple):
    topic: str
    is_ok: bool
    text: str
    remedy: str = ""


def found(topic: str, ask: Callable[[], str]) -> Finding:
    """What the question was answered with, or how it failed."""
    try:
        return Finding(topic, True, ask())
    except FarsyncError as error:
        return Finding(topic, False, f"{error.name}: {error.message}", error.remedy)


def check_connection(client: Farsync, name: str) -> Finding:
    """As the deployed functions see it: its secret is read, its keys are accepted, its jobs can be listed."""

    def ask() -> str:
        job = next(client.jobs(name, limit=1), None)
        return "secret read, keys accepted, jobs listed" if job else "secret read, keys accepted; there is no job yet"

    return found(name, ask)


def check_deeply(client: Farsync, name: str) -> list[Finding]:
    """Step by step: the secret, the keys and the list of jobs; the newest job and its executions; a log."""
    first = check_connection(client, name)
    newest = _newest_job(client, name) if first.is_ok else None
    if newest is None:
        return [first]

    def read_job() -> str:
        details = client.job(newest.job, name)
        return f"{details.name or details.job} read; of its newest executions {len(details.recent)} read"

    return [first, found("job", read_job), _log(client, name, newest.job)]


def _newest_job(client: Farsync, connection: str) -> JobItem | None:
    """The one that ran last of the first page."""
    jobs = list(islice(client.jobs(connection), MOST_JOBS_READ))
    return max(jobs, key=lambda job: job.last_execution_at or LONG_AGO, default=None)


def _log(client: Farsync, connection: str, job: str) -> Finding:
    """Of the newest run that ended, since only runs' logs are read."""

    def ask() -> str:
        page = next(client.run_pages(states=ENDED_STATES, connection=connection, job=job, limit=1))
        if not page.runs:
            return "not tried: no run of that job ended in the last 24 hours"
        return f"read: {client.logs(page.runs[0].name, tail=1).path}"

    return found("log", ask)

"""Watch: the ends of jobs' executions are emitted, whoever started them, as a schedule asks every few minutes.

The names of the events are all the memory there is: each period checks every end of the last day, so that what a
period did not reach, whatever the reason, is emitted by a later one, and nothing twice.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Annotated, TypeVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from farsync.aws.client import AwsRequestFailed, named
from farsync.model.errors import FarsyncError, InvalidRequest, JobsNotWatched, ProviderUnavailable, Throttled
from farsync.model.execution import WireModel
from farsync.model.identifiers import ConnectionName, JobId
from farsync.model.moment import Moment
from farsync.model.validation import validated
from farsync.operations.job_watching import Counts, OutOfTime, Watching, watch_job
from farsync.runtime.context import Context
from farsync.runtime.observability import log_rejection, logger
from farsync.runtime.request import Answer, Invocation
from farsync.watching.decision import CAUGHT_UP_FOR

MOST_JOBS = 100
AT_ONCE = 5
LONGEST_SECONDS = 270
"""After which nothing is begun; the function has 300."""
RETRY_SECONDS = 10.0
"""How long one request is repeated: the last attempt begins by then, and must end before the function's time is up."""
LONGEST_CATCH_UP = timedelta(days=14)
FAILURES_IN_A_ROW = 2
"""Jobs of a connection whose provider is away take long to fail; after so many the others wait for the next period."""
JOBS_NAMED = 20
LONGEST_REASON = 150

T = TypeVar("T")


class JobsOfConnection(WireModel):
    """Jobs by id, or with DataArts by name."""

    connection: ConnectionName
    jobs: tuple[JobId, ...]


def _not_too_many(watch: tuple[JobsOfConnection, ...]) -> tuple[JobsOfConnection, ...]:
    if sum(len(asked.jobs) for asked in watch) > MOST_JOBS:
        raise PydanticCustomError("jobs", "names more than 100 jobs; watch the others by another stack")
    return watch


class WatchJobs(WireModel):
    """`since` is for a person who catches up by hand: every end from then on is checked."""

    watch: Annotated[tuple[JobsOfConnection, ...], AfterValidator(_not_too_many)]
    since: Moment | None = None


class WatchedJob(WireModel):
    """`ended` is how many ends were checked; `not_reached` says that there was no time left for some of them, or for
    the job as a whole.
    """

    connection: str
    job: str
    ended: int = 0
    emitted: int = 0
    left_to_runs: int = 0
    not_reached: bool = False
    error: str | None = None


class Watched(WireModel):
    """What became of each job."""

    jobs: tuple[WatchedJob, ...]


def watch(context: Context, invocation: Invocation) -> Answer:
    """Raises InvalidRequest, and JobsNotWatched after all was done that could be."""
    asked = validated(WatchJobs, invocation.payload)
    now = context.now()
    since = asked.since or now - CAUGHT_UP_FOR
    if not now - LONGEST_CATCH_UP <= since <= now:
        raise InvalidRequest(
            "since: must lie within the last 14 days; give a later or an earlier moment", field="since"
        )
    watching = Watching(context, since, context.clock() + LONGEST_SECONDS)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = list(threads.map(lambda each: _watch_connection(watching, *each), _turned(context, _by_name(asked))))
    jobs = tuple(sorted((job for jobs in done for job in jobs), key=lambda job: (job.connection, job.job)))
    _report(jobs)
    return Answer(Watched(jobs=jobs))


def _by_name(asked: WatchJobs) -> list[tuple[str, list[str]]]:
    jobs_of: dict[str, dict[str, None]] = {}
    for each in asked.watch:
        jobs_of.setdefault(each.connection, {}).update(dict.fromkeys(each.jobs))
    return [(connection, list(jobs)) for connection, jobs in jobs_of.items()]


def _turned(context: Context, items: Sequence[T]) -> list[T]:
    """Each period begins with another one, so that none is always the last, which is not reached."""
    first = int(context.random() * len(items))
    return [*items[first:], *items[:first]]


def _watch_connection(watching: Watching, connection: str, jobs: Sequence[str]) -> list[WatchedJob]:
    context = watching.context
    context = context._replace(transport=context.transport.apart())
    done, in_a_row = list[WatchedJob](), 0
    for job in _turned(context, jobs):
        if in_a_row == FAILURES_IN_A_ROW:
            done.append(WatchedJob(connection=connection, job=job, not_reached=True))
            continue
        counts = _watch_job(watching, context, connection, job)
        in_a_row = in_a_row + 1 if isinstance(counts.failure, ProviderUnavailable | Throttled) else 0
        done.append(_in_words(connection, job, counts))
    return done


def _watch_job(watching: Watching, context: Context, connection: str, job: str) -> Counts:
    try:
        watching.check_time()
        counts = watch_job(watching, context, connection, job)
    except OutOfTime:
        return Counts(is_reached=False)
    except FarsyncError as failure:
        counts = Counts(failure=failure)
    if counts.failure is None:
        return counts
    reason = named(counts.failure) if isinstance(counts.failure, AwsRequestFailed) else counts.failure
    logger.warning("a job could not be watched", connection=connection, job=job)
    log_rejection(reason)
    return counts._replace(failure=reason)


def _in_words(connection: str, job: str, counts: Counts) -> WatchedJob:
    failure = counts.failure
    return WatchedJob(
        connection=connection,
        job=job,
        ended=counts.ended,
        emitted=counts.emitted,
        left_to_runs=counts.left_to_runs,
        not_reached=not counts.is_reached,
        error=f"{type(failure).__name__}: {str(failure)[:LONGEST_REASON]}" if failure else None,
    )


def _report(jobs: Iterable[WatchedJob]) -> None:
    """Raises JobsNotWatched."""
    emitted, left = sum(job.emitted for job in jobs), sum(job.left_to_runs for job in jobs)
    if emitted or left:
        logger.info("ends of executions without an event", emitted=emitted, left_to_runs=left)
    if late := [job for job in jobs if job.not_reached]:
        logger.warning("jobs were not reached; the next period goes on", jobs=_names(late), not_reached=len(late))
    if failed := [job for job in jobs if job.error]:
        why = "; ".join(f"{job.connection} {job.job}: {job.error}" for job in failed[:JOBS_NAMED])
        raise JobsNotWatched(f"{len(failed)} jobs could not be watched; the next period tries again: {why}")


def _names(jobs: Sequence[WatchedJob]) -> list[str]:
    return [f"{job.connection} {job.job}" for job in jobs[:JOBS_NAMED]]

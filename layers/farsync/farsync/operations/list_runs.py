"""List runs: what is open now, or ended in some state, over one connection."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import Field

from farsync.aws.client import AwsRequestFailed, named
from farsync.aws.executions import instant, list_pages
from farsync.aws.run_store import describe_run, request_in
from farsync.model.errors import InvalidRequest
from farsync.model.execution import Instant, WireModel
from farsync.model.identifiers import ConnectionName, JobId
from farsync.model.names import NAME_OF_A_RUN, connection_and_job_prefix
from farsync.model.validation import validated
from farsync.operations.get_run import RunState
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

PAGE_SIZE = 100
MOST_PAGES = 10
MOST_RUNS_READ = 100
"""A name shows its job only to who knows the job; otherwise each run is read by itself."""


class ListRuns(WireModel):
    """Which runs."""

    connection: ConnectionName = "default"
    job: JobId | None = None
    state: RunState = "RUNNING"
    next_token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None


class RunListed(WireModel):
    """A run in a list; `GET /runs/{name}` shows more of it."""

    name: str
    state: RunState
    job: str | None = None
    """Absent only where the request had none."""
    started_at: Instant
    stopped_at: Instant | None = None


class RunList(WireModel):
    """At most 100 runs, the newest first; there may be more, even after none, while there is a `next_token`."""

    runs: tuple[RunListed, ...]
    next_token: str | None = None


def list_runs(context: Context, invocation: Invocation) -> Answer:
    """Reads until it finds some, within bounds. Raises InvalidRequest for a token that Step Functions did not give."""
    asked = validated(ListRuns, invocation.payload)
    token, runs, runs_read = asked.next_token, list[RunListed](), 0
    try:
        first = {} if token is None else {"nextToken": token}
        pages = list_pages(context, "RUN_JOB_ARN", statusFilter=asked.state, maxResults=PAGE_SIZE, **first)
        for page in islice(pages, MOST_PAGES):
            token = page.get("nextToken")
            for found, is_read in _runs_in(context, asked, page["executions"]):
                runs_read += is_read
                runs.extend(found)
            if runs or runs_read >= MOST_RUNS_READ:
                break
    except AwsRequestFailed as failed:
        if failed.code == "InvalidToken":
            remedy = "nextToken: is not valid, or no longer; begin with the first page"
            raise InvalidRequest(remedy, field="nextToken") from failed
        raise named(failed) from failed
    headers = {} if token is None else {"link": _link(asked, token)}
    return Answer(RunList(runs=tuple(runs), next_token=token), headers=headers)


def _runs_in(
    context: Context, asked: ListRuns, executions: list[dict[str, Any]]
) -> Iterator[tuple[list[RunListed], bool]]:
    """For each execution the run, if it is one that is asked for, and whether it had to be read."""
    prefix = connection_and_job_prefix(asked.connection, asked.job) if asked.job else None
    for execution in executions:
        name = execution["name"]
        if prefix is not None and NAME_OF_A_RUN.fullmatch(name):
            yield ([_listed(execution, asked.job)] if name.startswith(prefix) else []), False
            continue
        request = request_in(describe_run(context, name))
        job = request.get("job")
        is_asked = request.get("connection", "default") == asked.connection and asked.job in (None, job)
        yield ([_listed(execution, None if job is None else str(job))] if is_asked else []), True


def _listed(execution: dict[str, Any], job: str | None) -> RunListed:
    stopped = execution.get("stopDate")
    return RunListed(
        name=execution["name"],
        state=execution["status"],
        job=job,
        started_at=instant(execution["startDate"]),
        stopped_at=instant(stopped) if stopped else None,
    )


def _link(asked: ListRuns, token: str) -> str:
    query = {"state": asked.state, "nextToken": token, **({"job": asked.job} if asked.job else {})}
    return f'</connections/{asked.connection}/runs?{urlencode(query, quote_via=quote)}>; rel="next"'

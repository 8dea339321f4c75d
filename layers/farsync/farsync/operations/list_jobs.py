"""List jobs, or show one with its newest executions; and list the connections to which they belong."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import Field

from farsync.model.execution import Job, WireModel
from farsync.model.identifiers import DIGITS, ConnectionName, JobId
from farsync.model.validation import validated
from farsync.operations.list_connections import list_connections
from farsync.operations.named_job import find_job
from farsync.operations.recent_executions_of_job import job_with_recent
from farsync.providers.base import JobPage
from farsync.runtime.context import Context
from farsync.runtime.redaction import HIDDEN
from farsync.runtime.request import Answer, Invocation


class ListJobs(WireModel):
    """Which jobs; numbers may come as text, since a query string knows nothing else."""

    connection: ConnectionName = "default"
    name: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    status: Annotated[str, Field(pattern=r"^[A-Z_]{1,32}$")] | None = None
    page: Annotated[int, Field(strict=True, ge=0, le=1_000_000), DIGITS] = 0
    limit: Annotated[int, Field(strict=True, ge=1, le=1000), DIGITS] = 100


class ShowJob(WireModel):
    """Which job."""

    connection: ConnectionName = "default"
    job: JobId
    """Its id; or its name, if no other job has it."""


class JobList(WireModel):
    """One page of jobs; `limit` is lower than asked where the provider's is, `total` absent where it gives none."""

    jobs: tuple[Job, ...]
    page: int
    limit: int
    total: int | None = None


def list_jobs(context: Context, invocation: Invocation) -> Answer:
    """Raises JobNotFound where one job is asked for."""
    if invocation.route == "GET /connections":
        return list_connections(context, invocation)
    is_job_named = invocation.route.endswith("/{job}") if invocation.route else "job" in invocation.payload
    if is_job_named:
        asked = validated(ShowJob, invocation.payload)
        provider = context.provider(asked.connection)
        return Answer(job_with_recent(provider, _shown(find_job(provider, asked.job))))
    query = validated(ListJobs, invocation.payload)
    page = context.provider(query.connection).list_jobs(
        name=query.name, status=query.status, page=query.page, limit=query.limit
    )
    return Answer(
        JobList(jobs=tuple(map(_shown, page.items)), page=query.page, limit=page.limit, total=page.total),
        headers={"link": _links(query, page)},
    )


def _shown(job: Job) -> Job:
    """Of parameters that are stored with the run settings, the names and no values: they may be secrets."""
    settings = job.condition or {}
    if "parameters" not in settings:
        return job
    stored = settings["parameters"]
    names = dict.fromkeys(stored, HIDDEN) if isinstance(stored, Mapping) else HIDDEN
    return job.model_copy(update={"condition": {**settings, "parameters": names}})


def _links(query: ListJobs, page: JobPage) -> str:
    """The pages around this one (RFC 8288); without a total, a next one after each that is not empty."""
    pages = {"first": 0}
    if query.page > 0:
        pages["prev"] = query.page - 1
    has_next = bool(page.items) if page.total is None else (query.page + 1) * page.limit < page.total
    if has_next:
        pages["next"] = query.page + 1
    if page.total is not None:
        pages["last"] = max(0, (page.total - 1) // page.limit)
    filters = {"name": query.name, "status": query.status}
    kept = {name: value for name, value in filters.items() if value is not None}
    path = f"/connections/{query.connection}/jobs"
    return ", ".join(
        f'<{path}?{urlencode({**kept, "page": number, "limit": page.limit}, quote_via=quote)}>; rel="{name}"'
        for name, number in pages.items()
    )

"""NAVER Cloud Data Flow: https://api.ncloud-docs.com/docs/en/analytics-dataflow"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote

from farsync.http_client.client import Query, Transport
from farsync.http_client.response import Reply
from farsync.model.errors import InvalidRequest, ProviderUnavailable
from farsync.model.execution import Execution, Job
from farsync.providers.base import ExecutionPage, JobPage
from farsync.providers.naver import decoding
from farsync.providers.naver.connection import NaverConnection
from farsync.providers.naver.errors import Operation, reading
from farsync.providers.naver.log_marker import has_log_marker, with_log_marker
from farsync.providers.plausible_times import plausible, plausible_page
from farsync.signing.naver import NaverAuth, NaverKeys

T = TypeVar("T")

LARGEST_LIMIT = 1000
"""The provider's default; it names no maximum."""


class NaverDataFlow:
    """`farsync.providers.base.Provider` for Data Flow."""

    def __init__(self, connection: NaverConnection, transport: Transport, clock: Callable[[], float]) -> None:
        keys = NaverKeys(connection.access_key.get_secret_value(), connection.secret_key.get_secret_value())
        self._connection = connection.name
        self._has_markers = connection.run_marker is not None
        self._jobs_url = f"{connection.endpoint}/api/v1/jobs"
        self._auth = NaverAuth(keys, clock)
        self._transport = transport

    def list_jobs(
        self, *, name: str | None = None, status: str | None = None, page: int = 0, limit: int = 1000
    ) -> JobPage:
        _check_page(page, limit)
        found = self._job_page(name, status, page, limit)
        return found._replace(items=tuple(job for job in found.items if _has_status(job, status)))

    def get_job(self, job: str, *, is_timeout_needed: bool = True) -> Job:  # noqa: ARG002 - one answer has all
        return self._get(Operation.GET_JOB, self._job_url(job), {}, lambda reply: decoding.decode_job(reply.body, job))

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        _check_page(page, limit)
        return self._get(
            Operation.LIST_EXECUTIONS,
            f"{self._job_url(job)}/executions",
            {"page": page, "limit": limit},
            lambda reply: plausible_page(
                decoding.decode_executions(reply.body, self._connection, job, page, limit), reply
            ),
        )

    def get_execution(self, job: str, execution_id: str) -> Execution:
        read = self._execution_in(Operation.GET_EXECUTION, job, execution_id)
        return self._transport.get(self._execution_url(job, execution_id), self._auth, {}, read=read)

    def start(
        self,
        job: str,
        *,
        condition: Mapping[str, object] | None,
        parameters: Mapping[str, str],
        options: Mapping[str, str] | None = None,
        marker: str | None = None,
    ) -> Execution:
        body: dict[str, object] = {}
        if self._has_markers and marker is not None:
            condition = with_log_marker(condition, marker)
        if condition is not None:
            body["jobCondition"] = dict(condition)
        if parameters:
            body["parameters"] = dict(parameters)
        reply = self._transport.post_once(f"{self._job_url(job)}/executions", self._auth, options or None, json=body)
        return self._execution_in(Operation.START, job)(reply)

    def is_marked(self, execution: Execution, marker: str | None) -> bool | None:
        if not self._has_markers or marker is None:
            return None
        return has_log_marker(execution, marker)

    def cancel(self, job: str, execution_id: str) -> None:
        url = f"{self._execution_url(job, execution_id)}/cancel"
        try:
            self._transport.post(url, self._auth, read=reading(Operation.CANCEL, lambda _: None))
        except (InvalidRequest, ProviderUnavailable) as rejected:
            # Which rejection an ended execution gets is not documented; the execution itself shows it.
            if not rejected.said or rejected.said.http_status not in (400, 409):
                raise
            seen = self.get_execution(job, execution_id)
            if not seen.status.is_terminal:
                raise ProviderUnavailable(
                    f"The execution cannot be cancelled while it is {seen.provider_status}.", said=rejected.said
                ) from rejected

    def _job_page(self, name: str | None, status: str | None, page: int, limit: int) -> JobPage:
        query: dict[str, str | int] = {"page": page, "limit": limit}
        if name is not None:
            query["name"] = name
        if status is not None:
            query["status"] = status
        return self._get(
            Operation.LIST_JOBS, self._jobs_url, query, lambda reply: decoding.decode_jobs(reply.body, page, limit)
        )

    def _get(self, operation: Operation, url: str, query: Query, decode: Callable[[Reply], T]) -> T:
        return self._transport.get(url, self._auth, query, read=reading(operation, decode))

    def _execution_in(
        self, operation: Operation, job: str, execution_id: str | None = None
    ) -> Callable[[Reply], Execution]:
        return reading(
            operation,
            lambda reply: plausible(decoding.decode_execution(reply.body, self._connection, job, execution_id), reply),
        )

    def _job_url(self, job: str) -> str:
        return f"{self._jobs_url}/{_path_segment(job, 'job')}"

    def _execution_url(self, job: str, execution_id: str) -> str:
        return f"{self._job_url(job)}/executions/{_path_segment(execution_id, 'executionId')}"


def _has_status(job: Job, status: str | None) -> bool:
    """The filter once more: since 2026 the provider's pages no longer know this parameter."""
    return status is None or job.status == status


def _path_segment(text: str, field: str) -> str:
    is_printable = all(unicodedata.category(character)[0] != "C" for character in text)
    if not text or text == "." or ".." in text or "/" in text or not is_printable:
        raise InvalidRequest(
            f"{field}: give the id as Data Flow shows it, without slashes, '..' or control characters.",
            field=field,
        )
    return quote(text, safe="")


def _check_page(page: int, limit: int) -> None:
    if page < 0:
        raise InvalidRequest("page: give 0 or more; pages count from 0.", field="page")
    if not 1 <= limit <= LARGEST_LIMIT:
        raise InvalidRequest(f"limit: give 1 to {LARGEST_LIMIT}.", field="limit")

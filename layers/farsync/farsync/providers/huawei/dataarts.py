"""Huawei Cloud DataArts Factory: https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0086.html"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from farsync.http_client.client import Transport
from farsync.http_client.response import Reply
from farsync.model.errors import InvalidRequest, ProviderUnavailable
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.providers.base import ExecutionPage, JobPage
from farsync.providers.huawei import decoding
from farsync.providers.huawei.connection import HuaweiConnection
from farsync.providers.huawei.errors import Operation, reading
from farsync.providers.huawei.instance_list import InstanceList
from farsync.providers.huawei.paging import Offsets
from farsync.providers.huawei.requests import (
    INSTANCES_LIMIT,
    JOBS_LIMIT,
    WINDOW_MARGIN,
    checked_limit,
    job_params,
    jobs_url,
    path_segment,
)
from farsync.providers.plausible_times import plausible
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys

T = TypeVar("T")


class HuaweiDataArts:
    """`farsync.providers.base.Provider` for the batch jobs of DataArts Factory; a job's id is its name."""

    def __init__(self, connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]) -> None:
        token = connection.security_token
        keys = HuaweiKeys(
            connection.access_key.get_secret_value(),
            connection.secret_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )
        workspace = {} if connection.workspace is None else {"workspace": connection.workspace}
        headers = {"Content-Type": "application/json", "X-Project-Id": connection.project_id, **workspace}
        self._connection = connection.name
        self._jobs_url = f"{connection.endpoint}/v1/{connection.project_id}/jobs"
        self._auth = HuaweiAuth(keys, clock, headers)
        self._transport = transport
        self._clock = clock
        self._instances = InstanceList(f"{self._jobs_url}/instances/detail", connection.name, transport, self._auth)

    def list_jobs(
        self, *, name: str | None = None, status: str | None = None, page: int = 0, limit: int = 1000
    ) -> JobPage:
        limit = checked_limit(page, limit, JOBS_LIMIT)
        found = self._job_page(name, self._job_offsets(name).of_page(page, limit), page, limit)
        # The provider knows no such filter.
        return found._replace(items=tuple(job for job in found.items if status in (None, job.status)))

    def get_job(self, job: str, *, is_timeout_needed: bool = True) -> Job:
        """The list allows three times as many calls as "view job", and only it gives the job's state."""
        url = self._job_url(job)
        found = self._job_page(job, 0, 0, JOBS_LIMIT).items
        listed = next((listed for listed in found if listed.job == job), None)
        if listed is not None and not is_timeout_needed:
            return listed
        viewed = self._get(Operation.GET_JOB, url, lambda reply: decoding.decode_job(reply.body, job))
        if listed is None:
            return viewed
        return listed.model_copy(update={"timeout_minutes": viewed.timeout_minutes, "description": viewed.description})

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        limit = checked_limit(page, limit, INSTANCES_LIMIT)
        now = datetime.fromtimestamp(self._clock(), UTC)
        found = self._instances.page_until(now, job, page, limit)
        # By a clock that is far behind the provider's, the newest instances would lie outside the window.
        if found.served_at is None or abs(found.served_at - now) < WINDOW_MARGIN / 2:
            return found
        return self._instances.page_until(found.served_at, job, page, limit)

    def get_execution(self, job: str, execution_id: str) -> Execution:
        execution = self._view_instance(job, execution_id)
        if execution.status is not ExecutionStatus.FAILED or execution.failure_reason is not None:
            return execution
        return execution.model_copy(update={"failure_reason": self._instances.failure_reason(execution)})

    def start(
        self,
        job: str,
        *,
        condition: Mapping[str, object] | None,
        parameters: Mapping[str, str],
        options: Mapping[str, str] | None = None,
        marker: str | None = None,  # noqa: ARG002 - an instance shows nothing of what it was started with
    ) -> Execution:
        if condition is not None:
            raise InvalidRequest("condition: DataArts jobs have no run settings; leave it out.", field="condition")
        if options:
            raise InvalidRequest(
                f"providerOptions: DataArts has no {' or '.join(sorted(options))}; leave providerOptions out.",
                field="providerOptions",
            )
        reply = self._transport.post_once(
            f"{self._job_url(job)}/run-immediate", self._auth, json=job_params(parameters)
        )
        execution_id = reading(Operation.START, lambda reply: decoding.decode_started(reply.body, job))(reply)
        # The reply names the instance and says no more of it.
        return Execution(
            ref=ExecutionRef(connection=self._connection, job=job, execution_id=execution_id),
            job_name=job,
            status=ExecutionStatus.PENDING,
            provider_status="",
            is_manual=True,
        )

    def is_marked(self, execution: Execution, marker: str | None) -> bool | None:  # noqa: ARG002
        return None

    def cancel(self, job: str, execution_id: str) -> None:
        url = f"{self._instance_url(job, execution_id)}/stop"
        try:
            self._transport.post(url, self._auth, read=reading(Operation.CANCEL, lambda _: None))
        except (InvalidRequest, ProviderUnavailable) as rejected:
            # Which rejection an ended instance gets is not documented; the instance itself shows it.
            if not rejected.said or rejected.said.http_status not in (400, 409):
                raise
            seen = self._view_instance(job, execution_id)
            if not seen.status.is_terminal:
                raise ProviderUnavailable(
                    f"The instance cannot be stopped while it is {seen.provider_status}.", said=rejected.said
                ) from rejected

    def _job_offsets(self, name: str | None) -> Offsets:
        return Offsets(lambda offset, size: [job.job for job in self._job_page(name, offset, 0, size).items])

    def _job_page(self, name: str | None, offset: int, page: int, limit: int) -> JobPage:
        return self._get(
            Operation.LIST_JOBS,
            jobs_url(self._jobs_url, name, offset, limit),
            lambda reply: decoding.decode_jobs(reply.body, page, limit),
        )

    def _view_instance(self, job: str, execution_id: str) -> Execution:
        return self._get(
            Operation.GET_EXECUTION,
            self._instance_url(job, execution_id),
            lambda reply: plausible(decoding.decode_instance(reply.body, self._connection, job, execution_id), reply),
        )

    def _get(self, operation: Operation, url: str, decode: Callable[[Reply], T]) -> T:
        return self._transport.get(url, self._auth, None, read=reading(operation, decode))

    def _job_url(self, job: str) -> str:
        return f"{self._jobs_url}/{path_segment(job, 'job')}"

    def _instance_url(self, job: str, execution_id: str) -> str:
        return f"{self._job_url(job)}/instances/{path_segment(execution_id, 'executionId')}"

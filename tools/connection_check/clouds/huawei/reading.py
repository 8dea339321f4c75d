"""Reads of DataArts Factory, kept as the provider wrote them."""

from collections.abc import Callable
from datetime import datetime

from farsync.http_client.client import Transport
from farsync.providers.huawei.connection import HuaweiConnection
from farsync.providers.huawei.errors import Operation, rejection
from farsync.providers.huawei.requests import (
    LONGEST_WINDOW,
    WINDOW_MARGIN,
    ListWindow,
    instances_url,
    jobs_url,
    path_segment,
)
from farsync.signing.huawei import HuaweiAuth, HuaweiKeys
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.vocabulary import Record


class FactoryReader:
    """Every method raises the errors of `farsync.model.errors`."""

    def __init__(self, connection: HuaweiConnection, transport: Transport, clock: Callable[[], float]) -> None:
        token = connection.security_token
        keys = HuaweiKeys(
            connection.access_key.get_secret_value(),
            connection.secret_key.get_secret_value(),
            token.get_secret_value() if token else None,
        )
        workspace = {} if connection.workspace is None else {"workspace": connection.workspace}
        headers = {"Content-Type": "application/json", "X-Project-Id": connection.project_id, **workspace}
        self._jobs_url = f"{connection.endpoint}/v1/{connection.project_id}/jobs"
        self.raw = RawReader(transport, clock, lambda sending_clock: HuaweiAuth(keys, sending_clock, headers))

    def jobs(self, offset: int, limit: int) -> Record:
        return self._get(jobs_url(self._jobs_url, None, offset, limit), Operation.LIST_JOBS)

    def job(self, job: str) -> Record:
        return self._get(f"{self._jobs_url}/{path_segment(job, 'job')}", Operation.GET_JOB)

    def instances(self, job: str, latest: datetime, offset: int, limit: int) -> Record:
        """Of the days before `latest`, and of the hour after."""
        window = ListWindow(latest + WINDOW_MARGIN - LONGEST_WINDOW, latest + WINDOW_MARGIN)
        url = instances_url(f"{self._jobs_url}/instances/detail", job, window, offset, limit)
        return self._get(url, Operation.LIST_EXECUTIONS)

    def instance(self, job: str, instance_id: str) -> Record:
        url = f"{self._jobs_url}/{path_segment(job, 'job')}/instances/{path_segment(instance_id, 'instance')}"
        return self._get(url, Operation.GET_EXECUTION)

    def _get(self, url: str, operation: Operation) -> Record:
        return self.raw.get(url, lambda reply: rejection(reply, operation))

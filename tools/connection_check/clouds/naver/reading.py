"""Reads of Data Flow, kept as the provider wrote them."""

from collections.abc import Callable
from urllib.parse import quote

from farsync.connections.connection import Connection
from farsync.http_client.client import Query, Transport
from farsync.providers.naver.errors import Operation, rejection
from farsync.signing.naver import NaverAuth, NaverKeys
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.vocabulary import Record


class DataFlowReader:
    """Every method raises the errors of `farsync.model.errors`."""

    def __init__(self, connection: Connection, transport: Transport, clock: Callable[[], float]) -> None:
        keys = NaverKeys(connection.access_key.get_secret_value(), connection.secret_key.get_secret_value())
        self._jobs_url = f"{connection.endpoint}/api/v1/jobs"
        self.raw = RawReader(transport, clock, lambda sending_clock: NaverAuth(keys, sending_clock))

    def jobs(self, limit: int) -> Record:
        return self._get("", Operation.LIST_JOBS, {"page": 0, "limit": limit})

    def job(self, job: str) -> Record:
        return self._get(f"/{quote(job, safe='')}", Operation.GET_JOB)

    def executions(self, job: str, limit: int) -> Record:
        return self._get(f"/{quote(job, safe='')}/executions", Operation.LIST_EXECUTIONS, {"page": 0, "limit": limit})

    def execution(self, job: str, execution_id: str) -> Record:
        return self._get(f"/{quote(job, safe='')}/executions/{quote(execution_id, safe='')}", Operation.GET_EXECUTION)

    def _get(self, path: str, operation: Operation, query: Query | None = None) -> Record:
        return self.raw.get(f"{self._jobs_url}{path}", lambda reply: rejection(reply, operation), query)

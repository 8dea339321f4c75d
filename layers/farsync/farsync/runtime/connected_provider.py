"""A provider as operations call it: keys that were rotated are read anew, keys that are rejected rest."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from farsync.connections.connection import Connection
from farsync.connections.store import ConnectionStore
from farsync.http_client.client import Transport
from farsync.model.errors import AuthenticationFailed, PermissionDenied
from farsync.model.execution import Execution, Job
from farsync.providers import open_provider
from farsync.providers.base import ExecutionPage, JobPage, Provider
from farsync.runtime.observability import count, logger
from farsync.runtime.redaction import keeping_words_out

Result = TypeVar("Result")


class ConnectedProvider:
    """The provider that a connection leads to; every call raises what `Provider` says, and what the store raises.

    A call whose keys are rejected is made once more with the secret's keys as they are now. Keys that are right but not
    allowed to do this are not tried again unless the connection has changed.

    What is said of an execution may repeat the value of a secret parameter, of whatever run: of such a rejection its
    code and status are left.
    """

    def __init__(self, connections: ConnectionStore, transport: Transport, name: str) -> None:
        self._connections = connections
        self._transport = transport
        self._clock = connections.provider_clock(name)
        self.connection = connections.get(name)

    def list_jobs(
        self, *, name: str | None = None, status: str | None = None, page: int = 0, limit: int = 1000
    ) -> JobPage:
        return self._call(lambda provider: provider.list_jobs(name=name, status=status, page=page, limit=limit))

    def get_job(self, job: str, *, is_timeout_needed: bool = True) -> Job:
        return self._call(lambda provider: provider.get_job(job, is_timeout_needed=is_timeout_needed))

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        with keeping_words_out():
            return self._call(lambda provider: provider.list_executions(job, page=page, limit=limit))

    def get_execution(self, job: str, execution_id: str) -> Execution:
        with keeping_words_out():
            return self._call(lambda provider: provider.get_execution(job, execution_id))

    def start(
        self,
        job: str,
        *,
        condition: Mapping[str, object] | None,
        parameters: Mapping[str, str],
        options: Mapping[str, str] | None = None,
        marker: str | None = None,
    ) -> Execution:
        return self._call(
            lambda provider: provider.start(
                job, condition=condition, parameters=parameters, options=options, marker=marker
            )
        )

    def is_marked(self, execution: Execution, marker: str | None) -> bool | None:
        return self._open(self.connection).is_marked(execution, marker)

    def cancel(self, job: str, execution_id: str) -> None:
        with keeping_words_out():
            self._call(lambda provider: provider.cancel(job, execution_id))

    def _call(self, ask: Callable[[Provider], Result]) -> Result:
        offset_before = self._clock.offset_seconds
        try:
            return self._with_fresh_keys(ask)
        finally:
            if self._clock.offset_seconds != offset_before:
                count("ClockCorrections")
                logger.warning("clock differs from the provider's", offset_seconds=round(self._clock.offset_seconds))

    def _with_fresh_keys(self, ask: Callable[[Provider], Result]) -> Result:
        used = self.connection
        try:
            return self._ask(ask)
        except AuthenticationFailed as rejection:
            self.connection = self._connections.refetch(used.name)
            if self.connection.credentials == used.credentials and rejection.retry_after_seconds is not None:
                raise
        except PermissionDenied:
            self.connection = self._connections.refetch(used.name)
            if self.connection == used:
                raise
        return self._ask(ask)

    def _ask(self, ask: Callable[[Provider], Result]) -> Result:
        self._connections.check_rest(self.connection)
        try:
            return ask(self._open(self.connection))
        except (AuthenticationFailed, PermissionDenied) as rejection:
            self._connections.note_rejection(self.connection, rejection)
            count("KeysRejected")
            # In whose words, the caller logs: they may repeat the value of a secret parameter.
            logger.warning("keys rejected", error_name=type(rejection).__name__, connection=self.connection.name)
            raise

    def _open(self, connection: Connection) -> Provider:
        return open_provider(connection, self._transport, self._clock)

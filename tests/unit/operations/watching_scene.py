"""`watch_jobs` at work by a clock of the test's own: providers that list what a test says, and runs beside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.names import execution_event_id, run_name
from farsync.operations.watch_jobs import watch
from farsync.providers.base import ExecutionPage
from farsync.providers.naver.connection import NaverConnection
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from farsync.runtime.request import Invocation
from tests.unit.histories import History
from tests.unit.operations.closing_aws import VARIABLES, Aws, EndedExecution

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FINAL = '{"status": "FAILED", "final": true}'


def execution(
    name: str, ended_at: datetime | None, created_at: datetime | None = None, job: str = "a-job"
) -> Execution:
    """It took two minutes, unless the test says when it was created."""
    created_at = created_at or (ended_at - 2 * MINUTE if ended_at else None)
    return Execution(
        ref=ExecutionRef(connection="default", job=job, execution_id=name),
        status=ExecutionStatus.SUCCEEDED,
        provider_status="COMPLETED",
        created_at=created_at,
        started_at=created_at,
        ended_at=ended_at,
    )


@dataclass
class ListedProvider:
    """What one connection leads to. `unreadable` are executions whose detail fails."""

    scene: "WatchingScene"
    executions: list[Execution] = field(default_factory=list)
    served_at: Callable[[], datetime | None] | None = None
    failure: FarsyncError | None = None
    unreadable: dict[str, FarsyncError] = field(default_factory=dict)
    before_list: Callable[[], object] = lambda: None
    seconds_for_a_detail: float = 0
    page_size: int = 1000
    listed: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        self.listed.append(job)
        self.before_list()
        if self.failure:
            raise self.failure
        items = tuple(one for one in self.executions if one.ref.job == job)
        served_at = self.served_at() if self.served_at else self.scene.now()
        size = min(limit, self.page_size)
        return ExecutionPage(items[page * size : (page + 1) * size], len(items), page, size, served_at)

    def get_execution(self, job: str, execution_id: str) -> Execution:
        self.read.append(execution_id)
        self.scene.clock += self.seconds_for_a_detail
        if execution_id in self.unreadable:
            raise self.unreadable[execution_id]
        return next(one for one in self.executions if (one.ref.job, one.ref.execution_id) == (job, execution_id))


class _Environment(Context):
    __slots__ = ()

    def provider(self, connection_name: str) -> ConnectedProvider:
        provider: Any = cast("Any", self.variables)["PROVIDERS"][connection_name]
        provider.connection = self.connections.get(connection_name)
        return cast("ConnectedProvider", provider)


class WatchingScene:
    """Connections `default` and others that a test adds; every one is an account of its own."""

    def __init__(self, *executions: Execution) -> None:
        self.clock = NOON.timestamp()
        self.aws = Aws()
        self.random = 0.0
        self.are_failure_reasons_wanted = False
        self.accounts: dict[str, str] = {}
        self.providers = {"default": ListedProvider(self, list(executions))}

    @property
    def provider(self) -> ListedProvider:
        return self.providers["default"]

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock, UTC)

    def connection(self, name: str) -> Connection:
        host = self.accounts.get(name, name)
        keys: dict[str, object] = {"accessKey": "key", "secretKey": "key", "endpoint": f"https://{host}.example.com"}
        keys["watchedFailureReasons"] = self.are_failure_reasons_wanted
        return NaverConnection.model_validate({"name": name, "provider": "naver", **keys})

    def watch(self, *jobs: str, **more: Any) -> dict[str, dict[str, Any]]:
        """The answer, by job; of the job `a-job`, unless other input is given."""
        asked = {"watch": [{"connection": "default", "jobs": jobs or ["a-job"]}], **more}
        connections = type("Connections", (), {"get": staticmethod(self.connection)})()
        environment = _Environment(
            clock=lambda: self.clock,
            sleep=lambda _: None,
            random=lambda: self.random,
            new_token=lambda: "token",
            transport=Transport(),
            aws=self.aws,
            connections=connections,
            variables=cast("Any", {**VARIABLES, "PROVIDERS": self.providers}),
        )
        answer = watch(environment, Invocation("state_machine", asked)).body.model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        return {job["job"]: job for job in answer["jobs"]}

    @property
    def emitted(self) -> list[str]:
        """The executions whose events were emitted by watching, in that order."""
        return [event["subject"] for event in self.aws.events.values() if event.get("subject")]

    def event_id(self, execution_id: str, job: str = "a-job") -> str:
        connection = self.connection("default")
        return execution_event_id(connection.provider, connection.account, job, execution_id)

    def emitted_by_a_run(self, *execution_ids: str) -> None:
        for execution_id in execution_ids:
            self.aws.events[self.event_id(execution_id)] = {}

    def run(
        self,
        execution_id: str | None,
        started_ago: timedelta = 4 * MINUTE,
        stopped_ago: timedelta | None = None,
        *,
        name: str | None = None,
        job: str = "a-job",
        connection: str = "default",
        cause: str = "",
        **more: Any,
    ) -> EndedExecution:
        """One that has posted its start; without `execution_id`, it does not know its execution."""
        name = name or run_name(connection, job, execution_id or "lost")
        history = History(self.clock - started_ago.total_seconds())
        times = {"startedAt": "2026-11-21T00:00:00Z", "deadlineAt": "2026-11-22T00:00:00Z"}
        variable = {"connection": connection, "provider": "naver", "job": job, **times}
        request = {"job": job, "connection": connection}
        history.called("Prepare", {"request": request, "run": {}}, variable).entered("Start")
        history.scheduled({"request": request, "run": variable, "redriveCount": 0})
        if execution_id is not None:
            history.answered({"outcome": "started", "run": {**variable, "executionId": execution_id, **more}})
        status = "RUNNING"
        if stopped_ago is not None:
            history.now = self.clock - stopped_ago.total_seconds()
            status = "FAILED" if cause else "ABORTED"
            history.ended(status, cause=cause)
        started_at = self.clock - started_ago.total_seconds()
        self.aws.runs[name] = EndedExecution(name, request, history, status, started_at, history.now)
        return self.aws.runs[name]

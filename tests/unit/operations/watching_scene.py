"""`watch_jobs` at work by a clock of the test's own: providers that list what a test says, and runs beside."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from farsync.connections.connection import Connection
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.names import execution_event_id, run_name
from farsync.operations.watch_jobs import watch
from farsync.providers.base import ExecutionPage
from farsync.runtime.request import Invocation
from tests.unit.histories import History
from tests.unit.operations.aws_in_memory import Aws, Run
from tests.unit.operations.scripted import connection_of, fake_context

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


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
    """What a connection leads to. `unreadable` are executions whose detail fails."""

    scene: "WatchingScene"
    executions: list[Execution] = field(default_factory=list)
    served_at: Callable[[], datetime | None] | None = None
    failure: FarsyncError | None = None
    unreadable: dict[str, FarsyncError] = field(default_factory=dict)
    before_list: Callable[[], object] = bool
    seconds_for_a_detail: float = 0
    page_size: int = 1000
    listed: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    connection: Connection | None = None

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:
        self.listed.append(job)
        self.before_list()
        if self.failure:
            raise self.failure
        items = tuple(this for this in self.executions if this.ref.job == job)
        served_at = self.served_at() if self.served_at else self.scene.now()
        size = min(limit, self.page_size)
        return ExecutionPage(items[page * size : (page + 1) * size], len(items), page, size, served_at)

    def get_execution(self, job: str, execution_id: str) -> Execution:
        self.read.append(execution_id)
        self.scene.clock += self.seconds_for_a_detail
        if execution_id in self.unreadable:
            raise self.unreadable[execution_id]
        return next(this for this in self.executions if (this.ref.job, this.ref.execution_id) == (job, execution_id))


class WatchingScene:
    """Connections `default` and others that a test adds; every one is an account of its own."""

    def __init__(self, *executions: Execution) -> None:
        self.clock = NOON.timestamp()
        self.aws = Aws(lambda: self.clock)
        self.random = 0.0
        self.are_failure_reasons_wanted = False
        self.accounts: dict[str, str] = {}
        self.providers = {"default": ListedProvider(self, list(executions))}

    @property
    def provider(self) -> ListedProvider:
        return self.providers["default"]

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock, UTC)

    def get(self, name: str) -> Connection:
        """The connection of this name."""
        endpoint = f"https://{self.accounts.get(name, name)}.example.com"
        return connection_of(name, endpoint=endpoint, watchedFailureReasons=self.are_failure_reasons_wanted)

    def watch(self, *jobs: str, **more: Any) -> dict[str, dict[str, Any]]:
        """The answer, by job; of the job `a-job`, unless other input is given."""

        def provider(name: str) -> ListedProvider:
            self.providers[name].connection = self.get(name)
            return self.providers[name]

        asked = {"watch": [{"connection": "default", "jobs": jobs or ["a-job"]}], **more}
        context = fake_context(self.aws, provider, connections=self, random=lambda: self.random)
        answer = watch(context, Invocation("state_machine", asked)).body.model_dump(mode="json", by_alias=True)
        return {job["job"]: job for job in answer["jobs"]}

    @property
    def emitted(self) -> list[str]:
        """The executions whose events were emitted by watching, in that order."""
        return [event["subject"] for event in self.aws.events.values() if event.get("subject")]

    def emitted_by_a_run(self, *execution_ids: str) -> None:
        connection = self.get("default")
        for execution_id in execution_ids:
            event_id = execution_event_id(connection.provider, connection.account, "a-job", execution_id)
            self.aws.events[event_id] = {}

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
    ) -> Run:
        """One that has posted its start; without `execution_id`, it does not know its execution."""
        name = name or run_name(connection, job, execution_id or "unknown")
        started_at = self.clock - started_ago.total_seconds()
        times = {"startedAt": "2026-11-21T00:00:00Z", "deadlineAt": "2026-11-22T00:00:00Z"}
        variable = {"connection": connection, "provider": "naver", "job": job, **times}
        request = {"job": job, "connection": connection}
        history = History(started_at).called("Prepare", {"request": request, "run": {}}, variable).entered("Start")
        history.scheduled({"request": request, "run": variable, "redriveCount": 0})
        if execution_id is not None:
            history.answered({"outcome": "started", "run": {**variable, "executionId": execution_id, **more}})
        run = self.aws.runs[name] = Run(name, json.dumps(request), started_at, history=history)
        if stopped_ago is not None:
            history.now = run.stopped_at = self.clock - stopped_ago.total_seconds()
            run.status = "FAILED" if cause else "ABORTED"
            history.ended(run.status, cause=cause)
        return run

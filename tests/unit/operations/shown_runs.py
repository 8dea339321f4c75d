"""A run as `GET /runs/{name}` shows it: its history and events in memory, its execution at a real provider."""

import json
from typing import Any

from farsync.model.execution import Execution
from farsync.model.names import execution_event_id
from farsync.operations.manage_runs import manage_runs
from tests.support.waiting import eventually
from tests.unit.operations.http_client import HttpClient
from tests.unit.operations.old_cloud import Cloud
from tests.unit.operations.remembered_runs import EMIT_EVENT_ARN, RememberedRun, RememberedRuns
from tests.unit.operations.run_calls import executed


class Scene:
    """A run of a job, and what its history says; nothing has happened yet."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.job = cloud.emulator.make_job()
        self.request: dict[str, Any] = {"connection": "default", "job": self.job}
        self.variable: dict[str, Any] = {
            "v": 1,
            "name": "x",
            "startedAt": "2026-11-21T03:00:00Z",
            "deadlineAt": "2026-11-21T04:00:00Z",
            "connection": "default",
            "provider": cloud.emulator.connection,
            "job": self.job,
            "jobName": "night",
        }
        self.run = RememberedRun(json.dumps(self.request))
        self.aws = RememberedRuns()
        self.aws.runs = {"x": self.run}
        self.run.history.begun(self.request).entered("Prepare")

    def scheduled(self, **payload: Any) -> None:
        self.run.history.scheduled({"request": self.request, "run": self.variable, "redriveCount": 0, **payload})

    def prepared(self) -> "Scene":
        self.scheduled(run={"name": "x"})
        self.run.history.answered(self.variable).entered("Start")
        return self

    def started(self, execution_id: str | None = None, **more: Any) -> "Scene":
        """Followed from now on."""
        self.prepared().scheduled()
        known_id = execution_id or executed(self.cloud, self.job)
        known = {"executionId": known_id, "executionStartedAt": "2026-11-21T03:00:02Z"}
        self.variable |= {**known, **more}
        self.run.history.answered({"outcome": "started", "run": self.variable, "waitSeconds": 5}).entered("Decide")
        self.run.history.followed(self.variable)
        return self

    def ended(self, status: str, **details: str) -> "Scene":
        self.run.status = status
        self.run.output, self.run.error, self.run.cause = (details.get(name) for name in ("output", "error", "cause"))
        self.run.history.ended(status, **details)
        return self

    def event(self, event_id: str, kind: str, **data: Any) -> dict[str, Any]:
        """One that was handed to `emit_event`."""
        self.aws.events[event_id] = {"id": event_id, "type": f"io.farsync.{kind}", "data": data}
        return data

    @property
    def end_id(self) -> str:
        connection = self.cloud.environment.connections.get("default")
        execution = eventually(self._begun_execution)
        account = connection.provider, connection.account
        return execution_event_id(*account, self.job, execution.ref.execution_id, execution.attempt)

    def _begun_execution(self) -> Execution | None:
        """DataArts tells its attempts apart by when they began."""
        execution = self.cloud.provider().get_execution(self.job, self.variable["executionId"])
        return execution if execution.started_at else None

    def shown(self) -> dict[str, Any]:
        answered = self.client().call("GET /runs/{name}", "/runs/x")
        assert answered.status == 200
        return answered.body

    def client(self) -> HttpClient:
        variables = {**self.cloud.environment.variables, "EMIT_EVENT_ARN": EMIT_EVENT_ARN}
        return HttpClient(self.cloud.environment._replace(aws=self.aws, variables=variables), manage_runs)

"""A run over HTTP whose history and end a test writes, and whose execution is a provider's."""

import json
from typing import Any

from farsync.model.names import execution_event_id
from tests.unit.histories import History
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import Cloud
from tests.unit.operations.runs_client import RunsClient

BEGAN, ENDED = "2026-11-21T12:00:00Z", "2026-11-21T12:01:00Z"


class ShownRun:
    """A run of a job, and what its history says; nothing has happened yet."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.client = cloud, RunsClient(cloud)
        self.job = cloud.job
        self.request: dict[str, Any] = {"connection": "default", "job": self.job}
        self.variable = cloud.prepared(BEGAN)
        self.run = cloud.aws.runs["x"] = Run("x", json.dumps(self.request))
        self.history: History = self.run.history.begun(self.request).entered("Prepare")

    def starting(self) -> History:
        self.history.scheduled({"request": self.request, "run": {"name": "x"}}).answered(self.variable)
        return self.history.entered("Start").scheduled({"request": self.request, "run": self.variable})

    def started(self, execution_id: str | None = None, **more: Any) -> "ShownRun":
        """Followed from now on."""
        self.starting()
        self.variable["executionId"] = execution_id or self.cloud.post()
        self.variable |= {"executionStartedAt": "2026-11-21T12:00:02Z", **more}
        self.history.answered({"outcome": "started", "run": self.variable, "waitSeconds": 5}).followed(self.variable)
        return self

    def ended(self, status: str, **details: str) -> "ShownRun":
        self.run.status, self.run.stopped_at = status, self.run.started_at + 60
        self.run.output, self.run.error, self.run.cause = (details.get(name) for name in ("output", "error", "cause"))
        self.history.ended(status, **details)
        return self

    def event(self, event_id: str, kind: str, **data: Any) -> dict[str, Any]:
        """An event that was handed to `emit_event`."""
        self.cloud.aws.events[event_id] = {"id": event_id, "type": f"io.farsync.{kind}", "data": data}
        return data

    @property
    def end_id(self) -> str:
        self.cloud.wait_until_over(self.variable["executionId"])
        provider = self.cloud.provider()
        execution = provider.get_execution(self.job, self.variable["executionId"])
        account = provider.connection.provider, provider.connection.account
        return execution_event_id(*account, self.job, execution.ref.execution_id, execution.attempt)

    @property
    def polls(self) -> int:
        return self.cloud.emulator.requests_of(self.cloud.emulator.operations["poll"])

    def shown(self) -> dict[str, Any]:
        answered = self.client.get()
        assert answered.status == 200
        return answered.body

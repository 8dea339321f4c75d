"""Sets of backfills as `run_backfill` asks about them: earlier runs in memory, the provider by a script."""

import json
from datetime import timedelta
from typing import Any

from farsync.model.names import execution_event_id, run_event_id, run_name
from farsync.operations.plan_backfill import plan_backfill
from farsync.runtime.context import Context
from farsync.runtime.request import Invocation
from tests.unit.histories import BEGAN_AT
from tests.unit.operations.aws_in_memory import Aws, Run
from tests.unit.operations.scripted import RUN, Scripted, fake_context

KEY = "a-key"
REQUEST = {"connection": "default", "job": "a-job", "timeoutSeconds": 60}
INPUT = {**REQUEST, "parameters": {"day": "1"}}


class Sets:
    """`later`: how long ago the runs ended that are over."""

    def __init__(self) -> None:
        self.later = timedelta(days=1)
        self.aws = Aws(lambda: BEGAN_AT + 60 + self.later.total_seconds())
        self.provider = Scripted()

    @property
    def environment(self) -> Context:
        return fake_context(self.aws, lambda _: self.provider)

    def ask(self, **payload: Any) -> dict[str, Any]:
        body = plan_backfill(self.environment, Invocation("state_machine", payload)).body
        return body.model_dump(mode="json", by_alias=True, exclude_none=True)

    def assessed(self, error: str | None = None) -> dict[str, Any]:
        """The set of INPUT; with an error, after a run that this backfill has started, or could not start."""
        more = {"tried": {"name": self.name(), "error": error}} if error else {}
        return self.ask(request=REQUEST, set={"index": 3, "parameters": INPUT["parameters"], "key": KEY, **more})

    def result(self, error: str | None = None) -> dict[str, Any]:
        """Of the set, which gets no run."""
        assessed = self.assessed(error)
        assert assessed["outcome"] == "done"
        result: dict[str, Any] = assessed["result"]
        return result

    def name(self, attempt: int = 1) -> str:
        return run_name("default", "a-job", "backfill", KEY, str(attempt))

    def had(self, status: str, attempt: int = 1, *, given: object = None, **details: Any) -> Run:
        """An earlier run of the set, that has begun nothing yet."""
        run = Run(self.name(attempt), json.dumps(given or INPUT), status=status, stopped_at=BEGAN_AT + 60, **details)
        run.history.begun(INPUT).entered("Prepare").scheduled({"request": INPUT, "run": {}})
        self.aws.runs[run.name] = run
        return run

    def followed(self, status: str, attempt: int = 1, **details: Any) -> Run:
        """One that knew its execution."""
        run = self.had(status, attempt, **details)
        run.history.answered(RUN).entered("Start").scheduled({"request": INPUT, "run": RUN}).followed(RUN)
        return run

    def ended(self, status: str, attempt: int = 1, **details: Any) -> Run:
        """One whose execution the poller has seen to end."""
        data = json.dumps({"status": status, "executionId": f"e{attempt}", "eventId": "id", **details})
        if status == "SUCCEEDED":
            return self.had("SUCCEEDED", attempt, output=data)
        return self.had("FAILED", attempt, error="ExecutionFailed", cause=data)

    def emitted(self, kind: str, attempt: int = 1, **data: Any) -> None:
        """Of the run, or of its execution."""
        account = "naver", self.provider.connection.account
        of_execution = execution_event_id(*account, "a-job", str(RUN["executionId"]))
        event_id = run_event_id(self.name(attempt), 0) if kind.startswith("run.") else of_execution
        self.aws.events[event_id] = {"id": event_id, "type": f"io.farsync.{kind}", "data": data}

"""Sets of backfills as `run_backfill` asks about them: earlier runs in memory, the provider by a script."""

import json
from typing import Any, cast

from farsync.http_client.client import Transport
from farsync.model.names import execution_event_id, run_event_id, run_name
from farsync.operations.plan_backfill import plan_backfill
from farsync.runtime.context import Context
from farsync.runtime.request import Invocation
from tests.unit.operations.remembered_runs import EMIT_EVENT_ARN, STARTED_AT, RememberedRun, RememberedRuns
from tests.unit.operations.scripted_provider import RUN, Scripted, ScriptedEnvironment
from tests.unit.operations.step_functions_memory import RUN_JOB_ARN

ENDED_AT = STARTED_AT + 60
"""When every run of these tests ended that is over."""
ACCOUNT = "dataflow.apigw.ntruss.com"
KEY = "a-key"
REQUEST = {"connection": "default", "job": "a-job", "timeoutSeconds": 60}
INPUT = {**REQUEST, "parameters": {"day": "1"}}


class Sets:
    """`later_seconds`: how long ago the runs ended."""

    def __init__(self) -> None:
        self.aws = RememberedRuns()
        self.provider = Scripted()
        self.later_seconds = 24 * 3600.0

    @property
    def environment(self) -> Context:
        arns = {"RUN_JOB_ARN": RUN_JOB_ARN, "EMIT_EVENT_ARN": EMIT_EVENT_ARN}
        return ScriptedEnvironment(
            clock=lambda: ENDED_AT + self.later_seconds,
            sleep=lambda _: None,
            random=lambda: 0.5,
            new_token=lambda: "token",
            transport=Transport(),
            aws=self.aws,
            connections=cast("Any", None),
            variables=cast("Any", {**arns, "SCRIPTED": self.provider}),
        )

    def ask(self, **payload: Any) -> dict[str, Any]:
        body = plan_backfill(self.environment, Invocation("state_machine", payload)).body
        return body.model_dump(mode="json", by_alias=True, exclude_none=True)

    def judged(self, tried: dict[str, str] | None = None) -> dict[str, Any]:
        """Of the set of INPUT."""
        more = {"tried": tried} if tried else {}
        return self.ask(request=REQUEST, set={"index": 3, "parameters": INPUT["parameters"], "key": KEY, **more})

    def result(self, tried: dict[str, str] | None = None) -> dict[str, Any]:
        """What became of the set, which gets no run."""
        judged = self.judged(tried)
        assert judged["outcome"] == "done"
        result: dict[str, Any] = judged["result"]
        return result

    def name(self, attempt: int = 1) -> str:
        return run_name("default", "a-job", "backfill", KEY, str(attempt))

    def had(self, status: str, attempt: int = 1, *, given: object = None, **details: Any) -> RememberedRun:
        """An earlier run of the set, that has begun nothing yet."""
        run = RememberedRun(json.dumps(given or INPUT), status, **details)
        run.history.begun(INPUT).entered("Prepare").scheduled({"request": INPUT, "run": {}})
        self.aws.runs[self.name(attempt)] = run
        return run

    def followed(self, status: str, attempt: int = 1, **details: Any) -> RememberedRun:
        """One that knew its execution."""
        run = self.had(status, attempt, **details)
        run.history.answered(RUN).entered("Start").scheduled({"request": INPUT, "run": RUN}).followed(RUN)
        return run

    def ended(self, status: str, attempt: int = 1, **details: Any) -> RememberedRun:
        """One whose execution the poller has seen to end."""
        data = json.dumps({"status": status, "executionId": f"e{attempt}", "eventId": "id", **details})
        if status == "SUCCEEDED":
            return self.had("SUCCEEDED", attempt, output=data)
        return self.had("FAILED", attempt, error="ExecutionFailed", cause=data)

    def emitted(self, kind: str, attempt: int = 1, **data: Any) -> None:
        """Of the run, or of its execution."""
        is_of_run = kind.startswith("run.")
        execution_id = execution_event_id("naver", ACCOUNT, "a-job", str(RUN["executionId"]))
        event_id = run_event_id(self.name(attempt), 0) if is_of_run else execution_id
        self.aws.events[event_id] = {"id": event_id, "type": f"io.farsync.{kind}", "data": data}

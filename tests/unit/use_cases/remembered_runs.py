"""Step Functions as `manage_runs` asks for it: executions of `run_job` by name, in pages as small as they may be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws_requests import AwsCaller, AwsRequestFailed, Service
from tests.unit.histories import History
from tests.unit.use_cases.step_functions_memory import RUN_JOB_ARN

EMIT_EVENT_ARN = RUN_JOB_ARN.replace("run_job", "emit_event")
STARTED_AT = 1_795_230_000.0


@dataclass
class RememberedRun:
    input: str
    status: str = "RUNNING"
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrive_count: int = 0
    history: History = field(default_factory=lambda: History(now=STARTED_AT))


class RememberedRuns(AwsCaller):
    """`loses_replies`: how many starts are done and answered by a failure."""

    def __init__(self, page_size: int = 2) -> None:
        self.runs: dict[str, RememberedRun] = {}
        self.events: dict[str, dict[str, Any]] = {}
        """What was handed to `emit_event`, by id."""
        self.asked: list[str] = []
        self.loses_replies = 0
        self.refuses_with: str | None = None
        self._page_size = page_size

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert service == "states"
        self.asked.append(action)
        if self.refuses_with is not None:
            raise AwsRequestFailed(self.refuses_with, "a refusal", 400)
        if action == "StartExecution":
            return self._start(payload)
        if action == "ListExecutions":
            return self._list(payload)
        machine, _, name = str(payload["executionArn"]).rpartition(":")
        if machine == EMIT_EVENT_ARN.replace(":stateMachine:", ":execution:") and name in self.events:
            return {"startDate": STARTED_AT + 60, "input": json.dumps({"event": self.events[name]})}
        if machine != RUN_JOB_ARN.replace(":stateMachine:", ":execution:") or name not in self.runs:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        run = self.runs[name]
        match action:
            case "DescribeExecution":
                told = {"output": run.output, "error": run.error, "cause": run.cause}
                return _listed(name, run) | {key: value for key, value in told.items() if value is not None}
            case "GetExecutionHistory":
                assert payload["reverseOrder"] is True
                return self._page("events", run.history.newest_first, payload, int(str(payload["maxResults"])))
            case "StopExecution":
                run.status, run.error, run.cause = "ABORTED", str(payload["error"]), str(payload["cause"])
                return {"stopDate": STARTED_AT + 60}
        raise AssertionError(f"no function asks for {action}")

    def _start(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["stateMachineArn"] == RUN_JOB_ARN
        name, given = str(payload["name"]), str(payload["input"])
        known = self.runs.setdefault(name, RememberedRun(given))
        if self.loses_replies:
            self.loses_replies -= 1
            raise AwsRequestFailed("Unreachable", "the reply was lost")
        if known.input != given or known.status != "RUNNING":
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        return {"startDate": STARTED_AT}

    def _list(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["stateMachineArn"] == RUN_JOB_ARN
        listed = [_listed(name, run) for name, run in self.runs.items() if run.status == payload["statusFilter"]]
        return self._page("executions", listed[::-1], payload, self._page_size)

    def _page(
        self, member: str, items: list[dict[str, Any]], payload: Mapping[str, object], size: int
    ) -> dict[str, Any]:
        token = str(payload.get("nextToken", "0"))
        if not token.isdecimal():
            raise AwsRequestFailed("InvalidToken", "no such token", 400)
        end = int(token) + size
        return {member: items[int(token) : end], **({"nextToken": str(end)} if end < len(items) else {})}


def _listed(name: str, run: RememberedRun) -> dict[str, Any]:
    stopped = {} if run.status == "RUNNING" else {"stopDate": STARTED_AT + 60}
    known = {"name": name, "status": run.status, "startDate": STARTED_AT, "input": run.input}
    return {**known, "redriveCount": run.redrive_count, **stopped}

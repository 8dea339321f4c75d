"""Step Functions as `manage_runs` asks for it: executions of `run_job` by name, in pages as small as they may be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from tests.unit.histories import History
from tests.unit.operations.step_functions_memory import RUN_JOB_ARN

EMIT_EVENT_ARN = RUN_JOB_ARN.replace("run_job", "emit_event")
START_ONCE_ARN = RUN_JOB_ARN.replace("run_job", "start_once")
RUN_BACKFILL_ARN = RUN_JOB_ARN.replace("run_job", "run_backfill")
STARTED_AT = 1_795_230_000.0


class FunctionDied(BaseException):
    """Nothing of the function runs after it."""


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
    """`loses_replies`: how many starts are done and answered by a failure. `dies_after_starts`: after how many starts
    no call is answered any more.
    """

    def __init__(self, page_size: int = 2) -> None:
        self.runs: dict[str, RememberedRun] = {}
        self.claims: dict[str, RememberedRun] = {}
        """Executions of `start_once`; they start nothing."""
        self.backfills: dict[str, RememberedRun] = {}
        self.events: dict[str, dict[str, Any]] = {}
        """What was handed to `emit_event`, by id."""
        self.asked: list[str] = []
        self.loses_replies = 0
        self.dies_after_starts: int | None = None
        self.rejects_with: str | None = None
        self._page_size = page_size

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert service == "states"
        self.asked.append(action)
        if self.rejects_with is not None:
            raise AwsRequestFailed(self.rejects_with, "a rejection", 400)
        if action == "StartExecution":
            return self._start(payload)
        if action == "ListExecutions":
            return self._list(payload)
        machine, _, name = str(payload["executionArn"]).rpartition(":")
        if machine == EMIT_EVENT_ARN.replace(":stateMachine:", ":execution:") and name in self.events:
            return {"startDate": STARTED_AT + 60, "input": json.dumps({"event": self.events[name]})}
        run = self._executions_of(machine.replace(":execution:", ":stateMachine:")).get(name)
        if run is None:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
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

    def _executions_of(self, machine_arn: str) -> dict[str, RememberedRun]:
        known = {RUN_JOB_ARN: self.runs, START_ONCE_ARN: self.claims, RUN_BACKFILL_ARN: self.backfills}
        return known.get(machine_arn, {})

    def _start(self, payload: Mapping[str, object]) -> dict[str, Any]:
        if self.dies_after_starts == 0:
            raise FunctionDied
        self.dies_after_starts = self.dies_after_starts and self.dies_after_starts - 1
        name, given = str(payload["name"]), str(payload["input"])
        if payload["stateMachineArn"] == EMIT_EVENT_ARN:
            return self._emit(name, json.loads(given)["event"])
        known = self._executions_of(str(payload["stateMachineArn"])).setdefault(name, RememberedRun(given))
        if self.loses_replies:
            self.loses_replies -= 1
            raise AwsRequestFailed("Unreachable", "the reply was lost")
        if known.input != given or known.status != "RUNNING":
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        return {"startDate": STARTED_AT}

    def _emit(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        if name in self.events:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        self.events[name] = event
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

"""Runs of `run_job` as Step Functions remembers them, and as the functions may ask for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws_requests import AwsCaller, AwsRequestFailed, Service

RUN_JOB_ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"
SHORTEST_SETTLING_SECONDS = 35.0


@dataclass
class WalkedRun:
    """`state` is the one that comes next; a run that is over stands in none."""

    name: str
    request: dict[str, Any]
    value: str
    """Of its one parameter: no other start has the same."""
    started_at: float
    state: str = "Prepare"
    status: str = "RUNNING"
    stopped_at: float | None = None
    run: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, str] | None = None
    starts_lost: int = 0
    searches_failed: int = 0
    settled_at: float = 0.0
    redrive_count: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    told: dict[str, Any] | None = None
    """What the last look saw."""
    found: dict[str, Any] | None = None
    """What the last search told."""
    error: str | None = None
    is_cancel_wanted: bool = False
    """Whether the execution may be cancelled by now: the deadline passed, or the run was aborted."""

    @property
    def job(self) -> str:
        return str(self.request["job"])

    @property
    def is_open(self) -> bool:
        return self.status == "RUNNING"

    @property
    def execution_id(self) -> str | None:
        return self.run.get("executionId")

    @property
    def is_adopted(self) -> bool:
        return bool(self.run.get("isAdopted"))

    def note_entered(self, state: str) -> None:
        self.history.append({"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}})

    def note_succeeded(self, answer: Mapping[str, Any]) -> None:
        output = json.dumps({"Payload": answer, "StatusCode": 200})
        self.history.append({"type": "TaskSucceeded", "taskSucceededEventDetails": {"output": output}})

    @property
    def settling_seconds(self) -> float:
        return max(float(self.request.get("settleSeconds", 60)), SHORTEST_SETTLING_SECONDS)


class StepFunctions(AwsCaller):
    """What Step Functions and Secrets Manager tell of the walked runs, in pages as small as they may be."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.runs: list[WalkedRun] = []
        self.refuses_with: str | None = None
        self._secrets = secrets

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        if service == "secretsmanager":
            return {"SecretString": self._secrets[str(payload["SecretId"])]}
        if self.refuses_with is not None:
            raise AwsRequestFailed(self.refuses_with, "a refusal", 400)
        match action:
            case "ListExecutions":
                return self._list(payload)
            case "DescribeExecution":
                run = self._run(payload)
                return {**_listed(run), "input": json.dumps(run.request)}
            case "GetExecutionHistory":
                return self._history(payload)
        raise AssertionError(f"no function asks for {action}")

    def _list(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["stateMachineArn"] == RUN_JOB_ARN
        wanted = payload.get("statusFilter")
        newest_first = sorted(self.runs, key=lambda run: run.stopped_at or run.started_at, reverse=True)
        listed = [_listed(run) for run in newest_first if wanted in (None, run.status)]
        begin = int(str(payload.get("nextToken", 0)))
        more = {"nextToken": str(begin + 2)} if begin + 2 < len(listed) else {}
        return {"executions": listed[begin : begin + 2], **more}

    def _history(self, payload: Mapping[str, object]) -> dict[str, Any]:
        events = self._run(payload).history
        size = int(str(payload["maxResults"]))
        return {"events": events[:size], **({"nextToken": "more"} if len(events) > size else {})}

    def _run(self, payload: Mapping[str, object]) -> WalkedRun:
        machine, _, name = str(payload["executionArn"]).rpartition(":")
        assert machine == RUN_JOB_ARN.replace(":stateMachine:", ":execution:")
        return next(run for run in self.runs if run.name == name)


def _listed(run: WalkedRun) -> dict[str, Any]:
    stopped = {} if run.stopped_at is None else {"stopDate": run.stopped_at}
    return {"name": run.name, "status": run.status, "startDate": run.started_at, **stopped}

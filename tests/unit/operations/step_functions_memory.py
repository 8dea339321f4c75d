"""Runs of `run_job` as Step Functions remembers them, and as the functions may ask for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.aws.run_history import Moment, history_in
from tests.unit.histories import History

RUN_JOB_ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"
RUNS_A_PAGE = 2


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
    wait_until: float = 0.0
    redrive_count: int = 0
    is_resumed: bool = False
    """Redriven and not gone on yet: its state is scheduled anew and not entered anew."""
    history: History = field(default_factory=History)
    found: dict[str, Any] | None = None
    """What the last search answered."""
    error: str | None = None
    cause: str = ""

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
    def is_attached(self) -> bool:
        return bool(self.run.get("isAttached"))

    @property
    def moments(self) -> tuple[Moment, ...]:
        """When it may have posted what no search has settled yet."""
        return history_in(self.history.newest_first).moments

    @property
    def payload(self) -> dict[str, Any]:
        """What Start and Find are given."""
        return {"request": self.request, "run": self.run, "redriveCount": self.redrive_count}

    def least_variable(self) -> dict[str, Any]:
        """The least of one, for runs that nobody has prepared."""
        times = {"startedAt": "2026-11-21T00:00:00Z", "deadlineAt": "2026-11-22T00:00:00Z"}
        return {"connection": "default", "provider": "naver", "job": self.job, **times}

    def note_start(self, at: float, **run: Any) -> None:
        """That it came to its start; with an `executionId`, that it holds this execution."""
        self.history.now = at
        variable = self.least_variable()
        self.history.called("Prepare", {"request": self.request, "run": {}}, variable).entered("Start")
        self.history.scheduled({"request": self.request, "run": variable, "redriveCount": 0})
        if run:
            self.history.answered({"outcome": "started", "run": {**variable, **run}, "waitSeconds": 1})


class StepFunctions(AwsCaller):
    """What Step Functions and Secrets Manager answer of the walked runs, in lists of pages as small as they may be."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.runs: list[WalkedRun] = []
        self.rejects_with: str | None = None
        self.events_not_shown_yet = 0
        """By how many events histories lag."""
        self._secrets = secrets

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        if service == "secretsmanager":
            return {"SecretString": self._secrets[str(payload["SecretId"])]}
        if self.rejects_with is not None:
            raise AwsRequestFailed(self.rejects_with, "a rejection", 400)
        match action:
            case "ListExecutions":
                return self._list(payload)
            case "DescribeExecution":
                run = self._run(payload)
                return {**_listed(run), "input": json.dumps(run.request), "redriveCount": run.redrive_count}
            case "GetExecutionHistory":
                return self._history(payload)
        raise AssertionError(f"no function asks for {action}")

    def _list(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["stateMachineArn"] == RUN_JOB_ARN
        wanted = payload.get("statusFilter")
        newest_first = sorted(self.runs, key=lambda run: run.stopped_at or run.started_at, reverse=True)
        listed = [_listed(run) for run in newest_first if wanted in (None, run.status)]
        begin = int(str(payload.get("nextToken", 0)))
        end = begin + RUNS_A_PAGE
        return {"executions": listed[begin:end], **({"nextToken": str(end)} if end < len(listed) else {})}

    def _history(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["reverseOrder"] is True
        events = self._run(payload).history.newest_first[self.events_not_shown_yet :]
        begin = int(str(payload.get("nextToken", 0)))
        end = begin + int(str(payload["maxResults"]))
        return {"events": events[begin:end], **({"nextToken": str(end)} if end < len(events) else {})}

    def _run(self, payload: Mapping[str, object]) -> WalkedRun:
        machine, _, name = str(payload["executionArn"]).rpartition(":")
        assert machine == RUN_JOB_ARN.replace(":stateMachine:", ":execution:")
        return next(run for run in self.runs if run.name == name)


def _listed(run: WalkedRun) -> dict[str, Any]:
    stopped = {} if run.stopped_at is None else {"stopDate": run.stopped_at}
    return {"name": run.name, "status": run.status, "startDate": run.started_at, **stopped}

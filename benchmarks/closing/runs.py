"""Runs that were all aborted in one moment, as Step Functions and a provider show them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.names import run_name
from farsync.providers.base import ExecutionPage

Kind = Literal["followed", "unconfirmed", "final"]
"""`followed`: its execution is known and runs. `unconfirmed`: the reply to its start was lost, while its execution has
begun. `final`: it failed, and the poller has emitted how.
"""
RUN_JOB = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-run_job"
ABORTED_AT = datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
POSTED_SECONDS_AGO = 600
CANCEL_SECONDS = 5
RUNS_OF_A_JOB = 10


@dataclass
class AbortedRun:
    number: int
    kind: Kind
    canceled_at: float | None = None

    def __post_init__(self) -> None:
        self.job = f"job-{self.number // RUNS_OF_A_JOB}"
        self.execution_id = f"execution-{self.number}"
        self.name = run_name("default", self.job, str(self.number))
        # Runs of one job are a minute apart.
        self.posted_at = ABORTED_AT - POSTED_SECONDS_AGO - 60 * (self.number % RUNS_OF_A_JOB)
        self.described = {
            "executionArn": f"{RUN_JOB.replace(':stateMachine:', ':execution:')}:{self.name}",
            "name": self.name,
            "status": "FAILED" if self.kind == "final" else "ABORTED",
            "startDate": self.posted_at - 5,
            "stopDate": ABORTED_AT,
            "redriveCount": 0,
            "input": json.dumps({"job": self.job}),
        }

    @property
    def message(self) -> str:
        """As the rule on status events writes it."""
        known = {name: self.described[name] for name in ("executionArn", "name", "status", "redriveCount")}
        return json.dumps({**known, "stopDate": int(ABORTED_AT * 1000)})

    @cached_property
    def newest_events(self) -> list[dict[str, Any]]:
        """As GetExecutionHistory gives them in reverse."""
        run = {
            "name": self.name,
            "startedAt": _instant(self.posted_at - 5),
            "deadlineAt": _instant(self.posted_at + 86_400),
            "connection": "default",
            "provider": "naver",
            "job": self.job,
        }
        if self.kind == "unconfirmed":
            payload = {"request": {"job": self.job}, "run": run, "redriveCount": 0}
            step = _task("Start", self.posted_at, {"Payload": payload})
        else:
            message = {"run": {**run, "executionId": self.execution_id}}
            step = _task("Follow", self.posted_at + 2, {"MessageBody": message})
        return [{"id": number, **event} for number, event in enumerate([*step, self._end()], 1)][::-1]

    def _end(self) -> dict[str, Any]:
        if self.kind == "final":
            details = {"error": "ExecutionFailed", "cause": json.dumps({"status": "FAILED", "final": True})}
            return {"type": "ExecutionFailed", "timestamp": ABORTED_AT, "executionFailedEventDetails": details}
        return {"type": "ExecutionAborted", "timestamp": ABORTED_AT, "executionAbortedEventDetails": {}}


class Provider:
    """Its executions run until they are canceled, and then for a moment more."""

    def __init__(self, runs: Mapping[str, AbortedRun], clock: Any, call_seconds: float) -> None:
        self._by_id = {run.execution_id: run for run in runs.values()}
        self._clock = clock
        self._call_seconds = call_seconds
        self.calls = 0

    def get_execution(self, job: str, execution_id: str) -> Execution:
        self._pass_time()
        assert self._by_id[execution_id].job == job
        return self._execution(self._by_id[execution_id])

    def list_executions(self, job: str, **_: Any) -> ExecutionPage:
        self._pass_time()
        of_job = tuple(self._execution(run) for run in self._by_id.values() if run.job == job)
        return ExecutionPage(of_job, len(of_job), 0, 1000, datetime.fromtimestamp(self._clock(), UTC))

    def is_marked(self, *_: Any) -> bool | None:
        return None

    def cancel(self, _job: str, execution_id: str) -> None:
        self._pass_time()
        self._by_id[execution_id].canceled_at = self._clock()

    def _pass_time(self) -> None:
        self.calls += 1
        self._clock.sleep(self._call_seconds)

    def _execution(self, run: AbortedRun) -> Execution:
        has_ended = run.canceled_at is not None and self._clock() >= run.canceled_at + CANCEL_SECONDS
        status = ExecutionStatus.CANCELED if has_ended else ExecutionStatus.RUNNING
        created_at = datetime.fromtimestamp(run.posted_at, UTC)
        return Execution(
            ref=ExecutionRef(connection="default", job=run.job, execution_id=run.execution_id),
            status=status,
            provider_status=status.value,
            created_at=created_at,
            started_at=created_at,
            ended_at=datetime.fromtimestamp(self._clock(), UTC) if has_ended else None,
        )


def _task(state: str, at: float, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "TaskStateEntered", "timestamp": at, "stateEnteredEventDetails": {"name": state}}
    details = {"parameters": json.dumps(parameters)}
    yield {"type": "TaskScheduled", "timestamp": at, "taskScheduledEventDetails": details}


def _instant(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")

"""How a run stands: asked of Step Functions and of the vendor, never of farsync itself."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.main_job.aws_client import AwsClient
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.ways_in import StartedRun
from sandbox.world_settings import Cloud

NOT_YET = "NOT YET THERE"


@dataclass(frozen=True)
class RunSight:
    """`state` is the state machine's current state, or how it ended; `vendor_status` is the vendor's own word."""

    run: StartedRun
    state: str
    vendor_status: str = "-"
    execution_id: str | None = None
    elapsed_seconds: float = 0.0
    looks: int = 0
    next_look_seconds: float | None = None
    is_over: bool = False
    error: str = ""


@dataclass(frozen=True)
class HistorySummary:
    state: str
    looks: int
    execution_id: str | None
    next_look_at: datetime | None


class RunObserver:
    """`clock` gives the time with its zone."""

    def __init__(self, aws: AwsClient, jobs: Mapping[Cloud, CloudJob], clock: Callable[[], datetime]) -> None:
        self._aws = aws
        self._jobs = jobs
        self._clock = clock

    def look(self, run: StartedRun) -> RunSight:
        arn = self._aws.execution_arn("run_job", run.name)
        told = self._aws.describe(arn)
        if told is None:
            return RunSight(run, NOT_YET)
        summary = summarize_history(self._aws.history(arn))
        now = self._clock()
        is_over = told.status != "RUNNING"
        next_look = summary.next_look_at if summary.state == "Wait" and not is_over else None
        return RunSight(
            run=run,
            state=told.status if is_over else summary.state,
            vendor_status=self._vendor_status(run, summary.execution_id),
            execution_id=summary.execution_id,
            elapsed_seconds=((told.stopped_at or now) - told.started_at).total_seconds(),
            looks=summary.looks,
            next_look_seconds=max(0.0, (next_look - now).total_seconds()) if next_look else None,
            is_over=is_over,
            error=told.error,
        )

    def _vendor_status(self, run: StartedRun, execution_id: str | None) -> str:
        return "-" if execution_id is None else self._jobs[run.cloud].vendor_status(execution_id)


def summarize_history(events: Iterable[Mapping[str, Any]]) -> HistorySummary:
    """`events` as GetExecutionHistory gives them, oldest first."""
    state, looks, execution_id, next_look_at = "Prepare", 0, None, None
    for event in events:
        if "stateEnteredEventDetails" in event:
            state = event["stateEnteredEventDetails"]["name"]
        elif "taskSucceededEventDetails" in event and state in ("Start", "Poll"):
            answer = json.loads(event["taskSucceededEventDetails"]["output"])["Payload"]
            execution_id = answer["run"]["executionId"]
            # A Poll may look several times, and its answer counts those that failed before it: as the event will.
            looks = answer["run"].get("polls", looks)
            if "waitSeconds" in answer:
                next_look_at = event["timestamp"].timestamp() + answer["waitSeconds"]
    when = datetime.fromtimestamp(next_look_at).astimezone() if next_look_at else None
    return HistorySummary(state, looks, execution_id, when)

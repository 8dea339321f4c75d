"""How a run stands: asked of Step Functions and of the provider, never of farsync itself."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.main_job.aws_client import AwsClient
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.triggers import StartedRun
from sandbox.settings import Cloud

NOT_YET = "NOT YET THERE"


@dataclass(frozen=True)
class RunSight:
    """`state` is the state machine's current state, or how it ended; `provider_status` is the provider's own word."""

    run: StartedRun
    state: str
    provider_status: str = "-"
    execution_id: str | None = None
    elapsed_seconds: float = 0.0
    is_over: bool = False
    error: str = ""


class RunObserver:
    """`clock` gives the time with its zone."""

    def __init__(self, aws: AwsClient, jobs: Mapping[Cloud, CloudJob], clock: Callable[[], datetime]) -> None:
        self._aws = aws
        self._jobs = jobs
        self._clock = clock

    def observe(self, run: StartedRun) -> RunSight:
        arn = self._aws.execution_arn("run_job", run.name)
        described = self._aws.describe(arn)
        if described is None:
            return RunSight(run, NOT_YET)
        state, execution_id = summarize_history(self._aws.history(arn))
        is_over = described.status != "RUNNING"
        return RunSight(
            run=run,
            state=described.status if is_over else state,
            provider_status="-" if execution_id is None else self._jobs[run.cloud].provider_status(execution_id),
            execution_id=execution_id,
            elapsed_seconds=((described.stopped_at or self._clock()) - described.started_at).total_seconds(),
            is_over=is_over,
            error=described.error,
        )


def summarize_history(events: Iterable[Mapping[str, Any]]) -> tuple[str, str | None]:
    """The state that was entered last, and the execution once it is known. `events` as GetExecutionHistory gives them,
    oldest first.
    """
    state, execution_id = "Prepare", None
    for event in events:
        if "stateEnteredEventDetails" in event:
            state = event["stateEnteredEventDetails"]["name"]
        elif "taskSucceededEventDetails" in event and state == "Start":
            answer = json.loads(event["taskSucceededEventDetails"]["output"])["Payload"]
            execution_id = answer["run"].get("executionId")
    return state, execution_id

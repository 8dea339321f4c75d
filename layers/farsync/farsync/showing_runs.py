"""Show a run: as Step Functions remembers it, and how far its history says it has come."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.execution import ExecutionStatus, Instant, WireModel
from farsync.invocation import Answer, Invocation
from farsync.naming import NAME_PATTERN
from farsync.run_ledger import json_object, known_run, run_request_of
from farsync.run_progress import Progress, read_progress
from farsync.validation import validated

RunState = Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]


class RunName(WireModel):
    """Which run."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]


class RunExecution(WireModel):
    """The vendor's execution of a run, as the last look saw it."""

    execution_id: str
    status: ExecutionStatus | None = None
    vendor_status: str | None = None
    started_at: Instant | None = None
    is_adopted: bool = False
    """Somebody else started it; the run only watches."""


class RunTrouble(WireModel):
    """Why the last step did not succeed; the run tries again."""

    name: str
    message: str


class RunEvent(WireModel):
    """The event that the run handed over to be told."""

    id: str
    type: str


class RunShown(WireModel):
    """A run as Step Functions remembers it, for 90 days."""

    name: str
    state: RunState
    connection: str
    job: str | None = None
    """Absent only where the request had none."""
    step: str | None = None
    """The state of `run_job` in which an open run stands."""
    started_at: Instant
    stopped_at: Instant | None = None
    deadline_at: Instant | None = None
    execution: RunExecution | None = None
    """Absent until the start has succeeded."""
    looks: int = 0
    next_look_at: Instant | None = None
    """Absent while a look is under way, and after one that failed."""
    trouble: RunTrouble | None = None
    request: Mapping[str, object]
    event: RunEvent | None = None
    result: Mapping[str, object] | None = None
    """The `data` of the event; absent where the run was aborted, since another machine tells that end."""
    error: str | None = None
    cause: str | None = None
    """Absent where `result` tells it better."""


def show_run(environment: Environment, invocation: Invocation) -> Answer:
    """Raises RunNotFound."""
    asked = validated(RunName, invocation.payload)
    described = known_run(environment, asked.name)
    is_over = described["status"] != "RUNNING"
    try:
        progress = read_progress(environment, asked.name, is_over=is_over)
    except AwsRequestFailed as failed:
        raise named(failed) from failed
    return Answer(_shown(asked.name, described, progress, is_over))


def _shown(name: str, described: dict[str, Any], progress: Progress, is_over: bool) -> RunShown:
    request = run_request_of(described)
    result = json_object(described.get("output") or described.get("cause"))
    run = progress.run
    return RunShown(
        name=name,
        state=described["status"],
        connection=str(request.get("connection", "default")),
        job=None if request.get("job") is None else str(request["job"]),
        step=None if is_over else progress.step,
        started_at=_instant(described["startDate"]),
        stopped_at=_instant(described["stopDate"]) if described.get("stopDate") else None,
        deadline_at=run.get("deadlineAt"),
        execution=_execution(run, result or progress.look),
        looks=run.get("polls", 0),
        next_look_at=None if is_over else progress.next_look_at,
        trouble=None if is_over or progress.trouble is None else RunTrouble(**progress.trouble),
        request=request,
        event=None if progress.event is None else RunEvent(**progress.event),
        result=result,
        error=described.get("error"),
        cause=described.get("cause") if result is None else None,
    )


def _execution(run: Mapping[str, Any], seen: Mapping[str, Any]) -> RunExecution | None:
    if run.get("executionId") is None:
        return None
    return RunExecution(
        execution_id=run["executionId"],
        status=seen.get("status"),
        vendor_status=seen.get("vendorStatus"),
        started_at=run.get("executionStartedAt"),
        is_adopted=run.get("isAdopted", False),
    )


def _instant(epoch_seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(epoch_seconds)), UTC)

"""Show a run: as Step Functions remembers it, its execution as the provider shows it now, and its event at the end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from farsync.aws.emitting import emitted_event
from farsync.aws.run_history import RunHistory, json_object, message_in, read_history
from farsync.aws.run_store import known_run, run_arn
from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.errors import FarsyncError
from farsync.events.completion_event import EVENT_TYPES
from farsync.execution import Execution, ExecutionStatus, Instant, WireModel
from farsync.invocation import Answer, Invocation
from farsync.naming import NAME_PATTERN, execution_event_id, run_event_id
from farsync.run import Run
from farsync.validation import validated

EXECUTION_ENDS = {str(status): status for status in EVENT_TYPES}
RunState = Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]


class RunName(WireModel):
    """Which run."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]


class RunExecution(WireModel):
    """The provider's execution of a run; its status as the provider shows it now, or as its event says."""

    execution_id: str
    status: ExecutionStatus | None = None
    """Absent where the provider does not answer; `lastError` says why."""
    vendor_status: str | None = None
    started_at: Instant | None = None
    is_attached: bool = False
    """Somebody else started it; the run only follows."""


class LastError(WireModel):
    """Why the last step did not succeed; the run tries again."""

    name: str
    message: str


class RunEvent(WireModel):
    """The event that was emitted at the end."""

    id: str
    type: str


class RunShown(WireModel):
    """A run as Step Functions remembers it, for 90 days."""

    name: str
    state: RunState
    connection: str
    job: str | None = None
    """Absent only where the request had none."""
    job_name: str | None = None
    step: str | None = None
    """The state of `run_job` in which an open run stands."""
    started_at: Instant
    stopped_at: Instant | None = None
    deadline_at: Instant | None = None
    execution: RunExecution | None = None
    """Absent until the start has succeeded."""
    last_error: LastError | None = None
    request: Mapping[str, object]
    event: RunEvent | None = None
    """Absent until there is one; of an aborted run, until what it left behind has stopped."""
    result: Mapping[str, object] | None = None
    """The `data` of the event."""
    error: str | None = None
    cause: str | None = None
    """Absent where `result` says it better; of an aborted run, what was said as it was aborted."""


class _Seen(NamedTuple):
    """What the provider shows of the execution now, and the id under which its end is emitted."""

    execution: Execution | None = None
    event_id: str | None = None
    failure: FarsyncError | None = None


def get_run(environment: Environment, invocation: Invocation) -> Answer:
    """One call to the provider at most. Raises RunNotFound."""
    name = validated(RunName, invocation.payload).name
    described = known_run(environment, name)
    try:
        history = read_history(environment, run_arn(environment, name))
        event = _event_of_result(described)
        seen = _Seen() if event else _see(environment, history.run)
        if event is None and described["status"] != "RUNNING":
            event = _emitted(environment, name, described, seen)
    except AwsRequestFailed as failed:
        raise named(failed) from failed
    return Answer(_shown(name, described, history, seen, event))


def _event_of_result(described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the poller ended the run with, which is the event's data and its id; None where it did not end it, or could
    not say how its execution ends. The cause of a run that somebody stopped is a text, whatever stands in it.
    """
    result = {"SUCCEEDED": described.get("output"), "FAILED": described.get("cause")}.get(described["status"])
    data = json_object(result) or {}
    status = EXECUTION_ENDS.get(str(data.get("status")))
    if status is None or "eventId" not in data:
        return None
    return {"id": str(data["eventId"]), "type": EVENT_TYPES[status], "data": data}


def _see(environment: Environment, run: Run | None) -> _Seen:
    """Asked of the provider: the run may be polled again only in minutes."""
    if run is None or run.execution_id is None:
        return _Seen()
    ref = run.execution_ref()
    try:
        execution, connection = environment.with_provider(
            ref.connection,
            lambda provider, connection: (provider.get_execution(ref.job, ref.execution_id), connection),
        )
    except FarsyncError as failure:
        return _Seen(failure=failure)
    event_id = execution_event_id(connection.provider, connection.account, ref.job, ref.execution_id, execution.attempt)
    return _Seen(execution, event_id)


def _emitted(
    environment: Environment, name: str, described: Mapping[str, Any], seen: _Seen
) -> Mapping[str, Any] | None:
    """The end of its execution; else what close_run or the poller said of the run itself."""
    of_execution = emitted_event(environment, seen.event_id) if seen.event_id else None
    redrive_count = int(described.get("redriveCount") or 0)
    return of_execution or emitted_event(environment, run_event_id(name, redrive_count))


def _shown(
    name: str, described: Mapping[str, Any], history: RunHistory, seen: _Seen, event: Mapping[str, Any] | None
) -> RunShown:
    request = json_object(described.get("input")) or {}
    is_over = described["status"] != "RUNNING"
    run, result = history.run, event["data"] if event else None
    return RunShown(
        name=name,
        state=described["status"],
        connection=str(request.get("connection", "default")),
        job=None if request.get("job") is None else str(request["job"]),
        job_name=run.job_name if run else None,
        step=None if is_over else history.step,
        started_at=_instant(described["startDate"]),
        stopped_at=_instant(described["stopDate"]) if described.get("stopDate") else None,
        deadline_at=run.deadline_at if run else None,
        execution=_execution(run, seen, result),
        last_error=None if is_over else _last_error(history, seen),
        request=request,
        event=RunEvent(id=event["id"], type=event["type"]) if event else None,
        result=result,
        error=described.get("error"),
        cause=_cause(described) if result is None or described["status"] == "ABORTED" else None,
    )


def _cause(described: Mapping[str, Any]) -> str | None:
    """In words: of what a function raised, its message."""
    cause = described.get("cause")
    return message_in(cause) if cause and described["status"] == "FAILED" else cause


def _execution(run: Run | None, seen: _Seen, result: Mapping[str, Any] | None) -> RunExecution | None:
    if run is None or run.execution_id is None:
        return None
    execution, said = seen.execution, result or {}
    return RunExecution(
        execution_id=run.execution_id,
        status=execution.status if execution else said.get("status"),
        vendor_status=execution.vendor_status if execution else said.get("vendorStatus"),
        started_at=run.execution_started_at,
        is_attached=run.is_attached,
    )


def _last_error(history: RunHistory, seen: _Seen) -> LastError | None:
    if seen.failure:
        return LastError(name=type(seen.failure).__name__, message=str(seen.failure))
    return LastError(name=history.last_error.name, message=history.last_error.message) if history.last_error else None


def _instant(epoch_seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(epoch_seconds)), UTC)

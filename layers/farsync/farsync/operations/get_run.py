"""Show a run: as Step Functions remembers it, its execution as the provider shows it now, and its event at the end."""

from collections.abc import Mapping
from typing import Any

from farsync.aws.client import named_failures
from farsync.aws.executions import instant
from farsync.aws.run_history import RunHistory, message_in, read_history
from farsync.aws.run_store import read_once_shown, request_in, run_arn
from farsync.model.execution import ExecutionStatus, Instant, WireModel
from farsync.model.run import Run
from farsync.model.validation import validated
from farsync.operations.event_of_run import Seen, event_of_run
from farsync.operations.run_by_name import RunName, find_run
from farsync.operations.run_items import scheduled_at_in, subject_in
from farsync.operations.run_state import RunState, state_of_run
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation


class RunExecution(WireModel):
    """The provider's execution of a run; its status as the provider shows it now, or as its event says."""

    execution_id: str
    status: ExecutionStatus | None = None
    """Absent where the provider does not answer; `lastError` says why."""
    provider_status: str | None = None
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
    scheduled_at: Instant | None = None
    """The time from which a parameter of the request is written; of a run by a schedule, the scheduled one."""
    started_at: Instant
    stopped_at: Instant | None = None
    deadline_at: Instant | None = None
    labels: Mapping[str, str] = {}
    execution: RunExecution | None = None
    """Absent until the start has succeeded."""
    last_error: LastError | None = None
    request: Mapping[str, object]
    event: RunEvent | None = None
    """Absent until there is one; of an aborted run, until what it left behind has stopped."""
    result: Mapping[str, object] | None = None
    """The `data` of the event."""
    cost_usd: float | None = None
    error: str | None = None
    cause: str | None = None
    """Absent where `result` says it better; of an aborted run, what was said as it was aborted."""


def get_run(context: Context, invocation: Invocation) -> Answer:
    """One call to the provider at most. Raises RunNotFound."""
    name, described = find_run(context, validated(RunName, invocation.payload).name)
    with named_failures():
        history = read_once_shown(
            name, lambda: read_history(context, run_arn(context, name)), context.transport.retrying
        )
        event, seen = event_of_run(context, name, described, history)
    return Answer(_shown(name, described, history, seen, event))


def _shown(
    name: str, described: Mapping[str, Any], history: RunHistory, seen: Seen, event: Mapping[str, Any] | None
) -> RunShown:
    request = request_in(described)
    state, subject = state_of_run(described["status"], event), subject_in(request)
    is_over = state != "RUNNING"
    run, result = history.run, event["data"] if event else None
    return RunShown(
        name=name,
        state=state,
        connection=subject.connection,
        job=subject.job,
        job_name=run.job_name if run else None,
        step=None if is_over else history.step,
        scheduled_at=scheduled_at_in(request),
        started_at=instant(described["startDate"]),
        stopped_at=instant(described["stopDate"]) if described.get("stopDate") else None,
        deadline_at=run.deadline_at if run else None,
        labels=subject.labels or {},
        execution=_execution(run, seen, result),
        last_error=None if is_over else _last_error(history, seen),
        request=request,
        event=RunEvent(id=event["id"], type=event["type"]) if event else None,
        result=result,
        cost_usd=(result or {}).get("estimatedCostUsd"),
        error=described.get("error"),
        cause=_cause(described) if result is None or described["status"] == "ABORTED" else None,
    )


def _cause(described: Mapping[str, Any]) -> str | None:
    """In words: of what a function raised, its message."""
    cause = described.get("cause")
    return message_in(cause) if cause and described["status"] == "FAILED" else cause


def _execution(run: Run | None, seen: Seen, result: Mapping[str, Any] | None) -> RunExecution | None:
    if run is None or run.execution_id is None:
        return None
    execution, said = seen.execution, result or {}
    return RunExecution(
        execution_id=run.execution_id,
        status=execution.status if execution else said.get("status"),
        provider_status=execution.provider_status if execution else said.get("providerStatus"),
        started_at=run.execution_started_at,
        is_attached=run.is_attached,
    )


def _last_error(history: RunHistory, seen: Seen) -> LastError | None:
    if seen.failure:
        return LastError(name=type(seen.failure).__name__, message=str(seen.failure))
    return LastError(name=history.last_error.name, message=history.last_error.message) if history.last_error else None

"""The event of a run that is over: the end of its execution, or what was emitted of the run itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from farsync.aws.emitting import emitted_event
from farsync.aws.run_history import RunHistory, json_object
from farsync.events.completion_event import EVENT_TYPES
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution
from farsync.model.names import execution_event_id, run_event_id
from farsync.model.run import Run
from farsync.runtime.context import Context

EXECUTION_ENDS = {str(status): status for status in EVENT_TYPES}


class Seen(NamedTuple):
    """What the provider shows of the execution now, and the id under which its end is emitted."""

    execution: Execution | None = None
    event_id: str | None = None
    failure: FarsyncError | None = None


def event_of_run(
    context: Context, name: str, described: Mapping[str, Any], history: RunHistory
) -> tuple[Mapping[str, Any] | None, Seen]:
    """The event's id, type and data, if any; and the execution, where that says less. Raises AwsRequestFailed."""
    event = event_of_result(described)
    seen = Seen() if event else _see(context, history.run)
    if event is None and described["status"] != "RUNNING":
        event = _emitted(context, name, described, seen)
    return event, seen


def event_of_result(described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The poller's data and id; None where it did not end the run, or could not say how its execution ends."""
    result = {"SUCCEEDED": described.get("output"), "FAILED": described.get("cause")}.get(described["status"])
    data = json_object(result) or {}
    status = EXECUTION_ENDS.get(str(data.get("status")))
    if status is None or "eventId" not in data:
        return None
    return {"id": str(data["eventId"]), "type": EVENT_TYPES[status], "data": data}


def _see(context: Context, run: Run | None) -> Seen:
    """Asked of the provider: the run may be polled again only in minutes."""
    if run is None or run.execution_id is None:
        return Seen()
    ref = run.execution_ref()
    try:
        provider = context.provider(ref.connection)
        execution = provider.get_execution(ref.job, ref.execution_id)
    except FarsyncError as failure:
        return Seen(failure=failure)
    used = provider.connection
    event_id = execution_event_id(used.provider, used.account, ref.job, ref.execution_id, execution.attempt)
    return Seen(execution, event_id)


def _emitted(context: Context, name: str, described: Mapping[str, Any], seen: Seen) -> Mapping[str, Any] | None:
    """The end of its execution; else what close_run or the poller said of the run itself."""
    of_execution = emitted_event(context, seen.event_id) if seen.event_id else None
    redrive_count = int(described.get("redriveCount") or 0)
    return of_execution or emitted_event(context, run_event_id(name, redrive_count))

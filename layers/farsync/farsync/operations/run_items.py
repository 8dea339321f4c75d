"""Items of lists of runs: made of what Step Functions says of a run, or of the event of its end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from farsync.aws.event_log import Recorded
from farsync.aws.executions import instant
from farsync.events.completion_event import CompletionData
from farsync.model.execution import Instant, WireModel
from farsync.model.time_text import TimeText
from farsync.operations.run_state import OPEN, RunState


class RunError(WireModel):
    """Why it did not succeed."""

    name: str
    message: str


class RunListed(WireModel):
    """A run in a list; `GET /runs/{name}` shows more of it. Of a run that is over, what its event says."""

    name: str
    state: RunState
    connection: str | None = None
    job: str | None = None
    """Absent only where the request had none."""
    job_name: str | None = None
    execution_id: str | None = None
    started_at: Instant
    """Of the run; once its event is out, of its execution."""
    stopped_at: Instant | None = None
    """When the run was over; once its event is out, when the end was detected."""
    duration_seconds: float | None = None
    detection_delay_seconds: float | None = None
    error: RunError | None = None
    labels: Mapping[str, str] | None = None
    """Absent of open runs in a list of one job over one connection, which reads no requests."""
    cost_usd: float | None = None


class RunSubject(NamedTuple):
    """What is known of a run's request."""

    connection: str
    job: str | None
    labels: Mapping[str, str] | None


def subject_in(request: Mapping[str, Any]) -> RunSubject:
    """Of a request that somebody may have sent by hand."""
    job = request.get("job")
    return RunSubject(
        str(request.get("connection", "default")), None if job is None else str(job), labels_in(request.get("labels"))
    )


def scheduled_at_in(request: Mapping[str, Any]) -> datetime | None:
    """The first time from which a parameter is written."""
    parameters = request.get("parameters")
    values = parameters.values() if isinstance(parameters, Mapping) else ()
    for value in values:
        try:
            return datetime.fromisoformat(TimeText.model_validate(value).time)
        except ValidationError:
            continue
    return None


def labels_in(value: object) -> Mapping[str, str]:
    """Those that are texts."""
    if not isinstance(value, Mapping):
        return {}
    return {str(name): label for name, label in value.items() if isinstance(label, str)}


def item_without_event(execution: Mapping[str, Any], subject: RunSubject) -> RunListed:
    """Of a run as Step Functions lists it."""
    stopped = execution.get("stopDate")
    return RunListed(
        name=execution["name"],
        state="RUNNING" if execution["status"] in OPEN else "STOPPING",
        connection=subject.connection,
        job=subject.job,
        started_at=instant(execution["startDate"]),
        stopped_at=instant(stopped) if stopped else None,
        labels=subject.labels,
    )


def item_of_event(name: str, state: RunState, said: Mapping[str, Any]) -> RunListed | None:
    """`said` is the data of an event; None where it is none of ours."""
    known = {field.alias for field in CompletionData.model_fields.values()}
    try:
        data = CompletionData.model_validate({key: value for key, value in said.items() if key in known})
    except ValidationError:
        return None
    return RunListed(
        name=name,
        state=state,
        connection=data.connection,
        job=data.job,
        job_name=data.job_name,
        execution_id=data.execution_id,
        started_at=data.started_at or data.detected_at,
        stopped_at=data.detected_at,
        duration_seconds=data.duration_seconds,
        detection_delay_seconds=data.detection_delay_seconds,
        error=RunError(name=data.error.name, message=data.error.message) if data.error else None,
        labels=data.labels,
        cost_usd=data.estimated_cost_usd,
    )


def run_in(recorded: Recorded) -> str | None:
    """The run that an event is about; None of an execution that no run followed."""
    name = recorded.data.get("runName")
    return name if isinstance(name, str) else None

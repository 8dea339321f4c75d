"""The completion event: CloudEvents 1.0, structured mode. Its JSON Schema is committed under docs/."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, Field

from farsync.model.execution import Candidate, Execution, ExecutionStatus, Instant, NodeResult, WireModel
from farsync.model.names import attention_event_id, execution_event_id
from farsync.model.run import Run

NODES_SHOWN = 50
LONGEST_MESSAGE = 4_000
UNRESERVED = "!*'()"
"""What JSONata's `$encodeUrlComponent` leaves alone, and Python's quote would not."""
DATA_SCHEMA: Literal["urn:farsync:schema:completion-event:1"] = "urn:farsync:schema:completion-event:1"

EventType = Literal[
    "io.farsync.execution.succeeded",
    "io.farsync.execution.failed",
    "io.farsync.execution.canceled",
    "io.farsync.execution.timed_out",
    "io.farsync.execution.needs_attention",
    "io.farsync.run.failed",
    "io.farsync.run.unobservable",
]

CanceledBy = Literal["deadline", "abort"]
"""Why farsync asked for a cancel: the run passed its deadline, or it ended without its execution."""

EVENT_TYPES: Mapping[ExecutionStatus, EventType] = {
    ExecutionStatus.SUCCEEDED: "io.farsync.execution.succeeded",
    ExecutionStatus.FAILED: "io.farsync.execution.failed",
    ExecutionStatus.CANCELED: "io.farsync.execution.canceled",
    ExecutionStatus.TIMED_OUT: "io.farsync.execution.timed_out",
}

ERROR_NAMES: Mapping[ExecutionStatus, str] = {
    ExecutionStatus.FAILED: "ExecutionFailed",
    ExecutionStatus.CANCELED: "ExecutionCanceled",
    ExecutionStatus.TIMED_OUT: "DeadlineExceeded",
}


Message = Annotated[str, AfterValidator(lambda text: text[:LONGEST_MESSAGE]), Field(examples=["node load failed"])]


class EventError(WireModel):
    """Why it did not succeed: the error name that the state machine ends with, and a sentence for people."""

    name: str
    message: Message
    """Cut to LONGEST_MESSAGE characters."""


class CompletionData(WireModel):
    """What a consumer needs without calling back.

    A field without a value is left out; so is `status` where no end is known.
    """

    connection: str | None = None
    provider: str | None = None
    job: str | None = None
    job_name: str | None = None
    execution_id: str | None = None
    run_name: str | None = None
    labels: Mapping[str, str] = {}
    status: ExecutionStatus | None = None
    provider_status: str | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    duration_seconds: float | None = None
    detected_at: Instant
    detection_delay_seconds: float | None = None
    polls: int = 0
    """Approximate: a poll that was repeated after a crash may count twice."""
    estimated_cost_usd: float | None = None
    """Of a run, if nothing went wrong with it; an execution that no run followed has none."""
    log_paths: tuple[str, ...] = ()
    nodes: tuple[NodeResult, ...] | None = None
    """At most NODES_SHOWN, failed ones first."""
    nodes_total: int | None = None
    success_kind: Literal["forced", "failure_ignored"] | None = None
    attention: str | None = None
    """Why the execution waits for a person."""
    candidates: tuple[Candidate, ...] | None = None
    """Executions of which one may belong to a run that lost the reply to its start."""
    error: EventError | None = None
    cancel_confirmed: bool | None = None
    """Whether the execution ended by our cancelling; absent where we did not cancel."""


class CloudEvent(WireModel):
    """What every event of ours begins with."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str


class CompletionEvent(CloudEvent):
    """CloudEvents 1.0. Consumers remember `id`: the same end never has two."""

    type: EventType
    subject: str | None = None
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Literal["urn:farsync:schema:completion-event:1"] = DATA_SCHEMA
    data: CompletionData


def event_source(connection: str, job: str) -> str:
    """The URI of connection and job; the queue's message group is its hash."""
    return f"urn:farsync:{quote(connection, safe=UNRESERVED)}:{quote(job, safe=UNRESERVED)}"


def completion_event(
    run: Run,
    execution: Execution,
    *,
    provider: str,
    account: str,
    detected_at: datetime,
    polls: int = 0,
    canceled_by: CanceledBy | None = None,
    estimated_cost_usd: float | None = None,
) -> CompletionEvent:
    """The event of an execution that has ended. `canceled_by` says why farsync asked for its cancel, if it did: one
    that ended as canceled at a deadline is TIMED_OUT.
    """
    was_canceled_by_us = canceled_by is not None and execution.status is ExecutionStatus.CANCELED
    status = ExecutionStatus.TIMED_OUT if was_canceled_by_us and canceled_by == "deadline" else execution.status
    ended_at = execution.ended_at
    delay_seconds = round(max(0.0, (detected_at - ended_at).total_seconds()), 3) if ended_at else None
    if run.has_secret_parameters:
        # The provider's reason may repeat a parameter's value.
        execution = execution.model_copy(update={"failure_reason": None})
    return CompletionEvent(
        id=execution_event_id(provider, account, run.job, execution.ref.execution_id, execution.attempt),
        source=event_source(run.connection, run.job),
        type=EVENT_TYPES[status],
        subject=execution.ref.execution_id,
        time=ended_at or detected_at,
        data=_data(
            run,
            execution,
            provider,
            detected_at,
            polls,
            status=status,
            ended_at=ended_at,
            duration_seconds=execution.duration_seconds,
            detection_delay_seconds=delay_seconds,
            success_kind=execution.success_kind,
            error=_error(run, execution, status, canceled_by if was_canceled_by_us else None),
            estimated_cost_usd=estimated_cost_usd,
            cancel_confirmed=was_canceled_by_us if canceled_by else None,
        ),
    )


def attention_event(
    run: Run, execution: Execution, *, provider: str, detected_at: datetime, polls: int = 0
) -> CompletionEvent:
    """The event of an execution that waits for a person; no completion."""
    execution_id = execution.ref.execution_id
    return CompletionEvent(
        id=attention_event_id(run.name or "", execution_id, execution.provider_status),
        source=event_source(run.connection, run.job),
        type="io.farsync.execution.needs_attention",
        subject=execution_id,
        time=detected_at,
        data=_data(run, execution, provider, detected_at, polls, attention=execution.attention_reason),
    )


def _data(
    run: Run, execution: Execution, provider: str, detected_at: datetime, polls: int, **more: Any
) -> CompletionData:
    """What every event about an execution holds, and what there is `more`."""
    return CompletionData(
        connection=run.connection,
        provider=provider,
        job=run.job,
        job_name=execution.job_name or run.job_name,
        execution_id=execution.ref.execution_id,
        run_name=run.name,
        labels=run.labels,
        provider_status=execution.provider_status,
        started_at=execution.started_at,
        detected_at=detected_at,
        polls=polls,
        log_paths=execution.log_paths,
        nodes=execution.nodes[:NODES_SHOWN] or None,
        nodes_total=len(execution.nodes) or None,
        **more,
    )


def _error(
    run: Run, execution: Execution, status: ExecutionStatus, canceled_by: CanceledBy | None
) -> EventError | None:
    if status is ExecutionStatus.SUCCEEDED:
        return None
    if canceled_by == "deadline":
        message = f"the run passed its deadline of {run.timeout_seconds:.0f} s, and its execution was cancelled"
    elif canceled_by == "abort":
        message = "the run was aborted, and its execution cancelled"
    else:
        message = "; ".join(_end_details(execution))
    return EventError(name=ERROR_NAMES[status], message=message)


def _end_details(execution: Execution) -> Iterator[str]:
    yield f"the execution ended as {execution.provider_status}"
    if execution.failed_node:
        yield f"node {execution.failed_node.name} failed"
    if execution.failure_reason:
        yield execution.failure_reason
    if logs := _logs_of_the_failure(execution):
        yield f"its log: {', '.join(logs)}"


def _logs_of_the_failure(execution: Execution) -> tuple[str, ...]:
    """That of the failed node, where a provider knows nodes: fifty paths would fill the cause of a failed run."""
    if not execution.nodes:
        return execution.log_paths
    failed = execution.failed_node
    return (failed.log_path,) if failed and failed.log_path else ()

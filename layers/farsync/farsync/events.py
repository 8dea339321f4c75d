"""The completion event: CloudEvents 1.0, structured mode. Its JSON Schema is committed under docs/."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from farsync.bill import Bill
from farsync.execution import Candidate, Execution, ExecutionStatus, Instant, NodeResult, WireModel
from farsync.naming import attention_event_id, execution_event_id
from farsync.run import Run

NODES_TOLD = 50
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


class EventError(WireModel):
    """Why it did not succeed: the error name that the state machine ends with, and a sentence for people."""

    name: str
    message: str


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
    vendor_status: str | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    duration_seconds: float | None = None
    detected_at: Instant
    detection_delay_seconds: float | None = None
    polls: int = 0
    state_transitions: int | None = None
    """Those of the run and of its event; an end of no run, or of a run whose history cannot be read, has none."""
    estimated_cost_usd: float | None = None
    log_paths: tuple[str, ...] = ()
    nodes: tuple[NodeResult, ...] | None = None
    """At most NODES_TOLD, failed ones first."""
    nodes_total: int | None = None
    success_kind: Literal["forced", "failure_ignored"] | None = None
    attention: str | None = None
    """Why the execution waits for a person."""
    candidates: tuple[Candidate, ...] | None = None
    """Executions of which one may belong to a run that lost the reply to its start."""
    error: EventError | None = None
    cancel_confirmed: bool | None = None
    """Whether the execution ended by our cancelling; absent where we did not cancel."""


class CompletionEvent(WireModel):
    """CloudEvents 1.0. Consumers remember `id`: the same end is never told under two ids."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
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
    labels: Mapping[str, str],
    detected_at: datetime,
    bill: Bill | None = None,
) -> CompletionEvent:
    """The event of an execution that has ended; `execution.status` must be terminal."""
    was_canceled_by_us = run.cancel_reason is not None and execution.status is ExecutionStatus.CANCELED
    is_past_deadline = was_canceled_by_us and run.cancel_reason == "deadline"
    status = ExecutionStatus.TIMED_OUT if is_past_deadline else execution.status
    ended_at = execution.ended_at
    delay_seconds = round(max(0.0, (detected_at - ended_at).total_seconds()), 3) if ended_at else None
    return CompletionEvent(
        id=execution_event_id(provider, account, run.job, execution.ref.execution_id, ended_at),
        source=event_source(run.connection, run.job),
        type=EVENT_TYPES[status],
        subject=execution.ref.execution_id,
        time=ended_at or detected_at,
        data=_data(
            run,
            execution,
            provider,
            labels,
            detected_at,
            status=status,
            ended_at=ended_at,
            duration_seconds=execution.duration_seconds,
            detection_delay_seconds=delay_seconds,
            success_kind=execution.success_kind,
            error=_error(run, execution, status, was_canceled_by_us),
            state_transitions=bill.state_transitions if bill else None,
            estimated_cost_usd=bill.estimated_cost_usd if bill else None,
            cancel_confirmed=was_canceled_by_us if run.cancel_reason else None,
        ),
    )


def attention_event(
    run: Run, execution: Execution, *, provider: str, labels: Mapping[str, str], detected_at: datetime
) -> CompletionEvent:
    """The event of an execution that waits for a person; no completion."""
    execution_id = execution.ref.execution_id
    return CompletionEvent(
        id=attention_event_id(run.name or "", execution_id, execution.vendor_status),
        source=event_source(run.connection, run.job),
        type="io.farsync.execution.needs_attention",
        subject=execution_id,
        time=detected_at,
        data=_data(run, execution, provider, labels, detected_at, attention=execution.attention_reason),
    )


def _data(
    run: Run,
    execution: Execution,
    provider: str,
    labels: Mapping[str, str],
    detected_at: datetime,
    **told: Any,
) -> CompletionData:
    """What every event about an execution tells, and what is `told` beside it."""
    return CompletionData(
        connection=run.connection,
        provider=provider,
        job=run.job,
        job_name=execution.job_name or run.job_name,
        execution_id=execution.ref.execution_id,
        run_name=run.name,
        labels=labels,
        vendor_status=execution.vendor_status,
        started_at=execution.started_at,
        detected_at=detected_at,
        polls=run.polls,
        log_paths=execution.log_paths,
        nodes=execution.nodes[:NODES_TOLD] or None,
        nodes_total=len(execution.nodes) or None,
        **told,
    )


def _error(run: Run, execution: Execution, status: ExecutionStatus, was_canceled_by_us: bool) -> EventError | None:
    if status is ExecutionStatus.SUCCEEDED:
        return None
    if status is ExecutionStatus.TIMED_OUT:
        message = f"the run passed its deadline of {run.timeout_seconds:.0f} s, and its execution was cancelled"
    elif was_canceled_by_us:
        message = "the run was aborted, and its execution cancelled"
    else:
        message = "; ".join(_what_is_known_of_the_end(execution))
    return EventError(name=ERROR_NAMES[status], message=message)


def _what_is_known_of_the_end(execution: Execution) -> Iterator[str]:
    yield f"the execution ended as {execution.vendor_status}"
    if execution.failed_node:
        yield f"node {execution.failed_node.name} failed"
    if execution.failure_reason:
        yield execution.failure_reason
    if logs := _logs_of_the_failure(execution):
        yield f"its log: {', '.join(logs)}"


def _logs_of_the_failure(execution: Execution) -> tuple[str, ...]:
    """That of the failed node, where a vendor tells of nodes: fifty paths would fill the cause of a failed run."""
    if not execution.nodes:
        return execution.log_paths
    failed = execution.failed_node
    return (failed.log_path,) if failed and failed.log_path else ()

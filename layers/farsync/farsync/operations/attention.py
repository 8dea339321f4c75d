"""Executions that wait for a person: who is notified once, and how long the run waits."""

from datetime import datetime, timedelta

from farsync.aws.client import AwsRequestFailed
from farsync.aws.emitting import emit, emitted_at
from farsync.connections.connection import Connection
from farsync.events.completion_event import attention_event
from farsync.model.execution import Execution
from farsync.model.names import attention_event_id
from farsync.model.run import Run
from farsync.runtime.context import Context
from farsync.runtime.observability import count, logger


def with_grace_period_for_a_person(
    context: Context, run: Run, execution: Execution, connection: Connection, polls: int
) -> Run:
    """Emits the notice. The deadline then is as near as the connection wants it, now at the nearest."""
    try:
        notified_at = _notified_at(context, run, execution, connection, polls)
    except AwsRequestFailed as failure:
        logger.warning("nobody could be notified that the execution waits for a person", reason=str(failure))
        return run
    if connection.needs_attention_timeout_seconds is None:
        return run
    grace_ends_at = notified_at + timedelta(seconds=connection.needs_attention_timeout_seconds)
    deadline_at = min(run.deadline_at, max(grace_ends_at, context.now()))
    return run.model_copy(update={"deadline_at": deadline_at})


def _notified_at(context: Context, run: Run, execution: Execution, connection: Connection, polls: int) -> datetime:
    """When the person was notified, now at the latest. Raises AwsRequestFailed."""
    event_id = attention_event_id(run.name or "", execution.ref.execution_id, execution.provider_status)
    if notified_at := emitted_at(context, event_id):
        return notified_at
    now = context.now()
    emit(context, attention_event(run, execution, provider=connection.provider, detected_at=now, polls=polls))
    count("NeedsAttention")
    logger.warning("execution waits for a person", provider_status=execution.provider_status)
    return now

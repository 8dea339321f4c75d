"""Events are handed to `emit_event`, whose executions are named by the event's id: one id is emitted once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from farsync.aws.client import Stack
from farsync.aws.executions import described_execution, instant, listed_executions, start_named
from farsync.events.completion_event import CloudEvent
from farsync.events.event_json import event_document, json_text
from farsync.model.names import run_event_id


class RunEvent(NamedTuple):
    """A `run.*` event. With an execution, that is out of sight and may still run."""

    execution_id: str | None


def emit(stack: Stack, event: CloudEvent) -> None:
    """Emitting an event again is success. Raises AwsRequestFailed."""
    emit_document(stack, event_document(event))


def emit_document(stack: Stack, document: Mapping[str, Any]) -> None:
    """As `emit`, of an event that is ready for JSON."""
    start_named(stack, "EMIT_EVENT_ARN", document["id"], json_text({"event": document}))


def emitted_at(stack: Stack, event_id: str) -> datetime | None:
    """When an event of this id was first handed over; None where none was, within 90 days. Raises AwsRequestFailed."""
    described = described_execution(stack, "EMIT_EVENT_ARN", event_id)
    return instant(described["startDate"]) if described else None


def emitted_event(stack: Stack, event_id: str) -> dict[str, Any] | None:
    """The event of this id as it was handed over; None where none was, within 90 days. Raises AwsRequestFailed."""
    described = described_execution(stack, "EMIT_EVENT_ARN", event_id)
    event: dict[str, Any] | None = described and json.loads(described["input"])["event"]
    return event


def emitted_ids(stack: Stack, since: datetime) -> frozenset[str]:
    """Ids of events since then, without the very latest and all beyond 100,000. Raises AwsRequestFailed."""
    return frozenset(str(execution["name"]) for execution in listed_executions(stack, "EMIT_EVENT_ARN", since))


def run_event_about(stack: Stack, run_name: str, redrive_count: int) -> RunEvent | None:
    """What was emitted about a run and this redrive of it, if anything was. Raises AwsRequestFailed."""
    event = emitted_event(stack, run_event_id(run_name, redrive_count))
    return RunEvent(event["data"].get("executionId")) if event else None

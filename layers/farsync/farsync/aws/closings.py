"""Runs that are closed, by name: the end of a run's execution is emitted once for each run and redrive of it."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from farsync.aws.client import Stack
from farsync.aws.emitting import emit_document
from farsync.aws.executions import described_execution, listed_executions, start_named
from farsync.events.completion_event import CloudEvent
from farsync.events.event_json import event_document, json_text
from farsync.model.names import closing_name

HANDING_OVER = ("RUNNING", "SUCCEEDED")


class Closed(NamedTuple):
    """The event that closed a run. `is_emitted` is False where `start_once` has failed to hand it over."""

    event: dict[str, Any]
    is_emitted: bool


def close(stack: Stack, run_name: str, redrive_count: int, event: CloudEvent) -> None:
    """Emits the end of the run's execution, unless the run was closed before. Raises AwsRequestFailed."""
    wanted = {"machine": "emit_event", "name": event.id, "input": {"event": event_document(event)}}
    if not start_named(stack, "START_ONCE_ARN", closing_name(run_name, redrive_count), json_text(wanted)):
        is_closed(stack, run_name, redrive_count)


def is_closed(stack: Stack, run_name: str, redrive_count: int) -> bool:
    """Whether the run was closed. What `start_once` failed to hand over is emitted now. Raises AwsRequestFailed."""
    closed = how_closed(stack, run_name, redrive_count)
    if closed is not None and not closed.is_emitted:
        emit_document(stack, closed.event)
    return closed is not None


def how_closed(stack: Stack, run_name: str, redrive_count: int) -> Closed | None:
    """None where the run was not closed, within 90 days. Raises AwsRequestFailed."""
    described = described_execution(stack, "START_ONCE_ARN", closing_name(run_name, redrive_count))
    if described is None:
        return None
    return Closed(json.loads(described["input"])["input"]["event"], described["status"] in HANDING_OVER)


def closing_names_since(stack: Stack, since: datetime) -> frozenset[str]:
    """Closings since then whose events are handed over, as far as they are listed. Raises AwsRequestFailed."""
    listed = listed_executions(stack, "START_ONCE_ARN", since)
    return frozenset(str(execution["name"]) for execution in listed if execution["status"] in HANDING_OVER)

"""Events are handed to `emit_event`, whose executions are named by the event's id: one id is emitted once."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from farsync.aws.client import AwsRequestFailed, Stack
from farsync.events.completion_event import CloudEvent
from farsync.events.event_json import event_document, json_text
from farsync.model.names import run_event_id

PAGE_SIZE = 1000
MOST_PAGES = 100


class RunEvent(NamedTuple):
    """A `run.*` event. With an execution, that is out of sight and may still run."""

    execution_id: str | None


def emit(stack: Stack, event: CloudEvent) -> None:
    """Emitting an event again is success. Raises AwsRequestFailed."""
    emit_document(stack, event_document(event))


def emit_document(stack: Stack, document: Mapping[str, Any]) -> None:
    """As `emit`, of an event that is ready for JSON."""
    question: dict[str, object] = {
        "stateMachineArn": stack.variables["EMIT_EVENT_ARN"],
        "name": document["id"],
        "input": json_text({"event": document}),
    }
    try:
        stack.aws.call("states", "StartExecution", question)
    except AwsRequestFailed as failure:
        if failure.code != "ExecutionAlreadyExists":
            raise


def emitted_at(stack: Stack, event_id: str) -> datetime | None:
    """When an event of this id was first handed over; None where none was, within 90 days. Raises AwsRequestFailed."""
    described = described_execution(stack, "EMIT_EVENT_ARN", event_id)
    return datetime.fromtimestamp(float(described["startDate"]), UTC) if described else None


def emitted_event(stack: Stack, event_id: str) -> dict[str, Any] | None:
    """The event of this id as it was handed over; None where none was, within 90 days. Raises AwsRequestFailed."""
    described = described_execution(stack, "EMIT_EVENT_ARN", event_id)
    event: dict[str, Any] | None = described and json.loads(described["input"])["event"]
    return event


def emitted_ids(stack: Stack, since: datetime) -> frozenset[str]:
    """The ids of the events that were handed over since then, as far as Step Functions lists them: what was handed
    over this moment may be missing, and of more than MOST_PAGES pages the oldest. Raises AwsRequestFailed.
    """
    return frozenset(str(execution["name"]) for execution in listed_executions(stack, "EMIT_EVENT_ARN", since))


def run_event_about(stack: Stack, run_name: str, redrive_count: int) -> RunEvent | None:
    """What was emitted about a run and this redrive of it, if anything was. Raises AwsRequestFailed."""
    event = emitted_event(stack, run_event_id(run_name, redrive_count))
    return RunEvent(event["data"].get("executionId")) if event else None


def listed_executions(stack: Stack, variable: str, since: datetime) -> Iterator[dict[str, Any]]:
    """The executions since then, of the state machine whose ARN the variable holds; the newest first.

    Raises AwsRequestFailed.
    """
    question: dict[str, object] = {"stateMachineArn": stack.variables[variable], "maxResults": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        page = stack.aws.call("states", "ListExecutions", question)
        yield from page["executions"]
        is_far_enough = any(float(execution["startDate"]) < since.timestamp() for execution in page["executions"])
        if is_far_enough or not page.get("nextToken"):
            return
        question["nextToken"] = page["nextToken"]


def described_execution(stack: Stack, variable: str, name: str) -> dict[str, Any] | None:
    """The execution of this name, of the state machine whose ARN the variable holds; None where there is none.

    Raises AwsRequestFailed.
    """
    arn = stack.variables[variable].replace(":stateMachine:", ":execution:")
    try:
        return stack.aws.call("states", "DescribeExecution", {"executionArn": f"{arn}:{name}"})
    except AwsRequestFailed as failure:
        if failure.code == "ExecutionDoesNotExist":
            return None
        raise

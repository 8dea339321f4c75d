"""Reads the history of an execution of a state machine."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def is_end(event: Mapping[str, Any]) -> bool:
    """Its execution is over, unless it was redriven since."""
    return str(event["type"]).startswith("Execution") and event["type"] not in {"ExecutionStarted", "ExecutionRedriven"}


def details_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((event[member] for member in event if member.endswith("EventDetails")), {})


def state_entered(event: Mapping[str, Any]) -> str:
    """Empty where the event is another."""
    return str(details_of(event)["name"]) if event["type"].endswith("StateEntered") else ""


def first_input(events: list[Any]) -> dict[str, Any]:
    started = events[0].get("executionStartedEventDetails") if events else None
    given: dict[str, Any] = json.loads(started["input"]) if started else {}
    return given


def walk(events: list[Any]) -> Iterator[str]:
    """States entered and errors met, each with the seconds since the start."""
    for event in events:
        error = details_of(event).get("error")
        if step := state_entered(event) or (f"!{error}" if error else ""):
            yield f"{round(event['timestamp'] - events[0]['timestamp'], 1)} {step}"


def claimed_executions(events: list[Any]) -> Iterator[str]:
    """The executions that the run variable ever named."""
    for event in events:
        details = event.get("taskScheduledEventDetails") or event.get("taskSucceededEventDetails") or {}
        for member in ("parameters", "output"):
            if "executionId" in details.get(member, ""):
                yield from _in_run_variables(json.loads(details[member]))


def _in_run_variables(value: Any) -> Iterator[str]:
    """The run variable is known by its deadline; candidates and executions have none."""
    if isinstance(value, dict):
        if "deadlineAt" in value and value.get("executionId"):
            yield str(value["executionId"])
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _in_run_variables(inner)

"""How far a run has come, read from the newest events of its history."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from farsync.environment import Environment
from farsync.run_ledger import json_object, run_arn

PAGE_SIZE = 25
MOST_PAGES = 8
"""A look whose function fails again and again writes some twenty events; what lies further back is old."""


class Progress(NamedTuple):
    """`run` is the run variable, `look` what the last look saw; both empty until there is one."""

    run: Mapping[str, Any]
    look: Mapping[str, Any]
    step: str | None
    next_look_at: datetime | None
    trouble: Mapping[str, str] | None
    event: Mapping[str, str] | None


def read_progress(environment: Environment, name: str, *, is_over: bool) -> Progress:
    """Reads back to the newest answer; the run variable stands in what a function was asked too, so that it is known
    also where looks have failed for long. Raises AwsRequestFailed.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
    """
    entered: Mapping[str, Any] | None = None
    failed: Mapping[str, Any] | None = None
    told: Mapping[str, str] | None = None
    answer: Mapping[str, Any] = {}
    run: Mapping[str, Any] = {}
    for event in _newest_events(environment, name):
        if entered is None and "stateEnteredEventDetails" in event:
            entered = event
        if failed is None and "taskFailedEventDetails" in event:
            failed = event["taskFailedEventDetails"]
        if is_over and told is None and "taskScheduledEventDetails" in event:
            told = _event_told(event["taskScheduledEventDetails"])
        if not run and "taskScheduledEventDetails" in event:
            run = _run_given(event["taskScheduledEventDetails"])
        if "taskSucceededEventDetails" in event:
            answer = _answer(event["taskSucceededEventDetails"])
            if answer:
                break
    run = run or answer.get("run", answer if "startedAt" in answer else {})
    step = entered["stateEnteredEventDetails"]["name"] if entered else None
    next_look_at = None
    # How long the machine waits after a look that failed, no answer tells.
    if entered and step == "Wait" and "waitSeconds" in answer and failed is None:
        began_at = datetime.fromtimestamp(float(entered["timestamp"]), UTC)
        next_look_at = began_at + timedelta(seconds=answer["waitSeconds"])
    return Progress(run, answer, step, next_look_at, _trouble(failed), told)


def _newest_events(environment: Environment, name: str) -> Iterator[dict[str, Any]]:
    question: dict[str, object] = {
        "executionArn": run_arn(environment, name),
        "reverseOrder": True,
        "maxResults": PAGE_SIZE,
    }
    for _ in range(MOST_PAGES):
        page = environment.aws.call("states", "GetExecutionHistory", question)
        yield from page["events"]
        if not page.get("nextToken"):
            return
        question["nextToken"] = page["nextToken"]


def _answer(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a function answered; empty for other tasks, such as the start of `emit_event`."""
    payload = (json_object(details.get("output")) or {}).get("Payload")
    return payload if isinstance(payload, dict) else {}


def _run_given(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The run variable that a function was given; empty for other tasks, and for Prepare, which makes it."""
    payload = (json_object(details.get("parameters")) or {}).get("Payload")
    run = payload.get("run") if isinstance(payload, dict) else None
    return run if isinstance(run, dict) and "deadlineAt" in run else {}


def _event_told(details: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Id and type of the event that the run handed to `emit_event`."""
    given = (json_object(details.get("parameters")) or {}).get("Input")
    event = given.get("event") if isinstance(given, dict) else None
    return {"id": event["id"], "type": event["type"]} if isinstance(event, dict) else None


def _trouble(failed: Mapping[str, Any] | None) -> Mapping[str, str] | None:
    """Of a function that failed, the message is in a JSON document; other causes are words."""
    if failed is None:
        return None
    cause = failed.get("cause") or ""
    message = (json_object(cause) or {}).get("errorMessage", cause)
    return {"name": str(failed.get("error")), "message": str(message)}

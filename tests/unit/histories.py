"""Histories of runs as Step Functions keeps them: what stands in an event of each type, by AWS' API reference."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BEGAN_AT = 1_795_262_400.0
"""2026-11-21T12:00:00Z"""
ENDS = {
    "SUCCEEDED": ("ExecutionSucceeded", "executionSucceededEventDetails"),
    "FAILED": ("ExecutionFailed", "executionFailedEventDetails"),
    "TIMED_OUT": ("ExecutionTimedOut", "executionTimedOutEventDetails"),
    "ABORTED": ("ExecutionAborted", "executionAbortedEventDetails"),
}
LAMBDA = {"resourceType": "lambda", "resource": "invoke"}


def instant(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)


@dataclass
class History:
    """Of one run, the oldest event first. `now` is the time of the next event."""

    now: float = BEGAN_AT
    events: list[dict[str, Any]] = field(default_factory=list)

    def note(self, kind: str, member: str | None = None, details: Mapping[str, Any] | None = None) -> "History":
        event = {"id": len(self.events) + 1, "previousEventId": len(self.events), "timestamp": self.now, "type": kind}
        self.events.append({**event, member: dict(details or {})} if member else event)
        return self

    def after(self, seconds: float) -> "History":
        self.now += seconds
        return self

    def begun(self, request: object) -> "History":
        return self.note("ExecutionStarted", "executionStartedEventDetails", {"input": json.dumps(request)})

    def entered(self, state: str) -> "History":
        kind = {"AwaitConsistency": "Wait", "StartLater": "Wait", "Decide": "Choice", "Failed": "Fail"}
        return self.note(f"{kind.get(state, 'Task')}StateEntered", "stateEnteredEventDetails", {"name": state})

    def scheduled(self, payload: object, **parameters: object) -> "History":
        given = json.dumps({"FunctionName": "a-function", "Payload": payload, **parameters})
        self.note("TaskScheduled", "taskScheduledEventDetails", {**LAMBDA, "parameters": given})
        return self.note("TaskStarted", "taskStartedEventDetails", LAMBDA)

    def answered(self, payload: object) -> "History":
        output = json.dumps({"Payload": payload, "StatusCode": 200})
        return self.note("TaskSucceeded", "taskSucceededEventDetails", {**LAMBDA, "output": output})

    def failed(self, error: str, message: str = "a message") -> "History":
        cause = json.dumps({"errorMessage": message, "errorType": error, "stackTrace": []})
        return self.note("TaskFailed", "taskFailedEventDetails", {**LAMBDA, "error": error, "cause": cause})

    def timed_out(self) -> "History":
        return self.note("TaskTimedOut", "taskTimedOutEventDetails", {**LAMBDA, "error": "States.Timeout", "cause": ""})

    def called(self, state: str, payload: object, answer: object) -> "History":
        return self.entered(state).scheduled(payload).after(1).answered(answer)

    def followed(self, run: Mapping[str, Any]) -> "History":
        message = {"v": 1, "token": "a-token", "sentAt": "2026-11-21T12:00:00Z", "run": run}
        given = json.dumps({"QueueUrl": "a-queue", "MessageBody": message})
        queue = {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}
        self.entered("Follow").note("TaskScheduled", "taskScheduledEventDetails", {**queue, "parameters": given})
        return self.note("TaskSubmitted", "taskSubmittedEventDetails", queue)

    def ended(self, status: str, **details: str) -> "History":
        return self.note(*ENDS[status], details)

    def redriven(self, count: int = 1) -> "History":
        return self.note("ExecutionRedriven", "executionRedrivenEventDetails", {"redriveCount": count})

    @property
    def newest_first(self) -> list[dict[str, Any]]:
        return self.events[::-1]

"""The API of Step Functions, of queues and of secrets, as one call of a function speaks to it."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Any, NamedTuple

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from tests.model.agenda import Agenda
from tests.model.calls import Call
from tests.model.faults import Conditions
from tests.model.queues import Queue
from tests.model.runs import EMIT_EVENT_ARN, RUN_ARN, RUN_JOB_ARN, START_ONCE_ARN, WalkedRun

LONGEST_LAG_SECONDS = 10.0
"""By how much reads of Step Functions may lag."""
EMITTED_ARN = EMIT_EVENT_ARN.replace(":stateMachine:", ":execution:") + ":"
STARTED_ONCE_ARN = START_ONCE_ARN.replace(":stateMachine:", ":execution:") + ":"
START_ONCE_SECONDS = 0.5
REJECTED = partial(AwsRequestFailed, "ThrottlingException", "Rate exceeded", 400)
LOST = partial(AwsRequestFailed, "Unreachable", "no answer came")


class Emitted(NamedTuple):
    """An event as it was handed over first."""

    at: float
    event: dict[str, Any]
    by: Call


@dataclass
class Account:
    """What AWS holds. `settle` is what becomes of a Task whose token was sent a result."""

    agenda: Agenda
    conditions: Conditions
    runs: dict[str, WalkedRun] = field(default_factory=dict)
    events: dict[str, Emitted] = field(default_factory=dict)
    started_once: dict[str, tuple[float, str]] = field(default_factory=dict)
    """When, and the input."""
    queues: dict[str, Queue] = field(default_factory=dict)
    settle: Callable[[WalkedRun, str, str, str], None] = field(init=False)

    def seen_at(self) -> float:
        """From which moment a read of Step Functions answers."""
        now = self.agenda.now
        if now >= self.conditions.reads_stale:
            return now
        return now - self.agenda.random.uniform(0, LONGEST_LAG_SECONDS)


class AwsOfCall(AwsCaller):
    def __init__(self, account: Account, call: Call) -> None:
        self._account, self._call = account, call

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        if service == "sqs":
            queue = self._account.queues[str(payload["QueueUrl"])]
            perform = partial(self._on_queue, queue, action, payload)
        else:
            perform = partial(self._answer, action, payload)
        return self._call.effect(action, perform, rejected=REJECTED, lost=LOST)

    def _on_queue(self, queue: Queue, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        agenda = self._account.agenda
        if agenda.now < self._account.conditions.queues_reject:
            raise REJECTED()
        if action == "SendMessage":
            queue.send(str(payload["MessageBody"]), float(str(payload["DelaySeconds"])))
        elif not queue.hide(str(payload["ReceiptHandle"]), float(str(payload["VisibilityTimeout"]))):
            raise AwsRequestFailed("InvalidParameterValue", "the message does not exist", 400)
        return {}

    def _answer(self, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        account = self._account
        if account.agenda.now < account.conditions.aws_throttles:
            raise REJECTED()
        match action:
            case "GetExecutionHistory":
                return self._history(payload)
            case "DescribeExecution":
                return self._described(str(payload["executionArn"]))
            case "ListExecutions":
                return self._listed(str(payload["stateMachineArn"]), payload.get("statusFilter"))
            case "StartExecution" if payload["stateMachineArn"] == START_ONCE_ARN:
                return self._start_once(str(payload["name"]), str(payload["input"]))
            case "StartExecution":
                return self._emit(str(payload["name"]), json.loads(str(payload["input"])))
        return self._settle(action, payload)

    def _history(self, payload: Mapping[str, object]) -> dict[str, Any]:
        run = self._run(str(payload["executionArn"]))
        begin = int(str(payload.get("nextToken", 0)))
        most = int(str(payload["maxResults"]))
        events, are_more = run.newest_events(self._account.seen_at(), begin, most)
        return {"events": events, "nextToken": str(begin + most)} if are_more else {"events": events}

    def _described(self, arn: str) -> dict[str, Any]:
        if arn.startswith(EMITTED_ARN):
            emitted = self._account.events.get(arn.removeprefix(EMITTED_ARN))
            if emitted is None or emitted.at > self._account.seen_at():
                raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
            return {"startDate": emitted.at, "input": json.dumps({"event": emitted.event})}
        if arn.startswith(STARTED_ONCE_ARN):
            at, text = self._account.started_once.get(arn.removeprefix(STARTED_ONCE_ARN), (inf, ""))
            if at > self._account.seen_at():
                raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
            return {"startDate": at, "input": text, "status": "SUCCEEDED"}
        run = self._run(arn)
        described = run.described(self._account.seen_at())
        if described is None:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        return {**described, "input": run.input_text}

    def _listed(self, machine: str, status: object) -> dict[str, Any]:
        seen_at = self._account.seen_at()
        if machine == START_ONCE_ARN:
            once = self._account.started_once.items()
            shown_once = [(name, at) for name, (at, _) in once if at <= seen_at]
            return {"executions": [{"name": name, "startDate": at, "status": "SUCCEEDED"} for name, at in shown_once]}
        shown = (run.described(seen_at) for run in self._account.runs.values())
        return {"executions": [run for run in shown if run and status in (None, run["status"])]}

    def _start_once(self, name: str, text: str) -> dict[str, Any]:
        account = self._account
        if name in account.started_once:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        account.started_once[name] = (account.agenda.now, text)
        wanted = json.loads(text)

        def emit() -> None:
            with suppress(AwsRequestFailed):
                self._emit(wanted["name"], wanted["input"])

        account.agenda.after(START_ONCE_SECONDS, emit)
        return {}

    def _emit(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        event, account = given["event"], self._account
        if name in account.events:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        account.events[name] = Emitted(account.agenda.now, event, self._call)
        kind, subject = event["type"].removeprefix("io.farsync."), event.get("subject")
        account.agenda.tell(self._call.function, "emits %s of %s: %s", kind, subject, event["data"].get("error"))
        return {}

    def _settle(self, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        token = str(payload["taskToken"])
        run = self._run(RUN_ARN + token.partition("/")[0])
        if not run.is_open or run.token != token:
            self._call.met_dead_token = True
            raise AwsRequestFailed("TaskTimedOut", "Task timed out", 400)
        match action:
            case "SendTaskHeartbeat":
                run.last_heartbeat = self._account.agenda.now
            case "SendTaskSuccess":
                self._account.settle(run, "succeeded", str(payload["output"]), "")
            case _:
                self._account.settle(run, "failed", str(payload["error"]), str(payload["cause"]))
        return {}

    def _run(self, arn: str) -> WalkedRun:
        name = arn.removeprefix(RUN_ARN)
        if name not in self._account.runs:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        return self._account.runs[name]


VARIABLES = {
    "RUN_JOB_ARN": RUN_JOB_ARN,
    "EMIT_EVENT_ARN": EMIT_EVENT_ARN,
    "START_ONCE_ARN": START_ONCE_ARN,
    "POLL_QUEUE_URL": "PollQueue",
    "CLOSE_QUEUE_URL": "CloseQueue",
    "POLL_DEAD_LETTER_QUEUE_URL": "PollDeadLetters",
    "CLOSE_DEAD_LETTER_QUEUE_URL": "CloseDeadLetters",
    "AWS_REGION": "ap-northeast-2",
    "GRACE_PERIOD_SECONDS": "300",
}

"""The API of Step Functions and of queues, as one call of a function speaks to it."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from tests.model.agenda import Agenda
from tests.model.calls import Call
from tests.model.faults import Conditions
from tests.model.queues import Queue
from tests.model.runs import EMITTED_ARN, RUN_ARN, START_ONCE_ARN, STARTED_ONCE_ARN, WalkedRun

LONGEST_LAG_SECONDS = 10.0
"""By how much reads of Step Functions may lag."""
START_ONCE_SECONDS = 0.5
REJECTED = partial(AwsRequestFailed, "ThrottlingException", "Rate exceeded", 400)
LOST = partial(AwsRequestFailed, "Unreachable", "no answer came")
NO_SUCH_EXECUTION = partial(AwsRequestFailed, "ExecutionDoesNotExist", "no such execution", 400)
NAME_IS_USED = partial(AwsRequestFailed, "ExecutionAlreadyExists", "this name was used", 400)


class Emitted(NamedTuple):
    """An event as it was handed over first."""

    at: float
    event: dict[str, Any]
    by: Call


@dataclass
class Account:
    """All that AWS holds. `finish_task` is for a Task whose token was sent a result: the result, or error and cause."""

    agenda: Agenda
    conditions: Conditions
    runs: dict[str, WalkedRun] = field(default_factory=dict)
    events: dict[str, Emitted] = field(default_factory=dict)
    started_once: dict[str, tuple[float, str]] = field(default_factory=dict)
    """When, and the input."""
    queues: dict[str, Queue] = field(default_factory=dict)
    finish_task: Callable[..., None] = field(init=False)

    def seen_at(self) -> float:
        """From which moment a read of Step Functions answers."""
        now, random = self.agenda.now, self.agenda.random
        return now if now >= self.conditions["reads stale"] else now - random.uniform(0, LONGEST_LAG_SECONDS)


class AwsOfCall(AwsCaller):
    def __init__(self, account: Account, call: Call) -> None:
        self._account, self._call = account, call

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        given = {name: value if isinstance(value, str) else str(value) for name, value in payload.items()}
        on = self._on_queue if service == "sqs" else self._on_step_functions
        return self._call.effect(action, partial(on, action, given), rejected=REJECTED, lost=LOST)

    def _on_queue(self, action: str, given: Mapping[str, str]) -> dict[str, Any]:
        queue = self._account.queues[given["QueueUrl"]]
        if self._account.agenda.now < self._account.conditions["queues reject"]:
            raise REJECTED()
        if action == "SendMessage":
            queue.send(given["MessageBody"], float(given["DelaySeconds"]))
        elif not queue.hide(given["ReceiptHandle"], float(given["VisibilityTimeout"])):
            raise AwsRequestFailed("InvalidParameterValue", "the message does not exist", 400)
        return {}

    def _on_step_functions(self, action: str, given: Mapping[str, str]) -> dict[str, Any]:
        if self._account.agenda.now < self._account.conditions["aws throttles"]:
            raise REJECTED()
        match action:
            case "GetExecutionHistory":
                return self._history(given)
            case "DescribeExecution":
                return self._described(given["executionArn"])
            case "ListExecutions":
                return {"executions": self._listed(given["stateMachineArn"], given.get("statusFilter"))}
            case "StartExecution" if given["stateMachineArn"] == START_ONCE_ARN:
                return self._start_once(given["name"], given["input"])
            case "StartExecution":
                return self._emit(given["name"], json.loads(given["input"])["event"])
        return self._complete(action, given)

    def _history(self, given: Mapping[str, str]) -> dict[str, Any]:
        begin, most = int(given.get("nextToken", 0)), int(given["maxResults"])
        run = self._run(given["executionArn"])
        events, are_more = run.newest_events(self._account.seen_at(), begin, most)
        return {"events": events, "nextToken": str(begin + most)} if are_more else {"events": events}

    def _described(self, arn: str) -> dict[str, Any]:
        account, name = self._account, arn.rpartition(":")[2]
        shown: dict[str, Any] | None = None
        if arn.startswith(EMITTED_ARN):
            emitted = account.events.get(name)
            if emitted and emitted.at <= account.seen_at():
                shown = {"startDate": emitted.at, "input": json.dumps({"event": emitted.event})}
        elif arn.startswith(STARTED_ONCE_ARN):
            at, text = account.started_once.get(name, (float("inf"), ""))
            if at <= account.seen_at():
                shown = {"startDate": at, "input": text, "status": "SUCCEEDED"}
        else:
            run = self._run(arn)
            described = run.described(account.seen_at())
            shown = described and {**described, "input": json.dumps(run.request)}
        if shown is None:
            raise NO_SUCH_EXECUTION()
        return shown

    def _listed(self, machine: str, status: str | None) -> list[dict[str, Any]]:
        account, seen_at = self._account, self._account.seen_at()
        if machine == START_ONCE_ARN:
            once = ((name, at) for name, (at, _) in account.started_once.items() if at <= seen_at)
            return [{"name": name, "startDate": at, "status": "SUCCEEDED"} for name, at in once]
        shown = (run.described(seen_at) for run in account.runs.values())
        return [run for run in shown if run and status in (None, run["status"])]

    def _start_once(self, name: str, text: str) -> dict[str, Any]:
        account, wanted = self._account, json.loads(text)
        if name in account.started_once:
            raise NAME_IS_USED()
        account.started_once[name] = (account.agenda.now, text)

        def emit() -> None:
            with suppress(AwsRequestFailed):
                self._emit(wanted["name"], wanted["input"]["event"])

        account.agenda.after(START_ONCE_SECONDS, emit)
        return {}

    def _emit(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        account = self._account
        if name in account.events:
            raise NAME_IS_USED()
        account.events[name] = Emitted(account.agenda.now, event, self._call)
        kind, subject = event["type"].removeprefix("io.farsync."), event.get("subject")
        account.agenda.log(self._call.function, "emits %s of %s: %s", kind, subject, event["data"].get("error"))
        return {}

    def _complete(self, action: str, given: Mapping[str, str]) -> dict[str, Any]:
        account, token = self._account, given["taskToken"]
        run = self._run(RUN_ARN + token.partition("/")[0])
        if not run.is_open or run.token != token:
            self._call.met_dead_token = True
            raise AwsRequestFailed("TaskTimedOut", "Task timed out", 400)
        match action:
            case "SendTaskHeartbeat":
                run.last_heartbeat = account.agenda.now
            case "SendTaskSuccess":
                account.finish_task(run, json.loads(given["output"]))
            case _:
                account.finish_task(run, None, given["error"], given["cause"])
        return {}

    def _run(self, arn: str) -> WalkedRun:
        run = self._account.runs.get(arn.removeprefix(RUN_ARN))
        if run is None:
            raise NO_SUCH_EXECUTION()
        return run

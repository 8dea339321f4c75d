"""AWS as `close_run`, `sweep_runs` and `watch_jobs` ask it: runs that ended, the events that were emitted, a queue."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from tests.unit.histories import History

STATES = "arn:aws:states:ap-northeast-2:123456789012"
RUN_JOB_ARN = f"{STATES}:stateMachine:farsync-run_job"
EMIT_EVENT_ARN = f"{STATES}:stateMachine:farsync-emit_event"
START_ONCE_ARN = f"{STATES}:stateMachine:farsync-start_once"
VARIABLES = {
    "RUN_JOB_ARN": RUN_JOB_ARN,
    "EMIT_EVENT_ARN": EMIT_EVENT_ARN,
    "START_ONCE_ARN": START_ONCE_ARN,
    "CLOSE_QUEUE_URL": "close",
    "CLOSE_DEAD_LETTER_QUEUE_URL": "close-dead",
    "AWS_REGION": "ap-northeast-2",
}


@dataclass
class EndedExecution:
    """An execution of run_job, as a test has it. `status` and `redrive_count` are what AWS answers now."""

    name: str
    request: object
    history: History
    status: str
    started_at: float
    stopped_at: float
    redrive_count: int = 0

    @property
    def arn(self) -> str:
        return f"{RUN_JOB_ARN.replace(':stateMachine:', ':execution:')}:{self.name}"

    @property
    def message(self) -> dict[str, Any]:
        """As the rule on status events writes it."""
        return {
            "executionArn": self.arn,
            "name": self.name,
            "status": self.status,
            "stopDate": int(self.stopped_at * 1000),
            "redriveCount": self.redrive_count,
        }


@dataclass
class Aws(AwsCaller):
    """Step Functions and queues. `fails` holds the actions that are throttled."""

    runs: dict[str, EndedExecution] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    closings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Executions of `start_once`, as DescribeExecution shows them."""
    is_start_once_broken: bool = False
    """It takes what it is to start, and fails."""
    hidden_seconds: list[int] = field(default_factory=list)
    sent: list[tuple[str, dict[str, Any] | str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fails: set[str] = field(default_factory=set)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens in the moment before an action."""
    page_size: int = 1000
    are_events_listed: bool = True
    are_closings_listed: bool = True
    """Lists of executions lag."""

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:
        assert service in ("states", "sqs")
        self.asked.append(action)
        self.before.get(action, lambda: None)()
        if action in self.fails:
            raise AwsRequestFailed("ThrottlingException", "Rate exceeded", 400)
        match action:
            case "ChangeMessageVisibility":
                assert payload["QueueUrl"] == "close"
                self.hidden_seconds.append(int(str(payload["VisibilityTimeout"])))
                return {}
            case "SendMessage":
                body = str(payload["MessageBody"])
                is_json = body.startswith("{")
                self.sent.append((str(payload["QueueUrl"]), json.loads(body) if is_json else body))
                return {}
            case "ListExecutions":
                return self._list(payload)
            case "StartExecution":
                return self._start(payload)
        machine, _, name = str(payload["executionArn"]).replace(":execution:", ":stateMachine:").rpartition(":")
        executions: dict[str, Any] = {
            RUN_JOB_ARN: self.runs,
            EMIT_EVENT_ARN: self.events,
            START_ONCE_ARN: self.closings,
        }
        known = executions[machine].get(name)
        if known is None:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        if action == "GetExecutionHistory":
            assert payload["reverseOrder"] is True
            return {"events": known.history.newest_first}
        if isinstance(known, EndedExecution):
            return _described(known)
        assert action == "DescribeExecution"
        return known if machine == START_ONCE_ARN else {"startDate": 1.0, "input": json.dumps({"event": known})}

    def _start(self, payload: Mapping[str, object]) -> dict[str, Any]:
        name, given = str(payload["name"]), json.loads(str(payload["input"]))
        if payload["stateMachineArn"] == EMIT_EVENT_ARN:
            return self._emit(name, given)
        assert payload["stateMachineArn"] == START_ONCE_ARN
        if name in self.closings:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        status = "FAILED" if self.is_start_once_broken else "SUCCEEDED"
        self.closings[name] = {"status": status, "startDate": 1.0, "input": payload["input"]}
        if not self.is_start_once_broken and given["name"] not in self.events:
            assert given["machine"] == "emit_event"
            self._emit(given["name"], given["input"])
        return {"startDate": 1.0}

    def _emit(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        event = given["event"]
        assert name == event["id"]
        if event["id"] in self.events:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        self.events[event["id"]] = event
        return {"startDate": 1.0}

    def _list(self, payload: Mapping[str, object]) -> dict[str, Any]:
        if payload["stateMachineArn"] == EMIT_EVENT_ARN:
            return {"executions": [{"name": name, "startDate": 1.0} for name in self.events if self.are_events_listed]}
        if payload["stateMachineArn"] == START_ONCE_ARN:
            closings = [{"startDate": 1.0, "name": name, **closing} for name, closing in self.closings.items()]
            return {"executions": closings if self.are_closings_listed else []}
        assert payload["stateMachineArn"] == RUN_JOB_ARN
        wanted = [run for run in self.runs.values() if payload.get("statusFilter") in (None, run.status)]
        wanted.sort(key=lambda run: run.started_at, reverse=True)
        begin = int(str(payload.get("nextToken", 0)))
        more = {"nextToken": str(begin + self.page_size)} if begin + self.page_size < len(wanted) else {}
        return {"executions": [_described(run) for run in wanted[begin : begin + self.page_size]], **more}


def _described(run: EndedExecution) -> dict[str, Any]:
    stopped = {} if run.status == "RUNNING" else {"stopDate": run.stopped_at}
    return {
        "executionArn": run.arn,
        "name": run.name,
        "status": run.status,
        "startDate": run.started_at,
        "redriveCount": run.redrive_count,
        "input": json.dumps(run.request),
        **stopped,
    }

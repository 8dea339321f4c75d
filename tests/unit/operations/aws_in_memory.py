"""AWS as the functions ask it: executions by name, their histories, messages and secrets; and all of it may fail."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from tests.unit.histories import BEGAN_AT, History
from tests.unit.operations.event_lines import EventLines

STATES = "arn:aws:states:ap-northeast-2:123456789012"
VARIABLES = {
    **{
        f"{machine.upper()}_ARN": f"{STATES}:stateMachine:farsync-{machine}"
        for machine in ("run_job", "emit_event", "start_once")
    },
    "POLL_QUEUE_URL": "poll",
    "POLL_DEAD_LETTER_QUEUE_URL": "poll-dead",
    "CLOSE_QUEUE_URL": "close",
    "CLOSE_DEAD_LETTER_QUEUE_URL": "close-dead",
    "GRACE_PERIOD_SECONDS": "300",
    "AWS_REGION": "ap-northeast-2",
    "EVENT_LOG_GROUP": "/farsync/farsync/events",
    "EVENT_LOG_STREAM": "events",
}


class Killed(BaseException):
    """The function is gone in the midst of its work."""


def execution_arn(machine: str, name: str) -> str:
    return f"{STATES}:execution:farsync-{machine}:{name}"


@dataclass
class Run:
    """An execution of a state machine, as AWS shows it now."""

    name: str
    input: str
    started_at: float = BEGAN_AT
    status: str = "RUNNING"
    stopped_at: float | None = None
    redrive_count: int = 0
    history: History = field(default_factory=History)
    output: str | None = None
    error: str | None = None
    cause: str | None = None

    @property
    def request(self) -> Any:
        return json.loads(self.input)

    @request.setter
    def request(self, request: object) -> None:
        self.input = json.dumps(request)

    @property
    def described(self) -> dict[str, Any]:
        known = {"stopDate": self.stopped_at, "output": self.output, "error": self.error, "cause": self.cause}
        return {
            "executionArn": execution_arn("run_job", self.name),
            "name": self.name,
            "status": self.status,
            "startDate": self.started_at,
            "redriveCount": self.redrive_count,
            "input": self.input,
            **{name: value for name, value in known.items() if value is not None and self.status != "RUNNING"},
        }

    @property
    def message(self) -> dict[str, Any]:
        """As the rule on status events writes it."""
        return {
            "executionArn": execution_arn("run_job", self.name),
            "name": self.name,
            "status": self.status,
            "stopDate": int((self.stopped_at or 0) * 1000),
            "redriveCount": self.redrive_count,
        }


@dataclass
class Aws(EventLines, AwsCaller):
    clock: Callable[[], float]
    page_size: int = 1000
    lines: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    backfills: dict[str, Run] = field(default_factory=dict)
    claims: dict[str, Run] = field(default_factory=dict)
    """Executions of `start_once`, which hands events over and starts no run."""
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was handed to `emit_event`, by id."""
    emitted_at: dict[str, float] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    previous_secrets: dict[str, str] = field(default_factory=dict)
    hidden_seconds: list[int] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)
    """Messages by queue: what their JSON says, or else their text."""
    asked: list[str] = field(default_factory=list)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens in the moment before an action."""
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    is_start_once_broken: bool = False
    """It takes what it is to start, and fails."""
    events_not_shown_yet: int = 0
    """By how many events histories lag."""
    are_events_listed: bool = True
    are_claims_listed: bool = True
    _rejections: dict[str, tuple[str, float]] = field(default_factory=dict)

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        self.asked.append(action)
        self.before.get(action, bool)()
        self._reject(action)
        act: Callable[[Mapping[str, Any]], dict[str, Any]] = getattr(self, f"_{action}")
        answer = act(payload)
        self.after.get(action, bool)()
        return answer

    def reject(self, *actions: str, code: str = "ThrottlingException", times: float = float("inf")) -> None:
        """So many calls of these actions, or of every action."""
        self._rejections.update(dict.fromkeys(actions or ["*"], (code, times)))

    def recover(self) -> None:
        self._rejections.clear()

    def kill(self, moment: str, action: str) -> None:
        """The function, once: `before` or `after` AWS has acted."""
        hooks = self.before if moment == "before" else self.after

        def die() -> None:
            del hooks[action]
            raise Killed

        hooks[action] = die

    def _reject(self, action: str) -> None:
        for rejected in (action, "*"):
            code, times = self._rejections.get(rejected, ("", 0))
            if times > 0:
                self._rejections[rejected] = (code, times - 1)
                raise AwsRequestFailed(code, "not now", 400)

    def _executions(self, machine_arn: object) -> dict[str, Run]:
        machine = str(machine_arn).rpartition("farsync-")[2]
        return {"run_job": self.runs, "run_backfill": self.backfills, "start_once": self.claims}[machine]

    def _execution(self, payload: Mapping[str, object]) -> Run:
        machine, _, name = str(payload["executionArn"]).rpartition(":")
        if machine.endswith("emit_event") and name in self.events:
            given = json.dumps({"event": self.events[name]})
            return Run(name, given, self.emitted_at.get(name, self.clock()))
        known = {} if machine.endswith("emit_event") else self._executions(machine)
        if name not in known:
            raise AwsRequestFailed("ExecutionDoesNotExist", "no such execution", 400)
        return known[name]

    def _DescribeExecution(self, payload: Mapping[str, object]) -> dict[str, Any]:
        return self._execution(payload).described

    def _GetExecutionHistory(self, payload: Mapping[str, object]) -> dict[str, Any]:
        assert payload["reverseOrder"] is True
        events = self._execution(payload).history.newest_first[self.events_not_shown_yet :]
        return _page("events", events, payload, int(str(payload["maxResults"])))

    def _ListExecutions(self, payload: Mapping[str, object]) -> dict[str, Any]:
        machine = payload["stateMachineArn"]
        if machine == VARIABLES["EMIT_EVENT_ARN"]:
            names = self.events if self.are_events_listed else ()
            return {"executions": [{"name": name, "startDate": self.clock()} for name in names]}
        runs = list(self._executions(machine).values())[::-1]
        if machine == VARIABLES["START_ONCE_ARN"] and not self.are_claims_listed:
            runs = []
        runs.sort(key=lambda run: run.started_at, reverse=True)
        listed = [run.described for run in runs if payload.get("statusFilter") in (None, run.status)]
        return _page("executions", listed, payload, self.page_size)

    def _StopExecution(self, payload: Mapping[str, object]) -> dict[str, Any]:
        run = self._execution(payload)
        run.status, run.error, run.cause = "ABORTED", str(payload["error"]), str(payload["cause"])
        return {}

    def _StartExecution(self, payload: Mapping[str, object]) -> dict[str, Any]:
        name, given = str(payload["name"]), str(payload["input"])
        if payload["stateMachineArn"] == VARIABLES["EMIT_EVENT_ARN"]:
            return self._emit(name, json.loads(given))
        known = self._executions(payload["stateMachineArn"])
        if name in known and (known[name].input, known[name].status) != (given, "RUNNING"):
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        known[name] = Run(name, given, self.clock())
        if payload["stateMachineArn"] == VARIABLES["START_ONCE_ARN"]:
            known[name].status = "FAILED" if self.is_start_once_broken else "SUCCEEDED"
            self._hand_over(json.loads(given))
        return {"startDate": self.clock()}

    def _hand_over(self, wanted: Mapping[str, Any]) -> None:
        if wanted["machine"] == "emit_event" and wanted["name"] not in self.events and not self.is_start_once_broken:
            self._emit(wanted["name"], wanted["input"])

    def _emit(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        assert name == given["event"]["id"]
        if name in self.events:
            raise AwsRequestFailed("ExecutionAlreadyExists", "this name was used", 400)
        self.events[name] = given["event"]
        self.emitted_at[name] = self.clock()
        return {"startDate": self.clock()}

    def _ChangeMessageVisibility(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        assert payload["QueueUrl"] == "close"
        self.hidden_seconds.append(payload["VisibilityTimeout"])
        return {}

    def _SendMessage(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        body = payload["MessageBody"]
        self.sent.append((payload["QueueUrl"], json.loads(body) if body.startswith("{") else body))
        return {}

    def _ListSecrets(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        ((begin,),) = [wanted["Values"] for wanted in payload["Filters"]]
        names = [name for name in self.secrets if name.startswith(begin)]
        first = int(payload.get("NextToken", "0"))
        more = {"NextToken": str(first + 2)} if first + 2 < len(names) else {}
        return {"SecretList": [{"Name": name} for name in names[first : first + 2]], **more}

    def _GetSecretValue(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        secrets = self.previous_secrets if payload.get("VersionStage") == "AWSPREVIOUS" else self.secrets
        if payload["SecretId"] not in secrets:
            raise AwsRequestFailed("ResourceNotFoundException", "no such secret", 400)
        return {"SecretString": secrets[payload["SecretId"]]}


def _page(member: str, items: list[Any], payload: Mapping[str, object], size: int) -> dict[str, Any]:
    token = str(payload.get("nextToken", "0"))
    if not token.isdecimal():
        raise AwsRequestFailed("InvalidToken", "no such token", 400)
    end = int(token) + size
    return {member: items[int(token) : end], **({"nextToken": str(end)} if end < len(items) else {})}

"""The poll queue, the tokens of runs that wait and the executions of `emit_event`, in memory, with their failures."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsCaller, AwsRequestFailed, Service
from farsync.operations.poll_execution import consume
from farsync.runtime.context import Context
from farsync.runtime.queue_messages import serve_messages

POLL_QUEUE = "https://sqs.example/farsync-PollQueue"
DEAD_LETTERS = "https://sqs.example/farsync-PollDeadLetterQueue"
EMIT_EVENT = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-emit_event"
VARIABLES = {
    "POLL_QUEUE_URL": POLL_QUEUE,
    "POLL_DEAD_LETTER_QUEUE_URL": DEAD_LETTERS,
    "EMIT_EVENT_ARN": EMIT_EVENT,
    "AWS_REGION": "ap-northeast-2",
    "GRACE_PERIOD_SECONDS": "300",
}
VISIBILITY_SECONDS = 90
TOKEN = "AAAA-token"


class Killed(BaseException):
    """The function is gone in the midst of its work."""


@dataclass
class Message:
    body: str
    visible_at: float
    sent_at: float
    receives: int = 0


@dataclass
class QueueAndTokens(AwsCaller):
    clock: Callable[[], float]
    queue: list[Message] = field(default_factory=list)
    dead_letters: list[str] = field(default_factory=list)
    waiting: set[str] = field(default_factory=lambda: {TOKEN})
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """How waiting states ended: `output`, or `error` and `cause`."""
    emitted: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Executions of `emit_event` by name."""
    failing: dict[str, list[str]] = field(default_factory=dict)
    """Codes with which the next calls of an action are rejected."""
    killed_before: list[str] = field(default_factory=list)
    killed_after: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def call(self, service: Service, action: str, payload: Mapping[str, object]) -> dict[str, Any]:  # noqa: ARG002
        self.calls[action] += 1
        _die_where_wanted(self.killed_before, action)
        if codes := self.failing.get(action):
            raise AwsRequestFailed(codes.pop(0), "not now", 400)
        act: Callable[[Mapping[str, Any]], dict[str, Any]] = getattr(self, f"_{action}")
        answer = act(payload)
        _die_where_wanted(self.killed_after, action)
        return answer

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(execution["input"])["event"] for execution in self.emitted.values()]

    def follow(self, run: Mapping[str, Any], **more: Any) -> None:
        """As the state Follow does."""
        body = {"v": 1, "token": TOKEN, "sentAt": run["startedAt"], "run": run, **more}
        self.queue.append(Message(json.dumps(body), self.clock(), self.clock()))

    def deliver(self, environment: Context, message: Message | None = None) -> bool:
        """One receive by the mapping, of the first message that is visible; False where none is."""
        visible = [kept for kept in self.queue if kept.visible_at <= self.clock()]
        if not visible and message is None:
            return False
        received = message or visible[0]
        received.receives += 1
        received.visible_at = self.clock() + VISIBILITY_SECONDS
        record = {
            "messageId": "the-message",
            "receiptHandle": str(self.queue.index(received)),
            "body": received.body,
            "attributes": {
                "ApproximateReceiveCount": str(received.receives),
                "SentTimestamp": str(round(received.sent_at * 1000)),
            },
            "eventSource": "aws:sqs",
        }
        try:
            answer = serve_messages({"Records": [record]}, lambda record: consume(environment, record))
        except Killed:
            return True
        if not answer["batchItemFailures"]:
            self.queue.remove(received)
        return True

    def _ChangeMessageVisibility(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        assert payload["QueueUrl"] == POLL_QUEUE
        self.queue[int(payload["ReceiptHandle"])].visible_at = self.clock() + payload["VisibilityTimeout"]
        return {}

    def _SendMessage(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        if payload["QueueUrl"] == DEAD_LETTERS:
            self.dead_letters.append(payload["MessageBody"])
        else:
            assert payload["DelaySeconds"] <= 900
            now = self.clock()
            self.queue.append(Message(payload["MessageBody"], now + payload["DelaySeconds"], now))
        return {}

    def _SendTaskHeartbeat(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        self._expect_waiting(payload)
        return {}

    def _SendTaskSuccess(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        self._expect_waiting(payload)
        self.waiting.discard(payload["taskToken"])
        self.outcomes.append({"output": json.loads(payload["output"])})
        return {}

    def _SendTaskFailure(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        self._expect_waiting(payload)
        assert len(payload["cause"]) <= 32_768
        self.waiting.discard(payload["taskToken"])
        self.outcomes.append({"error": payload["error"], "cause": json.loads(payload["cause"])})
        return {}

    def _expect_waiting(self, payload: Mapping[str, Any]) -> None:
        if payload["taskToken"] not in self.waiting:
            raise AwsRequestFailed("TaskTimedOut", "Provided task does not exist anymore", 400)

    def _StartExecution(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        if payload["name"] in self.emitted:
            raise AwsRequestFailed("ExecutionAlreadyExists", "there is one", 400)
        self.emitted[payload["name"]] = {"input": payload["input"], "startDate": self.clock()}
        return {}

    def _DescribeExecution(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        name = str(payload["executionArn"]).rsplit(":", 1)[-1]
        if name not in self.emitted:
            raise AwsRequestFailed("ExecutionDoesNotExist", "there is none", 400)
        return self.emitted[name]


def _die_where_wanted(actions: list[str], action: str) -> None:
    if action in actions:
        actions.remove(action)
        raise Killed

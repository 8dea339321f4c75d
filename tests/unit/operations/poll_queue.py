"""The poll queue, and the tokens of runs that wait."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.aws.client import AwsRequestFailed
from farsync.operations.poll_execution import consume
from farsync.runtime.context import Context
from farsync.runtime.queue_messages import serve_messages
from tests.unit.operations.aws_in_memory import Aws, Killed

VISIBILITY_SECONDS = 90
TOKEN = "AAAA-token"


@dataclass
class Message:
    body: str
    visible_at: float
    sent_at: float
    receives: int = 0


@dataclass
class PollQueue(Aws):
    queue: list[Message] = field(default_factory=list)
    waiting: set[str] = field(default_factory=lambda: {TOKEN})
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """How waiting states ended: `output`, or `error` and `cause`."""

    @property
    def emitted(self) -> list[dict[str, Any]]:
        return list(self.events.values())

    def follow(self, run: Mapping[str, Any], **more: Any) -> None:
        """As the state Follow does."""
        body = {"v": 1, "token": TOKEN, "sentAt": run["startedAt"], "run": run, **more}
        self.queue.append(Message(json.dumps(body), self.clock(), self.clock()))

    def deliver(self, environment: Context, message: Message | None = None) -> None:
        """One receive by the mapping, of the first message that is visible."""
        received = message or next(kept for kept in self.queue if kept.visible_at <= self.clock())
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
            return
        if not answer["batchItemFailures"]:
            self.queue.remove(received)

    def _ChangeMessageVisibility(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        assert payload["QueueUrl"] == "poll"
        self.queue[int(payload["ReceiptHandle"])].visible_at = self.clock() + payload["VisibilityTimeout"]
        return {}

    def _SendMessage(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        if payload["QueueUrl"] != "poll":
            return super()._SendMessage(payload)
        assert payload["DelaySeconds"] <= 900
        now = self.clock()
        self.queue.append(Message(payload["MessageBody"], now + payload["DelaySeconds"], now))
        return {}

    def _SendTaskHeartbeat(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        if payload["taskToken"] not in self.waiting:
            raise AwsRequestFailed("TaskTimedOut", "Provided task does not exist anymore", 400)
        return {}

    def _SendTaskSuccess(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return self._end(payload, {"output": json.loads(payload["output"])})

    def _SendTaskFailure(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        assert len(payload["cause"]) <= 32_768
        return self._end(payload, {"error": payload["error"], "cause": json.loads(payload["cause"])})

    def _end(self, payload: Mapping[str, Any], outcome: dict[str, Any]) -> dict[str, Any]:
        self._SendTaskHeartbeat(payload)
        self.waiting.discard(payload["taskToken"])
        self.outcomes.append(outcome)
        return {}

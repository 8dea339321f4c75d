"""Scheduler calls a target again as the retry policy says, and what it gives up it puts onto the dead-letter queue."""

import datetime
import json
from typing import Any

import pytest

from sandbox.aws.events.delivery import Deliveries
from sandbox.aws.events.targets import TargetCaller
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.template.model import Retries, Schedule, Target

QUEUE_ARN = "arn:aws:sqs:ap-northeast-2:123456789012:missed"
TIME = datetime.datetime(2026, 11, 21, 18, tzinfo=datetime.UTC)
STARTED = HttpReply(200, b'{"executionArn": "arn"}')
REJECTED = HttpReply(400, b'{"__type": "AccessDeniedException", "message": "no"}')
THROTTLED = HttpReply(400, b'{"__type": "ThrottlingException", "message": "later"}')
OUT_OF_ORDER = HttpReply(503, b"")
DROPPED = None


class Aws:
    """Gives these replies to starts, the last for ever, and takes messages."""

    def __init__(self, *replies: HttpReply | None) -> None:
        self._replies = list(replies)
        self.inputs: list[Any] = []
        self.messages: list[dict[str, Any]] = []

    def answer(self, request: HttpRequest) -> HttpReply:
        asked = json.loads(request.body)
        if request.headers["x-amz-target"] == "AmazonSQS.SendMessage":
            self.messages.append(asked)
            return HttpReply(200, b"{}")
        self.inputs.append(json.loads(asked["input"]))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if reply is DROPPED:
            raise ConnectionDropped
        return reply


def schedule_of(retries: Retries) -> Schedule:
    text = '{"at": "<aws.scheduler.scheduled-time>", "attempt": "<aws.scheduler.attempt-number>"}'
    target = Target("arn:aws:states:ap-northeast-2:123456789012:stateMachine:m", text)
    return Schedule("S", "s", "arn:of:schedule", "rate(1 day)", "UTC", True, target, retries)


def deliver(aws: Aws, retries: Retries) -> None:
    Deliveries(TargetCaller(aws.answer), speed=1000).deliver(schedule_of(retries), TIME)


@pytest.mark.parametrize("passing", [OUT_OF_ORDER, THROTTLED, DROPPED])
def test_what_may_pass_is_tried_again_with_the_attempt_counted(passing: HttpReply | None) -> None:
    aws = Aws(passing, passing, STARTED)
    deliver(aws, Retries(max_attempts=5, dead_letter_arn=QUEUE_ARN))
    assert aws.inputs == [{"at": "2026-11-21T18:00:00Z", "attempt": str(number)} for number in (1, 2, 3)]
    assert aws.messages == []


def test_what_is_tried_too_often_becomes_a_dead_letter_that_says_all() -> None:
    aws = Aws(OUT_OF_ORDER)
    deliver(aws, Retries(max_attempts=2, dead_letter_arn=QUEUE_ARN))
    assert len(aws.inputs) == 3
    (message,) = aws.messages
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert told.pop("EXECUTION_ID")
    assert told == {
        "ERROR_CODE": "AWS.Scheduler.InternalServerError",
        "ERROR_MESSAGE": "",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "2",
        "SCHEDULED_TIME": "2026-11-21T18:00:00Z",
        "SCHEDULE_ARN": "arn:of:schedule",
        "TARGET_ARN": "arn:aws:states:ap-northeast-2:123456789012:stateMachine:m",
    }
    assert message["QueueUrl"].endswith("/123456789012/missed")
    assert json.loads(message["MessageBody"])["at"] == "2026-11-21T18:00:00Z"


def test_what_is_too_old_is_not_tried_again() -> None:
    aws = Aws(OUT_OF_ORDER)
    deliver(aws, Retries(max_age_seconds=0, dead_letter_arn=QUEUE_ARN))
    assert len(aws.inputs) == 1
    (message,) = aws.messages
    exhausted = message["MessageAttributes"]["EXHAUSTED_RETRY_CONDITION"]["StringValue"]
    assert exhausted == "MaximumEventAgeInSeconds"


def test_what_cannot_pass_becomes_a_dead_letter_at_once() -> None:
    aws = Aws(REJECTED)
    deliver(aws, Retries(dead_letter_arn=QUEUE_ARN))
    assert len(aws.inputs) == 1
    (message,) = aws.messages
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "AccessDeniedException"
    assert "EXHAUSTED_RETRY_CONDITION" not in message["MessageAttributes"]

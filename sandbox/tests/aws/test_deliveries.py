"""Scheduler calls a target again as the retry policy says, and what it gives up it puts onto the dead-letter queue."""

import datetime
import json
import threading
from typing import Any

import pytest

from sandbox.aws.events.delivery import Deliveries
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.events.targets import TargetCaller, TargetFailed
from sandbox.aws.http_server import ConnectionDropped, HttpReply, HttpRequest
from sandbox.aws.template.model import Retries, Schedule, Target
from tests.support.waiting import eventually

QUEUE_ARN = "arn:aws:sqs:ap-northeast-2:123456789012:missed"
MACHINE_ARN = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:m"
INPUT = '{"at": "<aws.scheduler.scheduled-time>", "attempt": "<aws.scheduler.attempt-number>"}'
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

    def fire(self, retries: Retries) -> None:
        """A schedule, whose first attempt fails."""
        schedule = Schedule("S", "s", "arn:s", "rate(1 day)", "UTC", True, Target(MACHINE_ARN, INPUT), retries)
        with pytest.raises(TargetFailed):
            Deliveries(TargetCaller(self.answer), speed=1000).begin(schedule, TIME)


@pytest.mark.parametrize("passing", [OUT_OF_ORDER, THROTTLED, DROPPED])
def test_what_may_pass_is_tried_again_with_the_attempt_counted(passing: HttpReply | None) -> None:
    aws = Aws(passing, passing, STARTED)
    aws.fire(Retries(max_attempts=5, dead_letter_arn=QUEUE_ARN))
    eventually(lambda: len(aws.inputs) == 3)
    assert aws.inputs == [{"at": "2026-11-21T18:00:00Z", "attempt": str(number)} for number in (1, 2, 3)]
    assert aws.messages == []


@pytest.mark.parametrize(
    ("reply", "retries", "attempts", "code"),
    [
        (OUT_OF_ORDER, {"max_attempts": 2}, 3, "AWS.Scheduler.InternalServerError"),
        (OUT_OF_ORDER, {"max_age_seconds": 0}, 1, "AWS.Scheduler.InternalServerError"),
        (REJECTED, {}, 1, "AccessDeniedException"),
    ],
    ids=["too often", "too old", "cannot pass"],
)
def test_what_is_not_tried_again_becomes_a_dead_letter_that_says_all(
    reply: HttpReply, retries: dict[str, int], attempts: int, code: str
) -> None:
    aws = Aws(reply)
    aws.fire(Retries(dead_letter_arn=QUEUE_ARN, **retries))
    (message,) = eventually(lambda: aws.messages)
    assert len(aws.inputs) == attempts
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes.pop("EXECUTION_ID")
    assert attributes == {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": reply.body.decode(),
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(attempts - 1),
        "SCHEDULED_TIME": "2026-11-21T18:00:00Z",
        "SCHEDULE_ARN": "arn:s",
        "TARGET_ARN": MACHINE_ARN,
    }
    assert message["QueueUrl"].endswith("/123456789012/missed")
    assert json.loads(message["MessageBody"])["at"] == "2026-11-21T18:00:00Z"


def test_an_enabled_schedule_fires_when_its_time_comes() -> None:
    aws, has_fired = Aws(STARTED), threading.Event()

    def answer(request: HttpRequest) -> HttpReply:
        reply = aws.answer(request)
        has_fired.set()
        return reply

    soon = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(seconds=2)
    expression = f"at({soon:%Y-%m-%dT%H:%M:%S})"
    schedule = Schedule("S", "s", "arn:s", expression, "UTC", True, Target(MACHINE_ARN, INPUT))
    scheduler = Scheduler([schedule], Deliveries(TargetCaller(answer)))
    scheduler.start()
    assert has_fired.wait(30)
    scheduler.stop()
    assert aws.inputs == [{"at": f"{soon:%Y-%m-%dT%H:%M:%S}Z", "attempt": "1"}]


@pytest.mark.parametrize(
    ("expression", "next_fire"), [("at(2100-01-01T00:00:00)", "2100-01-01T00:00:00Z"), ("rate(1 day)", None)]
)
def test_the_dates_of_a_schedule_bound_what_recurs_and_nothing_that_fires_once(
    expression: str, next_fire: str | None
) -> None:
    over = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    schedule = Schedule("S", "s", "arn:s", expression, "UTC", True, Target(MACHINE_ARN, INPUT), ends_at=over)
    (shown,) = Scheduler([schedule], Deliveries(TargetCaller(Aws().answer))).as_json()["schedules"]
    assert shown["nextFire"] == next_fire

"""`make start-missed` starts what a queue holds, and leaves what it cannot read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from farsync_schedules.missed import MissedUnreadable, missed_of
from tools import start_missed

START_ONCE = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-start_once"
SCHEDULE = "arn:aws:scheduler:ap-northeast-2:123456789012:schedule/farsync-schedules/night"
TIME = "2026-11-21T18:00:00Z"
INPUT = {"machine": "run_job", "nameParts": [["j"], ["default"], ["schedule", SCHEDULE, TIME]], "input": {"job": "j"}}
TEXT = json.dumps(INPUT)
UNFILLED = TEXT.replace(SCHEDULE, "<aws.scheduler.schedule-arn>").replace(TIME, "<aws.scheduler.scheduled-time>")
ATTRIBUTES = {
    "SCHEDULE_ARN": SCHEDULE,
    "SCHEDULED_TIME": TIME,
    "TARGET_ARN": START_ONCE,
    "ERROR_CODE": "AccessDenied",
}


def as_message_attributes(attributes: Mapping[str, str]) -> Any:
    return {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TEXT, id="the input"),
        pytest.param(UNFILLED, id="the input unfilled"),
        pytest.param(json.dumps({"StateMachineArn": START_ONCE, "Input": TEXT}), id="the call"),
        pytest.param(json.dumps({"stateMachineArn": START_ONCE, "input": UNFILLED}), id="the call unfilled"),
    ],
)
def test_what_start_once_would_have_been_given_is_found(body: str) -> None:
    missed = missed_of({"MessageId": "m", "Body": body, "MessageAttributes": as_message_attributes(ATTRIBUTES)})
    assert json.loads(missed.start_once_input) == INPUT
    assert missed[:4] == (SCHEDULE, TIME, "AccessDenied", START_ONCE)


@pytest.mark.parametrize(
    ("body", "attributes", "reason"),
    [
        (TEXT, {"IS_PAYLOAD_TRUNCATED": "true"}, "too long"),
        (TEXT, {"TARGET_ARN": "arn:aws:lambda:ap-northeast-2:123456789012:function:f"}, "no state machine"),
        ("night", {}, "no JSON"),
        ("[]", {}, "no JSON object"),
        ('{"job": "j"}', {}, "no input of start_once"),
    ],
)
def test_a_message_that_is_none_of_farsyncs_is_not_started(body: str, attributes: dict[str, str], reason: str) -> None:
    message = {"MessageId": "m", "Body": body, "MessageAttributes": as_message_attributes(ATTRIBUTES | attributes)}
    with pytest.raises(MissedUnreadable, match=reason):
        missed_of(message)


class Queue:
    def __init__(self) -> None:
        self._sqs = boto3.client("sqs")
        self.url = str(self._sqs.create_queue(QueueName="missed")["QueueUrl"])

    def send(self, body: str) -> None:
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=as_message_attributes(ATTRIBUTES))

    def count_visible(self) -> int:
        state = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return int(state["ApproximateNumberOfMessages"])


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    with mock_aws():
        yield Queue()


def test_what_was_only_shown_can_be_started_at_once(queue: Queue, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(12):
        queue.send(TEXT)
    assert start_missed.main([queue.url, "--show"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("night of 2026-11-21T18:00:00Z: missed") == 12
    assert shown.endswith("\n12 messages\n")
    assert queue.count_visible() == 12


def test_what_cannot_be_read_is_counted_and_left(queue: Queue, capsys: pytest.CaptureFixture[str]) -> None:
    queue.send("night")
    assert start_missed.main([queue.url]) == 1
    assert capsys.readouterr().out.endswith("1 message, 1 of which cannot be read\n")
    assert queue.count_visible() == 1

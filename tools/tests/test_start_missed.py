"""What `make start-missed` tells of a queue, and what it leaves on it."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tools import start_missed

START_ONCE = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:farsync-start_once"
INPUT = json.dumps({"machine": "run_job", "nameParts": [["j"], ["default"]], "input": {"job": "j"}})


class Queue:
    def __init__(self) -> None:
        self._sqs = boto3.client("sqs")
        self.url = str(self._sqs.create_queue(QueueName="missed")["QueueUrl"])

    def send(self, body: str = INPUT) -> None:
        told = {"SCHEDULE_ARN": "schedule/night", "SCHEDULED_TIME": "2026-11-21T18:00:00Z", "TARGET_ARN": START_ONCE}
        attributes: dict[str, Any] = {name: {"DataType": "String", "StringValue": text} for name, text in told.items()}
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes)

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
        queue.send()
    assert start_missed.main([queue.url, "--show"]) == 0
    assert capsys.readouterr().out.count("night of 2026-11-21T18:00:00Z: missed") == 12
    assert queue.count_visible() == 12


def test_what_cannot_be_read_is_counted_and_left(queue: Queue, capsys: pytest.CaptureFixture[str]) -> None:
    queue.send("night")
    assert start_missed.main([queue.url]) == 1
    assert capsys.readouterr().out.endswith("1 message, 1 of which cannot be read\n")
    assert queue.count_visible() == 1


@pytest.mark.parametrize(("messages", "told"), [(0, "nothing was missed"), (1, "1 message"), (2, "2 messages")])
def test_messages_are_counted(queue: Queue, messages: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(messages):
        queue.send()
    start_missed.main([queue.url, "--show"])
    assert capsys.readouterr().out.splitlines()[-1] == told

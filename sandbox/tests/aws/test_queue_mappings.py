"""A function gets the messages of the queue that its template maps to it, as Lambda's event source mappings do it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import eventually

from .conftest import SPEED
from .consuming import is_empty, read_records, received

Send = Callable[..., str]
VISIBILITY_SECONDS = 6
DEAD_LETTERS = "t-PollDeadLetterQueue"


def test_a_record_has_the_members_that_lambda_gives_it(send: Send, log: Path, sandbox: dict[str, Any]) -> None:
    message_id = send({}, MessageAttributes={"kind": {"DataType": "String", "StringValue": "x"}})
    (record,) = received(log, 1)
    assert record["messageId"] == message_id
    assert record["receiptHandle"]
    assert len(record["md5OfBody"]) == 32
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"].isdecimal()
    assert record["attributes"]["ApproximateFirstReceiveTimestamp"].isdecimal()
    assert record["attributes"]["SenderId"]
    assert record["messageAttributes"]["kind"] == {
        "stringValue": "x",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == "arn:aws:sqs:ap-northeast-2:123456789012:t-PollQueue"
    assert record["awsRegion"] == sandbox["region"]


def test_a_message_that_was_handled_is_gone(send: Send, log: Path, sqs: Any) -> None:
    send({})
    received(log, 1)
    eventually(lambda: is_empty(sqs))
    assert len(read_records(log)) == 1


def test_a_reported_message_comes_back_when_its_visibility_ends(send: Send, log: Path) -> None:
    send({"fail": True}, {})
    first, second = received(log, 2)
    assert second["messageId"] == first["messageId"]
    assert second["receiptHandle"] != first["receiptHandle"]
    assert second["attributes"]["ApproximateReceiveCount"] == "2"
    # The visibility begins with the receive, a little before the function writes.
    assert 0.8 * VISIBILITY_SECONDS / SPEED <= second["at"] - first["at"] < VISIBILITY_SECONDS


@pytest.mark.parametrize("seconds", [2, 15])
def test_a_visibility_that_the_function_changed_stands(send: Send, log: Path, seconds: int) -> None:
    send({"hide": seconds, "fail": True}, {})
    first, second = received(log, 2)
    assert seconds / SPEED <= second["at"] - first["at"] < seconds / SPEED + 0.35


def test_a_message_that_is_received_too_often_goes_to_the_dead_letter_queue(send: Send, log: Path, sqs: Any) -> None:
    message_id = send({"hide": 1, "fail": True})
    url = sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
    (dead,) = eventually(lambda: sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"]).get("Messages"))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=dead["ReceiptHandle"])
    assert dead["MessageId"] == message_id
    assert len(read_records(log)) == 3
    assert is_empty(sqs)


def test_a_delayed_message_comes_when_its_delay_has_passed_at_the_sandbox_speed(send: Send, log: Path) -> None:
    before = time.time()
    send({}, DelaySeconds=10)
    (record,) = received(log, 1)
    assert 10 / SPEED <= record["at"] - before < 10 / SPEED + 0.5


def test_a_message_is_not_given_out_twice_while_its_call_outlasts_its_scaled_visibility(
    send: Send, log: Path, sqs: Any
) -> None:
    send({"sleep": 2 * VISIBILITY_SECONDS / SPEED})
    received(log, 1)
    eventually(lambda: is_empty(sqs))
    assert len(read_records(log)) == 1


@pytest.mark.parametrize("answer", ["text", [], {"batchItemFailures": [{"itemIdentifier": "nobody"}]}])
def test_an_answer_that_cannot_be_understood_fails_the_whole_batch(send: Send, log: Path, answer: Any) -> None:
    send({"answer": answer}, {})
    assert len(received(log, 2)) == 2


def test_a_mapping_that_asks_for_no_report_deletes_whatever_the_answer_says(send: Send, log: Path, sqs: Any) -> None:
    send({"fail": True}, queue="t-PlainQueue")
    received(log, 1)
    eventually(lambda: is_empty(sqs, "t-PlainQueue"))


def test_no_more_calls_run_at_once_than_the_mapping_allows(send: Send, log: Path, sqs: Any) -> None:
    for _ in range(10):
        send({"sleep": 0.2})
    records = received(log, 10)
    at = sorted(record["at"] for record in records)
    # Two pollers with up to two messages a call, one after the other: never three within one sleep.
    assert all(later - earlier > 0.15 for earlier, later in zip(at, at[2:], strict=False))
    eventually(lambda: is_empty(sqs))


def test_the_url_of_a_queue_of_polls_is_reported_where_there_is_one(sandbox: dict[str, Any]) -> None:
    assert sandbox["pollQueueUrl"].endswith("/t-PollQueue")
    assert "closeQueueUrl" not in sandbox

"""Messages as an event source mapping of Lambda brings them, and the answer that it reads."""

from datetime import UTC, datetime
from typing import Any

import pytest

from farsync.model.execution import WireModel
from farsync.runtime.queue_messages import Record, serve_messages, serve_messages_or_call
from farsync.runtime.request import Answer, Invocation


class Called(WireModel):
    job: str


def received(message_id: str = "message-1", body: str = "{}") -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": "a-handle",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1796126400500"},
        "eventSource": "aws:sqs",
    }


def test_a_record_says_what_was_received_and_how_often() -> None:
    records: list[Record] = []

    def remember(record: Record) -> bool:
        records.append(record)
        return True

    serve_messages({"Records": [received(body="text")]}, remember)
    sent_at = datetime(2026, 12, 1, 12, 0, 0, 500_000, tzinfo=UTC)
    assert records == [Record("message-1", "a-handle", "text", 3, sent_at)]


def test_a_message_that_is_not_done_is_named_and_kept_and_another_deleted() -> None:
    event = {"Records": [received("message-1"), received("message-2")]}
    answer = serve_messages(event, lambda record: record.message_id == "message-1")
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-2"}]}


def test_a_bug_keeps_the_message_and_is_seen() -> None:
    def broken(_: Record) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        serve_messages({"Records": [received()]}, broken)


def test_a_function_that_has_a_queue_can_be_called_too() -> None:
    def action(invocation: Invocation) -> Answer:
        return Answer(Called(job=str(invocation.payload["job"])))

    called = serve_messages_or_call({"job": "a-job"}, lambda _: True, action)
    assert called == {"job": "a-job"}
    assert serve_messages_or_call({"Records": [received()]}, lambda _: True, action) == {"batchItemFailures": []}

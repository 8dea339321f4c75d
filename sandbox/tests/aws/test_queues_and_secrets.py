"""Queues and secrets: what the template and the settings name is there, and FIFO queues hear a message once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def sqs(client: Callable[[str], Any]) -> Any:
    return client("sqs")


@pytest.fixture
def queue_url(sqs: Any) -> Iterator[str]:
    attributes = {"FifoQueue": "true"}
    url: str = sqs.create_queue(QueueName="own.fifo", Attributes=attributes)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def send(sqs: Any, url: str, body: str, identity: str) -> str:
    sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="one", MessageDeduplicationId=identity)
    return str(sent["MessageId"])


def receive_and_delete(sqs: Any, url: str) -> list[str]:
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


def test_a_duplicate_is_not_heard_again_even_after_the_first_was_deleted(sqs: Any, queue_url: str) -> None:
    first = send(sqs, queue_url, "the end", "id-1")
    assert receive_and_delete(sqs, queue_url) == ["the end"]
    assert send(sqs, queue_url, "the end", "id-1") == first
    assert receive_and_delete(sqs, queue_url) == []

"""Queues and secrets: what the template and the settings name is there, and FIFO queues hear a message once."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError


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


def test_the_completion_queue_is_a_fifo_queue_with_a_dead_letter_queue(sqs: Any, sandbox: dict[str, Any]) -> None:
    attributes = sqs.get_queue_attributes(QueueUrl=sandbox["queueUrl"], AttributeNames=["All"])["Attributes"]
    assert attributes["FifoQueue"] == "true"
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":t-DeadLetterQueue.fifo")


def test_a_duplicate_is_not_heard_again_even_after_the_first_was_deleted(sqs: Any, queue_url: str) -> None:
    first = send(sqs, queue_url, "the end", "id-1")
    assert receive_and_delete(sqs, queue_url) == ["the end"]
    assert send(sqs, queue_url, "the end", "id-1") == first
    assert receive_and_delete(sqs, queue_url) == []


def test_another_deduplication_id_is_another_message(sqs: Any, queue_url: str) -> None:
    send(sqs, queue_url, "one", "id-1")
    send(sqs, queue_url, "two", "id-2")
    assert receive_and_delete(sqs, queue_url) == ["one", "two"]


def test_a_secret_of_the_settings_can_be_read(client: Callable[[str], Any]) -> None:
    secret = client("secretsmanager").get_secret_value(SecretId="farsync/connections/default")
    assert json.loads(secret["SecretString"]) == {"provider": "naver"}


def test_an_unknown_secret_is_not_found(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError) as raised:
        client("secretsmanager").get_secret_value(SecretId="nobody")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"

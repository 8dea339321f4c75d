"""Queues as SQS has them: visibility, delays, receipts, sizes, duplicates, for any client."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.mappings.records import BatchFailed, failed_ids


class Queue:
    """One queue, of which no mapping reads."""

    def __init__(self, sqs: Any, url: str) -> None:
        self.sqs = sqs
        self._named = {"QueueUrl": url}

    def send(self, body: str = "b", **more: Any) -> str:
        return str(self.sqs.send_message(**self._named, MessageBody=body, **more)["MessageId"])

    def receive(self, **more: Any) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.sqs.receive_message(**self._named, **more).get("Messages", [])
        return messages

    def hide(self, handle: str, seconds: int) -> None:
        self.sqs.change_message_visibility(**self._named, ReceiptHandle=handle, VisibilityTimeout=seconds)

    def delete(self, handle: str) -> None:
        self.sqs.delete_message(**self._named, ReceiptHandle=handle)


@pytest.fixture
def queue(sqs: Any) -> Iterator[Queue]:
    attributes = {"MaximumMessageSize": "2048"}
    url = sqs.create_queue(QueueName=f"own-{time.monotonic_ns()}", Attributes=attributes)["QueueUrl"]
    yield Queue(sqs, url)
    sqs.delete_queue(QueueUrl=url)


def error_code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as raised:
        call()
    return str(raised.value.response["Error"]["Code"])


def test_of_many_receivers_at_once_each_message_has_one(queue: Queue) -> None:
    for number in range(20):
        queue.send(str(number))
    with ThreadPoolExecutor(8) as receivers:
        received = list(receivers.map(lambda _: queue.receive(), range(40)))
    assert sorted(int(message["Body"]) for messages in received for message in messages) == list(range(20))


def test_who_waits_gets_a_message_the_moment_it_is_visible(queue: Queue) -> None:
    queue.send()
    begun = time.monotonic()
    queue.receive(VisibilityTimeout=1)
    assert queue.receive(WaitTimeSeconds=10)
    # A queue without a mapping keeps its own time, whatever the sandbox's speed.
    assert 0.9 < time.monotonic() - begun < 1.4


def test_a_message_that_is_visible_again_has_nothing_to_hide(queue: Queue) -> None:
    queue.send()
    (message,) = queue.receive(VisibilityTimeout=0)
    assert error_code(lambda: queue.hide(message["ReceiptHandle"], 9)) == "AWS.SimpleQueueService.MessageNotInflight"


def test_a_deleted_message_cannot_be_hidden_but_deleted_again(queue: Queue) -> None:
    queue.send()
    handle = queue.receive()[0]["ReceiptHandle"]
    queue.delete(handle)
    queue.delete(handle)
    assert error_code(lambda: queue.hide(handle, 9)) == "InvalidParameterValue"


def test_what_is_no_receipt_is_rejected(queue: Queue) -> None:
    assert error_code(lambda: queue.delete("월")) == "ReceiptHandleIsInvalid"


def test_a_message_is_not_hidden_for_more_than_twelve_hours(queue: Queue) -> None:
    queue.send()
    handle = queue.receive()[0]["ReceiptHandle"]
    assert error_code(lambda: queue.hide(handle, 43200)) == "InvalidParameterValue"
    queue.hide(handle, 43199)


@pytest.mark.parametrize(
    ("body", "more", "code"),
    [
        ("월" * 683, {}, "InvalidParameterValue"),
        ("b", {"DelaySeconds": -1}, "InvalidParameterValue"),
        ("\u0000", {}, "InvalidMessageContents"),
        ("\u001b[0m", {}, "InvalidMessageContents"),
        ("\ufffe", {}, "InvalidMessageContents"),
    ],
    ids=["bytes", "delay", "NUL", "escape", "no character"],
)
def test_a_message_that_sqs_does_not_take_is_rejected(queue: Queue, body: str, more: dict[str, int], code: str) -> None:
    queue.send("월" * 682)
    assert error_code(lambda: queue.send(body, **more)) == code


def test_an_input_over_256_kib_starts_nothing(sfn: Any, machine: Callable[..., str]) -> None:
    arn = machine({"Only": {"Type": "Succeed"}})
    text = f'"{"x" * 262143}"'
    assert error_code(lambda: sfn.start_execution(stateMachineArn=arn, input=text)) == "ValidationException"
    assert sfn.list_executions(stateMachineArn=arn)["executions"] == []


def test_a_duplicate_is_not_delivered_again_even_after_the_first_was_deleted(sqs: Any) -> None:
    name = f"own-{time.monotonic_ns()}.fifo"
    queue = Queue(sqs, sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"])
    first = queue.send("the end", MessageGroupId="one", MessageDeduplicationId="id-1")
    queue.delete(queue.receive()[0]["ReceiptHandle"])
    assert queue.send("the end", MessageGroupId="one", MessageDeduplicationId="id-1") == first
    assert queue.receive() == []


@pytest.mark.parametrize("response", ["", "null", "{}", '{"batchItemFailures": null}', '{"batchItemFailures": []}'])
def test_a_response_without_failures_is_a_success_of_all(response: str) -> None:
    assert failed_ids(response.encode(), ["a", "b"]) == frozenset()


@pytest.mark.parametrize(
    "response",
    [
        '"done"',
        "7",
        "[]",
        "{",
        '{"batchItemFailures": {}}',
        '{"batchItemFailures": ["a"]}',
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '{"batchItemFailures": [{"itemIdentifier": null}]}',
        '{"batchItemFailures": [{"messageId": "a"}]}',
        '{"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "c"}]}',
    ],
)
def test_a_response_that_names_no_message_of_the_batch_fails_all(response: str) -> None:
    with pytest.raises(BatchFailed):
        failed_ids(response.encode(), ["a", "b"])

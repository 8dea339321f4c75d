"""Standard queues as SQS has them: visibility, delays, receipts, dead letters, sizes, for any client."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.mappings.records import BatchFailed, failed_ids


@pytest.fixture
def url(sqs: Any) -> Iterator[str]:
    name = f"own-{time.monotonic_ns()}"
    created: str = sqs.create_queue(QueueName=name, Attributes={"MaximumMessageSize": "2048"})["QueueUrl"]
    yield created
    sqs.delete_queue(QueueUrl=created)


def receive(sqs: Any, url: str, **more: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, **more).get("Messages", [])
    return messages


def code_of(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return str(raised.value.response["Error"]["Code"])


def test_of_many_receivers_at_once_each_message_has_one(sqs: Any, url: str) -> None:
    for number in range(20):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    with ThreadPoolExecutor(8) as receivers:
        received = list(receivers.map(lambda _: receive(sqs, url), range(40)))
    assert sorted(int(message["Body"]) for messages in received for message in messages) == list(range(20))


def test_who_waits_gets_a_message_the_moment_it_is_visible(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="b")
    begun = time.monotonic()
    receive(sqs, url, VisibilityTimeout=1)
    assert receive(sqs, url, WaitTimeSeconds=10)
    # A queue without a mapping keeps its own time, whatever the sandbox's speed.
    assert 0.9 < time.monotonic() - begun < 1.4


def test_who_waits_gets_a_message_the_moment_it_is_sent(sqs: Any, url: str) -> None:
    with ThreadPoolExecutor(1) as receivers:
        waiting = receivers.submit(receive, sqs, url, WaitTimeSeconds=10)
        time.sleep(0.1)
        sqs.send_message(QueueUrl=url, MessageBody="b")
        sent_at = time.monotonic()
        assert waiting.result()
        assert time.monotonic() - sent_at < 0.5


def test_a_message_that_is_visible_again_has_nothing_to_hide(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="b")
    (message,) = receive(sqs, url, VisibilityTimeout=0)
    handle = message["ReceiptHandle"]
    error = "AWS.SimpleQueueService.MessageNotInflight"
    call = sqs.change_message_visibility
    assert code_of(call, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=9) == error


def test_a_deleted_message_cannot_be_hidden_but_deleted_again(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="b")
    (message,) = receive(sqs, url)
    given = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
    sqs.delete_message(**given)
    sqs.delete_message(**given)
    assert code_of(sqs.change_message_visibility, VisibilityTimeout=9, **given) == "InvalidParameterValue"


def test_what_is_no_receipt_is_rejected(sqs: Any, url: str) -> None:
    assert code_of(sqs.delete_message, QueueUrl=url, ReceiptHandle="월") == "ReceiptHandleIsInvalid"


def test_a_message_is_not_hidden_for_more_than_twelve_hours(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="b")
    (message,) = receive(sqs, url)
    call, handle = sqs.change_message_visibility, message["ReceiptHandle"]
    assert code_of(call, QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43200) == "InvalidParameterValue"
    call(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43199)


def test_a_message_is_measured_in_bytes(sqs: Any, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="월" * 682)
    assert code_of(sqs.send_message, QueueUrl=url, MessageBody="월" * 683) == "InvalidParameterValue"


@pytest.mark.parametrize("text", ["\u0000", "\u001b[0m", "\ufffe"])
def test_a_character_that_sqs_does_not_take_is_rejected(sqs: Any, url: str, text: str) -> None:
    assert code_of(sqs.send_message, QueueUrl=url, MessageBody=text) == "InvalidMessageContents"


def test_a_delay_below_zero_is_rejected(sqs: Any, url: str) -> None:
    assert code_of(sqs.send_message, QueueUrl=url, MessageBody="b", DelaySeconds=-1) == "InvalidParameterValue"


def test_an_input_over_256_kib_starts_nothing(sfn: Any, machine: Callable[..., str]) -> None:
    arn = machine({"Only": {"Type": "Succeed"}})
    call = sfn.start_execution
    assert code_of(call, stateMachineArn=arn, input=f'"{"x" * 262143}"') == "ValidationException"
    assert sfn.list_executions(stateMachineArn=arn)["executions"] == []


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

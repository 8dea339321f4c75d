"""What a test does to the messages by which runs are followed."""

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def sends_of_follow(history: list[dict[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """When and what `Follow` sent, oldest first: seconds since 1970, and what SQS was given."""
    scheduled = [event for event in history if "taskScheduledEventDetails" in event]
    return [
        (event["timestamp"].timestamp(), json.loads(event["taskScheduledEventDetails"]["parameters"]))
        for event in scheduled
        if event["taskScheduledEventDetails"]["resourceType"] == "sqs"
    ]


def message_id_of_follow(history: list[dict[str, Any]]) -> str:
    """Of the message that `Follow` sent last."""
    outputs = [event["taskSubmittedEventDetails"]["output"] for event in history if event["type"] == "TaskSubmitted"]
    return str(json.loads(outputs[-1])["MessageId"])


def send_a_copy(sandbox: Sandbox, arn: str, delay_seconds: int = 0) -> None:
    """Of the message that a run sent last; SQS may deliver any message again."""
    _, sent = eventually(lambda: sends_of_follow(sandbox.history(arn)))[-1]
    body = json.dumps(sent["MessageBody"])
    sandbox.queue.send_message(QueueUrl=sandbox.aws["pollQueueUrl"], MessageBody=body, DelaySeconds=delay_seconds)


def take_message(sandbox: Sandbox, text: str) -> None:
    """While the mapping is paused, the message that holds the text is received and deleted."""
    url = sandbox.aws["pollQueueUrl"]

    def take() -> bool:
        messages = sandbox.queue.receive_message(QueueUrl=url, VisibilityTimeout=1).get("Messages", [])
        handles = [message["ReceiptHandle"] for message in messages if text in message["Body"]]
        for handle in handles:
            sandbox.queue.delete_message(QueueUrl=url, ReceiptHandle=handle)
        return bool(handles)

    eventually(take)


def set_most_receives(sandbox: Sandbox, times: int) -> None:
    """After so many receives a message becomes a dead letter."""
    policy = {"deadLetterTargetArn": _dead_letters_arn(sandbox), "maxReceiveCount": times}
    url = sandbox.aws["pollQueueUrl"]
    sandbox.queue.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})


def await_dead_letter(sandbox: Sandbox, text: str) -> float:
    """Takes the dead letter that holds the text; gives how many seconds it let itself be waited for."""
    name = _dead_letters_arn(sandbox).rpartition(":")[2]
    url = sandbox.queue.get_queue_url(QueueName=name)["QueueUrl"]
    began = time.monotonic()

    def take() -> bool:
        letters = sandbox.queue.receive_message(QueueUrl=url, VisibilityTimeout=1).get("Messages", [])
        return any(text in letter["Body"] for letter in letters)

    eventually(take)
    return time.monotonic() - began


def messages_left(sandbox: Sandbox) -> Mapping[str, str]:
    asked = sandbox.queue.get_queue_attributes(QueueUrl=sandbox.aws["pollQueueUrl"], AttributeNames=["All"])
    return {name: asked["Attributes"][name] for name in COUNTS}


def _dead_letters_arn(sandbox: Sandbox) -> str:
    url = sandbox.aws["pollQueueUrl"]
    asked = sandbox.queue.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    return str(json.loads(asked["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"])

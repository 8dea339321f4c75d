"""Times that no schedule could start: what a dead-letter queue of EventBridge Scheduler holds, started after all.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from farsync_schedules.entry import SCHEDULE_ARN, SCHEDULED_TIME

SECONDS_TO_START_IN = 60
"""How long a message that was received stays invisible to another command at work."""


class MissedUnreadable(Exception):
    """The message is none of a schedule of farsync. The text says why."""


class Missed(NamedTuple):
    """One time of one schedule, and what starts its run."""

    schedule: str
    scheduled_time: str
    error: str
    start_once_arn: str
    start_once_input: str


def missed_of(message: Mapping[str, Any]) -> Missed:
    """A message, as ReceiveMessage gives it, with all its attributes. Raises MissedUnreadable."""
    attributes = {name: str(value.get("StringValue")) for name, value in message.get("MessageAttributes", {}).items()}
    if attributes.get("IS_PAYLOAD_TRUNCATED") == "true":
        raise MissedUnreadable("its input was too long for the queue; start the run by hand")
    schedule, time = attributes.get("SCHEDULE_ARN", ""), attributes.get("SCHEDULED_TIME", "")
    body = _object(message["Body"])
    # The pages leave open whether the body is the target's input or the whole call with the input in it.
    text = body.get("Input") or body.get("input")
    start_once_input = text if isinstance(text, str) and "nameParts" not in body else message["Body"]
    for keyword, value in ((SCHEDULE_ARN, schedule), (SCHEDULED_TIME, time)):
        start_once_input = start_once_input.replace(keyword, value)
    if not {"machine", "nameParts", "input"} <= _object(start_once_input).keys():
        raise MissedUnreadable("its body is no input of start_once")
    arn = attributes.get("TARGET_ARN") or str(body.get("StateMachineArn") or body.get("stateMachineArn"))
    if ":stateMachine:" not in arn:
        raise MissedUnreadable("its target is no state machine")
    return Missed(schedule, time, attributes.get("ERROR_CODE", ""), arn, start_once_input)


def missed_messages(sqs: Any, queue_url: str) -> Iterator[Mapping[str, Any]]:
    """Every message that stands on the queue, once."""
    seen: set[str] = set()
    while True:
        received = sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            VisibilityTimeout=SECONDS_TO_START_IN,
            WaitTimeSeconds=1,
        )
        fresh = [message for message in received.get("Messages", []) if message["MessageId"] not in seen]
        if not fresh:
            return
        seen.update(message["MessageId"] for message in fresh)
        yield from fresh


def start_missed(step_functions: Any, sqs: Any, queue_url: str, message: Mapping[str, Any], missed: Missed) -> None:
    """Starts the run unless its time was started before, and takes the message off the queue."""
    step_functions.start_execution(stateMachineArn=missed.start_once_arn, input=missed.start_once_input)
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def leave_on_queue(sqs: Any, queue_url: str, message: Mapping[str, Any]) -> None:
    """The message can be received again at once, as it can anyhow where it was received long ago."""
    with suppress(sqs.exceptions.MessageNotInflight):
        sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)


def _object(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        raise MissedUnreadable("its body is no JSON") from None
    if not isinstance(read, dict):
        raise MissedUnreadable("its body is no JSON object")
    return read

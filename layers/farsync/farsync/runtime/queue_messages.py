"""Messages of a queue, as an event source mapping of Lambda brings them: one adapter for every consumer."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from farsync.aws.client import AwsRequestFailed, Stack
from farsync.aws.message_queue import hide, send
from farsync.runtime.entrypoint import Action, serve
from farsync.runtime.observability import count, log_context, logger


class Record(NamedTuple):
    """One receive of a message."""

    message_id: str
    receipt_handle: str
    body: str
    receive_count: int
    """How often it was received, this time included; approximate."""
    sent_at: datetime


Consume = Callable[[Record], bool]
"""True: done, the message is deleted. False: kept; it comes again once it is no longer hidden. An exception is a bug:
the mapping keeps the message too, and slows down.
"""


def serve_messages(event: Mapping[str, Any], consume: Consume) -> dict[str, object]:
    """The answer that the mapping reads: which messages it shall keep."""
    return {"batchItemFailures": [{"itemIdentifier": kept} for kept in _kept(event, consume)]}


def serve_messages_or_call(event: object, consume: Consume, action: Action) -> dict[str, object]:
    """For a function that has a queue and is called too, over HTTP or by a state machine."""
    if isinstance(event, dict) and _is_of_a_queue(event):
        return serve_messages(event, consume)
    return serve(event, action)


def keep(stack: Stack, queue_variable: str, record: Record, seconds: int) -> bool:
    """False: kept, and hidden. Where it cannot be hidden, the queue's own visibility time-out brings it back."""
    try:
        hide(stack, stack.variables[queue_variable], record.receipt_handle, seconds)
    except AwsRequestFailed as failure:
        logger.warning("the message could not be hidden", reason=str(failure))
    return False


def set_aside(stack: Stack, queue_variable: str, record: Record) -> None:
    """What cannot be read is for a person; nothing of it is logged. Raises AwsRequestFailed."""
    send(stack, stack.variables[queue_variable], record.body)
    count("UnreadableMessages")
    logger.error("a message cannot be read; it is on the dead-letter queue now", message_id=record.message_id)


def _is_of_a_queue(event: Mapping[str, Any]) -> bool:
    records = event.get("Records")
    return isinstance(records, list) and all(
        isinstance(record, dict) and record.get("eventSource") == "aws:sqs" for record in records
    )


def _kept(event: Mapping[str, Any], consume: Consume) -> Iterator[str]:
    for received in event["Records"]:
        record = _record(received)
        payload = _payload(record.body)
        with log_context(payload, (payload or {}).get("name")):
            is_done = consume(record)
        if not is_done:
            yield record.message_id


def _record(received: Mapping[str, Any]) -> Record:
    attributes = received["attributes"]
    return Record(
        message_id=received["messageId"],
        receipt_handle=received["receiptHandle"],
        body=received["body"],
        receive_count=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
    )


def _payload(body: str) -> Mapping[str, object] | None:
    """For the log alone; the consumer reads the message."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None

"""The event that a mapping invokes its function with, and what the function's response says of its messages.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
from collections.abc import Sequence
from typing import Any

from sandbox.aws.settings import REGION


class BatchFailed(Exception):
    """All messages of the batch count as failed; the text says why."""


def batch_event(messages: Sequence[Any], queue_arn: str) -> bytes:
    """`messages` are moto's."""
    records = [_record(message, queue_arn) for message in messages]
    return json.dumps({"Records": records}, ensure_ascii=False).encode(errors="surrogatepass")


def failed_ids(response: bytes, message_ids: Sequence[str]) -> frozenset[str]:
    """Of a function that reports failures. Raises BatchFailed for a response that is none of the kind."""
    try:
        answer = json.loads(response or b"null")
    except ValueError as error:
        raise BatchFailed(f"the response is no JSON: {error}") from error
    if answer is None:
        return frozenset()
    if not isinstance(answer, dict):
        raise BatchFailed("the response is no object")
    failures = answer.get("batchItemFailures")
    if failures is None:
        return frozenset()
    if not isinstance(failures, list):
        raise BatchFailed("batchItemFailures is no list")
    failed = []
    for failure in failures:
        identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
        if identifier not in message_ids:
            raise BatchFailed(f"an entry of batchItemFailures names no message of the batch: {failure}")
        failed.append(str(identifier))
    return frozenset(failed)


def _record(message: Any, queue_arn: str) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    of_fifo_queues = {
        "SequenceNumber": message.sequence_number,
        "MessageGroupId": message.group_id,
        "MessageDeduplicationId": message.deduplication_id,
    }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes | {name: value for name, value in of_fifo_queues.items() if value is not None},
        "messageAttributes": {name: _attribute(given) for name, given in message.message_attributes.items()},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(given: dict[str, Any]) -> dict[str, Any]:
    values = {name[0].lower() + name[1:]: given[name] for name in ("StringValue", "BinaryValue") if name in given}
    return {**values, "stringListValues": [], "binaryListValues": [], "dataType": given["DataType"]}

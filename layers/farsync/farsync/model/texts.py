"""Which characters the texts that we pass on may hold.

SQS takes those of XML 1.0 and rejects a message with any other:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
Of Step Functions, EventBridge and CloudWatch Logs no page names a character that they reject within JSON in UTF-8; half
of a surrogate pair is none: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
"""

import re

REPLACEMENT = "\ufffd"
HALF_A_PAIR = re.compile("[\ud800-\udfff]")
"""JSON allows it, and no UTF-8 holds it: https://www.rfc-editor.org/rfc/rfc8259#section-8.2"""
_REJECTED_BY_QUEUES = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of surrogate pairs, which no UTF-8 holds, and what is no character."""


def writable(text: str) -> str:
    """With U+FFFD for each half of a surrogate pair."""
    return HALF_A_PAIR.sub(REPLACEMENT, text)


def queue_text(text: str) -> str:
    """With U+FFFD for what a queue rejects. Control characters stay; JSON escapes them."""
    return _REJECTED_BY_QUEUES.sub(REPLACEMENT, text)

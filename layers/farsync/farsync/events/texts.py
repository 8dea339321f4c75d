"""Texts from elsewhere, made fit for an event."""

import re

_REJECTED_BY_QUEUES = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of surrogate pairs, which no UTF-8 holds, and what is no character."""
LONGEST_MESSAGE = 4_000


def queue_text(text: str) -> str:
    """With U+FFFD for what a queue rejects. Control characters stay; JSON escapes them."""
    return _REJECTED_BY_QUEUES.sub("\ufffd", text)

"""What the functions log: lines for people and for metrics, each of them JSON that CloudWatch takes."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from farsync.runtime.observability import logger
from tests.nasty_replies.service import reject_constant

LONGEST_LINE_BYTES = 262_144 - 26
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_InputLogEvent.html"""


@contextmanager
def checked_logs() -> Iterator[None]:
    """Fails at its end, by AssertionError or ValueError."""
    stream = io.StringIO()
    handler = logger.registered_handler
    assert hasattr(handler, "setStream")
    before = handler.setStream(stream)
    try:
        with redirect_stdout(stream):
            yield
    finally:
        handler.setStream(before)
    for line in filter(None, stream.getvalue().split("\n")):
        assert len(line.encode()) <= LONGEST_LINE_BYTES
        json.loads(line, parse_constant=reject_constant)

"""Stops what ended runs have left behind, and emits their events: consumer of the queue of runs to be closed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from farsync.operations.close_run import RETRY_SECONDS, consume
from farsync.runtime.context import lambda_context
from farsync.runtime.queue_messages import serve_messages

close = partial(consume, lambda_context(RETRY_SECONDS))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, object]:
    return serve_messages(event, close)

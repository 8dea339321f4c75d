"""Polls the executions of runs that wait on the queue; called over HTTP or by a state machine, shows an execution."""

from functools import partial

from farsync.operations.get_execution import get_execution
from farsync.operations.poll_execution import RETRY_SECONDS, consume
from farsync.runtime.context import lambda_context
from farsync.runtime.queue_messages import serve_messages_or_call

context = lambda_context(RETRY_SECONDS)
poll = partial(consume, context)
show = partial(get_execution, context)


def handler(event: object, _context: object) -> dict[str, object]:
    return serve_messages_or_call(event, poll, show)

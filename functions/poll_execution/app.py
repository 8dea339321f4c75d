"""Polls the executions of runs that wait on the queue; called over HTTP or by a state machine, shows an execution."""

from functools import partial

from farsync.operations.get_execution import show_execution
from farsync.operations.poll_execution import RETRY_SECONDS, consume
from farsync.runtime.context import lambda_environment
from farsync.runtime.queue_messages import serve_messages_or_call

environment = lambda_environment(RETRY_SECONDS)
poll = partial(consume, environment)
show = partial(show_execution, environment)


def handler(event: object, _context: object) -> dict[str, object]:
    return serve_messages_or_call(event, poll, show)

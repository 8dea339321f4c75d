"""Emits the ends of the watched jobs' executions, whoever started them."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.operations.watch_jobs import RETRY_SECONDS, watch
from farsync.serving import serve

act = partial(watch, lambda_environment(RETRY_SECONDS))


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

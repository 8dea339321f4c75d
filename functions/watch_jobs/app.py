"""Emits the ends of the watched jobs' executions, whoever started them."""

from functools import partial

from farsync.operations.watch_jobs import RETRY_SECONDS, watch
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(watch, lambda_context(RETRY_SECONDS))


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

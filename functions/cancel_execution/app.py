"""Stops an execution; "already over" is success."""

from functools import partial

from farsync.operations.cancel_execution import cancel
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(cancel, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

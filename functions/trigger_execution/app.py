"""Posts a start, once per call; never searches."""

from functools import partial

from farsync.operations.trigger_execution import start
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(start, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

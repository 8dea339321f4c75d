"""Posts a start, once per call; never looks."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.operations.trigger_execution import start
from farsync.serving import serve

act = partial(start, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

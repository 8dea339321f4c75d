"""Stops an execution; "already over" is success."""

from functools import partial

from farsync.cancelling import cancel
from farsync.environment import lambda_environment
from farsync.serving import serve

act = partial(cancel, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

"""Tells the ends of a job's executions, whoever started them."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.serving import serve
from farsync.watching import watch

act = partial(watch, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

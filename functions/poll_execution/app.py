"""Looks once; says when to look again; on the end, writes the completion event."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.looking import look
from farsync.serving import serve

act = partial(look, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

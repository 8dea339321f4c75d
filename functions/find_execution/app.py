"""Searches for the execution of an unconfirmed start; never posts."""

from functools import partial

from farsync.operations.find_execution import find
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(find, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

"""Reads the provider's own log of a run."""

from functools import partial

from farsync.operations.read_logs import read_logs
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(read_logs, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

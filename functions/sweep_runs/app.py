"""Finds runs that ended badly and may not be closed yet; runs by a schedule."""

from functools import partial

from farsync.operations.sweep_runs import sweep
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(sweep, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

"""Reads the job and its recent executions: run settings, baseline, past durations."""

from functools import partial

from farsync.operations.prepare_execution import prepare
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(prepare, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

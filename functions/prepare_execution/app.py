"""Reads the job and its recent executions: run settings, baseline, past durations."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.invocation import serve
from farsync.preparing import prepare

act = partial(prepare, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

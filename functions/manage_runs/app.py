"""The HTTP face of run_job: starts a run, shows a run."""

from functools import partial

from farsync.operations.manage_runs import manage_runs
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(manage_runs, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

"""Lists connections and jobs, or shows a job."""

from functools import partial

from farsync.operations.list_jobs import list_jobs
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(list_jobs, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

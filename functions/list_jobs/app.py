"""Lists jobs, or shows one."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.listing import list_jobs
from farsync.serving import serve

act = partial(list_jobs, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

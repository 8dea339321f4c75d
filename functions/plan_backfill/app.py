"""Plans a backfill, assesses its sets, and emits its event."""

from functools import partial

from farsync.operations.plan_backfill import plan_backfill
from farsync.runtime.context import lambda_context
from farsync.runtime.entrypoint import serve

act = partial(plan_backfill, lambda_context())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

"""Plans a backfill, judges its sets, and emits its event."""

from functools import partial

from farsync.environment import lambda_environment
from farsync.operations.plan_backfill import plan_backfill
from farsync.serving import serve

act = partial(plan_backfill, lambda_environment())


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, act)

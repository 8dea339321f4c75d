"""Plans a backfill: which runs it is made of, and under which names."""

from farsync.backfilling import plan_backfill
from farsync.serving import serve


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, plan_backfill)

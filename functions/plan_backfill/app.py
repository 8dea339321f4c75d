"""Plans a backfill: which runs it is made of, and under which names."""

from farsync import imports_are_done
from farsync.backfilling import plan_backfill
from farsync.serving import serve

imports_are_done()


def handler(event: object, _context: object) -> dict[str, object]:
    return serve(event, plan_backfill)

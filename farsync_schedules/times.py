"""When a schedule fires next."""

from datetime import datetime

from farsync_schedules.entry import ScheduleEntry
from sandbox.aws.events.schedule_expression import parse_expression


def next_time(expression: str, timezone: str, now: datetime) -> datetime | None:
    """In UTC; None for a rate, which counts from its deployment, and for one that fires no more."""
    return None if expression.startswith("rate(") else parse_expression(expression, timezone)(now)


def next_time_of(entry: ScheduleEntry, now: datetime) -> datetime | None:
    """Likewise, within its dates; None, too, where it is not enabled."""
    moment = next_time(entry.expression, entry.timezone, max(now, entry.start_date or now))
    is_past = moment is not None and entry.end_date is not None and moment > entry.end_date
    return moment if entry.enabled and not is_past else None

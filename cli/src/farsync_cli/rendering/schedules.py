"""Schedules and their next times."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from farsync_cli.rendering.table import Column, Row, table
from farsync_cli.rendering.values import clock_time
from farsync_cli.schedule_file import ScheduleTimes

COLUMNS = (
    Column("SCHEDULE", is_flexible=True),
    Column("JOB", is_flexible=True),
    Column("CONNECTION", is_flexible=True),
    Column("WHEN", is_flexible=True),
    Column("NEXT THERE"),
    Column("NEXT HERE"),
)


def schedule_table(schedules: Sequence[ScheduleTimes], now: datetime, width: int | None) -> list[Text]:
    """`there` is the schedule's zone, `here` this machine's."""
    return table(COLUMNS, [_row(schedule, now) for schedule in schedules], width)


def _row(schedule: ScheduleTimes, now: datetime) -> Row:
    moment = schedule.next_time
    there = f"{moment.astimezone(ZoneInfo(schedule.timezone)):%b %d %H:%M}" if moment else ""
    return Row(
        [
            schedule.name,
            str(schedule.request.get("job", "")),
            str(schedule.request.get("connection", "default")),
            f"{schedule.expression} {schedule.timezone}",
            there if schedule.is_enabled else "(not enabled)",
            clock_time(moment, now),
        ]
    )

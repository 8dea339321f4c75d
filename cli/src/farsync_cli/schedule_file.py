"""A file of schedules, read by the package `farsync_schedules`, which checks requests as the runs themselves do.

It comes with a checkout of farsync, and not with the command alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from farsync_client import FarsyncError
from farsync_client.schedule_stack import DeployedSchedule


class CheckerMissing(FarsyncError):
    """The package that checks schedules is not installed."""

    usual_remedy = "Install the command from a checkout of farsync: make install-cli"
    is_callers = True


class ScheduleTimes(NamedTuple):
    """A schedule and its next time, in UTC."""

    name: str
    expression: str
    timezone: str
    is_enabled: bool
    next_time: datetime | None
    request: Mapping[str, Any]


class ScheduleFile(NamedTuple):
    """What a file without a fault holds."""

    times: list[ScheduleTimes]
    template: Mapping[str, Any]
    """Without the schedules that fire no more."""


def read_schedule_file(path: Path, now: datetime) -> ScheduleFile | list[str]:
    """The file, or a line for each of its faults. Raises CheckerMissing."""
    try:
        from farsync_schedules.reading import SchedulesInvalid, read_schedules
        from farsync_schedules.stack import schedules_template
        from farsync_schedules.times import next_time_of
    except ImportError as error:
        raise CheckerMissing(f"The checker of schedules is not installed here ({error.name}).") from error
    try:
        entries = read_schedules(path)
    except SchedulesInvalid as invalid:
        return str(invalid).splitlines()
    times = [
        ScheduleTimes(
            entry.name, entry.expression, entry.timezone, entry.enabled, next_time_of(entry, now), entry.request
        )
        for entry in entries
    ]
    return ScheduleFile(times, schedules_template([entry for entry in entries if not entry.is_over(now)]))


def deployed_times(schedules: Mapping[str, DeployedSchedule], now: datetime) -> list[ScheduleTimes]:
    """Without next times where the checker is not installed."""
    next_time = _next_time()
    return [
        ScheduleTimes(
            schedule.name,
            schedule.expression,
            schedule.timezone,
            schedule.is_enabled,
            next_time(schedule.expression, schedule.timezone, now) if schedule.is_enabled else None,
            schedule.request,
        )
        for schedule in schedules.values()
    ]


def _next_time() -> Callable[[str, str, datetime], datetime | None]:
    try:
        from farsync_schedules.times import next_time
    except ImportError:
        return lambda *_: None
    return next_time

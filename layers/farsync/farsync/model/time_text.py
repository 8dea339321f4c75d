"""A time as a job wants to read it: a moment, written in a time zone and a format when the job is started."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from farsync.model.execution import WireModel
from farsync.model.moment import MomentText
from farsync.model.time_zones import unknown_timezone

_DIRECTIVE = re.compile("%.")
_FORMAT = r"^([^%\x00-\x1f]|%[YymdjHMSGVu%])+$"


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # A folder of the database is an OSError, and so is a name that is too long for a file.
        raise unknown_timezone(name) from None
    return name


class TimeText(WireModel):
    """A parameter whose value is written from a moment: the same text at every attempt, whenever that comes.

    `{"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "format": "%Y-%m-%d"}` stands for 2026-11-22.
    """

    time: MomentText
    """ISO 8601 with an offset; in the input of a schedule `<aws.scheduler.scheduled-time>`, which Scheduler fills."""
    timezone: Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_check_timezone)]
    """A name of the IANA time zone database, such as `Asia/Seoul`; summer time is kept."""
    format: Annotated[str, Field(max_length=100, pattern=_FORMAT)] = "%Y-%m-%d"
    """Directives of `strftime` that mean the same everywhere: year, month, day, hour, minute, second, day of the year,
    and year, number and day of the ISO week.
    """
    shift_days: Annotated[int, Field(strict=True, ge=-3660, le=3660)] = 0
    """Days of the calendar in that zone, added first: -1 is the day before, also over a change of the clocks."""

    @model_validator(mode="after")
    def _can_be_written(self) -> Self:
        try:
            self.text()
        except (ValueError, OverflowError):
            raise PydanticCustomError(
                "time", "stands for no day of the calendar; give another time or shiftDays"
            ) from None
        return self

    def text(self) -> str:
        local = datetime.fromisoformat(self.time).astimezone(ZoneInfo(self.timezone)) + timedelta(days=self.shift_days)
        return _DIRECTIVE.sub(lambda directive: local.strftime(directive[0]), self.format)


def written(value: str | TimeText) -> str:
    """What the job reads."""
    return value.text() if isinstance(value, TimeText) else value

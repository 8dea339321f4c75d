"""A time as a job wants to read it: a moment, written in a time zone and a format when the job is started."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from farsync.model.execution import WireModel

_DIRECTIVE = re.compile("%.")
_FORMAT = r"^([^%\x00-\x1f]|%[YymdjHMSGVu%])+$"
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"


class TimeText(WireModel):
    """A parameter whose value is written from a moment: the same text at every attempt, whenever that comes.

    `{"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul", "format": "%Y-%m-%d"}` stands for 2026-11-22.
    """

    time: Annotated[str, Field(pattern=_TIME)]
    """ISO 8601 with an offset; in the input of a schedule `<aws.scheduler.scheduled-time>`, which Scheduler fills."""
    timezone: Annotated[str, Field(min_length=1, max_length=50)]
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
        except (LookupError, ValueError, OverflowError, OSError):
            raise PydanticCustomError(
                "time", "names no time zone of the IANA database, such as Asia/Seoul, or no day of the calendar"
            ) from None
        return self

    def text(self) -> str:
        local = datetime.fromisoformat(self.time).astimezone(ZoneInfo(self.timezone)) + timedelta(days=self.shift_days)
        return _DIRECTIVE.sub(lambda directive: local.strftime(directive[0]), self.format)


def written(value: str | TimeText) -> str:
    """What the job reads."""
    return value.text() if isinstance(value, TimeText) else value

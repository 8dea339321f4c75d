"""One schedule of the file, and what must hold for it beyond the types of its fields."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from farsync.model.execution import WireModel
from farsync.model.moment import Moment
from farsync.model.time_zones import unknown_timezone
from sandbox.aws.events.schedule_expression import NextFire, known_timezones, next_fire_of, parse_expression

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
SCHEDULE_ARN = "<aws.scheduler.schedule-arn>"
RETRIED_FOR = timedelta(days=1)
"""The longest that Scheduler tries: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html"""

_KEYWORD = re.compile(r"<aws\.scheduler\.[^>]*>")
_SOME_TIME = "2026-11-21T18:00:00Z"
_UTC = ZoneInfo("UTC")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _check_expression(expression: str) -> str:
    try:
        first = next_fire_of(expression, _UTC)(_LONG_AGO)
    except ValueError as invalid:
        raise PydanticCustomError("expression", "{reason}", {"reason": str(invalid)}) from None
    if first is None:
        raise PydanticCustomError("expression", "names no time at all; give one that is on the calendar after 1970")
    return expression


def _check_timezone(timezone: str) -> str:
    if timezone in known_timezones():
        return timezone
    raise unknown_timezone(timezone)


class ScheduleEntry(WireModel):
    """When, and what is run then: a run request, or that of a backfill, in which `<aws.scheduler.scheduled-time>`
    stands for the time.
    """

    name: Annotated[str, Field(pattern=r"^[0-9A-Za-z_.-]{1,64}$")]
    expression: Annotated[str, Field(max_length=256), AfterValidator(_check_expression)]
    """`cron(..)`, `rate(..)` or `at(..)`: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"""
    timezone: Annotated[str, Field(max_length=50), AfterValidator(_check_timezone)] = "UTC"
    request: Mapping[str, object]
    machine: Literal["run_job", "run_backfill"] = "run_job"
    description: Annotated[str, Field(max_length=512)] = ""
    enabled: Annotated[bool, Field(strict=True)] = True
    flexible_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 0
    start_date: Moment | None = None
    end_date: Moment | None = None

    @field_validator("start_date", "end_date")
    @classmethod
    def _has_a_meaning(cls, date: datetime | None, known: ValidationInfo) -> datetime | None:
        """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html"""
        if date is not None and str(known.data.get("expression")).startswith("at("):
            raise PydanticCustomError("dates", "is ignored by Scheduler where the expression is at(..); remove it")
        return date

    @field_validator("end_date")
    @classmethod
    def _is_after_the_start(cls, end: datetime | None, known: ValidationInfo) -> datetime | None:
        start = known.data.get("start_date")
        if start is not None and end is not None and start >= end:
            raise PydanticCustomError("dates", "must be after startDate")
        return end

    @property
    def next_fire(self) -> NextFire:
        """From a moment to the first time after it, without regard to the dates."""
        return parse_expression(self.expression, self.timezone)

    def is_over(self, now: datetime) -> bool:
        """Whether it will never fire again, and Scheduler no longer tries either."""
        last = self.next_fire(_LONG_AGO) if self.expression.startswith("at(") else self.end_date
        return last is not None and last < now - RETRIED_FOR - timedelta(minutes=self.flexible_minutes)


def filled(request: Mapping[str, object]) -> dict[str, object]:
    """The request as it will be once Scheduler has put in the time. Raises TypeError for what is no JSON."""
    read: dict[str, object] = json.loads(json.dumps(request).replace(SCHEDULED_TIME, _SOME_TIME))
    return read


def unknown_keywords(request: Mapping[str, object]) -> list[str]:
    """Those in the spelling of Scheduler's that no run request may hold."""
    return sorted({*_KEYWORD.findall(json.dumps(request))} - {SCHEDULED_TIME})

"""One schedule of the file, and what must hold for it beyond the types of its fields."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from farsync.model.backfill_request import BackfillRequest, read_plan
from farsync.model.execution import WireModel
from farsync.model.run_request import RunRequest
from farsync.model.validation import validated
from sandbox.aws.events.schedule_expression import NextFire, ScheduleInvalid, parse_expression

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
SCHEDULE_ARN = "<aws.scheduler.schedule-arn>"
RETRIED_FOR = timedelta(days=1)
"""The longest that Scheduler tries: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html"""

_KEYWORD = re.compile(r"<aws\.scheduler\.[^>]*>")
_SOME_TIME = "2026-11-21T18:00:00Z"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class ScheduleEntry(WireModel):
    """When, and what is run then: a run request, or that of a backfill, in which `<aws.scheduler.scheduled-time>`
    stands for the time.
    """

    name: Annotated[str, Field(pattern=r"^[0-9A-Za-z_.-]{1,64}$")]
    expression: Annotated[str, Field(max_length=256)]
    """`cron(..)`, `rate(..)` or `at(..)`: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"""
    timezone: Annotated[str, Field(min_length=1, max_length=50)] = "UTC"
    request: Mapping[str, JsonValue]
    machine: Literal["run_job", "run_backfill"] = "run_job"
    description: Annotated[str, Field(max_length=512)] = ""
    enabled: Annotated[bool, Field(strict=True)] = True
    flexible_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 0
    start_date: AwareDatetime | None = None
    end_date: AwareDatetime | None = None

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        try:
            first = self.next_fire(_LONG_AGO)
        except ScheduleInvalid as invalid:
            raise PydanticCustomError("expression", "{reason}", {"reason": str(invalid)}) from None
        if first is None:
            raise PydanticCustomError("expression", "its expression names no time at all")
        if self.start_date and self.end_date and self.start_date >= self.end_date:
            raise PydanticCustomError("dates", "its startDate must be before its endDate")
        return self

    @property
    def next_fire(self) -> NextFire:
        """From a moment to the first time after it, without regard to the dates."""
        return parse_expression(self.expression, self.timezone)

    def is_over(self, now: datetime) -> bool:
        """Whether it will never fire again, and Scheduler no longer tries either."""
        last = self.end_date
        if self.expression.startswith("at("):
            once = self.next_fire(_LONG_AGO)
            last = min(filter(None, (once, self.end_date)))
        return last is not None and last + timedelta(minutes=self.flexible_minutes) + RETRIED_FOR < now


def check_request(entry: ScheduleEntry) -> RunRequest:
    """The request as it will be once Scheduler has filled it in. Raises InvalidRequest."""
    filled = json.loads(json.dumps(dict(entry.request), ensure_ascii=False).replace(SCHEDULED_TIME, _SOME_TIME))
    if entry.machine == "run_job":
        return validated(RunRequest, filled)
    read_plan(filled)
    return validated(BackfillRequest, filled)


def unknown_keywords(entry: ScheduleEntry) -> list[str]:
    """Those in the spelling of Scheduler's that no run request may hold."""
    return sorted({*_KEYWORD.findall(json.dumps(dict(entry.request), ensure_ascii=False))} - {SCHEDULED_TIME})

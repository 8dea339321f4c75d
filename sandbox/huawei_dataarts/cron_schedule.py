"""When a scheduled job is due.

https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0084.html
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel

from sandbox.aws.events.cron import Cron, parse_cron


class CronSchedule(BaseModel):
    """Six fields (second, minute, hour, day, month, week): the second is always 0, the month always `*`.

    Weeks begin with Sunday = 1, and `?`, `L`, `W`, `#` are known: that is EventBridge's notation without the year.
    """

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True)

    expression: str
    expression_time_zone: str = "GMT+8"
    start_time: str | None = None
    end_time: str | None = None
    depend_pre_period: bool = False

    @model_validator(mode="after")
    def _check(self) -> "CronSchedule":
        self._cron()
        self._zone()
        for moment in (self.start_time, self.end_time):
            if moment is not None:
                datetime.fromisoformat(moment)
        return self

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time due after `moment`, from the start time and up to the end time; None when there is none."""
        zone = self._zone()
        begin = self._moment(self.start_time, zone)
        if begin is not None and begin > moment:
            moment = begin
        due = self._cron().after(moment, zone)
        end = self._moment(self.end_time, zone)
        return None if due is None or (end is not None and due > end) else due

    def _cron(self) -> Cron:
        fields = self.expression.split()
        if len(fields) != 6:
            raise ValueError(f"expression: needs six fields, {self.expression!r} has {len(fields)}")
        second, minute, hour, day, month, week = fields
        if second != "0" or month != "*":
            raise ValueError("expression: the second must be 0 and the month *")
        if week == "*" and day != "?":
            week = "?"
        elif day == "*" and week != "?":
            day = "?"
        return parse_cron(f"{minute} {hour} {day} {month} {week} *")

    def _zone(self) -> ZoneInfo:
        match = re.fullmatch(r"GMT([+-])(\d{1,2})(?::00)?", self.expression_time_zone)
        if match is None or int(match[2]) > 12:
            raise ValueError(f"expressionTimeZone: must look like GMT+8, got {self.expression_time_zone!r}")
        # The names of these zones have their signs the other way round.
        return ZoneInfo(f"Etc/GMT{'-' if match[1] == '+' else '+'}{int(match[2])}")

    @staticmethod
    def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
        if text is None:
            return None
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)

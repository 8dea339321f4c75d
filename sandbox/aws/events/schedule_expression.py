"""Schedule expressions: when does rate(...), at(...) or cron(...) fire next?

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import datetime
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.aws.events.cron import parse_cron

_FORM = re.compile(r"(rate|at|cron)\((.+)\)")
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days"}

NextFire = Callable[[datetime.datetime], datetime.datetime | None]


class ScheduleInvalid(ValueError):
    """The expression or its time zone cannot be read."""


def parse_expression(text: str, timezone: str) -> NextFire:
    """Gives a function from a moment to the first time after it, in UTC; None when there is none any more."""
    form = _FORM.fullmatch(text.strip())
    if not form:
        raise ScheduleInvalid(f"ScheduleExpression {text!r}: must be rate(...), at(...) or cron(...)")
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ScheduleInvalid(f"ScheduleExpressionTimezone {timezone!r}: is not known") from error
    kind, argument = form.groups()
    try:
        if kind == "rate":
            interval = _interval(argument)
            return lambda moment: moment + interval
        if kind == "at":
            once = datetime.datetime.fromisoformat(argument).replace(tzinfo=zone).astimezone(datetime.UTC)
            return lambda moment: once if once > moment else None
        cron = parse_cron(argument)
    except ValueError as error:
        raise ScheduleInvalid(f"ScheduleExpression {text!r}: {error}") from error
    return lambda moment: cron.after(moment, zone)


def _interval(text: str) -> datetime.timedelta:
    match = re.fullmatch(r"(\d+) (minute|hour|day)s?", text.strip())
    if not match or match.group(1) == "0":
        raise ValueError("a rate is a positive number and minutes, hours or days")
    return datetime.timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})

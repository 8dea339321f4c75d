"""Schedule expressions: when does rate(...), at(...) or cron(...) fire next?

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import datetime
import re
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sandbox.aws.events.cron import parse_cron

_FORM = re.compile(r"(rate|at|cron)\((.+)\)")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days"}

NextFire = Callable[[datetime.datetime], datetime.datetime | None]


class ScheduleInvalid(ValueError):
    """The expression or its time zone cannot be read."""


@cache
def known_timezones() -> frozenset[str]:
    """Names of the IANA database. Folders of it, and names in other letters, lie on some disks too."""
    return frozenset(available_timezones())


def parse_expression(text: str, timezone: str) -> NextFire:
    """Gives a function from a moment to the first time after it, in UTC; None when there is none any more."""
    if timezone not in known_timezones():
        raise ScheduleInvalid(f"ScheduleExpressionTimezone {timezone!r}: is not known")
    try:
        return next_fire_of(text, ZoneInfo(timezone))
    except ValueError as error:
        raise ScheduleInvalid(f"ScheduleExpression {text!r}: {error}") from error


def next_fire_of(text: str, zone: ZoneInfo) -> NextFire:
    """The same; raises ValueError, whose text is a remedy."""
    form = _FORM.fullmatch(text)
    if not form:
        raise ValueError("must be rate(...), at(...) or cron(...)")
    kind, argument = form.groups()
    if kind == "rate":
        interval = _interval(argument)
        return lambda moment: _later(moment, interval)
    if kind == "at":
        once = _moment(argument, zone)
        return lambda moment: once if once > moment else None
    cron = parse_cron(argument)
    return lambda moment: cron.after(moment, zone)


def _moment(text: str, zone: ZoneInfo) -> datetime.datetime:
    if not _AT.fullmatch(text):
        raise ValueError("must be at(yyyy-mm-ddThh:mm:ss), and its zone stands beside it")
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no time of the calendar") from None


def _interval(text: str) -> datetime.timedelta:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html"""
    match = re.fullmatch(r"([1-9]\d{0,8}) (minute|hour|day)(s?)", text, re.ASCII)
    if not match:
        raise ValueError("a rate is a positive number and minutes, hours or days")
    number, unit, plural = int(match[1]), match[2], match[3]
    if (number == 1) == bool(plural):
        raise ValueError(f"write rate({number} {unit}{'' if number == 1 else 's'})")
    return datetime.timedelta(**{_UNITS[unit]: number})


def _later(moment: datetime.datetime, interval: datetime.timedelta) -> datetime.datetime | None:
    try:
        return moment + interval
    except OverflowError:
        return None

"""Cron expressions of EventBridge Scheduler: minutes hours day-of-month month day-of-week year.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

import calendar
import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
# Sunday is 1 with AWS, Saturday 7.
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_NO_NAMES: Mapping[str, int] = MappingProxyType({})
_LAST_YEAR = 2199

IsDay = Callable[[datetime.date], bool]


@dataclass(frozen=True)
class Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    is_day: IsDay

    def after(self, moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime | None:
        """The first time later than `moment`, None when there is none. Times that a clock change skips are skipped."""
        local = moment.astimezone(zone)
        for day in self._days(local.date()):
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    candidate = datetime.datetime.combine(day, datetime.time(hour, minute), zone)
                    utc = candidate.astimezone(datetime.UTC)
                    is_on_the_clock = utc.astimezone(zone).time() == candidate.time()
                    if utc > moment and is_on_the_clock:
                        return utc
        return None

    def _days(self, first: datetime.date) -> Iterator[datetime.date]:
        day = max(first, datetime.date(min(self.years), 1, 1))
        last = datetime.date(max(self.years), 12, 31)
        while day <= last:
            if day.year in self.years and day.month in self.months and self.is_day(day):
                yield day
            day += datetime.timedelta(days=1)


def parse_cron(text: str) -> Cron:
    """`text` is what stands between the parentheses. Raises ValueError, which names the field."""
    fields = text.split()
    if len(fields) != 6:
        raise ValueError(f"cron({text}): needs six fields, has {len(fields)}")
    minutes, hours, days_of_month, months, days_of_week, years = (field.upper() for field in fields)
    if (days_of_month == "?") == (days_of_week == "?"):
        raise ValueError(f"cron({text}): exactly one of day-of-month and day-of-week must be ?")
    return Cron(
        minutes=_numbers("minutes", minutes, 0, 59),
        hours=_numbers("hours", hours, 0, 23),
        months=_numbers("month", months, 1, 12, _MONTHS),
        years=_numbers("year", years, 1970, _LAST_YEAR),
        is_day=_day_of_month(days_of_month) if days_of_week == "?" else _day_of_week(days_of_week),
    )


def _numbers(field: str, text: str, low: int, high: int, names: Mapping[str, int] = _NO_NAMES) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/([1-9]\d{0,3}))?", part, re.ASCII)
        if not match or (match[1] == "*" and match[2]):
            raise ValueError(f"cron: cannot read {part!r} in {field}")
        first, last, step = match.groups()
        try:
            start = low if first == "*" else _number(first, names)
            end = _number(last, names) if last else (high if first == "*" or step else start)
        except ValueError:
            raise ValueError(f"cron: cannot read {part!r} in {field}") from None
        if not low <= start <= end <= high:
            raise ValueError(f"cron: {part!r} in {field} is not within {low} to {high}, or runs backwards")
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: Mapping[str, int]) -> int:
    return names[text] if text in names else int(text)


def _day_of_month(text: str) -> IsDay:
    if text == "L":
        return lambda day: day.day == _last_day(day)
    if nearest := re.fullmatch(r"([1-9]|[12]\d|3[01])W", text):
        number = int(nearest[1])
        return lambda day: day == _nearest_weekday(day.replace(day=min(number, _last_day(day))))
    days = _numbers("day-of-month", text, 1, 31)
    return lambda day: day.day in days


def _day_of_week(text: str) -> IsDay:
    """L alone is the last day of the week; `3#2` is the second Tuesday of the month, and stands alone."""
    if text == "L":
        return lambda day: _weekday(day) == 7
    if last := re.fullmatch(r"(\w+)L", text, re.ASCII):
        (number,) = _numbers("day-of-week", last[1], 1, 7, _WEEKDAYS)
        return lambda day: _weekday(day) == number and day.day > _last_day(day) - 7
    if nth := re.fullmatch(r"(\w+)#([1-5])", text, re.ASCII):
        (number,) = _numbers("day-of-week", nth[1], 1, 7, _WEEKDAYS)
        week = int(nth[2])
        return lambda day: _weekday(day) == number and (day.day - 1) // 7 + 1 == week
    days = _numbers("day-of-week", text, 1, 7, _WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: datetime.date) -> int:
    return day.isoweekday() % 7 + 1


def _last_day(day: datetime.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_weekday(day: datetime.date) -> datetime.date:
    """Never leaves the month: Saturday the 1st becomes Monday the 3rd."""
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    near = day + datetime.timedelta(days=shift)
    return near if near.month == day.month else day - datetime.timedelta(days=2 * shift)

"""Cron expressions of EventBridge Scheduler: minutes hours day-of-month month day-of-week year.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
# Sunday is 1 with AWS, Saturday 7.
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_LAST_YEAR = 2199


@dataclass(frozen=True)
class Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days_of_month: str
    months: frozenset[int]
    days_of_week: str
    years: frozenset[int]

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
        day = first
        last = datetime.date(max(self.years, default=first.year), 12, 31)
        while day <= last:
            if day.year in self.years and day.month in self.months and self._is_day(day):
                yield day
            day += datetime.timedelta(days=1)

    def _is_day(self, day: datetime.date) -> bool:
        if self.days_of_week != "?":
            return _is_weekday(self.days_of_week, day)
        return _is_day_of_month(self.days_of_month, day)


def parse_cron(text: str) -> Cron:
    """`text` is what stands between the parentheses. Raises ValueError, which names the field."""
    fields = text.split()
    if len(fields) != 6:
        raise ValueError(f"cron({text}): needs six fields, has {len(fields)}")
    minutes, hours, days_of_month, months, days_of_week, years = (field.upper() for field in fields)
    if (days_of_month == "?") == (days_of_week == "?"):
        raise ValueError(f"cron({text}): exactly one of day-of-month and day-of-week must be ?")
    cron = Cron(
        minutes=_numbers("minutes", minutes, 0, 59),
        hours=_numbers("hours", hours, 0, 23),
        days_of_month=days_of_month,
        months=_numbers("month", months, 1, 12, _MONTHS),
        days_of_week=days_of_week,
        years=_numbers("year", years, 1970, _LAST_YEAR),
    )
    cron._is_day(datetime.date(2024, 1, 1))  # a day field that cannot be read fails here, not at night
    return cron


def _numbers(field: str, text: str, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|\?|\w+)(?:-(\w+))?(?:/(\d+))?", part)
        if not match:
            raise ValueError(f"cron: cannot read {part!r} in {field}")
        first, last, step = match.groups()
        try:
            start = low if first in "*?" else _number(first, names)
            end = _number(last, names) if last else (high if first in "*?" or step else start)
        except ValueError:
            raise ValueError(f"cron: cannot read {part!r} in {field}") from None
        if not low <= start <= end <= high:
            raise ValueError(f"cron: {part!r} in {field} is not within {low} to {high}")
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: dict[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)


def _is_day_of_month(text: str, day: datetime.date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if text == "L":
        return day.day == last
    nearest = re.fullmatch(r"(\d+)W", text)
    if nearest:
        return day == _nearest_weekday(day.replace(day=min(int(nearest.group(1)), last)))
    return day.day in _numbers("day-of-month", text, 1, 31)


def _nearest_weekday(day: datetime.date) -> datetime.date:
    """Never leaves the month: Saturday the 1st becomes Monday the 3rd."""
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    near = day + datetime.timedelta(days=shift)
    return near if near.month == day.month else day - datetime.timedelta(days=2 * shift)


def _is_weekday(text: str, day: datetime.date) -> bool:
    number = day.isoweekday() % 7 + 1
    last = re.fullmatch(r"(\w+)L", text)
    if last:
        week_later = day + datetime.timedelta(days=7)
        return number == _number(last.group(1), _WEEKDAYS) and week_later.month != day.month
    nth = re.fullmatch(r"(\w+)#([1-5])", text)
    if nth:
        is_nth = (day.day - 1) // 7 + 1 == int(nth.group(2))
        return number == _number(nth.group(1), _WEEKDAYS) and is_nth
    return number in _numbers("day-of-week", text, 1, 7, _WEEKDAYS)

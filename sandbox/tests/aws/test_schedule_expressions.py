"""When schedules fire: rates, single times, and cron with time zones and clock changes."""

import datetime

import pytest

from sandbox.aws.events.schedule_expression import ScheduleInvalid, parse_expression

NOW = datetime.datetime(2026, 1, 31, 12, 0, 30, tzinfo=datetime.UTC)


def next_fire(expression: str, zone: str = "UTC", after: datetime.datetime = NOW) -> str | None:
    moment = parse_expression(expression, zone)(after)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


@pytest.mark.parametrize(
    ("expression", "zone", "expected"),
    [
        ("rate(5 minutes)", "UTC", "2026-01-31 12:05:30"),
        ("rate(1 day)", "UTC", "2026-02-01 12:00:30"),
        ("at(2026-02-01T09:00:00)", "Asia/Seoul", "2026-02-01 00:00:00"),
        ("at(2020-01-01T00:00:00)", "UTC", None),
        ("cron(30 3 * * ? *)", "Asia/Seoul", "2026-01-31 18:30:00"),
        ("cron(0/15 * * * ? *)", "UTC", "2026-01-31 12:15:00"),
        ("cron(0 9 ? * MON-FRI *)", "UTC", "2026-02-02 09:00:00"),
        ("cron(0 9 ? * 2#1 *)", "UTC", "2026-02-02 09:00:00"),
        ("cron(0 9 ? * 6L *)", "UTC", "2026-02-27 09:00:00"),
        ("cron(0 9 L * ? *)", "UTC", "2026-02-28 09:00:00"),
        ("cron(0 9 1W * ? *)", "UTC", "2026-02-02 09:00:00"),
        ("cron(0 9 29 FEB ? 2028)", "UTC", "2028-02-29 09:00:00"),
        ("cron(0 9 1 1 ? 2020)", "UTC", None),
        ("cron(0 9 ? * L *)", "UTC", "2026-02-07 09:00:00"),
        ("cron(0 9 ? * FRIL *)", "UTC", "2026-02-27 09:00:00"),
        ("cron(0 9 ? * tue#2 *)", "UTC", "2026-02-10 09:00:00"),
        ("cron(0 9 ? * MON,WED-FRI *)", "UTC", "2026-02-02 09:00:00"),
        ("cron(0 9 31W * ? *)", "UTC", "2026-02-27 09:00:00"),
        ("cron(10-20/5,50 12 31 1 ? *)", "UTC", "2026-01-31 12:10:00"),
        ("rate(999999999 days)", "UTC", None),
    ],
)
def test_a_schedule_fires_next_at(expression: str, zone: str, expected: str | None) -> None:
    assert next_fire(expression, zone) == expected


def test_a_time_that_the_clock_change_skips_is_skipped() -> None:
    before = datetime.datetime(2026, 3, 28, 12, tzinfo=datetime.UTC)
    # On 29 March 2026 clocks in Berlin go from 02:00 to 03:00.
    assert next_fire("cron(30 2 * * ? *)", "Europe/Berlin", before) == "2026-03-30 00:30:00"


@pytest.mark.parametrize(
    ("expression", "zone", "message"),
    [
        ("every(5)", "UTC", "must be rate"),
        ("rate(0 minutes)", "UTC", "a positive number"),
        ("rate(5 weeks)", "UTC", "minutes, hours or days"),
        ("cron(0 9 * * *)", "UTC", "needs six fields, has 5"),
        ("cron(0 9 * * * *)", "UTC", "exactly one of day-of-month and day-of-week"),
        ("cron(61 9 * * ? *)", "UTC", "minutes is not within 0 to 59"),
        ("cron(0 9 x * ? *)", "UTC", "cannot read"),
        ("cron(0 9 ? * ? *)", "UTC", "exactly one of day-of-month and day-of-week"),
        ("cron(? 9 * * ? *)", "UTC", "cannot read '\\?' in minutes"),
        ("cron(*/0 9 * * ? *)", "UTC", r"cannot read '\*/0' in minutes"),
        ("cron(0 9 * * ? *-2030)", "UTC", r"cannot read '\*-2030' in year"),
        ("cron(0 18-6 * * ? *)", "UTC", "runs backwards"),
        ("cron(0 9 32W * ? *)", "UTC", "cannot read '32W' in day-of-month"),
        ("cron(0 9 0 * ? *)", "UTC", "'0' in day-of-month is not within 1 to 31"),
        ("cron(0 9 L-3 * ? *)", "UTC", "cannot read 'L-3' in day-of-month"),
        ("cron(0 9 ? * 8 *)", "UTC", "'8' in day-of-week is not within 1 to 7"),
        ("cron(0 9 ? * 9L *)", "UTC", "'9' in day-of-week is not within 1 to 7"),
        ("cron(0 9 ? * XL *)", "UTC", "cannot read 'X' in day-of-week"),
        ("cron(0 9 ? * MON#6 *)", "UTC", "cannot read 'MON#6' in day-of-week"),
        ("cron(0 9 ? * 3#1,6#3 *)", "UTC", "cannot read '3#1' in day-of-week"),
        ("cron(0 9 * * ? 2200)", "UTC", "'2200' in year is not within 1970 to 2199"),
        ("rate(1 minutes)", "UTC", r"write rate\(1 minute\)"),
        ("rate(5 hour)", "UTC", r"write rate\(5 hours\)"),
        ("rate(1.5 hours)", "UTC", "a positive number"),
        ("rate(٣ hours)", "UTC", "a positive number"),
        ("rate(99999999999 days)", "UTC", "a positive number"),
        (" rate(5 minutes)", "UTC", "must be rate"),
        ("at(tomorrow)", "UTC", "must be at"),
        ("at(2026-12-31)", "UTC", "must be at"),
        ("at(20261231T233000)", "UTC", "must be at"),
        ("at(2026-12-31T23:30:00Z)", "UTC", "its zone stands beside it"),
        ("at(2026-12-31T23:30:00+09:00)", "UTC", "its zone stands beside it"),
        ("at(2026-02-30T00:00:00)", "UTC", "no time of the calendar"),
        ("at(0001-01-01T00:00:00)", "Asia/Seoul", "no time of the calendar"),
        ("rate(1 day)", "Asia", "ScheduleExpressionTimezone"),
        ("rate(1 day)", "asia/seoul", "ScheduleExpressionTimezone"),
        ("rate(1 day)", "../etc", "ScheduleExpressionTimezone"),
        ("rate(1 day)", "Asia/Atlantis", "ScheduleExpressionTimezone"),
    ],
)
def test_what_cannot_be_read_says_why(expression: str, zone: str, message: str) -> None:
    with pytest.raises(ScheduleInvalid, match=message):
        parse_expression(expression, zone)

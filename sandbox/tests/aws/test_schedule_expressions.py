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
        ("at(tomorrow)", "UTC", "Invalid isoformat"),
        ("rate(1 day)", "Asia/Atlantis", "ScheduleExpressionTimezone"),
    ],
)
def test_what_cannot_be_read_says_why(expression: str, zone: str, message: str) -> None:
    with pytest.raises(ScheduleInvalid, match=message):
        parse_expression(expression, zone)

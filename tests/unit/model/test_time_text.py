"""A parameter that is a time: written in the zone of the user's choice, alike at every attempt."""

import pytest

from farsync.model.errors import InvalidRequest
from farsync.model.run_request import RunRequest, canonical_json
from farsync.model.time_text import TimeText
from farsync.model.validation import validated


@pytest.mark.parametrize(
    ("time", "timezone", "shift_days", "pattern", "text"),
    [
        ("2026-11-21T18:00:00Z", "Asia/Seoul", 0, "%Y-%m-%d", "2026-11-22"),
        ("2026-11-21T18:00:00Z", "Asia/Seoul", -1, "%Y-%m-%d", "2026-11-21"),
        ("2026-11-21T18:00:00Z", "Asia/Shanghai", 0, "%Y%m%d%H", "2026112202"),
        ("2026-11-21T18:00:00+09:00", "UTC", 0, "%H:%M", "09:00"),
        ("2026-03-01T00:00:00Z", "UTC", -1, "%d.%m.%y", "28.02.26"),
        ("2028-03-01T00:00:00Z", "UTC", -1, "%j", "060"),
        ("2027-01-01T12:00:00Z", "UTC", 0, "%G-W%V-%u", "2026-W53-5"),
        ("2026-03-29T22:30:00Z", "Europe/Berlin", -1, "%Y-%m-%d", "2026-03-29"),
        ("2026-01-01T00:00:00Z", "UTC", 0, "%Y년 100%%", "2026년 100%"),
    ],
)
def test_a_time_is_written_in_its_zone(time: str, timezone: str, shift_days: int, pattern: str, text: str) -> None:
    value = TimeText(time=time, timezone=timezone, shift_days=shift_days, format=pattern)
    assert value.text() == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        ("2026-07-01T22:30:00Z", "2026-07-02 00:30"),
        ("2026-12-01T22:30:00Z", "2026-12-01 23:30"),
        ("2026-03-29T00:59:59Z", "2026-03-29 01:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29 03:00"),
    ],
)
def test_summer_time_is_kept(time: str, text: str) -> None:
    assert TimeText(time=time, timezone="Europe/Berlin", format="%Y-%m-%d %H:%M").text() == text


TIME = {"time": "2026-11-21T18:00:00Z", "timezone": "Asia/Seoul"}


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        ({"time": "2026-11-21T18:00:00"}, "parameters.$d.time", "must be a moment with an offset"),
        ({"time": 1795284000}, "parameters.$d.time", "must be a valid string"),
        ({"time": "<aws.scheduler.scheduled-time>"}, "parameters.$d.time", "must be a moment"),
        ({"time": "2026-02-30T00:00:00Z"}, "parameters.$d.time", "must be a moment"),
        ({"time": "9999-12-31T18:00:00Z"}, "parameters.$d", "no day of the calendar"),
        ({"timezone": "Asia/Atlantis"}, "parameters.$d.timezone", "is no name of the IANA time zone database"),
        ({"timezone": "../etc/passwd"}, "parameters.$d.timezone", "is no name of the IANA time zone database"),
        ({"timezone": "Asia"}, "parameters.$d.timezone", "write one such as Asia/Aden, Asia/Almaty, Asia/Amman"),
        ({"timezone": "Asia/Soul"}, "parameters.$d.timezone", "write one such as Asia/Seoul"),
        ({"timezone": None}, "parameters.$d.timezone", "must be a valid string"),
        ({"format": "%c"}, "parameters.$d.format", "must match pattern"),
        ({"format": ""}, "parameters.$d.format", "must match pattern"),
        ({"shiftDays": "1"}, "parameters.$d.shiftDays", "must be a valid integer"),
        ({"shiftDays": 4000}, "parameters.$d.shiftDays", "less than or equal to 3660"),
        ({"zone": "UTC"}, "parameters.$d.zone", "is not a known field"),
    ],
)
def test_what_cannot_be_written_is_named_with_its_remedy(change: dict[str, object], field: str, remedy: str) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        validated(RunRequest, {"job": "j", "parameters": {"$d": {**TIME, **change}}})
    assert rejected.value.field == field
    assert remedy in str(rejected.value)


def test_a_run_request_keeps_the_moment_as_it_was_sent() -> None:
    request = validated(RunRequest, {"job": "j", "parameters": {"$d": TIME}})
    assert '"$d":{"time":"2026-11-21T18:00:00Z","timezone":"Asia/Seoul"}' in (canonical_json(request))

"""What the headers of a reply say of time."""

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply

DATE = "Fri, 21 Mar 2025 02:12:54 GMT"
FAR_OFF = f"{DATE[:-3]}+{'9' * 40}"
MOMENT = datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)
DAY = 24 * 3600


def a_reply(**headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, CaseInsensitiveDict(names), b"", MOMENT.timestamp())


@pytest.mark.parametrize(
    "date",
    [DATE, "Friday, 21-Mar-25 02:12:54 GMT", "Fri Mar 21 02:12:54 2025", "Fri, 21 Mar 2025 11:12:54 +0900", f" {DATE}"],
)
def test_a_date_in_any_form_of_http_is_the_servers_time(date: str) -> None:
    assert a_reply(Date=date).served_at == MOMENT


@pytest.mark.parametrize(
    "date", ["", "now", "Fri, 32 Mar 2025 02:12:54 GMT", "Fri, 21 Mar 99999 02:12:54 GMT", FAR_OFF]
)
def test_a_date_that_cannot_be_read_is_no_time(date: str) -> None:
    assert a_reply(Date=date).served_at is a_reply().served_at is None


@pytest.mark.parametrize(
    ("age", "is_said"),
    [
        ("1", False),
        ("86400", False),
        ("soon", False),
        ("-1", False),
        ("0", True),
        ("00", True),
        (" 0 ", True),
        ("", True),
    ],
)
def test_a_reply_from_a_cache_does_not_say_the_servers_time(age: str, is_said: bool) -> None:
    assert a_reply(Date=DATE, Age=age).served_at == (MOMENT if is_said else None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *((odd, None) for odd in ("", "soon", "-5", FAR_OFF)),
        ("Fri, 21 Mar 2025 02:12:00 GMT", 0),
        *((long, DAY) for long in ("86401", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT")),
    ],
)
def test_a_retry_after_asks_for_a_day_at_most_and_for_nothing_if_unreadable(text: str, seconds: float | None) -> None:
    assert a_reply(Retry_After=text).retry_after_seconds == seconds

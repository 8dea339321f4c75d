"""What the headers of a reply say of time."""

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from farsync.http_client.response import Reply

DATE = "Fri, 21 Mar 2025 02:12:54 GMT"
MOMENT = datetime(2025, 3, 21, 2, 12, 54, tzinfo=UTC)


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
    "date",
    ["", "now", "Fri, 32 Mar 2025 02:12:54 GMT", "Fri, 21 Mar 99999 02:12:54 GMT", f"{DATE[:-3]}+{'9' * 40}"],
)
def test_a_date_that_cannot_be_read_is_no_time(date: str) -> None:
    assert a_reply(Date=date).served_at is None
    assert a_reply().served_at is None


@pytest.mark.parametrize("age", ["1", "86400", "soon", "-1"])
def test_a_reply_from_a_cache_does_not_say_the_servers_time(age: str) -> None:
    assert a_reply(Date=DATE, Age=age).served_at is None


@pytest.mark.parametrize("age", ["0", "00", " 0 ", ""])
def test_a_reply_that_was_made_just_now_says_it_whoever_passed_it_on(age: str) -> None:
    assert a_reply(Date=DATE, Age=age).served_at == MOMENT


@pytest.mark.parametrize("text", ["", "soon", "-5", f"{DATE[:-3]}+{'9' * 40}"])
def test_a_retry_after_that_cannot_be_read_asks_for_nothing(text: str) -> None:
    assert a_reply(Retry_After=text).retry_after_seconds is None


def test_a_retry_after_in_the_past_asks_for_no_wait() -> None:
    assert a_reply(Retry_After="Fri, 21 Mar 2025 02:12:00 GMT").retry_after_seconds == 0


@pytest.mark.parametrize("text", ["86401", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_retry_after_asks_for_more_than_a_day(text: str) -> None:
    assert a_reply(Retry_After=text).retry_after_seconds == 24 * 3600

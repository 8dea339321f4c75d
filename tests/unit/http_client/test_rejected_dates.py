"""Requests whose signature was rejected for its date: sent again, rightly dated, and not for ever."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import requests

from farsync.http_client.client import Transport
from farsync.http_client.provider_clock import ProviderClock
from farsync.http_client.response import Reply
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from farsync.signing.naver import NaverAuth, NaverKeys
from tests.unit.http_client.fake_time import FakeTime, as_it_is
from tests.unit.http_client.wire_server import Respond, reply, reset, wire_server

HOUR = 3600
Send = Callable[[Transport, str, NaverAuth], Reply]
SENDERS: dict[str, Send] = {
    "get": lambda transport, url, auth: transport.get(url, auth),
    "get_once": lambda transport, url, auth: transport.get_once(url, auth, read=as_it_is, silence_seconds=5),
    "post": lambda transport, url, auth: transport.post(url, auth, {"a": 1}, read=as_it_is),
    "post_once": lambda transport, url, auth: transport.post_once(url, auth, json={"a": 1}),
}


@pytest.fixture
def auth(time: FakeTime) -> NaverAuth:
    return NaverAuth(NaverKeys("access", "secret"), ProviderClock(time.clock))


def rejected(time: FakeTime, ahead_seconds: float) -> Respond:
    """By a provider whose clock is so far ahead of ours."""
    return reply(401, Date=format_datetime(datetime.fromtimestamp(time.now + ahead_seconds, UTC), usegmt=True))


@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_a_request_rejected_for_its_date_goes_once_more(
    transport: Transport, time: FakeTime, auth: NaverAuth, send: Send
) -> None:
    with wire_server(rejected(time, HOUR), reply(200, b"done")) as server:
        assert send(transport, server.endpoint, auth).body == b"done"

    first, second = server.requests
    assert (second.line, second.body) == (first.line, first.body)
    timestamps = [int(request.headers["x-ncp-apigw-timestamp"]) for request in server.requests]
    assert timestamps == [time.now * 1000, (time.now + HOUR) * 1000]
    assert time.pauses == []


@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_a_rejection_for_another_reason_is_the_answer(
    transport: Transport, time: FakeTime, auth: NaverAuth, send: Send
) -> None:
    with wire_server(rejected(time, 0)) as server:
        assert send(transport, server.endpoint, auth).status == 401

    assert len(server.requests) == 1


@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_a_clock_that_jumps_is_given_up(transport: Transport, time: FakeTime, auth: NaverAuth, send: Send) -> None:
    with wire_server(*(rejected(time, ahead) for ahead in (HOUR, 0, HOUR, 0))) as server:
        assert send(transport, server.endpoint, auth).status == 401

    assert len(server.requests) == 3


@pytest.mark.parametrize("ahead_seconds", [25 * HOUR, -25 * HOUR, 10 * 365 * 24 * HOUR])
def test_nobody_gets_a_signature_for_a_distant_time_by_a_date_that_he_makes_up(
    transport: Transport, time: FakeTime, auth: NaverAuth, ahead_seconds: float
) -> None:
    """Not in steps either."""
    steps = [HOUR, 25 * HOUR, ahead_seconds]
    with wire_server(*(rejected(time, ahead) for ahead in steps)) as server:
        assert [transport.get(server.endpoint, auth).status for _ in range(3)] == [401] * 3

    signed_for = {int(request.headers["x-ncp-apigw-timestamp"]) / 1000 - time.now for request in server.requests}
    assert signed_for == {0, HOUR}


def test_a_start_that_went_once_more_may_be_unconfirmed(transport: Transport, time: FakeTime, auth: NaverAuth) -> None:
    with wire_server(rejected(time, HOUR), reset) as server, pytest.raises(StartUnconfirmed):
        transport.post_once(server.endpoint, auth, json={})

    assert len(server.requests) == 2


class Unreachable(requests.Session):
    def get_adapter(self, url: str) -> requests.adapters.BaseAdapter:
        raise requests.ConnectionError(f"nobody at {url}")


def test_a_start_that_finds_nobody_when_it_goes_once_more_started_nothing(time: FakeTime, auth: NaverAuth) -> None:
    sessions = iter([requests.Session(), requests.Session(), Unreachable()])
    transport = Transport(session_factory=lambda: next(sessions), clock=time.clock)

    with wire_server(rejected(time, HOUR)) as server, pytest.raises(ProviderUnavailable):
        transport.post_once(server.endpoint, auth, json={})

    assert len(server.requests) == 1

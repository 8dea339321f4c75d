"""Reading over real sockets: what is tried again, what is given up, and what the environment does not change."""

import socket
import threading
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from farsync.http_client.client import Transport, reply_unless_transient
from farsync.model.errors import ProviderUnavailable, Throttled
from farsync.signing.naver import NaverAuth, NaverKeys
from tests.unit.http_client.fake_time import HASTY, FakeTime, free_port, make_transport
from tests.unit.http_client.wire_server import Request, Respond, reply, reset, stay_silent_until, truncate, wire_server


def test_connections_are_reused_but_by_another_thread(transport: Transport) -> None:
    with wire_server(reply()) as server:
        for sender in (transport, transport, transport.apart(), transport):
            sender.get(server.endpoint)

    assert (len(server.requests), server.connections_opened) == (4, 2)


@pytest.mark.parametrize("failure", [reply(503), reply(429), reply(500, b"<html>"), reset, truncate])
def test_a_get_is_tried_again_after_a_passing_failure(transport: Transport, failure: Respond) -> None:
    with wire_server(failure, failure, reply(200, b"good")) as server:
        assert transport.get(server.endpoint).body == b"good"

    assert len(server.requests) == 3


def test_pauses_grow_with_full_jitter_and_attempts_have_an_end(time: FakeTime) -> None:
    transport = make_transport(time, jitter=0.5)
    with wire_server(reply(503)) as server, pytest.raises(ProviderUnavailable, match="503"):
        transport.get(server.endpoint)

    assert time.pauses == [0.125, 0.25, 0.5]
    assert len(server.requests) == 4


def test_each_attempt_is_signed_with_the_time_of_its_own(transport: Transport, time: FakeTime) -> None:
    auth = NaverAuth(NaverKeys("access", "secret"), time.clock)
    with wire_server(reply(503), reply(200)) as server:
        transport.get(server.endpoint, auth)

    timestamps = [int(request.headers["x-ncp-apigw-timestamp"]) for request in server.requests]
    assert timestamps == [1742523174000, 1742523174250]


@pytest.mark.parametrize(
    ("retry_after", "pause_seconds"), [("7", 7.25), ("Fri, 21 Mar 2025 02:12:59 GMT", 5.25), ("soon", 0.25)]
)
def test_a_get_waits_as_asked(transport: Transport, time: FakeTime, retry_after: str, pause_seconds: float) -> None:
    with wire_server(reply(429, Retry_After=retry_after), reply(200)) as server:
        transport.get(server.endpoint)

    assert time.pauses == [pause_seconds]


def test_a_server_that_says_nothing_is_given_up_in_time(time: FakeTime, released: threading.Event) -> None:
    transport = make_transport(time, HASTY)
    with wire_server(stay_silent_until(released)) as server, pytest.raises(ProviderUnavailable):
        transport.get(server.endpoint)


@pytest.mark.parametrize("failure", [reply(429, Retry_After="1"), reply(503), reset])
def test_what_is_nice_to_have_is_asked_for_once(transport: Transport, time: FakeTime, failure: Respond) -> None:
    with wire_server(failure) as server, pytest.raises((Throttled, ProviderUnavailable)):
        transport.get_once(server.endpoint, None, read=reply_unless_transient, silence_seconds=5)

    assert (time.pauses, len(server.requests)) == ([], 1)


def test_what_is_nice_to_have_waits_briefly_for_its_connection_and_its_answer(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str | None, object]] = []

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **given: object) -> requests.Response:
        asked.append((request.method, given["timeout"]))
        raise requests.ConnectTimeout("nobody is there")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    with pytest.raises(ProviderUnavailable):
        transport.get_once("http://127.0.0.1:9", None, read=reply_unless_transient, silence_seconds=5)
    assert asked == [("GET", (5, 5))]


def test_a_redirect_is_not_followed(transport: Transport) -> None:
    with wire_server(reply(302, Location="http://127.0.0.1:1/elsewhere")) as server:
        assert transport.get(server.endpoint).status == 302

    assert len(server.requests) == 1


def test_the_environment_changes_no_request(
    transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "")

    with wire_server(reply()) as server:
        assert transport.get(server.endpoint).status == 200

    assert "authorization" not in server.requests[0].headers


def test_a_dead_pooled_connection_does_not_fail_a_get(transport: Transport) -> None:
    def answer_and_close(connection: socket.socket, request: Request) -> bool:
        reply()(connection, request)
        return False

    with wire_server(answer_and_close, reply(200, b"alive")) as server:
        transport.get(server.endpoint)
        assert transport.get(server.endpoint).body == b"alive"

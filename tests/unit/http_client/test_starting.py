"""Posting over real sockets: once, on a connection of its own, and with the truth about what may have begun."""

import socket
import threading

import pytest

from farsync.http_client.client import Bounds, Transport
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from tests.unit.http_client.fake_time import HASTY, FakeTime, free_port, make_transport
from tests.unit.http_client.wire_server import reply, reset, stay_silent_until, truncate, wire_server


def test_a_start_takes_a_connection_of_its_own_and_a_get_afterwards_the_old_one(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.get(server.endpoint)
        transport.post_once(server.endpoint, json={})
        transport.post_once(server.endpoint, json={})
        transport.get(server.endpoint)

    assert server.connections_opened == 3


def test_a_post_carries_json_as_utf_8(transport: Transport) -> None:
    with wire_server(reply(201)) as server:
        got = transport.post_once(server.endpoint, json={"$name": "작업"})

    assert got.status == 201
    assert server.requests[0].body.decode() == '{"$name":"작업"}'
    assert server.requests[0].headers["content-type"] == "application/json"


def test_a_start_that_could_not_connect_started_nothing(transport: Transport) -> None:
    with pytest.raises(ProviderUnavailable):
        transport.post_once(f"http://127.0.0.1:{free_port()}/a", json={})


def test_a_start_whose_tls_handshake_failed_started_nothing(time: FakeTime) -> None:
    transport = make_transport(time, Bounds(connect_timeout_seconds=0.2))
    with wire_server(reply()) as server, pytest.raises(ProviderUnavailable):
        transport.post_once(server.endpoint.replace("http:", "https:"), json={})


def test_a_start_that_was_cut_off_in_the_tls_handshake_started_nothing(transport: Transport) -> None:
    def cut_off(listener: socket.socket) -> None:
        listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=cut_off, args=(listener,), daemon=True).start()
        with pytest.raises(ProviderUnavailable):
            transport.post_once(f"https://127.0.0.1:{listener.getsockname()[1]}", json={})


@pytest.mark.parametrize("failure", [reset, truncate])
def test_a_start_whose_reply_was_lost_is_unconfirmed_and_not_sent_again(transport: Transport, failure: object) -> None:
    with wire_server(failure) as server, pytest.raises(StartUnconfirmed):  # type: ignore[arg-type]
        transport.post_once(server.endpoint, json={})

    assert len(server.requests) == 1


def test_a_start_without_an_answer_in_time_is_unconfirmed(time: FakeTime, released: threading.Event) -> None:
    transport = make_transport(time, HASTY)
    with wire_server(stay_silent_until(released)) as server, pytest.raises(StartUnconfirmed):
        transport.post_once(server.endpoint, json={})

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_start_is_answered_once_whatever_the_status(transport: Transport, status: int) -> None:
    with wire_server(reply(status)) as server:
        assert transport.post_once(server.endpoint, json={}).status == status

    assert len(server.requests) == 1


def test_a_post_whose_reply_was_lost_is_not_sent_again(transport: Transport) -> None:
    with wire_server(reset) as server, pytest.raises(ProviderUnavailable):
        transport.post(server.endpoint)

    assert len(server.requests) == 1

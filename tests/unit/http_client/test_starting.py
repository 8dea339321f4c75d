"""Posting over real sockets: once, on a connection of its own, and with the truth about what may have begun."""

import socket
import threading
from functools import partial

import pytest

from farsync.http_client.client import Bounds, Transport
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from tests.unit.http_client.fake_time import HASTY, FakeTime, as_it_is, free_port, make_transport
from tests.unit.http_client.wire_server import Respond, reply, reset, stay_silent_until, truncate, wire_server


def test_a_start_takes_a_connection_of_its_own_and_a_get_afterwards_the_old_one(transport: Transport) -> None:
    with wire_server(reply()) as server:
        transport.get(server.endpoint)
        transport.post_once(server.endpoint, json={})
        transport.post_once(server.endpoint, json={})
        transport.get(server.endpoint)

    assert server.connections_opened == 3


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


@pytest.mark.parametrize("failure", [reset, truncate, reply(101, b""), reply(408, b"")])
def test_a_post_without_a_reply_is_not_sent_again_and_a_start_unconfirmed(
    transport: Transport, failure: Respond
) -> None:
    post = partial(transport.post, auth=None, read=as_it_is)
    for send, error in ((transport.post_once, StartUnconfirmed), (post, ProviderUnavailable)):
        with wire_server(failure) as server, pytest.raises(error):
            send(server.endpoint)
        assert len(server.requests) == 1


def test_a_start_without_an_answer_in_time_is_unconfirmed(time: FakeTime, released: threading.Event) -> None:
    transport = make_transport(time, HASTY)
    with wire_server(stay_silent_until(released)) as server, pytest.raises(StartUnconfirmed):
        transport.post_once(server.endpoint, json={})

    assert len(server.requests) == 1

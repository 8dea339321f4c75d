"""Replies that are none: what comes before the final one, and what ends a connection."""

from collections.abc import Callable

import pytest

from farsync.http_client.client import Transport
from farsync.http_client.response import Reply
from farsync.model.errors import ProviderUnavailable, StartUnconfirmed
from tests.unit.http_client.wire_server import after_interim, reply, wire_server, with_a_late_one

GOOD = reply(200, b"good")
LATE = reply(200, b"late")


def read_good(got: Reply) -> bytes:
    if got.body != b"good":
        raise ProviderUnavailable("not what was asked for")
    return got.body


@pytest.mark.parametrize("interim", [(100,), (102,), (103,), (103, 103, 100, 102)])
def test_what_comes_before_the_final_reply_is_read_over(transport: Transport, interim: tuple[int, ...]) -> None:
    with wire_server(after_interim(reply(201, b"begun"), *interim)) as server:
        got = transport.post_once(server.endpoint, json={})

    assert (got.status, got.body, len(server.requests)) == (201, b"begun", 1)


def test_hints_ahead_of_a_reply_do_not_shift_the_replies_of_a_kept_connection(transport: Transport) -> None:
    with wire_server(after_interim(reply(200, b"first"), 103), reply(200, b"second")) as server:
        bodies = [transport.get(server.endpoint).body for _ in range(2)]

    assert (bodies, server.connections_opened) == ([b"first", b"second"], 1)


def test_a_server_that_never_comes_to_its_final_reply_is_given_up(transport: Transport) -> None:
    with wire_server(after_interim(GOOD, *[103] * 11)) as server, pytest.raises(StartUnconfirmed):
        transport.post_once(server.endpoint, json={})


@pytest.mark.parametrize("status", [101, 408])
def test_a_read_that_was_not_taken_is_asked_again_on_a_new_connection(transport: Transport, status: int) -> None:
    with wire_server(with_a_late_one(reply(status, b""), LATE), GOOD) as server:
        assert transport.get(server.endpoint).body == b"good"

    assert server.connections_opened == 2


def test_a_connection_that_gave_no_answer_is_not_used_again(transport: Transport) -> None:
    with wire_server(with_a_late_one(reply(200, b"odd"), LATE), GOOD) as server:
        assert transport.get(server.endpoint, None, None, read=read_good) == b"good"

    assert server.connections_opened == 2


@pytest.mark.parametrize(
    "send",
    [
        lambda transport, url: transport.get_once(url, None, read=read_good, silence_seconds=5),
        lambda transport, url: transport.post(url, None, read=read_good),
    ],
    ids=["a get that nobody waits for", "a post"],
)
def test_neither_is_it_after_a_request_that_is_not_repeated(
    transport: Transport, send: Callable[[Transport, str], object]
) -> None:
    with wire_server(with_a_late_one(reply(200, b"odd"), LATE), GOOD) as server:
        with pytest.raises(ProviderUnavailable):
            send(transport, server.endpoint)
        assert transport.get(server.endpoint).body == b"good"

"""A body is read whole, or not at all where it outgrows what we are ready to hold."""

import socket
import threading

import pytest

from farsync.http_client.client import Bounds, Transport
from farsync.model.errors import ProviderUnavailable
from tests.unit.http_client.fake_time import FakeTime, as_it_is, make_transport
from tests.unit.http_client.wire_server import Request, reply, wire_server

CAP = 100_000
BLOCK = b"x" * 65_536
BLOCKS = 1_000


@pytest.fixture
def transport(time: FakeTime) -> Transport:
    return make_transport(time, Bounds(max_reply_bytes=CAP))


def test_a_long_body_comes_whole_up_to_the_cap(transport: Transport) -> None:
    body = bytes(range(250)) * (CAP // 250)
    with wire_server(reply(200, body)) as server:
        assert transport.get(server.endpoint).body == body


def test_a_body_that_is_longer_by_a_byte_is_rejected(transport: Transport) -> None:
    with wire_server(reply(200, b"x" * (CAP + 1))) as server, pytest.raises(ProviderUnavailable) as caught:
        transport.get(server.endpoint)
    assert str(caught.value.__cause__) == "the reply is larger than 100000 bytes"


def test_a_body_beyond_the_cap_is_not_read_to_its_end(transport: Transport) -> None:
    sent: list[int] = []
    is_over = threading.Event()

    def pour(connection: socket.socket, _: Request) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for number in range(BLOCKS):
                connection.sendall(BLOCK)
                sent.append(number)
        except OSError:
            pass
        is_over.set()
        return False

    with wire_server(pour) as server, pytest.raises(ProviderUnavailable):
        transport.post(server.endpoint, None, read=as_it_is)

    assert is_over.wait(10)
    assert len(sent) < BLOCKS

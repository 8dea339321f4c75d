"""Providers that speak to a server of the test's own."""

import json
from collections.abc import Callable, Iterator

import pytest

from farsync.connections import parse_connection
from farsync.providers import open_provider
from farsync.providers.protocol import Provider
from farsync.transport import Transport
from tests.unit.providers.huawei_replies import NOW, SECRET
from tests.unit.transport.wire_server import WireServer


@pytest.fixture
def open_huawei() -> Iterator[Callable[..., Provider]]:
    """Takes the server, and fields of the connection that are to be others."""
    transport = Transport(sleep=lambda _: None)

    def open_to(server: WireServer, **changes: str) -> Provider:
        connection = parse_connection("default", json.dumps({**SECRET, "endpoint": server.endpoint, **changes}))
        return open_provider(connection, transport, lambda: NOW)

    yield open_to
    transport.close()

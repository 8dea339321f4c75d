"""Providers that speak to a server of the test's own."""

import json
from collections.abc import Callable, Iterator

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import WireServer
from tests.unit.providers.huawei_replies import NOW, SECRET

NAVER_SECRET = {"provider": "naver", "accessKey": "access", "secretKey": "secret"}
Opener = Callable[..., Provider]
"""Takes the server, and fields of the connection that are to be others."""


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(sleep=lambda _: None)
    yield made
    made.close()


def opener(transport: Transport, secret: dict[str, str]) -> Opener:
    def open_to(server: WireServer, **changes: str) -> Provider:
        connection = parse_connection("default", json.dumps({**secret, "endpoint": server.endpoint, **changes}))
        return open_provider(connection, transport, lambda: NOW)

    return open_to


@pytest.fixture
def open_huawei(transport: Transport) -> Opener:
    return opener(transport, SECRET)


@pytest.fixture
def open_naver(transport: Transport) -> Opener:
    return opener(transport, NAVER_SECRET)


@pytest.fixture(params=["naver", "huawei"])
def open_any(request: pytest.FixtureRequest, open_naver: Opener, open_huawei: Opener) -> Opener:
    return open_naver if request.param == "naver" else open_huawei

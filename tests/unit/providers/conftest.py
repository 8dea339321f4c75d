"""Providers that speak to a server of the test's own."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tests.unit.http_client.wire_server import Respond, WireServer, reply, wire_server
from tests.unit.providers.replies import NOW

PROJECT = "b384b9e9ab9b4ee8994c8633aabc9505"
KEYS = {"accessKey": "access", "secretKey": "secret"}
SECRETS = {
    "naver": {"provider": "naver", **KEYS},
    "huawei": {"provider": "huawei", "projectId": PROJECT, **KEYS},
}
Serve = Callable[..., tuple[Provider, WireServer]]
"""Takes the server's replies, and fields of the connection that are to be others."""


def ok(content: object, **headers: str) -> Respond:
    return reply(200, json.dumps(content).encode(), **headers)


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(sleep=lambda _: None)
    yield made
    made.close()


@pytest.fixture
def serve(transport: Transport) -> Iterator[Serve]:
    """Takes the cloud first."""
    with ExitStack() as servers:

        def serve(cloud: str, *replies: Respond, **changes: str) -> tuple[Provider, WireServer]:
            server = servers.enter_context(wire_server(*replies))
            secret = {**SECRETS[cloud], "endpoint": server.endpoint, **changes}
            return open_provider(parse_connection("default", json.dumps(secret)), transport, lambda: NOW), server

        yield serve


@pytest.fixture
def serve_naver(serve: Serve) -> Serve:
    return partial(serve, "naver")


@pytest.fixture
def serve_huawei(serve: Serve) -> Serve:
    return partial(serve, "huawei")


@pytest.fixture(params=["naver", "huawei"])
def cloud(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def serve_cloud(serve: Serve, cloud: str) -> Serve:
    return partial(serve, cloud)

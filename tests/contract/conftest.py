import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from tests.contract.services import GENERATIONS, Service, serve

ServiceMaker = Callable[..., Service]


@pytest.fixture(scope="module", params=GENERATIONS.values(), ids=list(GENERATIONS))
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Each provider's service in each generation of its pages, one for a module's tests."""
    cloud, settings = request.param
    serving = serve(cloud, tmp_path_factory.mktemp("service"), settings)
    yield serving
    serving.server.stop()


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[ServiceMaker]:
    """Takes the cloud, and settings that are to be others."""
    services: list[Service] = []

    def make(cloud: str, **settings: Any) -> Service:
        services.append(serve(cloud, tmp_path / "sandbox", settings))
        return services[-1]

    yield make
    for serving in services:
        serving.server.stop()


@pytest.fixture
def connect() -> Iterator[Callable[..., Provider]]:
    """Our provider to a service; takes fields of the connection that are to be others."""
    transport = Transport(sleep=lambda _: None)

    def open_connection(service: Service, **changes: str) -> Provider:
        connection = parse_connection("default", json.dumps({**service.emulator.secret(), **changes}))
        return open_provider(connection, transport, time.time)

    yield open_connection
    transport.close()


@pytest.fixture
def provider(service: Service, connect: Callable[..., Provider]) -> Provider:
    return connect(service)

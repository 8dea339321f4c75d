"""A Data Flow and a DataArts Factory on loopback, in either of their generations, and our providers to them."""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.providers import open_provider
from farsync.providers.base import Provider
from sandbox import naver_dataflow
from sandbox.huawei_dataarts import Server, Settings, serve
from sandbox.tests.huawei.dataarts_client import Client
from sandbox.tests.naver.nodes import source, target
from tests.contract.data_flow import create_job, open_as

OLDER: dict[str, Any] = {
    "error_codes": "0100",
    "status_words": 7,
    "offset_unit": "page",
    "execute_time_unit": "minutes",
    "missing_start_time": "absent",
    "has_queue": False,
}
NEWER: dict[str, Any] = {
    "error_codes": "30100",
    "error_keys": "errorCode",
    "gateway_prefix": "APIG",
    "status_words": 12,
    "special_success": "words",
    "offset_unit": "record",
    "window_on": "startTime",
    "is_job_id_text": True,
    "missing_start_time": "zero",
}
UNLIMITED: dict[str, Any] = {"calls_per_second": None, "job_detail_calls_per_second": None}


@pytest.fixture(params=[OLDER, NEWER], ids=["older", "newer"])
def dataarts_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    settings = Settings(tmp_path / "sandbox", queue_seconds=0.05, run_seconds=0.05, **UNLIMITED, **request.param)
    serving = serve(settings)
    yield serving
    serving.stop()


@pytest.fixture
def dataarts_client(dataarts_server: Server) -> Client:
    return Client(dataarts_server)


@pytest.fixture
def make_dataarts(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Takes settings that are to be others."""
    servers: list[Server] = []

    def make(**settings: Any) -> Server:
        servers.append(serve(Settings(tmp_path / "another", queue_seconds=0, run_seconds=0, **UNLIMITED, **settings)))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def connect_to() -> Iterator[Callable[..., Provider]]:
    """Takes a server, and fields of the connection that are to be others."""
    transport = Transport(sleep=lambda _: None)

    def connect(server: Server, **changes: str) -> Provider:
        secret = {
            "provider": "huawei",
            "endpoint": server.endpoint,
            "projectId": server.account.project_id,
            "accessKey": server.account.keys.access_key,
            "secretKey": server.account.keys.secret_key,
        }
        connection = parse_connection("default", json.dumps({**secret, **changes}))
        return open_provider(connection, transport, time.time)

    yield connect
    transport.close()


@pytest.fixture
def open_dataarts(dataarts_server: Server, connect_to: Callable[..., Provider]) -> Callable[..., Provider]:
    """Takes fields of the connection that are to be others."""
    return partial(connect_to, dataarts_server)


@pytest.fixture
def dataarts(open_dataarts: Callable[..., Provider]) -> Provider:
    return open_dataarts()


@pytest.fixture(params=[("G1", "detail"), ("G2", "nested")], ids="-".join)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[naver_dataflow.Server]:
    dialect, error_shape = request.param
    settings = naver_dataflow.Settings(
        tmp_path / "sandbox", dialect=dialect, error_shape=error_shape, queue_seconds=0.05, run_seconds=0.05
    )
    serving = naver_dataflow.serve(settings)
    sales = serving.settings.buckets_folder / "lake" / "sales"
    sales.mkdir(parents=True)
    (sales / "2025.csv").write_text("city,units,price\nSeoul,3,1.5\nBusan,1,2.0\n")
    yield serving
    serving.stop()


@pytest.fixture
def provider(server: naver_dataflow.Server) -> Iterator[Provider]:
    transport = Transport(sleep=lambda _: None)
    yield open_as(server, transport, server.keys.secret_key)
    transport.close()


@pytest.fixture
def job(server: naver_dataflow.Server) -> str:
    return create_job(server, "daily_sales", nodes=[source(), target(1)])

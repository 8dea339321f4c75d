"""A DataArts Factory on loopback, in either of its generations, and our provider to it."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from farsync.connections import parse_connection
from farsync.providers import open_provider
from farsync.providers.protocol import Provider
from farsync.transport import Transport
from sandbox.huawei_dataarts import Server, Settings, serve
from tests.unit.sandbox_huawei.dataarts_client import Client

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
def open_dataarts(dataarts_server: Server) -> Iterator[Callable[..., Provider]]:
    """Takes fields of the connection that are to be others."""
    transport = Transport(sleep=lambda _: None)
    secret = {
        "provider": "huawei",
        "endpoint": dataarts_server.endpoint,
        "projectId": dataarts_server.account.project_id,
        "accessKey": dataarts_server.account.keys.access_key,
        "secretKey": dataarts_server.account.keys.secret_key,
    }

    def open_connection(**changes: str) -> Provider:
        connection = parse_connection("default", json.dumps({**secret, **changes}))
        return open_provider(connection, transport, time.time)

    yield open_connection
    transport.close()


@pytest.fixture
def dataarts(open_dataarts: Callable[..., Provider]) -> Provider:
    return open_dataarts()

"""Real DataArts Factory services on loopback."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.huawei_dataarts import Server, Settings, serve
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[ServerMaker]:
    """Servers with small waits and without call limits, in one folder unless told otherwise; all stopped in the end."""
    servers: list[Server] = []

    def make(clock: Any = time.time, **settings: Any) -> Server:
        defaults: dict[str, Any] = {
            "folder": tmp_path / "sandbox",
            "queue_seconds": 0.02,
            "run_seconds": 0.02,
            "calls_per_second": None,
            "job_detail_calls_per_second": None,
        }
        servers.append(serve(Settings(**{**defaults, **settings}), clock))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def client(make_server: ServerMaker) -> Client:
    return Client(make_server())


@pytest.fixture
def slow_client(make_server: ServerMaker) -> Client:
    """Instances of this service run for as long as a test lasts."""
    return Client(make_server(run_seconds=600))


@pytest.fixture
def lake(client: Client) -> Path:
    """The bucket of the default workspace, with the table `sales` in CSV."""
    bucket = client.server.settings.buckets_folder / "lake"
    (bucket / "sales").mkdir(parents=True)
    (bucket / "sales" / "2025.csv").write_text("city,units\nSeoul,3\nBusan,1\nSeoul,4\n")
    return bucket

"""Real Data Flow services on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.naver_dataflow import Server, Settings, serve
from sandbox.tests.naver.data_flow_client import Client, ServerMaker


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[ServerMaker]:
    """Servers with small waits, in one folder unless told otherwise; all stopped in the end."""
    servers: list[Server] = []

    def make(**settings: Any) -> Server:
        defaults: dict[str, Any] = {"folder": tmp_path / "sandbox", "queue_seconds": 0.02, "run_seconds": 0.02}
        servers.append(serve(Settings(**{**defaults, **settings})))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def client(make_server: ServerMaker) -> Client:
    return Client(make_server())


@pytest.fixture
def slow_client(make_server: ServerMaker) -> Client:
    """Executions of this service run for as long as a test lasts."""
    return Client(make_server(run_seconds=600))


@pytest.fixture
def lake(client: Client) -> Path:
    """The folder of the bucket `lake`, with `sales/` in CSV."""
    bucket = client.server.settings.buckets_folder / "lake"
    (bucket / "sales").mkdir(parents=True)
    (bucket / "sales" / "2025.csv").write_text("city,units,price\nSeoul,3,1.5\nBusan,1,2.0\nSeoul,4,n/a\n")
    return bucket

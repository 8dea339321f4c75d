"""Real Data Flow services on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.naver_dataflow import Server, Settings, serve
from sandbox.tests.naver.data_flow_client import Client, ServerMaker
from sandbox.tests.servers import serving


def serve_with(**settings: Any) -> Server:
    return serve(Settings(**settings))


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[ServerMaker]:
    """In one folder unless another is given."""
    with serving(serve_with, folder=tmp_path / "sandbox") as make:
        yield make


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

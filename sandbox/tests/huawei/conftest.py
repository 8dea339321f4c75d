"""Real DataArts Factory services on loopback."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.huawei_dataarts import Server, Settings, serve
from sandbox.tests.huawei.dataarts_client import Client, ServerMaker
from sandbox.tests.servers import serving

UNLIMITED: dict[str, Any] = {"calls_per_second": None, "job_detail_calls_per_second": None}


def serve_with(clock: Callable[[], float] = time.time, **settings: Any) -> Server:
    return serve(Settings(**{**UNLIMITED, **settings}), clock)


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[ServerMaker]:
    """Without call limits, and in one folder unless another is given."""
    with serving(serve_with, folder=tmp_path / "sandbox") as make:
        yield make


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

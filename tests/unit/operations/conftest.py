"""The use cases against both providers' services, each in this process and by a clock that the tests move."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.operations.closed_runs import ClosingScene
from tests.unit.operations.cloud import AT_ONCE, BOTH, Cloud, a_cloud
from tests.unit.operations.searching_scene import Scene


@pytest.fixture(params=BOTH)
def cloud(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Executions end in an instant."""
    with a_cloud(request.param, tmp_path, **AT_ONCE) as cloud:
        yield cloud


@pytest.fixture(params=BOTH)
def slow_cloud(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Executions go on for as long as a test lasts, unless they are canceled."""
    with a_cloud(request.param, tmp_path) as cloud:
        yield cloud


@pytest.fixture(params=["data-flow"])
def closing(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ClosingScene]:
    with a_cloud(request.param, tmp_path) as cloud:
        yield ClosingScene(cloud)


@pytest.fixture(params=BOTH)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    with a_cloud(request.param, tmp_path) as cloud:
        yield Scene(cloud)


@pytest.fixture
def marked_scene(tmp_path: Path) -> Iterator[Scene]:
    """Executions show whose they are."""
    with a_cloud("data-flow", tmp_path, connection={"runMarker": "logPath"}) as cloud:
        yield Scene(cloud)

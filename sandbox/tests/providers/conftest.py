"""A service of either provider on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.tests.huawei import dataarts_client
from sandbox.tests.huawei.conftest import serve_with as serve_dataarts
from sandbox.tests.naver import data_flow_client
from sandbox.tests.naver.conftest import serve_with as serve_data_flow
from sandbox.tests.providers.clouds import Cloud
from sandbox.tests.servers import serving

CloudMaker = Callable[..., Cloud]


@pytest.fixture(params=["naver", "huawei"])
def make_cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CloudMaker]:
    """Takes settings that are to be others; in one folder unless another is given."""
    serve: Any = {"naver": serve_data_flow, "huawei": serve_dataarts}[request.param]
    client: Any = {"naver": data_flow_client.Client, "huawei": dataarts_client.Client}[request.param]
    with serving(serve, folder=tmp_path / "sandbox") as make:
        yield lambda **settings: Cloud(client(make(**settings)))


@pytest.fixture
def cloud(make_cloud: CloudMaker) -> Cloud:
    return make_cloud()

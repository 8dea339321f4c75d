"""A service of either provider on loopback."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import huawei_dataarts, naver_dataflow
from sandbox.tests.huawei import dataarts_client
from sandbox.tests.naver import data_flow_client
from sandbox.tests.providers.clouds import DATA_ARTS, DATA_FLOW, Cloud

CloudMaker = Callable[..., Cloud]
UNLIMITED: dict[str, Any] = {"calls_per_second": None, "job_detail_calls_per_second": None}


@pytest.fixture(params=["naver", "huawei"])
def make_cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CloudMaker]:
    """Services with small waits, in one folder unless another is given; all stopped in the end."""
    clouds: list[Cloud] = []

    def make(**settings: Any) -> Cloud:
        fields = {"folder": tmp_path / "sandbox", "queue_seconds": 0.02, "run_seconds": 0.02, **settings}
        if request.param == "naver":
            data_flow = naver_dataflow.serve(naver_dataflow.Settings(**fields))
            clouds.append(Cloud(data_flow_client.Client(data_flow), DATA_FLOW))
        else:
            dataarts = huawei_dataarts.serve(huawei_dataarts.Settings(**UNLIMITED, **fields))
            clouds.append(Cloud(dataarts_client.Client(dataarts), DATA_ARTS))
        return clouds[-1]

    yield make
    for cloud in clouds:
        cloud.client.server.stop()


@pytest.fixture
def cloud(make_cloud: CloudMaker) -> Cloud:
    return make_cloud()

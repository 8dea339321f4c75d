"""Both providers' services on loopback, written from the providers' pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from farsync.model.execution import Execution
from farsync.providers.base import Provider
from sandbox import huawei_dataarts, naver_dataflow
from sandbox.tests.huawei import dataarts_client
from sandbox.tests.naver import data_flow_client
from tests.support.emulators import RUN_SETTINGS, Emulator, Huawei, Naver

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
DATAARTS = {"huawei-older": ("huawei", OLDER), "huawei-newer": ("huawei", NEWER)}
GENERATIONS = {
    "naver-G1": ("naver", {"dialect": "G1", "error_shape": "detail"}),
    "naver-G2": ("naver", {"dialect": "G2", "error_shape": "nested"}),
    **DATAARTS,
}
BRIEF = {"queue_seconds": 0.05, "run_seconds": 0.05}
UNLIMITED = {"calls_per_second": None, "job_detail_calls_per_second": None}


@dataclass(frozen=True)
class Service:
    server: Any
    emulator: Emulator
    client: Any
    """The few lines with which the service's own tests call it."""

    def start(self, provider: Provider, job: str) -> Execution:
        condition = RUN_SETTINGS if self.emulator.has_run_settings else None
        return provider.start(job, condition=condition, parameters={self.emulator.parameter: "sales"})


def serve(cloud: str, folder: Path, settings: Mapping[str, Any]) -> Service:
    """With a table `sales` of two rows in the bucket `lake`."""
    if cloud == "naver":
        data_flow = naver_dataflow.serve(naver_dataflow.Settings(folder, **{**BRIEF, **settings}))
        emulator: Emulator = Naver(_description(data_flow, data_flow.keys), settings.get("dialect", "G1"))
        return Service(data_flow, emulator, data_flow_client.Client(data_flow))
    dataarts = huawei_dataarts.serve(huawei_dataarts.Settings(folder, **{**BRIEF, **UNLIMITED, **settings}))
    project = {"projectId": dataarts.account.project_id}
    emulator = Huawei({**_description(dataarts, dataarts.account.keys), **project})
    return Service(dataarts, emulator, dataarts_client.Client(dataarts))


def _description(server: Any, keys: Any) -> dict[str, str]:
    table = server.settings.buckets_folder / "lake" / "sales"
    table.mkdir(parents=True, exist_ok=True)
    (table / "2025.csv").write_text("city,units,price\nSeoul,3,1.5\nSeoul,1,2.0\n")
    buckets = str(server.settings.buckets_folder)
    return {"endpoint": server.endpoint, "bucketsDir": buckets} | {
        "accessKey": keys.access_key,
        "secretKey": keys.secret_key,
    }

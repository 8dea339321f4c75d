"""The main job on Data Flow: the highest airport of each country that has one above `$min_elevation` feet."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from sandbox.main_job.data_flow_client import DataFlowClient
from sandbox.settings import Cloud

JOB_NAME = "highest_airports"
BUCKET = "open-data"
NODES_FILE = Path(__file__).parent / "data_flow_job.json"
RUN_SETTINGS = {
    "numWorker": 2,
    "timeout": 10,
    "nrn": "nrn:PUB:IAM::2000000000001:Role/dataflow",
    "scriptPath": "dataflow-sandbox/scripts/",
    "logPath": "dataflow-sandbox/logs/",
}


@dataclass(frozen=True)
class DataFlowJob:
    """A `CloudJob`; `job` is its id."""

    cloud: ClassVar[Cloud] = "naver"
    connection: ClassVar[str] = "default"
    purpose: ClassVar[str] = "finds the highest airport of each country"

    job: str
    data_flow: DataFlowClient
    buckets_folder: Path

    def parameters(self, min_elevation_feet: int) -> dict[str, str]:
        return {"$min_elevation": str(min_elevation_feet), "$target": _target_folder(min_elevation_feet)}

    def provider_status(self, execution_id: str) -> str:
        return str(self.data_flow.call("GET", f"/jobs/{self.job}/executions/{execution_id}")["status"])

    def output_files(self, min_elevation_feet: int) -> list[Path]:
        results = self.buckets_folder / BUCKET / "highest-airports"
        return sorted((results / _target_folder(min_elevation_feet)).glob("*.csv"))


def find_or_create(data_flow: DataFlowClient, dialect: Literal["G1", "G2"]) -> str:
    """The job of an earlier start in the same folder, or a new one; returns its id. Raises ProviderRejected."""
    for job in data_flow.call("GET", f"/jobs?name={JOB_NAME}")["list"]:
        if job["name"] == JOB_NAME:
            return str(job["jobId"])
    return _create(data_flow, dialect)


def _create(data_flow: DataFlowClient, dialect: Literal["G1", "G2"]) -> str:
    definition: dict[str, Any] = {"name": JOB_NAME, "nodes": json.loads(NODES_FILE.read_text())}
    if dialect == "G2":
        definition["type"] = "VISUAL"
    job_id = str(data_flow.call("POST", "/jobs", definition)["jobId"])
    data_flow.call("PUT", f"/jobs/{job_id}/executions", {"jobCondition": RUN_SETTINGS})
    return job_id


def _target_folder(min_elevation_feet: int) -> str:
    return f"above-{min_elevation_feet}-feet"

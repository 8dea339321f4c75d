"""The main job on Data Flow: the highest airport of each country that has one above `$min_elevation` feet."""

import json
from pathlib import Path
from typing import Any, Literal

from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.data_flow_client import DataFlowClient

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


def publish_on_data_flow(data_flow: DataFlowClient, dialect: Literal["G1", "G2"], buckets_folder: Path) -> CloudJob:
    """The job of an earlier start in the same folder, or a new one. Raises ProviderRejected."""
    listed = data_flow.call("GET", f"/jobs?name={JOB_NAME}")["list"]
    known = [str(job["jobId"]) for job in listed if job["name"] == JOB_NAME]
    job_id = known[0] if known else _create(data_flow, dialect)
    return CloudJob(
        cloud="naver",
        connection="default",
        job=job_id,
        purpose="finds the highest airport of each country",
        parameter_texts={"$min_elevation": "{feet}", "$target": "above-{feet}-feet"},
        buckets_folder=buckets_folder,
        output_text=f"{BUCKET}/highest-airports/above-{{feet}}-feet",
        client=data_flow,
        executions_path=f"/jobs/{job_id}/executions",
    )


def _create(data_flow: DataFlowClient, dialect: Literal["G1", "G2"]) -> str:
    definition: dict[str, Any] = {"name": JOB_NAME, "nodes": json.loads(NODES_FILE.read_text())}
    if dialect == "G2":
        definition["type"] = "VISUAL"
    job_id = str(data_flow.call("POST", "/jobs", definition)["jobId"])
    data_flow.call("PUT", f"/jobs/{job_id}/executions", {"jobCondition": RUN_SETTINGS})
    return job_id

"""The main job on DataArts Factory: how many airports at `min_elevation` feet or higher each country has."""

import json
from pathlib import Path
from typing import Any

from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.dataarts_client import DataArtsClient

BUCKET = "lake"
"""Whose folders are the tables of SQL nodes."""
JOB_FILE = Path(__file__).parent / "dataarts_job.json"


def publish_on_dataarts(dataarts: DataArtsClient, buckets_folder: Path) -> CloudJob:
    """Creates the job, or renews that of an earlier start in the same folder. Raises ProviderRejected."""
    definition: dict[str, Any] = json.loads(JOB_FILE.read_text())
    name = str(definition["name"])
    listed = dataarts.call("GET", f"/jobs?jobName={name}&limit=100")["jobs"]
    if any(job["name"] == name for job in listed):
        dataarts.call("PUT", f"/jobs/{name}", definition)
    else:
        dataarts.call("POST", "/jobs", definition)
    return CloudJob(
        cloud="huawei",
        connection="huawei",
        job=name,
        purpose="counts the high airports of each country",
        parameter_texts={"min_elevation": "{feet}"},
        buckets_folder=buckets_folder,
        output_text=f"{BUCKET}/airports_above_{{feet}}_feet",
        client=dataarts,
        executions_path=f"/jobs/{name}/instances",
    )

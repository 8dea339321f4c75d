"""The main job on DataArts Factory: how many airports at `min_elevation` feet or higher each country has."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sandbox.main_job.dataarts_client import DataArtsClient
from sandbox.settings import Cloud

BUCKET = "lake"
"""Whose folders are the tables of SQL nodes."""
JOB_FILE = Path(__file__).parent / "dataarts_job.json"


@dataclass(frozen=True)
class DataArtsJob:
    """A `CloudJob`; `job` is its name."""

    cloud: ClassVar[Cloud] = "huawei"
    connection: ClassVar[str] = "huawei"
    purpose: ClassVar[str] = "counts the high airports of each country"

    job: str
    dataarts: DataArtsClient
    buckets_folder: Path

    def parameters(self, min_elevation_feet: int) -> dict[str, str]:
        return {"min_elevation": str(min_elevation_feet)}

    def provider_status(self, execution_id: str) -> str:
        return str(self.dataarts.call("GET", f"/jobs/{self.job}/instances/{execution_id}")["status"])

    def output_files(self, min_elevation_feet: int) -> list[Path]:
        return sorted((self.buckets_folder / BUCKET / f"airports_above_{min_elevation_feet}_feet").glob("*.csv"))


def create_or_renew(dataarts: DataArtsClient) -> str:
    """Creates the job, or renews that of an earlier start in the same folder; returns its name.

    Raises ProviderRejected.
    """
    definition: dict[str, Any] = json.loads(JOB_FILE.read_text())
    name = str(definition["name"])
    listed = dataarts.call("GET", f"/jobs?jobName={name}&limit=100")["jobs"]
    if any(job["name"] == name for job in listed):
        dataarts.call("PUT", f"/jobs/{name}", definition)
    else:
        dataarts.call("POST", "/jobs", definition)
    return name

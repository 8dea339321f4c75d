"""The airports and the job over them, brought into a cloud of a started sandbox."""

import shutil
import time
from importlib import resources
from pathlib import Path

from sandbox.main_job import data_flow_job, dataarts_job
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.data_flow_client import DataFlowClient
from sandbox.main_job.dataarts_client import DataArtsClient
from sandbox.running import Sandbox
from sandbox.settings import Cloud


def publish_job(sandbox: Sandbox, cloud: Cloud) -> CloudJob:
    """In a folder of an earlier start, the job of then is used again. Raises ProviderRejected."""
    described, buckets = sandbox.provider(cloud), sandbox.buckets_folder(cloud)
    match cloud:
        case "naver":
            publish_airports(buckets / data_flow_job.BUCKET)
            data_flow = DataFlowClient(described, time.time)
            return data_flow_job.publish_on_data_flow(data_flow, sandbox.settings.dialect, buckets)
        case "huawei":
            publish_airports(buckets / dataarts_job.BUCKET)
            return dataarts_job.publish_on_dataarts(DataArtsClient(described, time.time), buckets)


def publish_airports(bucket: Path) -> None:
    """28,000 airports, public data that the package `airportsdata` ships."""
    target = bucket / "airports" / "airports.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files("airportsdata") / "airports.csv") as source:
        shutil.copyfile(source, target)

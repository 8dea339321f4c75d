"""The airports and the job over them, brought into a cloud of a started sandbox."""

import time

from sandbox.main_job import data_flow_job, dataarts_job
from sandbox.main_job.airports import publish_airports
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.data_flow_client import DataFlowClient
from sandbox.main_job.dataarts_client import DataArtsClient
from sandbox.running import Sandbox
from sandbox.settings import Cloud


def publish_job(sandbox: Sandbox, cloud: Cloud) -> CloudJob:
    """In a folder of an earlier start, the job of then is used again. Raises DataFlowRejected, DataArtsRejected."""
    match cloud:
        case "naver":
            return _publish_on_data_flow(sandbox)
        case "huawei":
            return _publish_on_dataarts(sandbox)


def _publish_on_data_flow(sandbox: Sandbox) -> CloudJob:
    buckets_folder = sandbox.buckets_folder("naver")
    publish_airports(buckets_folder / data_flow_job.BUCKET)
    data_flow = DataFlowClient(sandbox.provider("naver"), time.time)
    job_id = data_flow_job.find_or_create(data_flow, sandbox.settings.dialect)
    return data_flow_job.DataFlowJob(job_id, data_flow, buckets_folder)


def _publish_on_dataarts(sandbox: Sandbox) -> CloudJob:
    buckets_folder = sandbox.buckets_folder("huawei")
    publish_airports(buckets_folder / dataarts_job.BUCKET)
    dataarts = DataArtsClient(sandbox.provider("huawei"), time.time)
    return dataarts_job.DataArtsJob(dataarts_job.create_or_renew(dataarts), dataarts, buckets_folder)

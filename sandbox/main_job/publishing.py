"""The airports and the job over them, brought into a cloud of a started world."""

import time

from sandbox.main_job import data_flow_job, dataarts_job
from sandbox.main_job.airports import publish_airports
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.data_flow_client import DataFlowClient
from sandbox.main_job.dataarts_client import DataArtsClient
from sandbox.world import World
from sandbox.world_settings import Cloud


def publish_job(world: World, cloud: Cloud) -> CloudJob:
    """In a folder of an earlier start, the job of then is used again. Raises DataFlowRejected, DataArtsRejected."""
    match cloud:
        case "naver":
            return _publish_on_data_flow(world)
        case "huawei":
            return _publish_on_dataarts(world)


def _publish_on_data_flow(world: World) -> CloudJob:
    buckets_folder = world.buckets_folder("naver")
    publish_airports(buckets_folder / data_flow_job.BUCKET)
    data_flow = DataFlowClient(world.provider("naver"), time.time)
    job_id = data_flow_job.find_or_create(data_flow, world.settings.dialect)
    return data_flow_job.DataFlowJob(job_id, data_flow, buckets_folder)


def _publish_on_dataarts(world: World) -> CloudJob:
    buckets_folder = world.buckets_folder("huawei")
    publish_airports(buckets_folder / dataarts_job.BUCKET)
    dataarts = DataArtsClient(world.provider("huawei"), time.time)
    return dataarts_job.DataArtsJob(dataarts_job.create_or_renew(dataarts), dataarts, buckets_folder)

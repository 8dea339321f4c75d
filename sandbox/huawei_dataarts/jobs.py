"""The operations on jobs."""

from collections.abc import Callable
from typing import Any

from sandbox.huawei_dataarts.instance_store import NEEDING_A_PERSON, ONE_TIME, WORKING, InstanceStore
from sandbox.huawei_dataarts.instances import NO_CONTENT, InstanceOperations
from sandbox.huawei_dataarts.job_definition import read_job_definition
from sandbox.huawei_dataarts.job_store import Job, JobStore
from sandbox.huawei_dataarts.rejections import FactoryRejection, bad_parameter, job_not_found
from sandbox.huawei_dataarts.request_fields import read_count, read_job_params, read_object, read_page
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_jobs import shown_in_list, shown_job, shown_status
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.http_messages import Reply, Request, json_reply

MAXIMUM_JOBS = 10_000
"""Of one workspace."""
# Newer pages allow 1000; whoever asks for 100 is right everywhere.
MAXIMUM_LIMIT = 100
JOB_TYPES = ("BATCH", "REAL_TIME")
SUBMITTED = ("SUBMITTED", "PRODUCTION")
LATEST_VERSION = -1


class JobOperations:
    def __init__(
        self,
        jobs: JobStore,
        instances: InstanceStore,
        runs: InstanceOperations,
        worker: Worker,
        settings: Settings,
        clock: Callable[[], float],
    ) -> None:
        self._jobs = jobs
        self._instances = instances
        self._runs = runs
        self._worker = worker
        self._settings = settings
        self._clock = clock

    def create(self, request: Request, workspace: str) -> Reply:
        fields = read_object(request.body)
        is_submitted = _take_target_status(fields)
        definition = read_job_definition(fields)
        if self._jobs.count(workspace) >= MAXIMUM_JOBS:
            raise FactoryRejection("0101", "The number of jobs reaches the upper limit.")
        if not self._jobs.add(workspace, definition, int(is_submitted), self._clock()):
            raise _name_used()
        return NO_CONTENT

    def modify(self, request: Request, workspace: str, job_name: str) -> Reply:
        job = self._find(workspace, job_name)
        fields = read_object(request.body)
        version = job.version + int(_take_target_status(fields))
        if not self._jobs.replace(job, read_job_definition(fields), version, self._clock()):
            raise _name_used()
        return NO_CONTENT

    def delete(self, workspace: str, job_name: str) -> Reply:
        """Its instances end with it, and nothing shows them any more."""
        job = self._find(workspace, job_name)
        self._jobs.delete(job)
        for instance in self._instances.of_job(job.job_id, *WORKING, *NEEDING_A_PERSON):
            self._worker.end(instance, "manual-stop")
        return NO_CONTENT

    def list_page(self, request: Request, workspace: str) -> Reply:
        query = request.query
        job_type = query.get("jobType", "BATCH")
        if job_type not in JOB_TYPES:
            raise bad_parameter(f"jobType: must be one of {', '.join(JOB_TYPES)}")
        page = read_page(query, MAXIMUM_LIMIT, self._settings.offset_unit)
        found = self._jobs.list_all(workspace, query.get("jobName", ""), job_type)
        if tags := [tag for tag in query.get("tags", "").split(",") if tag]:
            found = [item for item in found if set(tags) & set(_tags(item.job))]
        shown = [shown_in_list(item) for item in found[page.skip : page.skip + page.limit]]
        return json_reply({"total": len(found), "jobs": shown})

    def show(self, request: Request, workspace: str, job_name: str) -> Reply:
        job = self._find(workspace, job_name)
        version = read_count(request.query, "version", LATEST_VERSION, LATEST_VERSION, 10**9)
        if version not in (LATEST_VERSION, job.version):
            raise bad_parameter(f"version: only the latest one, {job.version}, is kept")
        return json_reply(shown_job(job))

    def show_status(self, workspace: str, job_name: str) -> Reply:
        return json_reply(shown_status(self._find(workspace, job_name)))

    def start(self, request: Request, workspace: str, job_name: str) -> Reply:
        """Starts the schedule of a batch job, or the stream of a real-time job. Streams do not run here."""
        job = self._find(workspace, job_name)
        params = read_job_params(read_object(request.body))
        is_batch = job.definition.process_type == "BATCH"
        self._jobs.start(job, "SCHEDULING" if is_batch else "NORMAL", params, self._clock())
        if is_batch and job.definition.schedule.is_one_time:
            self._runs.begin(job, ONE_TIME, self._clock(), params)
        return NO_CONTENT

    def stop(self, workspace: str, job_name: str) -> Reply:
        """Instances that wait for their turn end; those that run go on."""
        job = self._find(workspace, job_name)
        self._jobs.stop(job, self._clock())
        for instance in self._instances.of_job(job.job_id, "waiting"):
            self._worker.end(instance, "manual-stop")
        return NO_CONTENT

    def _find(self, workspace: str, job_name: str) -> Job:
        job = self._jobs.find(workspace, job_name)
        if job is None:
            raise job_not_found()
        return job


def _take_target_status(fields: dict[str, Any]) -> bool:
    """Whether the request submits a version. What it says about that is no part of the job."""
    fields.pop("approvers", None)
    return fields.pop("targetStatus", None) in SUBMITTED


def _name_used() -> FactoryRejection:
    return FactoryRejection("0102", "The job name already exists.")


def _tags(job: Job) -> list[str]:
    """A list in one place of the provider's pages, an object in another."""
    tags = (job.definition.basic_config.model_extra or {}).get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list | dict) else []

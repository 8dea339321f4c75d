"""The operations on jobs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.job_definition import JobDefinition, read_job_definition
from sandbox.huawei_dataarts.records import NEEDING_A_PERSON, WORKING, Instances, Job, Jobs
from sandbox.huawei_dataarts.rejections import FactoryRejection, job_not_found
from sandbox.huawei_dataarts.request_fields import JobQuery, read_body, read_job_params, read_query
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_jobs import shown_in_list, shown_job, shown_status
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.http_messages import NO_CONTENT, Reply, Request, json_reply
from sandbox.provider_service.records import count_on
from sandbox.provider_service.routing import Call

FIRST_ID = 608627
"""That of the provider's examples."""
SUBMITTED = ("SUBMITTED", "PRODUCTION")


@dataclass
class JobOperations:
    jobs: Jobs
    instances: Instances
    worker: Worker
    account: Account
    settings: Settings
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        used = [job.job_id for job in self.jobs.all()] + [instance.job_id for instance in self.instances.all()]
        self._ids = count_on(used, FIRST_ID)
        # Held from checking that a name is free to taking it.
        self._naming = threading.Lock()

    def create(self, call: Call) -> Reply:
        workspace = self.account.workspace_in(call.request)
        definition, is_submitted = _read_definition(call.request)
        now = self.clock()
        with self._naming:
            self._check_name_is_free(workspace, definition.name)
            self.jobs.put(
                Job(
                    job_id=next(self._ids),
                    workspace=workspace,
                    definition=definition,
                    version=int(is_submitted),
                    created_at=now,
                    updated_at=now,
                )
            )
        return NO_CONTENT

    def modify(self, call: Call) -> Reply:
        job = self._find(call)
        definition, is_submitted = _read_definition(call.request)
        version = job.version + int(is_submitted)
        with self._naming:
            if definition.name != job.name:
                self._check_name_is_free(job.workspace, definition.name)
            self.jobs.change(job.job_id, definition=definition, version=version, updated_at=self.clock())
        return NO_CONTENT

    def delete(self, call: Call) -> Reply:
        """Its instances end with it, and nothing shows them any more."""
        job = self._find(call)
        self.jobs.delete(job.job_id)
        self._end_instances(job, *WORKING, *NEEDING_A_PERSON)
        return NO_CONTENT

    def list_page(self, call: Call) -> Reply:
        """Newest first."""
        workspace = self.account.workspace_in(call.request)
        query = read_query(JobQuery, call.request.query)
        found = [
            job
            for job in reversed(self.jobs.all())
            if (job.workspace, job.definition.process_type) == (workspace, query.job_type)
            and query.job_name in job.name
        ]
        newest = {instance.job_id: instance for instance in self.instances.all()}
        page = query.page(found, self.settings.offset_unit)
        shown = [shown_in_list(job, newest.get(job.job_id)) for job in page]
        return json_reply({"total": len(found), "jobs": shown})

    def show(self, call: Call) -> Reply:
        return json_reply(shown_job(self._find(call)))

    def show_status(self, call: Call) -> Reply:
        return json_reply(shown_status(self._find(call)))

    def start(self, call: Call) -> Reply:
        """Starts the schedule of a batch job, or the stream of a real-time job. Neither runs here."""
        job = self._find(call)
        read_job_params(call.request)
        status = "SCHEDULING" if job.definition.process_type == "BATCH" else "NORMAL"
        self.jobs.change(job.job_id, status=status, started_at=self.clock(), stopped_at=None)
        return NO_CONTENT

    def stop(self, call: Call) -> Reply:
        """Instances that wait for their turn end; those that run go on."""
        job = self._find(call)
        self.jobs.change(job.job_id, status="STOPPED", stopped_at=self.clock())
        self._end_instances(job, "waiting")
        return NO_CONTENT

    def _end_instances(self, job: Job, *statuses: str) -> None:
        for instance in self.instances.of_job(job.job_id):
            if instance.status in statuses:
                self.worker.end(instance, "manual-stop")

    def _find(self, call: Call) -> Job:
        job = self.jobs.named(self.account.workspace_in(call.request), call.job)
        if job is None:
            raise job_not_found()
        return job

    def _check_name_is_free(self, workspace: str, name: str) -> None:
        if self.jobs.named(workspace, name):
            raise FactoryRejection("0102", "The job name already exists.")


def _read_definition(request: Request) -> tuple[JobDefinition, bool]:
    """With it, whether the request submits a version. What it says about that is no part of the job."""
    fields: dict[str, Any] = read_body(request)
    fields.pop("approvers", None)
    is_submitted = fields.pop("targetStatus", None) in SUBMITTED
    return read_job_definition(fields), is_submitted

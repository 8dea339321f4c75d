"""The operations on jobs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.records import Execution, Job
from sandbox.naver_dataflow.rejections import bad_parameter, not_found
from sandbox.naver_dataflow.request_fields import RunSettings, read_job, read_page, read_run_settings
from sandbox.naver_dataflow.wire_values import new_id, wire_date
from sandbox.provider_service.http_messages import Reply, json_reply
from sandbox.provider_service.records import Records
from sandbox.provider_service.routing import Call
from sandbox.provider_service.validation import read_object

JOB_STATUS_FILTER = ("RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING")


@dataclass
class JobOperations:
    jobs: Records[Job]
    executions: Records[Execution]
    dialect: Dialect
    clock: Callable[[], float]

    def list(self, call: Call) -> Reply:
        """Newest first. `name` is a part of the name."""
        query = call.request.query
        page = read_page(query, self.dialect.minimum_job_list_limit)
        status = query.get("status") if self.dialect.has_status_filter else None
        if status and status not in JOB_STATUS_FILTER:
            raise bad_parameter(f"status: must be one of {', '.join(JOB_STATUS_FILTER)}")
        executions: dict[str, list[Execution]] = {}
        for execution in self.executions.all():
            executions.setdefault(execution.job.job_id, []).append(execution)
        found = [
            job
            for job in reversed(self.jobs.all())
            if query.get("name", "") in job.name
            and (not status or self._status(job, executions.get(job.job_id, [])) == status)
        ]
        return json_reply(page.shown(found, lambda job: self._list_item(job, executions.get(job.job_id, []))))

    def create(self, call: Call) -> Reply:
        fields = read_object(call.request.body, bad_parameter)
        read = read_job(fields, self.dialect.required_at_creation, self.dialect)
        now = self.clock()
        job = Job(
            job_id=new_id(),
            name=read.name,
            type=read.type or self.dialect.job_types[0],
            draft_status="DRAFT" if read.is_temp and self.dialect.has_draft_jobs else "",
            nodes=fields.get("nodes", []),
            run_settings=self._run_settings(fields, RunSettings().model_dump(by_alias=True)),
            max_concurrent_runs=read.max_concurrent_runs,
            created_at=now,
            updated_at=now,
        )
        self.jobs.put(job)
        # The common table of the pages knows 201 for a completed creation, and createJob names none of its own.
        return json_reply(self._whole(job), 201)

    def get(self, call: Call) -> Reply:
        return json_reply(self._whole(self._find(call.job)))

    def update(self, call: Call) -> Reply:
        """`PUT` needs the name, `PATCH` keeps what is left out; both keep the nodes and settings."""
        job = self._find(call.job)
        fields = read_object(call.request.body, bad_parameter)
        read = read_job(fields, {"type", "name"} if call.request.method == "PUT" else {"type"}, self.dialect)
        return self._change(
            job,
            name=read.name or job.name,
            type=read.type,
            draft_status="EDITING" if read.is_temp and self.dialect.has_draft_jobs else "",
            nodes=fields.get("nodes", job.nodes),
            run_settings=self._run_settings(fields, job.run_settings),
            max_concurrent_runs=read.max_concurrent_runs or job.max_concurrent_runs,
        )

    def update_run_settings(self, call: Call) -> Reply:
        job = self._find(call.job)
        fields = read_object(call.request.body, bad_parameter)
        return self._change(job, run_settings=self._run_settings(fields, job.run_settings, is_required=True))

    def _change(self, job: Job, **fields: object) -> Reply:
        changed = job.model_copy(update={**fields, "updated_at": self.clock()})
        self.jobs.put(changed)
        return json_reply(self._whole(changed))

    def _run_settings(
        self, fields: Mapping[str, Any], stored: Mapping[str, Any], *, is_required: bool = False
    ) -> dict[str, Any]:
        return read_run_settings(fields, self.dialect, stored, is_required=is_required)

    def _find(self, job_id: str) -> Job:
        job = self.jobs.find(job_id)
        if job is None:
            raise not_found(f"job {job_id} does not exist")
        return job

    def _status(self, job: Job, executions: Sequence[Execution]) -> str:
        if self.dialect.has_draft_jobs and job.draft_status:
            return job.draft_status
        is_running = any(execution.status == "RUNNING" for execution in executions)
        return self.dialect.running_job_word if is_running else self.dialect.ready_job_word

    def _shown(self, job: Job, executions: Sequence[Execution]) -> dict[str, object]:
        """What a list and a single job show alike."""
        types = self.dialect.job_types
        shown: dict[str, object] = {
            "jobId": job.job_id,
            "name": job.name,
            # A job made under the other dialect shows this dialect's first type.
            "type": job.type if job.type in types else types[0],
            "status": self._status(job, executions),
            "createdDate": wire_date(job.created_at),
            "updatedDate": wire_date(job.updated_at),
        }
        if executions:
            shown["lastExecutionDate"] = wire_date(executions[-1].created_at)
        return shown

    def _list_item(self, job: Job, executions: Sequence[Execution]) -> dict[str, object]:
        shown = {**self._shown(job, executions), "resourceId": job.job_id, "disabled": False}
        # Lists name ends only; a single job also shows READY and RUNNING.
        ended = [execution for execution in executions if not execution.is_open]
        return {**shown, "lastExecutionStatus": ended[-1].status} if ended else shown

    def _whole(self, job: Job) -> dict[str, object]:
        executions = [execution for execution in self.executions.all() if execution.job.job_id == job.job_id]
        shown = {
            **self._shown(job, executions),
            "description": "",
            "nodes": job.nodes,
            "runCondition": self.dialect.shown_run_settings(job.run_settings),
        }
        if executions:
            shown["lastExecutionStatus"] = executions[-1].status
        if self.dialect.has_concurrency_limit and job.max_concurrent_runs is not None:
            shown["maxConcurrentRuns"] = job.max_concurrent_runs
        return shown

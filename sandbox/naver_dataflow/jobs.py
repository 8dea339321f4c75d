"""The operations on jobs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.naver_dataflow.definition import check_definition
from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.execution_store import ExecutionStore
from sandbox.naver_dataflow.job_store import Job, JobStore, JobSummary
from sandbox.naver_dataflow.rejections import bad_parameter, bad_state, not_found
from sandbox.naver_dataflow.request_fields import (
    page_of,
    read_job_type,
    read_name,
    read_nodes,
    read_object,
    read_page,
    read_whole_number,
)
from sandbox.naver_dataflow.run_settings import INITIAL_RUN_SETTINGS, read_run_settings, shown_run_settings
from sandbox.naver_dataflow.wire_values import new_id, wire_date
from sandbox.provider_service.http_messages import Reply, Request, json_reply

JOB_STATUS_FILTER = ("RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING")


class JobOperations:
    def __init__(
        self, jobs: JobStore, executions: ExecutionStore, dialect: Dialect, clock: Callable[[], float]
    ) -> None:
        self._jobs = jobs
        self._executions = executions
        self._dialect = dialect
        self._clock = clock

    def list(self, request: Request) -> Reply:
        page = read_page(request.query, self._dialect.minimum_job_list_limit)
        status = request.query.get("status") if self._dialect.has_status_filter else None
        if status and status not in JOB_STATUS_FILTER:
            raise bad_parameter(f"status: must be one of {', '.join(JOB_STATUS_FILTER)}")
        summaries, total = self._jobs.list_page(request.query.get("name"), status, page.limit, page.offset)
        return json_reply(page_of([self._list_item(summary) for summary in summaries], total, page))

    def create(self, request: Request) -> Reply:
        fields = read_object(request.body)
        dialect = self._dialect
        has_type = "type" in fields or dialect.is_type_required_at_creation
        has_nodes = "nodes" in fields or dialect.are_nodes_required_at_creation
        now = self._clock()
        job = Job(
            job_id=new_id(),
            name=read_name(fields),
            description="",
            type=read_job_type(fields, dialect.job_types) if has_type else dialect.job_types[0],
            draft_status="DRAFT" if self._is_draft(fields) else "",
            nodes=read_nodes(fields) if has_nodes else [],
            run_settings=read_run_settings(fields, dialect, INITIAL_RUN_SETTINGS, is_required=False),
            max_concurrent_runs=self._concurrency_limit(fields, None),
            created_at=now,
            updated_at=now,
        )
        self._jobs.add(job)
        # The common table of the pages knows 201 for a completed creation, and createJob names none of its own.
        return json_reply(self._whole(self.find(job.job_id)), 201)

    def verify(self, request: Request) -> Reply:
        """The pages document no reply; `true` stands in, as for the other operations without fields."""
        fields = read_object(request.body)
        read_name(fields)
        check_definition(read_nodes(fields))
        return json_reply(True)

    def get(self, job_id: str) -> Reply:
        return json_reply(self._whole(self.find(job_id)))

    def update(self, request: Request, job_id: str) -> Reply:
        job = self.find(job_id).job
        fields = read_object(request.body)
        is_name_required = self._dialect.update_method == "PUT"
        self._jobs.replace(
            replace(
                job,
                name=read_name(fields) if is_name_required or "name" in fields else job.name,
                type=read_job_type(fields, self._dialect.job_types),
                draft_status="EDITING" if self._is_draft(fields) else "",
                nodes=read_nodes(fields) if "nodes" in fields else job.nodes,
                run_settings=read_run_settings(fields, self._dialect, job.run_settings, is_required=False),
                max_concurrent_runs=self._concurrency_limit(fields, job.max_concurrent_runs),
                updated_at=self._clock(),
            )
        )
        return self.get(job_id)

    def update_run_settings(self, request: Request, job_id: str) -> Reply:
        job = self.find(job_id).job
        settings = read_run_settings(read_object(request.body), self._dialect, job.run_settings, is_required=True)
        self._jobs.replace(replace(job, run_settings=settings, updated_at=self._clock()))
        return self.get(job_id)

    def delete(self, job_id: str) -> Reply:
        self.find(job_id)
        if self._executions.count_open(job_id):
            raise bad_state(f"job {job_id} has an execution that has not ended")
        self._jobs.delete(job_id)
        return json_reply(True)

    def find(self, job_id: str) -> JobSummary:
        summary = self._jobs.find(job_id)
        if summary is None:
            raise not_found(f"job {job_id} does not exist")
        return summary

    def _is_draft(self, fields: Mapping[str, Any]) -> bool:
        is_draft = fields.get("isTemp", False)
        if not isinstance(is_draft, bool):
            raise bad_parameter("isTemp: must be true or false")
        return is_draft and self._dialect.has_draft_jobs

    def _concurrency_limit(self, fields: Mapping[str, Any], stored: int | None) -> int | None:
        if not self._dialect.has_concurrency_limit or fields.get("maxConcurrentRuns") is None:
            return stored
        return read_whole_number(fields, "maxConcurrentRuns", 1, 1000)

    def _status(self, summary: JobSummary) -> str:
        if self._dialect.has_draft_jobs and summary.job.draft_status:
            return summary.job.draft_status
        return self._dialect.running_job_word if summary.is_running else self._dialect.ready_job_word

    def _list_item(self, summary: JobSummary) -> dict[str, object]:
        job = summary.job
        return _without_nulls(
            {
                "jobId": job.job_id,
                "name": job.name,
                "type": self._dialect.job_type(job.type),
                "status": self._status(summary),
                # Lists name ends only; a single job also tells READY and RUNNING.
                "lastExecutionStatus": summary.last_finished_status,
                "createdDate": wire_date(job.created_at),
                "updatedDate": wire_date(job.updated_at),
                "lastExecutionDate": _date_or_none(summary.last_execution_at),
                "resourceId": job.job_id,
                "disabled": False,
            }
        )

    def _whole(self, summary: JobSummary) -> dict[str, object]:
        job = summary.job
        return _without_nulls(
            {
                "jobId": job.job_id,
                "name": job.name,
                "description": job.description,
                "type": self._dialect.job_type(job.type),
                "status": self._status(summary),
                "lastExecutionStatus": summary.last_status,
                "nodes": job.nodes,
                "runCondition": shown_run_settings(job.run_settings, self._dialect),
                "maxConcurrentRuns": job.max_concurrent_runs if self._dialect.has_concurrency_limit else None,
                "createdDate": wire_date(job.created_at),
                "updatedDate": wire_date(job.updated_at),
                "lastExecutionDate": _date_or_none(summary.last_execution_at),
            }
        )


def _without_nulls(fields: dict[str, object]) -> dict[str, object]:
    """Null fields are left out of replies, not sent as null."""
    return {name: value for name, value in fields.items() if value is not None}


def _date_or_none(epoch_seconds: float | None) -> str | None:
    return None if epoch_seconds is None else wire_date(epoch_seconds)

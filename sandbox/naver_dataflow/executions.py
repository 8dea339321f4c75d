"""The operations on executions."""

import json
import threading
from collections.abc import Callable

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.execution_store import Execution, ExecutionStore
from sandbox.naver_dataflow.job_store import JobStore
from sandbox.naver_dataflow.rejections import bad_state, not_found
from sandbox.naver_dataflow.request_fields import page_of, read_object, read_page, read_parameters
from sandbox.naver_dataflow.run_settings import read_run_settings, shown_run_settings
from sandbox.naver_dataflow.wire_values import new_id, wire_date
from sandbox.naver_dataflow.worker import Worker
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.pace import PaceBook


class ExecutionOperations:
    def __init__(
        self,
        jobs: JobStore,
        executions: ExecutionStore,
        worker: Worker,
        paces: PaceBook,
        dialect: Dialect,
        clock: Callable[[], float],
        *,
        is_echoing_parameters: bool,
    ) -> None:
        self._jobs = jobs
        self._executions = executions
        self._worker = worker
        self._paces = paces
        self._dialect = dialect
        self._clock = clock
        self._is_echoing_parameters = is_echoing_parameters
        # Held from counting the runs of a job to adding one.
        self._starting = threading.Lock()

    def start(self, request: Request, job_id: str, hidden_seconds: float) -> Reply:
        """`hidden_seconds`: for how long lists do not show the new execution."""
        summary = self._jobs.find(job_id)
        if summary is None:
            raise not_found(f"job {job_id} does not exist")
        job = summary.job
        is_body_optional = not self._dialect.is_condition_required
        fields = {} if is_body_optional and not request.body else read_object(request.body)
        condition = read_run_settings(
            fields, self._dialect, job.run_settings, is_required=self._dialect.is_condition_required
        )
        parameters = read_parameters(fields)
        if self._dialect.has_draft_jobs and job.draft_status:
            raise bad_state(f"job {job_id} is {job.draft_status} and cannot run")
        pace = self._paces.of(job_id)
        now = self._clock()
        trigger_id = request.query.get("triggerId")
        execution = Execution(
            execution_id=new_id(),
            job_id=job_id,
            job_name=job.name,
            definition=json.dumps({"type": job.type, "nodes": job.nodes}),
            condition=condition,
            parameters=parameters,
            type="WORKFLOW" if trigger_id or request.query.get("workflowId") else "JOB",
            trigger_id=trigger_id,
            status="READY",
            created_at=now,
            visible_at=now + hidden_seconds,
            queue_seconds=pace.queue_seconds,
            run_seconds=pace.run_seconds,
        )
        with self._starting:
            limit = job.max_concurrent_runs if self._dialect.has_concurrency_limit else None
            if limit is not None and self._executions.count_open(job_id) >= limit:
                # Which error an excess gets is not documented.
                raise bad_state(f"job {job_id} runs {limit} times already (maxConcurrentRuns)")
            self._executions.add(execution)
        self._worker.launch(execution)
        # 200: the only status that any page ever named for this very operation, in its first edition.
        # https://api.ncloud-docs.com/docs/analytics-dataflow-executejob
        return json_reply(self._shown(execution))

    def list(self, request: Request, job_id: str) -> Reply:
        if not self._jobs.exists(job_id):
            raise not_found(f"job {job_id} does not exist")
        page = read_page(request.query, minimum_limit=0)
        found, total = self._executions.list_page(job_id, self._clock(), page.limit, page.offset)
        return json_reply(page_of([self._shown(execution) for execution in found], total, page))

    def get(self, job_id: str, execution_id: str) -> Reply:
        return json_reply(self._shown(self._find(job_id, execution_id)))

    def cancel(self, job_id: str, execution_id: str) -> Reply:
        execution = self._find(job_id, execution_id)
        self._executions.note_cancel_request(execution_id, self._clock())
        if not self._worker.cancel(execution_id):
            raise bad_state(f"execution {execution.execution_id} has ended")
        return json_reply(True)

    def _find(self, job_id: str, execution_id: str) -> Execution:
        execution = self._executions.find(execution_id)
        if execution is None or execution.job_id != job_id or not self._jobs.exists(job_id):
            raise not_found(f"execution {execution_id} of job {job_id} does not exist")
        return execution

    def _shown(self, execution: Execution) -> dict[str, object]:
        """What is not known yet is left out: READY has no name, worker count or end, RUNNING no end."""
        condition = shown_run_settings(execution.condition, self._dialect)
        started = wire_date(execution.created_at)
        shown: dict[str, object] = {
            "jobExecutionId": execution.execution_id,
            "jobId": execution.job_id,
            "jobCondition": condition,
            "status": execution.status,
            # The date of the request, not of the first worker: every example has it equal to createdDate.
            "startDate": started,
            "createdDate": started,
            "runningTime": 0,
            "parsedParameters": self._parsed_parameters(execution),
            "type": execution.type,
        }
        if execution.status == "READY":
            return shown
        shown["jobName"] = execution.job_name
        if execution.trigger_id:
            shown["triggerId"] = execution.trigger_id
        until = execution.ended_at if execution.ended_at is not None else self._clock()
        shown["runningTime"] = max(0, int((until - execution.created_at) // 60))
        if execution.ended_at is not None:
            shown["endDate"] = wire_date(execution.ended_at)
            waited_until = execution.ended_at if execution.running_at is None else execution.running_at
            # Documented in minutes, but the example's 830 fits only seconds.
            # https://api.ncloud-docs.com/docs/en/analytics-dataflow-getjobexecutionbyid
            shown["waitingTime"] = max(0, int(waited_until - execution.created_at))
            shown["executorNum"] = execution.condition["numWorker"]
            if execution.console_log_path is not None:
                condition["consoleLogPath"] = execution.console_log_path
        return shown

    def _parsed_parameters(self, execution: Execution) -> object:
        """An empty array in every example of the pages, whatever was sent."""
        if self._is_echoing_parameters and execution.parameters:
            return dict(execution.parameters)
        return []

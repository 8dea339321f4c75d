"""The operations on executions."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.naver_dataflow.dialects import Dialect
from sandbox.naver_dataflow.records import Execution, Job
from sandbox.naver_dataflow.rejections import bad_parameter, bad_state, not_found
from sandbox.naver_dataflow.request_fields import read_page, read_parameters, read_run_settings
from sandbox.naver_dataflow.wire_values import new_id, wire_date
from sandbox.naver_dataflow.worker import Worker
from sandbox.provider_service.http_messages import Reply, json_reply
from sandbox.provider_service.pace import PaceBook
from sandbox.provider_service.records import Records
from sandbox.provider_service.routing import Call
from sandbox.provider_service.validation import read_object


@dataclass
class ExecutionOperations:
    jobs: Records[Job]
    executions: Records[Execution]
    worker: Worker
    paces: PaceBook
    dialect: Dialect
    clock: Callable[[], float]
    is_echoing_parameters: bool

    def __post_init__(self) -> None:
        # Held from counting the runs of a job to adding one.
        self._starting = threading.Lock()

    def start(self, call: Call) -> Reply:
        job = self._find_job(call)
        is_required = self.dialect.is_condition_required
        fields = read_object(call.request.body, bad_parameter) if call.request.body or is_required else {}
        condition = read_run_settings(fields, self.dialect, job.run_settings, is_required=is_required)
        parameters = read_parameters(fields)
        if self.dialect.has_draft_jobs and job.draft_status:
            raise bad_state(f"job {job.job_id} is {job.draft_status} and cannot run")
        pace = self.paces.of(job.job_id)
        now = self.clock()
        trigger_id = call.request.query.get("triggerId")
        execution = Execution(
            execution_id=new_id(),
            job=job,
            condition=condition,
            parameters=parameters,
            type="WORKFLOW" if trigger_id or call.request.query.get("workflowId") else "JOB",
            trigger_id=trigger_id,
            created_at=now,
            visible_at=now + call.hidden_seconds,
            queue_seconds=pace.queue_seconds,
            run_seconds=pace.run_seconds,
        )
        with self._starting:
            limit = job.max_concurrent_runs if self.dialect.has_concurrency_limit else None
            if limit is not None and sum(other.is_open for other in self._of_job(job)) >= limit:
                # Which error an excess gets is not documented.
                raise bad_state(f"job {job.job_id} runs {limit} times already (maxConcurrentRuns)")
            self.executions.put(execution)
        self.worker.launch(execution)
        # 200: the only status that any page ever named for this very operation, in its first edition.
        # https://api.ncloud-docs.com/docs/analytics-dataflow-executejob
        return json_reply(self._shown(execution))

    def list(self, call: Call) -> Reply:
        """Newest first."""
        job = self._find_job(call)
        page = read_page(call.request.query, minimum_limit=0)
        visible = [execution for execution in self._of_job(job) if execution.visible_at <= self.clock()]
        return json_reply(page.shown(visible[::-1], self._shown))

    def get(self, call: Call) -> Reply:
        return json_reply(self._shown(self._find(call)))

    def cancel(self, call: Call) -> Reply:
        execution = self._find(call)
        key = execution.execution_id
        self.executions.change(key, lambda seen: not seen.cancel_requested_at, cancel_requested_at=self.clock())
        if not self.worker.cancel(key):
            raise bad_state(f"execution {key} has ended")
        return json_reply(True)

    def _find_job(self, call: Call) -> Job:
        job = self.jobs.find(call.job)
        if job is None:
            raise not_found(f"job {call.job} does not exist")
        return job

    def _of_job(self, job: Job) -> Sequence[Execution]:
        return [execution for execution in self.executions.all() if execution.job.job_id == job.job_id]

    def _find(self, call: Call) -> Execution:
        execution = self.executions.find(call.execution)
        if execution is None or execution.job.job_id != call.job:
            raise not_found(f"execution {call.execution} of job {call.job} does not exist")
        return execution

    def _shown(self, execution: Execution) -> dict[str, object]:
        """What is not known yet is left out: READY has no name, worker count or end, RUNNING no end."""
        condition = self.dialect.shown_run_settings(execution.condition)
        started = wire_date(execution.created_at)
        shown: dict[str, object] = {
            "jobExecutionId": execution.execution_id,
            "jobId": execution.job.job_id,
            "jobCondition": condition,
            "status": execution.status,
            # The date of the request, not of the first worker: every example has it equal to createdDate.
            "startDate": started,
            "createdDate": started,
            "runningTime": 0,
            # An empty array in every example of the pages, whatever was sent.
            "parsedParameters": (self.is_echoing_parameters and execution.parameters) or [],
            "type": execution.type,
        }
        if execution.status == "READY":
            return shown
        shown["jobName"] = execution.job.name
        if execution.trigger_id:
            shown["triggerId"] = execution.trigger_id
        until = execution.ended_at if execution.ended_at is not None else self.clock()
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

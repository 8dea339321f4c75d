"""Data Flow behind its front: the routes, and which operation answers them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

from sandbox.naver_dataflow.dialects import DIALECTS
from sandbox.naver_dataflow.executions import ExecutionOperations
from sandbox.naver_dataflow.gateway import check_signature
from sandbox.naver_dataflow.jobs import JobOperations
from sandbox.naver_dataflow.records import Execution, Job, log_entry
from sandbox.naver_dataflow.rejections import FAULTS, GatewayRejection, bad_request, rejection_reply, url_not_found
from sandbox.naver_dataflow.settings import Settings
from sandbox.naver_dataflow.worker import Worker
from sandbox.provider_service.faults import Fault
from sandbox.provider_service.front import ProviderService, Rejection
from sandbox.provider_service.http_messages import Reply
from sandbox.provider_service.keys import Keys
from sandbox.provider_service.object_storage import ObjectStorage
from sandbox.provider_service.records import Records
from sandbox.provider_service.routing import Call, Route

JOBS = "/api/v1/jobs"
JOB = JOBS + "/{job}"
EXECUTIONS = JOB + "/executions"
EXECUTION = EXECUTIONS + "/{execution}"


class Service(ProviderService):
    request_id_header = "x-ncp-trace-id"
    start_operation = "createJobExecution"
    job_key = "jobId"
    maximum_body_bytes: ClassVar = 10 * 1024 * 1024

    def __init__(self, settings: Settings, keys: Keys, clock: Callable[[], float]) -> None:
        dialect = DIALECTS[settings.dialect]
        routes = (
            Route("GET", JOBS, "getJobs"),
            Route("POST", JOBS, "createJob"),
            Route("GET", JOB, "getJob"),
            Route(dialect.update_method, JOB, "updateJob"),
            Route("POST", EXECUTIONS, self.start_operation),
            Route("PUT", EXECUTIONS, "updateJobExecutionConfig"),
            Route("GET", EXECUTIONS, "getJobExecutions"),
            Route("GET", EXECUTION, "getJobExecution"),
            Route("POST", EXECUTION + "/cancel", "cancelJobExecution"),
        )
        super().__init__(settings, "dataflow.sqlite", routes, clock)
        self._keys = keys
        self.object_storage = ObjectStorage(self.buckets, keys, clock)
        self._error_shape = settings.error_shape
        jobs = Records(self.storage, Job, "job_id")
        self._executions = Records(self.storage, Execution, "execution_id")
        self.worker = Worker(self._executions, self.buckets, self.staging, settings.speed, clock)
        of_jobs = JobOperations(jobs, self._executions, dialect, clock)
        of_executions = ExecutionOperations(
            jobs, self._executions, self.worker, self.paces, dialect, clock, settings.is_echoing_parameters
        )
        self.operations = {
            "getJobs": of_jobs.list,
            "createJob": of_jobs.create,
            "getJob": of_jobs.get,
            "updateJob": of_jobs.update,
            "updateJobExecutionConfig": of_jobs.update_run_settings,
            self.start_operation: of_executions.start,
            "getJobExecutions": of_executions.list,
            "getJobExecution": of_executions.get,
            "cancelJobExecution": of_executions.cancel,
        }

    def execution_log(self) -> list[dict[str, object]]:
        return [log_entry(execution) for execution in self._executions.all()]

    def check(self, call: Call, gateway_time: float) -> None:
        check_signature(call.request, self._keys, round(gateway_time * 1000))

    def rejection_for(self, fault: Fault, _: Call) -> Rejection | None:
        make = FAULTS.get(fault)
        return make() if make else None

    def unreadable(self, status: int) -> Rejection:
        match status:
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return GatewayRejection(413, "430", "Request Entity Too Large", "Request entity too large.")
            case HTTPStatus.NOT_FOUND | HTTPStatus.NOT_IMPLEMENTED:
                return url_not_found()
        return bad_request()

    def rejected(self, rejection: Rejection) -> Reply:
        return rejection_reply(rejection, self._error_shape)

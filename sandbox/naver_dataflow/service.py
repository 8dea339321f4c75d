"""The service behind its front: which request asks for which operation, and what is done then."""

import re
import threading
from collections.abc import Callable

from sandbox.naver_dataflow.dialects import DIALECTS
from sandbox.naver_dataflow.execution_store import ExecutionStore
from sandbox.naver_dataflow.executions import ExecutionOperations
from sandbox.naver_dataflow.faults import OPERATIONS, REJECTIONS, START_OPERATION
from sandbox.naver_dataflow.gateway import check_signature
from sandbox.naver_dataflow.job_store import JobStore
from sandbox.naver_dataflow.jobs import JobOperations
from sandbox.naver_dataflow.ledger import ledger_entry
from sandbox.naver_dataflow.rejections import rejection_reply, url_not_found
from sandbox.naver_dataflow.schema import SCHEMA
from sandbox.naver_dataflow.settings import Settings
from sandbox.naver_dataflow.worker import Worker
from sandbox.provider_service.bucket_files import BucketFiles
from sandbox.provider_service.control import ControlRoutes
from sandbox.provider_service.faults import FaultBook, FaultRule
from sandbox.provider_service.front import Front, Rejection, Route
from sandbox.provider_service.http_messages import Reply, Request
from sandbox.provider_service.keys import Keys
from sandbox.provider_service.pace import Pace, PaceBook
from sandbox.provider_service.request_log import RequestLog
from sandbox.provider_service.storage import Storage

UPDATE = "PUT or PATCH"
"""Stands for the method that the dialect updates a job with."""
JOB = r"/api/v1/jobs/(?P<job_id>[^/]+)"
EXECUTION = JOB + r"/executions/(?P<execution_id>[^/]+)"
ROUTES = (
    ("GET", re.compile(r"/api/v1/jobs"), "getJobs"),
    ("POST", re.compile(r"/api/v1/jobs"), "createJob"),
    ("POST", re.compile(r"/api/v1/jobs/verify"), "verifyJob"),
    ("GET", re.compile(JOB), "getJob"),
    (UPDATE, re.compile(JOB), "updateJob"),
    ("DELETE", re.compile(JOB), "deleteJob"),
    ("POST", re.compile(JOB + "/executions"), "createJobExecution"),
    ("PUT", re.compile(JOB + "/executions"), "updateJobExecutionConfig"),
    ("GET", re.compile(JOB + "/executions"), "getJobExecutions"),
    ("GET", re.compile(EXECUTION), "getJobExecution"),
    ("POST", re.compile(EXECUTION + "/cancel"), "cancelJobExecution"),
)


class Service:
    """`clock` gives epoch seconds."""

    request_id_header = "x-ncp-trace-id"

    def __init__(self, settings: Settings, keys: Keys, clock: Callable[[], float]) -> None:
        folder = settings.folder.resolve()
        self._keys = keys
        self._error_shape = settings.error_shape
        self._dialect = DIALECTS[settings.dialect]
        self._storage = Storage(folder / "dataflow.sqlite", SCHEMA)
        jobs, executions = JobStore(self._storage), ExecutionStore(self._storage)
        paces = PaceBook(Pace(settings.queue_seconds, settings.run_seconds))
        buckets = BucketFiles(folder / "buckets")
        self._worker = Worker(executions, buckets, folder / "staging", settings.speed, clock)
        self._jobs = JobOperations(jobs, executions, self._dialect, clock)
        self._executions = ExecutionOperations(
            jobs,
            executions,
            self._worker,
            paces,
            self._dialect,
            clock,
            is_echoing_parameters=settings.is_echoing_parameters,
        )
        faults, requests = FaultBook(OPERATIONS, START_OPERATION), RequestLog()
        self._control = ControlRoutes(
            faults, paces, requests, lambda: [ledger_entry(execution) for execution in executions.all()], "jobId"
        )
        self._stopping = threading.Event()
        self.front = Front(self, faults, requests, clock, self._stopping)

    def start(self) -> None:
        self._worker.resume()

    def stop(self) -> None:
        """Ends waits and worker threads, then closes the database."""
        self._stopping.set()
        self._worker.stop()
        self._storage.close()

    def route(self, request: Request) -> Route | None:
        for method, pattern, operation in ROUTES:
            if (self._dialect.update_method if method == UPDATE else method) != request.method:
                continue
            if match := pattern.fullmatch(request.path):
                ids = match.groupdict()
                return Route(operation, ids.get("job_id", ""), ids.get("execution_id", ""))
        return None

    def unknown_route(self) -> Rejection:
        return url_not_found()

    def check(self, request: Request, _: Route, gateway_time: float) -> None:
        check_signature(request, self._keys, round(gateway_time * 1000))

    def rejection_for(self, rule: FaultRule, _: Route) -> Rejection | None:
        make = REJECTIONS.get(rule.fault)
        return make() if make else None

    def rejected(self, rejection: Rejection) -> Reply:
        return rejection_reply(rejection, self._error_shape)

    def control(self, request: Request) -> Reply | None:
        return self._control.answer(request)

    def perform(self, request: Request, route: Route, hidden_seconds: float) -> Reply:
        match route.operation:
            case "getJobs":
                return self._jobs.list(request)
            case "createJob":
                return self._jobs.create(request)
            case "verifyJob":
                return self._jobs.verify(request)
            case "getJob":
                return self._jobs.get(route.job)
            case "updateJob":
                return self._jobs.update(request, route.job)
            case "deleteJob":
                return self._jobs.delete(route.job)
            case "createJobExecution":
                return self._executions.start(request, route.job, hidden_seconds)
            case "updateJobExecutionConfig":
                return self._jobs.update_run_settings(request, route.job)
            case "getJobExecutions":
                return self._executions.list(request, route.job)
            case "getJobExecution":
                return self._executions.get(route.job, route.execution)
            case "cancelJobExecution":
                return self._executions.cancel(route.job, route.execution)
        raise url_not_found()

"""The service behind its front: gateway, workspace, operation."""

import threading
from collections.abc import Callable

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.faults import rejection_for
from sandbox.huawei_dataarts.gateway import Gateway
from sandbox.huawei_dataarts.instance_store import InstanceStore
from sandbox.huawei_dataarts.instances import InstanceOperations
from sandbox.huawei_dataarts.job_store import JobStore
from sandbox.huawei_dataarts.jobs import JobOperations
from sandbox.huawei_dataarts.ledger import ledger_entry
from sandbox.huawei_dataarts.node_logs import NodeLogs
from sandbox.huawei_dataarts.node_records import NodeRecords
from sandbox.huawei_dataarts.node_run import SQL_NODES_AT_ONCE, Workshop
from sandbox.huawei_dataarts.person import Person
from sandbox.huawei_dataarts.rejections import REQUEST_ID_HEADER, FactoryRejection, api_not_found, rejection_reply
from sandbox.huawei_dataarts.routes import OPERATIONS, START_OPERATION, find_route
from sandbox.huawei_dataarts.scheduler import Scheduler
from sandbox.huawei_dataarts.schema import SCHEMA
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.slots import Slots
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.bucket_files import BucketFiles
from sandbox.provider_service.control import CONTROL_PREFIX, ControlRoutes, control_body
from sandbox.provider_service.faults import FaultBook, FaultRule
from sandbox.provider_service.front import Front, Rejection, Route
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.pace import Pace, PaceBook
from sandbox.provider_service.request_log import RequestLog
from sandbox.provider_service.storage import Storage

INSTANCES_PREFIX = f"{CONTROL_PREFIX}instances/"


class Service:
    """`clock` gives epoch seconds."""

    request_id_header = REQUEST_ID_HEADER

    def __init__(self, settings: Settings, account: Account, clock: Callable[[], float]) -> None:
        folder = settings.folder.resolve()
        self._settings = settings
        self._account = account
        self._gateway = Gateway(settings, account)
        self._storage = Storage(folder / "dataarts.sqlite", SCHEMA)
        jobs, nodes = JobStore(self._storage), NodeRecords(self._storage)
        instances = InstanceStore(self._storage)
        buckets = BucketFiles(folder / "buckets")
        workshop = Workshop(
            buckets=buckets,
            bucket_of=account.bucket_of,
            staging=folder / "staging",
            logs=NodeLogs(buckets, account.log_folder, clock),
            speed=settings.speed,
            clock=clock,
            sql_nodes=threading.BoundedSemaphore(SQL_NODES_AT_ONCE),
        )
        self._worker = Worker(instances, nodes, workshop, Slots(settings.maximum_running_instances), clock)
        paces = PaceBook(Pace(settings.queue_seconds, settings.run_seconds))
        self._instances = InstanceOperations(jobs, instances, nodes, self._worker, paces, settings, clock)
        self._jobs = JobOperations(jobs, instances, self._instances, self._worker, settings, clock)
        self._scheduler = Scheduler(jobs, self._instances, clock)
        self._person = Person(instances, nodes, self._worker, settings.status_words)
        faults, requests = FaultBook(OPERATIONS, START_OPERATION), RequestLog()
        self._control = ControlRoutes(
            faults, paces, requests, lambda: [ledger_entry(instance) for instance in instances.all()], "jobName"
        )
        self._stopping = threading.Event()
        self.front = Front(self, faults, requests, clock, self._stopping)

    def start(self) -> None:
        self._worker.resume()
        self._scheduler.start()

    def stop(self) -> None:
        """Ends waits and worker threads, then closes the database."""
        self._stopping.set()
        self._scheduler.stop()
        self._worker.stop()
        self._storage.close()

    def route(self, request: Request) -> Route | None:
        return find_route(request) if self._settings.provider_host == "dayu-dlf" else None

    def unknown_route(self) -> Rejection:
        return api_not_found()

    def check(self, request: Request, route: Route, gateway_time: float) -> None:
        self._gateway.check(request, route.operation, gateway_time)

    def rejection_for(self, rule: FaultRule, route: Route) -> Rejection | None:
        return rejection_for(rule.fault, route.operation)

    def rejected(self, rejection: Rejection) -> Reply:
        return rejection_reply(rejection, self._settings)

    def control(self, request: Request) -> Reply | None:
        if request.method == "PUT" and request.path.startswith(INSTANCES_PREFIX):
            instance_id = request.path.removeprefix(INSTANCES_PREFIX)
            return json_reply(self._person.act(instance_id, control_body(request)))
        return self._control.answer(request)

    def perform(self, request: Request, route: Route, hidden_seconds: float) -> Reply:
        workspace = self._workspace(request)
        match route.operation:
            case "ListJobs":
                return self._jobs.list_page(request, workspace)
            case "CreateJob":
                return self._jobs.create(request, workspace)
            case "ShowJob":
                return self._jobs.show(request, workspace, route.job)
            case "ModifyJob":
                return self._jobs.modify(request, workspace, route.job)
            case "DeleteJob":
                return self._jobs.delete(workspace, route.job)
            case "ShowRealTimeJobStatus":
                return self._jobs.show_status(workspace, route.job)
            case "StartJob":
                return self._jobs.start(request, workspace, route.job)
            case "StopJob":
                return self._jobs.stop(workspace, route.job)
            case "RunOnce":
                return self._instances.run_once(request, workspace, route.job, hidden_seconds)
            case "ListJobInstances":
                return self._instances.list_page(request, workspace)
            case "ShowJobInstance":
                return self._instances.show(workspace, route.job, route.execution)
            case "StopJobInstance":
                return self._instances.stop(workspace, route.job, route.execution)
            case "RestoreJobInstance":
                return self._instances.restart(request, workspace, route.job, route.execution)
        raise api_not_found()

    def _workspace(self, request: Request) -> str:
        """The one the header names, else the default one."""
        workspace = request.headers.get("workspace", self._account.workspace)
        if workspace not in self._account.workspaces:
            raise FactoryRejection("0819", "The workspace ID does not exist.")
        return workspace

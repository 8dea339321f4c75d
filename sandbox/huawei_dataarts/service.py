"""DataArts Factory behind its front: the routes, and which operation answers them."""

from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.gateway import Gateway
from sandbox.huawei_dataarts.instances import InstanceOperations
from sandbox.huawei_dataarts.jobs import JobOperations
from sandbox.huawei_dataarts.node_run import Workshop
from sandbox.huawei_dataarts.person import Person
from sandbox.huawei_dataarts.records import Instances, Jobs
from sandbox.huawei_dataarts.rejections import (
    FAULTS,
    REQUEST_ID_HEADER,
    GatewayRejection,
    api_not_found,
    rejection_reply,
)
from sandbox.huawei_dataarts.routes import ROUTES
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_instances import log_entry
from sandbox.huawei_dataarts.slots import Slots
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.control import CONTROL_PREFIX, control_body
from sandbox.provider_service.faults import Fault
from sandbox.provider_service.front import ProviderService, Rejection
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.life import Lives
from sandbox.provider_service.object_storage import ObjectStorage
from sandbox.provider_service.routing import Call

PEOPLE_PREFIX = f"{CONTROL_PREFIX}instances/"


class Service(ProviderService):
    request_id_header = REQUEST_ID_HEADER
    start_operation = "RunOnce"
    job_key = "jobName"
    maximum_body_bytes: ClassVar = 12 * 1024 * 1024

    def __init__(self, settings: Settings, account: Account, clock: Callable[[], float]) -> None:
        super().__init__(settings, "dataarts.sqlite", ROUTES, clock)
        self._settings = settings
        self.object_storage = ObjectStorage(self.buckets, account.keys, clock)
        self._gateway = Gateway(settings, account)
        jobs = Jobs(self.storage)
        self._instances = Instances(self.storage)
        workshop = Workshop(
            buckets=self.buckets,
            account=account,
            lives=Lives(self.staging),
            speed=settings.speed,
            clock=clock,
        )
        self.worker = worker = Worker(self._instances, workshop, Slots(settings.maximum_running_instances))
        of_instances = InstanceOperations(jobs, self._instances, worker, self.paces, account, settings, clock)
        of_jobs = JobOperations(jobs, self._instances, worker, account, settings, clock)
        self._person = Person(self._instances, worker, settings.status_words)
        self.operations = {
            "ListJobs": of_jobs.list_page,
            "CreateJob": of_jobs.create,
            "ShowJob": of_jobs.show,
            "ModifyJob": of_jobs.modify,
            "DeleteJob": of_jobs.delete,
            "ShowRealTimeJobStatus": of_jobs.show_status,
            "StartJob": of_jobs.start,
            "StopJob": of_jobs.stop,
            "RunOnce": of_instances.run_once,
            "ListJobInstances": of_instances.list_page,
            "ShowJobInstance": of_instances.show,
            "StopJobInstance": of_instances.stop,
            "RestoreJobInstance": of_instances.restart,
        }

    def execution_log(self) -> list[dict[str, object]]:
        return [log_entry(instance) for instance in self._instances.all()]

    def find_call(self, request: Request) -> Call | None:
        return super().find_call(request) if self._settings.provider_host == "dayu-dlf" else None

    def check(self, call: Call, gateway_time: float) -> None:
        self._gateway.check(call.request, call.operation, gateway_time)

    def rejection_for(self, fault: Fault, call: Call) -> Rejection | None:
        make = FAULTS.get(fault)
        return make(call.operation) if make else None

    def unreadable(self, status: int) -> Rejection:
        match status:
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return GatewayRejection(413, "0201", "Request entity too large")
            case HTTPStatus.NOT_FOUND | HTTPStatus.NOT_IMPLEMENTED:
                return api_not_found()
        return GatewayRejection(400, "0201", "Bad request")

    def rejected(self, rejection: Rejection) -> Reply:
        return rejection_reply(rejection, self._settings)

    def control(self, request: Request) -> Reply | None:
        if request.method == "PUT" and request.path.startswith(PEOPLE_PREFIX):
            instance_id = request.path.removeprefix(PEOPLE_PREFIX)
            return json_reply(self._person.act(instance_id, control_body(request)))
        return super().control(request)

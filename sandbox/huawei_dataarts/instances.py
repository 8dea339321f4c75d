"""The operations on instances."""

import re
from collections.abc import Callable, Mapping

from sandbox.huawei_dataarts.instance_search import read_search
from sandbox.huawei_dataarts.instance_store import MANUAL, Instance, InstanceStore
from sandbox.huawei_dataarts.job_store import Job, JobStore
from sandbox.huawei_dataarts.node_records import NodeRecords
from sandbox.huawei_dataarts.rejections import FactoryRejection, bad_state, instance_not_found, job_not_found
from sandbox.huawei_dataarts.request_fields import read_job_params, read_object, read_page
from sandbox.huawei_dataarts.rerun import nodes_to_rerun
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_instances import shown_in_detail, shown_in_list
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.http_messages import Reply, Request, json_reply
from sandbox.provider_service.pace import PaceBook

MAXIMUM_LIMIT = 1000
NO_CONTENT = Reply(204, b"")


class InstanceOperations:
    def __init__(
        self,
        jobs: JobStore,
        instances: InstanceStore,
        nodes: NodeRecords,
        worker: Worker,
        paces: PaceBook,
        settings: Settings,
        clock: Callable[[], float],
    ) -> None:
        self._jobs = jobs
        self._instances = instances
        self._nodes = nodes
        self._worker = worker
        self._paces = paces
        self._settings = settings
        self._clock = clock

    def run_once(self, request: Request, workspace: str, job_name: str, hidden_seconds: float) -> Reply:
        """`hidden_seconds`: for how long lists do not show the new instance."""
        job = self._jobs.find(workspace, job_name)
        if job is None:
            raise job_not_found()
        if job.definition.process_type != "BATCH":
            raise FactoryRejection("0136", "The API is only for batch jobs.")
        params = read_job_params(read_object(request.body))
        instance_id = self.begin(job, MANUAL, self._clock(), params, hidden_seconds)
        return json_reply({"instanceId": instance_id})

    def begin(
        self, job: Job, instance_type: int, plan_time: float, params: Mapping[str, str], hidden_seconds: float = 0
    ) -> int:
        """Starts an instance of a job; returns its id. `plan_time` in epoch seconds."""
        now = self._clock()
        pace = self._paces.of(job.name)
        defaults = {param.name: param.value for param in job.definition.params}
        instance = Instance(
            instance_id=self._instances.new_id(),
            job_id=job.job_id,
            workspace=job.workspace,
            definition=job.definition,
            job_params={**defaults, **params},
            instance_type=instance_type,
            version=job.version,
            plan_time=plan_time,
            submitted_at=now,
            visible_at=now + hidden_seconds,
            queue_seconds=pace.queue_seconds,
            run_seconds=pace.run_seconds,
        )
        self._worker.start(instance)
        return instance.instance_id

    def list_page(self, request: Request, workspace: str) -> Reply:
        page = read_page(request.query, MAXIMUM_LIMIT, self._settings.offset_unit)
        search = read_search(request.query, workspace, self._clock(), self._settings)
        found, total = self._instances.search(search.condition, search.values, page.limit, page.skip)
        shown = [shown_in_list(instance, self._settings) for instance in found]
        return json_reply({"total": total, "instances": shown})

    def show(self, workspace: str, job_name: str, instance_id: str) -> Reply:
        instance = self._find(workspace, job_name, instance_id)
        records = self._nodes.of(instance.instance_id).values()
        return json_reply(shown_in_detail(instance, records, self._settings))

    def stop(self, workspace: str, job_name: str, instance_id: str) -> Reply:
        """The pages allow it for running instances, the console for all that have not ended."""
        instance = self._find(workspace, job_name, instance_id)
        self._instances.note_stop_request(instance.instance_id, self._clock())
        while not instance.has_ended and (self._settings.stoppable == "unfinished" or instance.status == "running"):
            if self._worker.end(instance, "manual-stop"):
                return NO_CONTENT
            instance = self._find(workspace, job_name, instance_id)
        raise bad_state(f"The job instance is {instance.status} and cannot be stopped.")

    def restart(self, request: Request, workspace: str, job_name: str, instance_id: str) -> Reply:
        instance = self._find(workspace, job_name, instance_id)
        nodes = nodes_to_rerun(instance, self._nodes.of(instance.instance_id), read_object(request.body))
        if not instance.has_ended or not self._worker.rerun(instance, nodes):
            raise bad_state(f"The job instance is {instance.status} and cannot be rerun.")
        return NO_CONTENT

    def _find(self, workspace: str, job_name: str, instance_id: str) -> Instance:
        job = self._jobs.find(workspace, job_name)
        if job is None or not re.fullmatch(r"[0-9]{1,18}", instance_id):
            raise instance_not_found()
        instance = self._instances.find(int(instance_id))
        if instance is None or instance.job_id != job.job_id:
            raise instance_not_found()
        return instance

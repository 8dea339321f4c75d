"""The operations on instances."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.instance_search import read_search
from sandbox.huawei_dataarts.records import Instance, Instances, Jobs
from sandbox.huawei_dataarts.rejections import (
    FactoryRejection,
    bad_parameter,
    bad_state,
    instance_not_found,
    job_not_found,
)
from sandbox.huawei_dataarts.request_fields import InstanceQuery, read_body, read_job_params, read_query
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.shown_instances import shown_in_detail, shown_in_list
from sandbox.huawei_dataarts.worker import Worker
from sandbox.provider_service.http_messages import NO_CONTENT, Reply, json_reply
from sandbox.provider_service.pace import PaceBook
from sandbox.provider_service.routing import Call


@dataclass
class InstanceOperations:
    jobs: Jobs
    instances: Instances
    worker: Worker
    paces: PaceBook
    account: Account
    settings: Settings
    clock: Callable[[], float]

    def run_once(self, call: Call) -> Reply:
        job = self.jobs.named(self.account.workspace_in(call.request), call.job)
        if job is None:
            raise job_not_found()
        if job.definition.process_type != "BATCH":
            raise FactoryRejection("0136", "The API is only for batch jobs.")
        params = read_job_params(call.request)
        instance = self.worker.start(job, params, self.paces.of(job.name), call.hidden_seconds)
        return json_reply({"instanceId": instance.instance_id})

    def list_page(self, call: Call) -> Reply:
        """Newest plan time first, of jobs that still exist."""
        workspace = self.account.workspace_in(call.request)
        query = read_query(InstanceQuery, call.request.query)
        is_found = read_search(query, self.clock(), self.settings)
        jobs = {job.job_id for job in self.jobs.all() if job.workspace == workspace}
        found = [instance for instance in self.instances.all() if instance.job_id in jobs and is_found(instance)]
        found.sort(key=lambda instance: (instance.plan_time, instance.instance_id), reverse=True)
        page = query.page(found, self.settings.offset_unit)
        shown = [shown_in_list(instance, self.settings) for instance in page]
        return json_reply({"total": len(found), "instances": shown})

    def show(self, call: Call) -> Reply:
        return json_reply(shown_in_detail(self._find(call), self.settings))

    def stop(self, call: Call) -> Reply:
        """The pages allow it for running instances, the console for all that have not ended."""
        instance = self._find(call)
        with self.instances.changing:
            self.instances.change(instance.instance_id, _was_not_stopped, stop_requested_at=self.clock())
        while not instance.has_ended and (self.settings.stoppable == "unfinished" or instance.status == "running"):
            if self.worker.end(instance, "manual-stop"):
                return NO_CONTENT
            instance = self._find(call)
        raise bad_state(f"The job instance is {instance.status} and cannot be stopped.")

    def restart(self, call: Call) -> Reply:
        instance = self._find(call)
        nodes = nodes_to_rerun(instance, read_body(call.request))
        if not instance.has_ended or not self.worker.rerun(instance, nodes):
            raise bad_state(f"The job instance is {instance.status} and cannot be rerun.")
        return NO_CONTENT

    def _find(self, call: Call) -> Instance:
        job = self.jobs.named(self.account.workspace_in(call.request), call.job)
        number = int(call.execution) if re.fullmatch(r"[0-9]{1,18}", call.execution) else None
        instance = self.instances.find(number)
        if job is None or instance is None or instance.job_id != job.job_id:
            raise instance_not_found()
        return instance


def _was_not_stopped(instance: Instance) -> bool:
    return instance.stop_requested_at is None


def nodes_to_rerun(instance: Instance, fields: Mapping[str, Any]) -> set[str]:
    """Names of the nodes that run once more. Raises `FactoryRejection`.

    https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0067.html
    """
    location = fields.get("retry_location", "first_node")
    match location:
        case "first_node":
            return set(instance.nodes)
        case "error_node":
            chosen = {name for name, node in instance.nodes.items() if node.status in ("fail", "manual-stop")}
        case "specified_node" if fields.get("node_name") in instance.nodes:
            chosen = {str(fields["node_name"])}
        case "specified_node":
            raise bad_parameter("node_name: must name a node of the job")
        case _:
            raise bad_parameter("retry_location: must be one of error_node, first_node, specified_node")
    for node in instance.definition.nodes_in_running_order():
        if chosen.intersection(node.pre_node_name):
            chosen.add(node.name)
    # After a success there is no node to begin at but the first.
    return chosen if location == "specified_node" or instance.status != "success" else set(instance.nodes)

"""Fields of our models, and what the provider's SDK gives for each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from farsync.model.execution import ExecutionStatus

MANUAL = 2
STATUSES = {
    "running-exception": ExecutionStatus.RUNNING,
    "success": ExecutionStatus.SUCCEEDED,
    "forceSuccess": ExecutionStatus.SUCCEEDED,
    "ignoreSuccess": ExecutionStatus.SUCCEEDED,
    "fail": ExecutionStatus.FAILED,
    "manual-stop": ExecutionStatus.CANCELED,
}
Theirs = Mapping[str, Callable[[Any], object]]


def instant(epoch_milliseconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(epoch_milliseconds) / 1000, UTC) if epoch_milliseconds else None


def success_kind(instance: Any) -> str | None:
    if instance.force_success or instance.status == "forceSuccess":
        return "forced"
    return "failure_ignored" if instance.ignore_success or instance.status == "ignoreSuccess" else None


def failed_first(nodes: list[Any]) -> list[Any]:
    return sorted(nodes, key=lambda node: node.status != "fail")


OF_EVERY_JOB: Theirs = {
    "job": lambda job: job.name,
    "name": lambda job: job.name,
    "created_at": lambda job: instant(job.create_time),
}
OF_A_LISTED_JOB: Theirs = {
    **OF_EVERY_JOB,
    "status": lambda job: job.status,
    "type": lambda job: job.job_type,
    "is_runnable": lambda job: job.job_type == "BATCH",
    "last_execution_status": lambda job: job.last_instance_status,
    "last_execution_at": lambda job: instant(job.last_instance_end_time),
    "updated_at": lambda job: instant(job.last_update_time),
}
OF_A_VIEWED_JOB: Theirs = {
    "description": lambda job: job.description,
    "timeout_minutes": lambda job: job.basic_config.instance_timeout,
}
OF_A_JOB_ON_ITS_OWN_PAGE_ALONE: Theirs = {
    **OF_EVERY_JOB,
    **OF_A_VIEWED_JOB,
    "type": lambda job: job.process_type,
    "is_runnable": lambda job: job.process_type == "BATCH",
}
OF_EVERY_INSTANCE: Theirs = {
    "job_name": lambda instance: instance.job_name,
    "status": lambda instance: STATUSES[instance.status],
    "provider_status": lambda instance: instance.status,
    "is_status_known": lambda instance: instance.status in STATUSES,
    "created_at": lambda instance: instant(instance.plan_time),
    "started_at": lambda instance: instant(instance.start_time),
    "ended_at": lambda instance: instant(instance.end_time),
    "attempt": lambda instance: str(instance.start_time or ""),
    "is_manual": lambda instance: instance.instance_type == MANUAL,
    "success_kind": success_kind,
    "needs_attention": lambda instance: instance.status == "running-exception",
}
OF_A_LISTED_INSTANCE: Theirs = {**OF_EVERY_INSTANCE, "failure_reason": lambda instance: instance.error_message}
OF_A_VIEWED_INSTANCE: Theirs = {
    **OF_EVERY_INSTANCE,
    "log_paths": lambda instance: tuple(node.log_path for node in failed_first(instance.nodes) if node.log_path),
}
OF_A_NODE: Theirs = {
    "name": lambda node: node.node_name,
    "type": lambda node: node.type,
    "status": lambda node: STATUSES[node.status],
    "provider_status": lambda node: node.status,
    "started_at": lambda node: instant(node.start_time),
    "ended_at": lambda node: instant(node.end_time),
    "retries": lambda node: node.retry_times,
    "input_rows": lambda node: node.input_row_count,
    "rows_per_second": lambda node: node.speed,
    "log_path": lambda node: node.log_path,
}
COMPARED_OTHERWISE = {"ref", "nodes", "attention_reason"}
"""The last as `needs_attention`: its words are ours."""
OF_DATA_FLOW_ALONE = {"condition", "parameters"}


def assert_same(ours: BaseModel, theirs: object, fields: Theirs) -> None:
    assert {name: getattr(ours, name) for name in fields} == {name: read(theirs) for name, read in fields.items()}

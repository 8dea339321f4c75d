"""Fields of our models, and what the provider's SDK tells for each."""

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
    return sorted(nodes, key=lambda one: one.status != "fail")


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
    "job_name": lambda one: one.job_name,
    "status": lambda one: STATUSES[one.status],
    "provider_status": lambda one: one.status,
    "is_status_known": lambda one: one.status in STATUSES,
    "created_at": lambda one: instant(one.plan_time),
    "started_at": lambda one: instant(one.start_time),
    "ended_at": lambda one: instant(one.end_time),
    "attempt": lambda one: str(one.start_time or ""),
    "is_manual": lambda one: one.instance_type == MANUAL,
    "success_kind": success_kind,
    "needs_attention": lambda one: one.status == "running-exception",
}
OF_A_LISTED_INSTANCE: Theirs = {**OF_EVERY_INSTANCE, "failure_reason": lambda one: one.error_message}
OF_A_VIEWED_INSTANCE: Theirs = {
    **OF_EVERY_INSTANCE,
    "log_paths": lambda one: tuple(node.log_path for node in failed_first(one.nodes) if node.log_path),
}
OF_A_NODE: Theirs = {
    "name": lambda one: one.node_name,
    "type": lambda one: one.type,
    "status": lambda one: STATUSES[one.status],
    "provider_status": lambda one: one.status,
    "started_at": lambda one: instant(one.start_time),
    "ended_at": lambda one: instant(one.end_time),
    "retries": lambda one: one.retry_times,
    "input_rows": lambda one: one.input_row_count,
    "rows_per_second": lambda one: one.speed,
    "log_path": lambda one: one.log_path,
}
COMPARED_OTHERWISE = {"ref", "nodes", "attention_reason"}
"""The last as `needs_attention`: its words are ours."""
OF_DATA_FLOW_ALONE = {"condition", "parameters"}


def assert_same(ours: BaseModel, theirs: object, fields: Theirs) -> None:
    assert {name: getattr(ours, name) for name in fields} == {name: tell(theirs) for name, tell in fields.items()}

"""Instances and their nodes as the wire shows them.

https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0095.html
"""

from sandbox.huawei_dataarts.records import Instance, NodeRecord
from sandbox.huawei_dataarts.settings import Settings
from sandbox.huawei_dataarts.sql_script import DLI_SQL_TYPES
from sandbox.huawei_dataarts.wire_times import milliseconds
from sandbox.provider_service.dates import log_date

DEFAULT_QUEUE = "default"


def special_word(instance: Instance) -> str:
    """The status as one of the twelve words, whatever the switches say."""
    if instance.is_forced:
        return "forceSuccess"
    return "ignoreSuccess" if instance.is_ignored else instance.status


def shown_in_list(instance: Instance, settings: Settings) -> dict[str, object]:
    shown = {
        **_shown(instance, settings),
        "jobId": f"{instance.job_id}" if settings.is_job_id_text else instance.job_id,
        # In every example the name of the job, though the table distinguishes them.
        "jobInstanceName": instance.job_name,
        "submitTime": milliseconds(instance.submitted_at),
        "version": instance.version,
    }
    if instance.error_message is not None:
        shown["errorMessage"] = instance.error_message
    return shown


def log_entry(instance: Instance) -> dict[str, object]:
    """`startedAt` is when the start was accepted; `jobParams` are the job's own with those of the start over them."""
    return {
        "instanceId": instance.instance_id,
        "jobName": instance.job_name,
        "workspace": instance.workspace,
        "jobParams": instance.job_params,
        "instanceType": instance.instance_type,
        "startedAt": log_date(instance.submitted_at),
        "endedAt": log_date(instance.ended_at),
        "status": special_word(instance),
        "stopRequestedAt": log_date(instance.stop_requested_at),
    }


def shown_in_detail(instance: Instance, settings: Settings) -> dict[str, object]:
    nodes = [_shown_node(record, instance, settings) for record in instance.nodes.values()]
    return {**_shown(instance, settings), "total": len(nodes), "nodes": nodes}


def _shown(instance: Instance, settings: Settings) -> dict[str, object]:
    has_words = settings.special_success == "words"
    shown: dict[str, object] = {
        "jobName": instance.job_name,
        "instanceId": instance.instance_id,
        "instanceType": instance.instance_type,
        "status": special_word(instance) if has_words else instance.status,
        "planTime": milliseconds(instance.plan_time),
        "forceSuccess": instance.is_forced and not has_words,
        "ignoreSuccess": instance.is_ignored and not has_words,
        **_shown_start(instance.started_at, settings),
    }
    if instance.ended_at is not None:
        shown["endTime"] = milliseconds(instance.ended_at)
        if instance.started_at is not None:
            shown["executeTime"] = _shown_duration(instance.started_at, instance.ended_at, settings)
    return shown


def _shown_start(started_at: float | None, settings: Settings) -> dict[str, object]:
    if started_at is not None:
        return {"startTime": milliseconds(started_at)}
    return {"startTime": 0} if settings.missing_start_time == "zero" else {}


def _shown_duration(started_at: float, ended_at: float, settings: Settings) -> float:
    """Called milliseconds; the provider's examples are minutes, with a fraction."""
    duration = milliseconds(ended_at) - milliseconds(started_at)
    return duration if settings.execute_time_unit == "milliseconds" else round(duration / 60_000, 3)


def _shown_node(record: NodeRecord, instance: Instance, settings: Settings) -> dict[str, object]:
    shown: dict[str, object] = {
        "nodeName": record.node_name,
        "status": record.status,
        "planTime": milliseconds(instance.plan_time),
        "type": record.type,
        "retryTimes": record.retry_times,
        "instanceId": instance.instance_id,
        "inputRowCount": record.input_row_count,
        **_shown_start(record.started_at, settings),
    }
    if record.ended_at is not None:
        shown["endTime"] = milliseconds(record.ended_at)
    if record.rows_per_second is not None:
        shown["speed"] = record.rows_per_second
    if record.log_path is not None:
        shown["logPath"] = record.log_path
    if settings.has_queue and record.type in DLI_SQL_TYPES:
        node = next(node for node in instance.definition.nodes if node.name == record.node_name)
        shown["queue"] = node.property_text("queue") or DEFAULT_QUEUE
    return shown

"""Jobs as the wire shows them.

https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0086.html
"""

from datetime import datetime

from sandbox.huawei_dataarts.records import Instance, Job
from sandbox.huawei_dataarts.wire_times import CHINA, milliseconds

USER = "sandbox"


def shown_in_list(job: Job, newest: Instance | None) -> dict[str, object]:
    shown: dict[str, object] = {
        "name": job.name,
        "jobType": job.definition.process_type,
        "owner": job.definition.basic_config.owner,
        "priority": job.definition.basic_config.priority,
        "status": job.status,
        "createUser": USER,
        "createTime": milliseconds(job.created_at),
        "lastUpdateTime": milliseconds(job.updated_at),
        "lastUpdateUser": USER,
        "path": job.definition.directory,
        "singleNodeJobFlag": job.definition.single_node_job_flag,
    }
    if job.started_at is not None:
        shown["startTime"] = milliseconds(job.started_at)
    if job.stopped_at is not None:
        shown["endTime"] = milliseconds(job.stopped_at)
    if newest is not None:
        shown["lastInstanceStatus"] = newest.status
        if newest.ended_at is not None:
            shown["lastInstanceEndTime"] = milliseconds(newest.ended_at)
    return shown


def shown_job(job: Job) -> dict[str, object]:
    return {
        **job.definition.shown(),
        "id": job.job_id,
        "createTime": milliseconds(job.created_at),
        "lastUpdateUser": USER,
        "version": str(job.version),
    }


def shown_status(job: Job) -> dict[str, object]:
    """With the provider's own spelling of two of the names.

    https://support.huaweicloud.com/intl/en-us/api-dataartsstudio/dataartsstudio_02_0093.html
    """
    times = {"starttime": job.started_at, "endTime": job.stopped_at, "lastUpdateTime": job.updated_at}
    return {
        "name": job.name,
        "status": job.status,
        "createUser": USER,
        "lastModifiyUser": USER,
        "nodes": [{"name": node.name, "nodeType": node.type} for node in job.definition.nodes],
        **{name: _date(moment) for name, moment in times.items() if moment is not None},
    }


def _date(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, CHINA).isoformat(timespec="seconds")

"""Every instance truly started, for tests to count."""

from sandbox.huawei_dataarts.instance_store import Instance
from sandbox.huawei_dataarts.shown_instances import special_word
from sandbox.provider_service.dates import ledger_date


def ledger_entry(instance: Instance) -> dict[str, object]:
    """`startedAt` is when the start was accepted; `jobParams` are the job's own with those of the start over them."""
    return {
        "instanceId": instance.instance_id,
        "jobName": instance.job_name,
        "workspace": instance.workspace,
        "jobParams": dict(instance.job_params),
        "instanceType": instance.instance_type,
        "startedAt": ledger_date(instance.submitted_at),
        "endedAt": ledger_date(instance.ended_at),
        "status": special_word(instance),
        "stopRequestedAt": ledger_date(instance.stop_requested_at),
    }

"""Every execution truly started, for tests to count."""

from sandbox.naver_dataflow.execution_store import Execution
from sandbox.provider_service.dates import ledger_date


def ledger_entry(execution: Execution) -> dict[str, object]:
    """`startedAt` is when the start was accepted."""
    return {
        "jobExecutionId": execution.execution_id,
        "jobId": execution.job_id,
        "jobName": execution.job_name,
        "parameters": dict(execution.parameters),
        "startedAt": ledger_date(execution.created_at),
        "endedAt": ledger_date(execution.ended_at),
        "status": execution.status,
        "cancelRequestedAt": ledger_date(execution.cancel_requested_at),
    }

"""What Data Flow remembers: jobs and their executions."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from sandbox.provider_service.dates import log_date


class Job(BaseModel):
    model_config = ConfigDict(frozen=True)

    job_id: str
    name: str
    type: str
    draft_status: str
    """`DRAFT` or `EDITING` while it cannot run; else empty."""
    nodes: list[dict[str, Any]]
    run_settings: dict[str, Any]
    max_concurrent_runs: int | None
    created_at: float
    updated_at: float


class Execution(BaseModel):
    model_config = ConfigDict(frozen=True)

    execution_id: str
    job: Job
    """As it was at the start; later changes do not touch an execution."""
    condition: dict[str, Any]
    parameters: dict[str, Any]
    type: str
    trigger_id: str | None
    created_at: float
    visible_at: float
    """From when on lists show it."""
    queue_seconds: float
    run_seconds: float
    status: str = "READY"
    running_at: float | None = None
    ended_at: float | None = None
    cancel_requested_at: float | None = None
    console_log_path: str | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def log_entry(execution: Execution) -> dict[str, object]:
    """`startedAt` is when the start was accepted."""
    return {
        "jobExecutionId": execution.execution_id,
        "jobId": execution.job.job_id,
        "jobName": execution.job.name,
        "parameters": execution.parameters,
        "startedAt": log_date(execution.created_at),
        "endedAt": log_date(execution.ended_at),
        "status": execution.status,
        "cancelRequestedAt": log_date(execution.cancel_requested_at),
    }

"""How a job did of late: its newest executions, and what they make on average."""

from collections.abc import Sequence
from math import ceil
from statistics import median
from typing import Annotated, Any

from pydantic import Field

from farsync.model.execution import Execution, ExecutionStatus, Instant, Job, WireModel
from farsync.providers.base import Provider
from farsync.providers.recent_executions import created_seconds, newest_page

MOST_SHOWN = 20


class RecentExecution(WireModel):
    """One execution of a job, whoever started it."""

    execution_id: str
    status: ExecutionStatus
    created_at: Instant | None = None
    ended_at: Instant | None = None
    duration_seconds: float | None = None
    """Without the time in the provider's queue."""


class JobShown(Job):
    """A job, and how its newest executions went."""

    recent: tuple[RecentExecution, ...] | None = None
    """Up to 20, the newest first."""
    median_seconds: float | None = None
    """Of those of them that succeeded, as is `p95Seconds`."""
    p95_seconds: Annotated[float | None, Field(alias="p95Seconds")] = None
    success_rate: float | None = None
    """Which part of those that are over has succeeded, from 0 to 1."""
    known_obstacle: Annotated[str | None, Field(exclude=True)] = None

    @property
    def obstacle(self) -> str | None:
        return self.known_obstacle


def job_with_recent(provider: Provider, job: Job) -> JobShown:
    """Reads the provider's page of executions with the newest ones."""
    begun = newest_page(provider, job.job).begun
    newest = sorted(begun, key=created_seconds, reverse=True)[:MOST_SHOWN]
    known: dict[str, Any] = {name: getattr(job, name) for name in Job.model_fields}
    return JobShown(**known, known_obstacle=job.obstacle, **_summary(newest))


def _summary(newest: Sequence[Execution]) -> dict[str, Any]:
    if not newest:
        return {}
    over = [execution.status is ExecutionStatus.SUCCEEDED for execution in newest if execution.status.is_terminal]
    seconds = sorted(
        execution.duration_seconds
        for execution in newest
        if execution.status is ExecutionStatus.SUCCEEDED and execution.duration_seconds is not None
    )
    return {
        "recent": tuple(map(_shown, newest)),
        "median_seconds": median(seconds) if seconds else None,
        "p95_seconds": seconds[ceil(0.95 * len(seconds)) - 1] if seconds else None,
        "success_rate": round(sum(over) / len(over), 3) if over else None,
    }


def _shown(execution: Execution) -> RecentExecution:
    return RecentExecution(
        execution_id=execution.ref.execution_id,
        status=execution.status,
        created_at=execution.created_at,
        ended_at=execution.ended_at,
        duration_seconds=execution.duration_seconds,
    )

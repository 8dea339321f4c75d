"""A run and an execution of job `a-job`, as most tests need them."""

from datetime import UTC, datetime, timedelta

from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.model.run import Run

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_run(**changes: object) -> Run:
    """It began at noon and may take an hour."""
    deadline_at = NOON + timedelta(hours=1)
    run = Run(started_at=NOON, deadline_at=deadline_at, connection="default", provider="naver", job="a-job")
    return run.model_copy(update=changes)


def an_execution(
    execution_id: str = "x", status: ExecutionStatus = ExecutionStatus.RUNNING, **changes: object
) -> Execution:
    ref = ExecutionRef(connection="default", job="a-job", execution_id=execution_id)
    return Execution(ref=ref, status=status, provider_status=status.value).model_copy(update=changes)

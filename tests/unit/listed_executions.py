"""Executions as a list tells them, around the moment of a lost post."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from farsync.evidence import PostedWithin
from farsync.execution import Execution, ExecutionRef, ExecutionStatus

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
POSTED = PostedWithin(NOON, NOON + timedelta(seconds=10), NOON + timedelta(seconds=40))
Echo = Mapping[str, str] | None


def execution(
    name: str = "x",
    created: float | None = 5,
    *,
    is_manual: bool | None = None,
    parameters: Echo = None,
    status: ExecutionStatus = ExecutionStatus.RUNNING,
) -> Execution:
    """Created so many seconds after noon; 5 is while we posted."""
    return Execution(
        ref=ExecutionRef(connection="default", job="a-job", execution_id=name),
        status=status,
        vendor_status="RUNNING",
        created_at=None if created is None else NOON + timedelta(seconds=created),
        is_manual=is_manual,
        parameters=parameters,
    )

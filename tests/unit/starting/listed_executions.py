"""Executions as a list shows them, around the moment of an unconfirmed post."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from farsync.aws.run_history import Moment
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.starting.matching import Posts

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
POSTS = Posts((Moment(NOON, NOON + timedelta(seconds=10)),), until=NOON + timedelta(seconds=70))
Echo = Mapping[str, str] | None


def execution(
    name: str = "x", created: float | None = 5, *, is_manual: bool | None = None, parameters: Echo = None
) -> Execution:
    """Created so many seconds after noon; 5 is while we posted."""
    return Execution(
        ref=ExecutionRef(connection="default", job="a-job", execution_id=name),
        status=ExecutionStatus.RUNNING,
        provider_status="RUNNING",
        created_at=None if created is None else NOON + timedelta(seconds=created),
        is_manual=is_manual,
        parameters=parameters,
    )

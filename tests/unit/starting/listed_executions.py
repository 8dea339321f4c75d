"""Executions as a list shows them, around the moment of an unconfirmed post."""

from collections.abc import Mapping
from datetime import timedelta

from farsync.aws.run_history import PostWindow
from farsync.model.execution import Execution
from farsync.starting.matching import Posts
from tests.unit.models import NOON, an_execution

POSTS = Posts((PostWindow(NOON, NOON + timedelta(seconds=10)),), until=NOON + timedelta(seconds=70))
Echo = Mapping[str, str] | None


def execution(
    name: str = "x", created: float | None = 5, *, is_manual: bool | None = None, parameters: Echo = None
) -> Execution:
    """Created so many seconds after noon; 5 is while we posted."""
    created_at = None if created is None else NOON + timedelta(seconds=created)
    return an_execution(name, created_at=created_at, is_manual=is_manual, parameters=parameters)

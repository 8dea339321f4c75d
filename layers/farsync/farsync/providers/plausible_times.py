"""Dates that cannot be those of an execution, as the reply's own time shows, count as missing."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from farsync.http_client.response import Reply
from farsync.model.execution import Execution, NodeResult
from farsync.providers.base import ExecutionPage

T = TypeVar("T", Execution, NodeResult)

FARTHEST_AHEAD = timedelta(days=1)
CLOCK_SPREAD = timedelta(minutes=1)
"""So much earlier than its beginning an end may be, which other hosts have noted."""


def plausible(execution: Execution, reply: Reply) -> Execution:
    """Without times more than a day ahead, and without an end before the beginning."""
    return _plausible(execution, _latest(reply))


def plausible_page(page: ExecutionPage, reply: Reply) -> ExecutionPage:
    """The same for each execution of a page, with the time of the reply."""
    latest = _latest(reply)
    return page._replace(
        items=tuple(_plausible(execution, latest) for execution in page.items),
        entries=tuple(_plausible(execution, latest) for execution in page.entries),
        unreadable=tuple(created and _up_to(latest, created) for created in page.unreadable),
        served_at=reply.served_at,
    )


def _latest(reply: Reply) -> datetime:
    """By our clock or the provider's, whichever is ahead."""
    received_at = datetime.fromtimestamp(reply.received_at, UTC)
    return max(received_at, reply.served_at or received_at) + FARTHEST_AHEAD


def _plausible(execution: Execution, latest: datetime) -> Execution:
    changes: dict[str, Any] = {}
    if execution.created_at is not None and execution.created_at > latest:
        changes["created_at"] = None
    nodes = tuple(_within_its_time(node, latest) for node in execution.nodes)
    if nodes != execution.nodes:
        changes["nodes"] = nodes
    execution = _within_its_time(execution, latest)
    return execution.model_copy(update=changes) if changes else execution


def _within_its_time(part: T, latest: datetime) -> T:
    started_at, ended_at = (moment and _up_to(latest, moment) for moment in (part.started_at, part.ended_at))
    if started_at and ended_at and ended_at < started_at - CLOCK_SPREAD:
        ended_at = None
    if started_at is part.started_at and ended_at is part.ended_at:
        return part
    return part.model_copy(update={"started_at": started_at, "ended_at": ended_at})


def _up_to(latest: datetime, moment: datetime) -> datetime | None:
    return moment if moment <= latest else None

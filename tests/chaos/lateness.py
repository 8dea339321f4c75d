"""Executions that went on for longer than an hour after the end of their run, by the sandbox's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.chaos.evidence import Evidence, Execution, Walk
from tests.chaos.runs import SPEED, WINDOW_SECONDS

HOUR = timedelta(seconds=3600 / SPEED)
SEARCH = timedelta(seconds=WINDOW_SECONDS + 40)
"""Until `close_run` may search for an unconfirmed start, which it reckons by the clock."""
CLOCKS = timedelta(seconds=5)
"""By how much two clocks may differ."""
OF_CLOSING = ("close", "visibility", "reads of runs", "reads of executions", "emitted", "all functions")
"""Words in the subject of an outage that keeps runs from being closed."""


def seconds_too_late(evidence: Evidence, run: Walk, execution: Execution) -> float:
    """How long the execution went on after the end of its run; 0 where that is no more than an hour, while nothing that
    stops it was away. A run whose message may be lost has this hour from the next sweep on.
    """
    if run.ended_at is None or execution.ended_at is None:
        return 0.0
    known_at = _found_at(evidence, run.ended_at, execution.ended_at)
    outages = [deed for deed in evidence.deeds if deed["deed"] == "outage" and _concerns(deed, execution.cloud)]
    away = sum((_overlap(deed, known_at, execution.ended_at) for deed in outages), timedelta())
    is_late = execution.ended_at - known_at > HOUR + SEARCH + away
    return (execution.ended_at - run.ended_at).total_seconds() if is_late else 0.0


def _found_at(evidence: Evidence, ended_at: datetime, until: datetime) -> datetime:
    """When `close_run` must have heard of a run: at its end, or by the first whole sweep after its message was lost."""
    losses = [
        datetime.fromisoformat(deed["at"]) + timedelta(seconds=deed.get("seconds", 0))
        for deed in evidence.deeds
        if (deed["deed"] == "purge" and deed["queue"] == "close") or deed.get("subject") == "status events"
    ]
    lost_at = max((loss for loss in losses if ended_at <= loss <= until), default=None)
    if lost_at is None:
        return ended_at
    sweeps = [deed for deed in evidence.deeds if deed["deed"] == "sweep" and deed["isDone"]]
    later = [deed["at"] for deed in sweeps if datetime.fromisoformat(deed["beganAt"]) >= lost_at]
    return min(map(datetime.fromisoformat, later), default=until)


def _overlap(outage: Mapping[str, Any], since: datetime, until: datetime) -> timedelta:
    began = datetime.fromisoformat(outage["at"])
    ended = began + timedelta(seconds=outage["seconds"])
    return max(timedelta(), min(until, ended) - max(since, began))


def _concerns(outage: Mapping[str, Any], cloud: str) -> bool:
    if outage["kind"] in ("provider", "keys"):
        return str(outage["subject"]).startswith(cloud)
    return any(words in outage["subject"] for words in OF_CLOSING)


def may_be_of_a_run(evidence: Evidence, walks: Mapping[str, Walk], execution: Execution) -> bool:
    """Whether a run of its job never knew its own execution, and may have begun this one: watching leaves it alone for
    as long as that run may still be closed, which is for days.
    """
    for run in evidence.runs:
        walk = walks.get(run.name or "")
        if run.job.provider_id != execution.job or walk is None or walk.claimed:
            continue
        if not (walk.began_at and walk.ended_at and execution.started_at):
            continue
        if walk.began_at - CLOCKS <= execution.started_at <= walk.ended_at + SEARCH:
            return True
    return False

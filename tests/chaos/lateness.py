"""Executions that went on for longer than an hour after the end of their run, by the sandbox's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.chaos.evidence import Ended, Evidence, Executed
from tests.chaos.plan import SPEED, WINDOW_SECONDS

HOUR = timedelta(seconds=3600 / SPEED)
SEARCH = timedelta(seconds=WINDOW_SECONDS + 40)
"""Until `close_run` may search for an unconfirmed start, which it reckons by the clock."""
CLOCKS = timedelta(seconds=5)
"""By how much two clocks may differ."""
OF_CLOSING = ("close", "visibility", "reads of runs", "reads of executions", "emitted", "all functions")
"""What the subject of an outage holds that keeps runs from being closed."""


def seconds(evidence: Evidence, run: Ended, executed: Executed) -> float:
    """How long the execution went on after the end of its run; 0 where that is no more than an hour, while nothing that
    stops it was away.
    """
    ended_at = executed.ended_at
    if run.ended_at is None or ended_at is None:
        return 0.0
    allowed = HOUR + SEARCH + _away(evidence, executed.cloud, run.ended_at, ended_at)
    late = ended_at - run.ended_at
    return late.total_seconds() if late > allowed else 0.0


def _away(evidence: Evidence, cloud: str, since: datetime, until: datetime) -> timedelta:
    """For how long the provider, or what closes runs, was away in between."""
    total = timedelta()
    for deed in evidence.deeds:
        if deed["deed"] != "outage" or not _concerns(str(deed["kind"]), str(deed["subject"]), cloud):
            continue
        began = datetime.fromisoformat(str(deed["at"]))
        ended = began + timedelta(seconds=float(deed["seconds"]))
        total += max(timedelta(), min(until, ended) - max(since, began))
    return total


def _concerns(kind: str, subject: str, cloud: str) -> bool:
    if kind in ("provider", "keys"):
        return subject.startswith(cloud)
    return any(part in subject for part in OF_CLOSING)


def may_be_of_a_run(evidence: Evidence, runs: Mapping[str, Ended], executed: Executed) -> bool:
    """Whether a run of its job never knew its own execution, and may have begun this one: watching leaves it alone for
    as long as that run may still be closed, which is for days.
    """
    if executed.started_at is None:
        return False
    for run in evidence.runs:
        ended = runs.get(run.name or "")
        if run.job != executed.job or ended is None or ended.claimed or not (ended.began_at and ended.ended_at):
            continue
        if ended.began_at - CLOCKS <= executed.started_at <= ended.ended_at + SEARCH:
            return True
    return False

"""What ended, by our clock, and whether a run holds it: then the run's event has its name and its labels."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from farsync.aws.run_history import RunHistory
from farsync.aws.run_store import AT_WORK_AFTER_THE_END, ListedRun
from farsync.closing.decision import DAILY_WINDOW
from farsync.model.execution import Execution
from farsync.model.names import execution_event_id
from farsync.providers.recent_executions import Recent

CAUGHT_UP_FOR = timedelta(days=1)
"""So far back each period checks every end, so that an outage of watching loses nothing that ended since."""
LONGEST_EXECUTION = timedelta(days=1)
"""So far before the ends asked for is the list read at least. Data Flow ends a job after 1440 minutes; DataArts limits
each node so, and an instance may wait or be suspended for days: its end is found where the list still shows it.
"""
LISTED_WITHIN = timedelta(seconds=5)
"""So soon Step Functions lists a run. What was created later is left to the next period: it may be that of a run which
is not listed yet.
"""
CLOCK_ALLOWANCE = timedelta(seconds=5)
"""By how much the times of AWS, of a provider and of this function may differ, once compared."""
LONGEST_WINDOW = timedelta(days=1)
"""For a run whose consistency window cannot be read."""


class End(NamedTuple):
    """An execution that has ended. Times are by our clock; `ended_at` is its newest time where the provider does not
    say when it ended.
    """

    execution: Execution
    event_id: str
    created_at: datetime | None
    ended_at: datetime

    @property
    def execution_id(self) -> str:
        return self.execution.ref.execution_id


class Doubt(NamedTuple):
    """Any execution created between these moments may be that of a run which does not know its own."""

    earliest: datetime
    latest: datetime

    def is_about(self, end: End) -> bool:
        if end.created_at is None:
            return True
        return self.earliest - CLOCK_ALLOWANCE <= end.created_at <= self.latest + CLOCK_ALLOWANCE


def ends_since(
    recent: Recent, since: datetime, now: datetime, job: str, provider: str, account: str
) -> tuple[End, ...]:
    """What ended since then and is listed for certain, the oldest end first. `now` is when the list was read."""
    # How far the provider's clock is ahead of ours; it says whole seconds.
    ahead = recent.served_at - now if recent.served_at else timedelta()
    ends = list[End]()
    for execution in recent.executions:
        if not execution.status.is_terminal:
            continue
        begun_at = execution.started_at or execution.created_at
        ended_at = execution.ended_at or begun_at or since + ahead
        # Of an end without a time nobody knows whether it is older.
        earliest = since if execution.ended_at else since - LONGEST_EXECUTION
        created_at = execution.created_at - ahead if execution.created_at else None
        is_listed = created_at is None or created_at <= now - LISTED_WITHIN
        if is_listed and ended_at - ahead >= earliest:
            event_id = execution_event_id(provider, account, job, execution.ref.execution_id, execution.attempt)
            ends.append(End(execution, event_id, created_at, ended_at - ahead))
    return tuple(sorted(ends, key=lambda end: (end.ended_at, end.execution_id)))


def runs_matter_since(ends: Iterable[End], now: datetime) -> datetime:
    """A run that ended before holds none of these ends, of which there is one at least, or is closed no more."""
    oldest = now - DAILY_WINDOW
    margin = AT_WORK_AFTER_THE_END + CLOCK_ALLOWANCE
    return max(oldest, min(end.created_at - margin if end.created_at else oldest for end in ends))


def may_have_held(run: ListedRun, ends: Iterable[End]) -> bool:
    """Whether the run was open, or its start at work, while one of the executions was there."""
    at_work_until = run.stopped_at + AT_WORK_AFTER_THE_END + CLOCK_ALLOWANCE if run.stopped_at else None
    return any(
        run.started_at - CLOCK_ALLOWANCE <= end.ended_at
        and (at_work_until is None or end.created_at is None or end.created_at <= at_work_until)
        for end in ends
    )


def doubt_in(history: RunHistory) -> Doubt | None:
    """None for a run that knows its execution, has posted nothing, or searched and cannot know."""
    if history.execution_id is not None or history.ambiguous is not None or not history.post_windows:
        return None
    window = timedelta(seconds=history.run.consistency_window_seconds) if history.run else LONGEST_WINDOW
    return Doubt(history.post_windows[0].earliest, history.post_windows[-1].latest + window)


def left_to_runs(ends: Iterable[End], held: Iterable[str], doubts: Iterable[Doubt]) -> Iterator[str]:
    """The ids of the executions that runs hold, by these ids, or may hold."""
    held_ids, doubts = frozenset(held), tuple(doubts)
    for end in ends:
        if end.execution_id in held_ids or any(doubt.is_about(end) for doubt in doubts):
            yield end.execution_id

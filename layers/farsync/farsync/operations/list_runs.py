"""List runs, of all connections or of one: what is open now, and what has ended within a window of time.

Open runs come from Step Functions' lists, ended ones from the log of events, so that a list asks no provider.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from farsync.aws.client import named_failures
from farsync.aws.event_log import EventLog, Recorded
from farsync.aws.run_store import describe_run, listed_runs, request_in
from farsync.model.execution import WireModel
from farsync.model.names import NAME_OF_A_RUN, connection_and_job_prefix, job_prefix
from farsync.model.validation import validated
from farsync.operations.event_of_run import event_of_result
from farsync.operations.listing import BY_COMMA, ListQuery, window_of
from farsync.operations.page_position import EventPosition, RunPosition, read_run_position, token_of
from farsync.operations.run_items import (
    RunListed,
    RunSubject,
    item_of_event,
    item_without_event,
    run_in,
    subject_in,
)
from farsync.operations.run_state import OPEN, STATES_OF_EVENTS, RunState
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

MOST_RUNS_READ = 100
"""DescribeExecution takes 250 calls at once and 10 a second, which other functions need too:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""
RECORDING_MILLISECONDS = 10_000
"""A run may end so long after its event was written."""
RUN_EVENTS = "io.farsync.run."
STOPPED = ("FAILED", "TIMED_OUT", "ABORTED")
"""Step Functions' own words for runs that may have left something behind."""


class ListRuns(ListQuery):
    """Which runs."""

    state: Annotated[tuple[RunState, ...], Field(min_length=1), BY_COMMA] | None = None
    """Several by comma; all, unless it is given."""


class RunList(WireModel):
    """Open runs first, the newest first, then ended ones, the last ended first; there may be more, even after none,
    while there is a `next_token`.
    """

    runs: tuple[RunListed, ...]
    next_token: str | None = None


def list_runs(context: Context, invocation: Invocation) -> Answer:
    """Reads until it has as many as are asked for, within bounds. Raises InvalidRequest."""
    asked = validated(ListRuns, invocation.payload)
    with named_failures():
        return Answer(_Listing(context, asked).answer())


class _Listing:
    def __init__(self, context: Context, asked: ListRuns) -> None:
        self._context, self._asked = context, asked
        self._window = window_of(asked, context.now())
        self._states = frozenset(asked.state or (*STATES_OF_EVENTS.values(), "RUNNING", "STOPPING"))
        self._log = EventLog(context, *self._window)
        self._items = dict[str, RunListed]()
        self._seen = dict[str, bool]()
        """Runs whose state is known, and whether by an event of the run itself: one of its execution overrules it."""
        self._runs_read = 0

    def answer(self) -> RunList:
        token = self._asked.next_token
        position = RunPosition() if token is None else read_run_position(token)
        further = None if position.events else self._take_runs_without_event(position)
        further = further or self._take_ends(position.events)
        return RunList(runs=tuple(self._items.values()), next_token=further and token_of(further))

    def _take_runs_without_event(self, position: RunPosition) -> RunPosition | None:
        """Where to go on, if bounds stopped it."""
        for place, execution in self._runs_without_event():
            if (place.rank, place.at, place.name) <= (position.rank, position.at, position.name):
                continue
            if len(self._items) == self._asked.limit or self._runs_read == MOST_RUNS_READ:
                return position
            item = self._item_of(execution)
            if item is not None and item.state in self._states:
                self._items[item.name] = item
                self._seen[item.name] = False
            position = place
        return None

    def _runs_without_event(self) -> Iterator[tuple[RunPosition, dict[str, Any]]]:
        """Open ones, then those that are over."""
        groups = [self._open_runs(), self._runs_being_stopped()]
        for rank, (key, executions) in enumerate(zip(("startDate", "stopDate"), groups, strict=True), start=1):
            newest_first = sorted(executions, key=lambda run: (-float(run[key]), run["name"]))
            for run in newest_first:
                # Ordered as numbers are: the older, the later.
                age = 10**14 - int(float(run[key]) * 1000)
                yield RunPosition(rank=rank, at=age, name=run["name"]), run

    def _open_runs(self) -> list[dict[str, Any]]:
        if "RUNNING" not in self._states:
            return []
        listed, _ = listed_runs(self._context, None, statusFilter="RUNNING")
        return [run for run in listed if self._may_be_asked(run["name"])]

    def _runs_being_stopped(self) -> list[dict[str, Any]]:
        """Of those that did not succeed within the window, the ones in no event since."""
        if self._states <= {"RUNNING", "SUCCEEDED"}:
            return []
        statuses = STOPPED if "STOPPING" in self._states else ("FAILED",)
        over = list[dict[str, Any]]()
        for status in statuses:
            listed, _ = listed_runs(self._context, self._window.since / 1000, statusFilter=status)
            over += [run for run in listed if self._is_over_within(run) and self._may_be_asked(run["name"])]
        if not over:
            return []
        oldest = int(min(float(run["stopDate"]) for run in over) * 1000) - RECORDING_MILLISECONDS
        known, read_back_to = self._runs_in_events(oldest)
        return [run for run in over if run["name"] not in known and float(run["stopDate"]) * 1000 >= read_back_to]

    def _is_over_within(self, run: dict[str, Any]) -> bool:
        return self._window.since <= float(run.get("stopDate") or 0) * 1000 < self._window.until

    def _runs_in_events(self, oldest: int) -> tuple[set[str | None], int]:
        """Those in events since then, and how far back the log was read."""
        names, log = set[str | None](), EventLog(self._context, max(0, oldest), self._now)
        if self._asked.until is None:
            log = self._log
        at = self._now
        for recorded in log:
            at = recorded.at
            if at < oldest:
                return names, oldest
            if recorded.event.get("type") in STATES_OF_EVENTS:
                names.add(run_in(recorded))
        return names, at if log.is_cut else oldest

    @property
    def _now(self) -> int:
        return int(self._context.clock() * 1000) + 1

    def _item_of(self, execution: dict[str, Any]) -> RunListed | None:
        """A run that failed has the data of its event with it, though the event may be written under another run, to
        whose execution this one attached.
        """
        subject, data = self._subject_by_name(execution["name"]), None
        if subject is None or execution["status"] == "FAILED":
            self._runs_read += 1
            described = describe_run(self._context, execution["name"])
            subject = subject_in(request_in(described))
            event = event_of_result(described) if execution["status"] not in OPEN else None
            data = event and item_of_event(execution["name"], STATES_OF_EVENTS[event["type"]], event["data"])
        if self._asked.connection not in (None, subject.connection) or self._asked.job not in (None, subject.job):
            return None
        return data or item_without_event(execution, subject)

    def _may_be_asked(self, name: str) -> bool:
        """By a name that farsync built; any other says nothing."""
        prefix = self._prefix
        return prefix is None or NAME_OF_A_RUN.fullmatch(name) is None or name.startswith(prefix)

    def _subject_by_name(self, name: str) -> RunSubject | None:
        connection, job = self._asked.connection, self._asked.job
        is_built = NAME_OF_A_RUN.fullmatch(name) is not None
        return RunSubject(connection, job, None) if connection and job and is_built else None

    @property
    def _prefix(self) -> str | None:
        if self._asked.job is None:
            return None
        if self._asked.connection is None:
            return job_prefix(self._asked.job)
        return connection_and_job_prefix(self._asked.connection, self._asked.job)

    def _take_ends(self, position: EventPosition | None) -> RunPosition | None:
        """Where to go on, if bounds stopped it."""
        log = self._log
        if position is None:
            position = EventPosition(at=self._window.until)
        else:
            log = EventLog(self._context, self._window.since, min(self._window.until, position.at + 1))
        if self._states <= {"RUNNING", "STOPPING"}:
            return None
        for recorded in log:
            if position.has_passed(recorded):
                continue
            item = self._ended_run(recorded)
            if item is not None:
                if item.state in self._states and len(self._items) == self._asked.limit:
                    return RunPosition(events=position)
                self._take_end(item, is_of_run=recorded.event["type"].startswith(RUN_EVENTS))
            position = position.behind(recorded)
        return RunPosition(events=position) if log.is_cut else None

    def _ended_run(self, recorded: Recorded) -> RunListed | None:
        name, state = run_in(recorded), STATES_OF_EVENTS.get(str(recorded.event.get("type")))
        if name is None or state is None or not self._is_asked(recorded.data):
            return None
        return item_of_event(name, state, recorded.data)

    def _take_end(self, item: RunListed, *, is_of_run: bool) -> None:
        if item.name in self._seen and (is_of_run or not self._seen[item.name]):
            return
        self._seen[item.name] = is_of_run
        self._items.pop(item.name, None)
        if item.state in self._states:
            self._items[item.name] = item

    def _is_asked(self, data: Any) -> bool:
        return self._asked.connection in (None, data.get("connection")) and self._asked.job in (None, data.get("job"))

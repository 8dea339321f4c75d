"""Watch a job: the ends of its executions that lack an event are emitted, but for those that belong to a run."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from farsync.aws.emitting import emit, emitted_at, emitted_ids
from farsync.aws.run_history import RunHistory, read_history
from farsync.aws.run_store import ListedRun, run_arn, runs_that_may_hold
from farsync.events.completion_event import CompletionEvent, completion_event
from farsync.model.errors import AuthenticationFailed, FarsyncError, PermissionDenied
from farsync.model.execution import Execution
from farsync.model.names import run_event_id
from farsync.model.run import Run
from farsync.providers.recent_executions import executions_reaching_back
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from farsync.runtime.observability import logger
from farsync.watching.decision import (
    LONGEST_EXECUTION,
    Doubt,
    End,
    doubt_in,
    ends_since,
    left_to_runs,
    may_have_held,
    runs_matter_since,
)

MOST_FAILURES = 3
"""After so many executions that cannot be read, the job waits for the next period."""
MOST_HISTORIES = 300
"""For one job; of more runs, those that can be read count."""


class OutOfTime(Exception):
    """What is left is for the next period."""


class Counts(NamedTuple):
    """`left_to_runs` is how many ends runs hold, or may hold."""

    ended: int = 0
    emitted: int = 0
    left_to_runs: int = 0
    is_reached: bool = True
    failure: FarsyncError | None = None


class Watching:
    """What the jobs of one invocation share; used by several threads. `give_up_at` is a moment of the clock."""

    def __init__(self, context: Context, since: datetime, give_up_at: float) -> None:
        self.context = context
        self.since = since
        self._give_up_at = give_up_at
        self._lock = Lock()
        self._emitted: frozenset[str] | None = None
        self._decided_runs: dict[str, RunHistory] = {}

    def check_time(self) -> None:
        """Raises OutOfTime."""
        if self.context.clock() >= self._give_up_at:
            raise OutOfTime

    def is_emitted(self, event_id: str) -> bool:
        """The list of all events is read once; what it does not show is asked for. Raises AwsRequestFailed."""
        with self._lock:
            if self._emitted is None:
                self._emitted = emitted_ids(self.context, self.since)
        return event_id in self._emitted or emitted_at(self.context, event_id) is not None

    def history(self, run: ListedRun) -> RunHistory:
        """Of a run that knows its execution nothing changes that matters here. Raises AwsRequestFailed."""
        history = self._decided_runs.get(run.name)
        if history is None:
            history = read_history(self.context, run_arn(self.context, run.name))
            if history.execution_id is not None:
                self._decided_runs[run.name] = history
        return history


def watch_job(watching: Watching, context: Context, connection_name: str, job: str) -> Counts:
    """One call to the provider for the list, and one for each end without an event. `context` is the calling thread's.

    Raises OutOfTime where nothing was emitted yet, what the provider raises, and AwsRequestFailed.
    """
    return _JobWatch(watching, context, context.provider(connection_name), job).run()


class _JobWatch(NamedTuple):
    watching: Watching
    context: Context
    provider: ConnectedProvider
    job: str

    def run(self) -> Counts:
        ends = self._ends()
        missing = [end for end in ends if not self._has_event(end)]
        if not missing:
            return Counts(len(ends))
        left = frozenset(self._left_to_runs(missing))
        emitted, failures = 0, list[FarsyncError]()
        counts = Counts(len(ends), left_to_runs=len(left))
        for end in (end for end in missing if end.execution_id not in left):
            try:
                self.watching.check_time()
                emitted += self._emit(end)
            except OutOfTime:
                counts = counts._replace(is_reached=False)
                break
            except (AuthenticationFailed, PermissionDenied):
                raise
            except FarsyncError as failure:
                failures.append(failure)
                if len(failures) == MOST_FAILURES:
                    break
        return counts._replace(emitted=emitted, failure=failures[0] if failures else None)

    def _ends(self) -> tuple[End, ...]:
        since = self.watching.since
        recent = executions_reaching_back(self.provider, self.job, since - LONGEST_EXECUTION)
        connection = self.provider.connection
        return ends_since(recent, since, self.context.now(), self.job, connection.provider, connection.account)

    def _has_event(self, end: End) -> bool:
        self.watching.check_time()
        return self.watching.is_emitted(end.event_id)

    def _left_to_runs(self, missing: Sequence[End]) -> Iterator[str]:
        """Runs are listed after the provider's list was read, so that none that began an execution of it is missed."""
        held, doubts = list[str](), list[Doubt]()
        context = self.context
        listed = runs_that_may_hold(context, self.job, runs_matter_since(missing, context.now()))
        for run in [run for run in listed if may_have_held(run, missing)][:MOST_HISTORIES]:
            self.watching.check_time()
            history = self.watching.history(run)
            if (history.end is not None and history.end.is_final) or not self._is_of_this_job(history):
                continue
            if history.execution_id is not None:
                held.append(history.execution_id)
            elif (doubt := doubt_in(history)) and not self._is_closed(run, history):
                doubts.append(doubt)
        return left_to_runs(missing, held, doubts)

    def _is_of_this_job(self, history: RunHistory) -> bool:
        """By provider, account and job; a run that was never prepared has posted nothing."""
        request = history.request or {}
        job = history.run.job if history.run else request.get("job")
        connection = history.run.connection if history.run else str(request.get("connection", "default"))
        account = (self.provider.connection.provider, self.provider.connection.account)
        return job == self.job and self.context.leads_to(connection, account)

    def _is_closed(self, run: ListedRun, history: RunHistory) -> bool:
        """Whether `close_run` has emitted that the run has no execution."""
        return history.end is not None and self.watching.is_emitted(run_event_id(run.name, run.redrive_count))

    def _emit(self, end: End) -> bool:
        """False where the execution was rerun meanwhile. It is read alone, as a run reads it: a list may say less."""
        execution = self.provider.get_execution(self.job, end.execution_id)
        if not execution.status.is_terminal:
            return False
        event = self._event(execution)
        emit(self.context, event)
        logger.info(
            "event handed over",
            event_type=event.type,
            event_id=event.id,
            connection=self.provider.connection.name,
            job=self.job,
            execution_id=end.execution_id,
        )
        return True

    def _event(self, execution: Execution) -> CompletionEvent:
        now = self.context.now()
        nobodys = Run(
            started_at=now,
            deadline_at=now,
            connection=self.provider.connection.name,
            provider=self.provider.connection.provider,
            job=self.job,
        )
        if not self.provider.connection.watched_failure_reasons:
            # It may repeat a parameter's value, and nobody here knows which of them are secret.
            execution = execution.model_copy(update={"failure_reason": None})
        return completion_event(
            nobodys,
            execution,
            provider=self.provider.connection.provider,
            account=self.provider.connection.account,
            detected_at=now,
        )

"""Watch: tell the ends of a job's executions, whoever started them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from farsync.aws.run_store import Holdings, executions_held
from farsync.aws_requests import AwsRequestFailed, named
from farsync.connections import Connection
from farsync.environment import Environment
from farsync.errors import AmbiguousStart
from farsync.execution import Execution, Instant, WireModel
from farsync.identifiers import ConnectionName, JobId
from farsync.invocation import Answer, Invocation
from farsync.providers.protocol import Provider
from farsync.recent_executions import executions_reaching_back
from farsync.run import Run
from farsync.telemetry import logger
from farsync.validation import validated

if TYPE_CHECKING:
    from farsync.events.completion_event import CompletionEvent

LONGEST_EXECUTION = timedelta(days=1)
"""So far before the ends asked for is the list read at least. Data Flow ends a job after 1440 minutes; DataArts limits
each node so, and an instance may wait or be suspended for days: its end is found where the list still shows it.
"""
TOLD_BY_ITS_RUN = timedelta(minutes=5)
"""How long after the end of a run its execution is left to it, and to the `close_run` that an abort starts."""
MOST_EVENTS = 10
ENOUGH_CHARACTERS = 60_000
"""An event has some 40,000 at most, and a state holds 256 KB."""
ENOUGH_SECONDS = 15.0
"""After which no further execution is read; the function has twice as long."""


class Mark(WireModel):
    """Up to which end a look has told; the next goes on behind it. The time is the vendor's."""

    ended_at: Instant
    execution_id: str


class WatchJob(WireModel):
    """Ends from `since` on, and before `until`, both by our clock; behind `after`, where an earlier answer gave it."""

    connection: ConnectionName = "default"
    job: JobId
    since: Instant
    until: Instant | None = None
    after: Mark | None = None


class Watched(WireModel):
    """The events of a few ends, oldest first. `next` and `told_until`, by our clock, are there where more are left."""

    events: tuple[Mapping[str, object], ...]
    next: Mark | None = None
    told_until: Instant | None = None


class _Ended(NamedTuple):
    """An execution that is over, and when; where the vendor does not tell when, its newest time."""

    ended_at: datetime
    execution: Execution

    @property
    def mark(self) -> Mark:
        return Mark(ended_at=self.ended_at, execution_id=self.execution.ref.execution_id)


def watch(environment: Environment, invocation: Invocation) -> Answer:
    """One look at the list of a job, and one at each execution that has ended since.

    What an open run holds is left to that run, which knows its labels. Raises what the provider raises, and
    AmbiguousStart where nobody can tell yet which executions the runs of the job hold.
    """
    asked = validated(WatchJob, invocation.payload)
    return Answer(
        environment.with_provider(
            asked.connection, lambda provider, connection: _look(environment, provider, connection, asked)
        )
    )


def _look(environment: Environment, provider: Provider, connection: Connection, asked: WatchJob) -> Watched:
    began = environment.clock()
    recent = executions_reaching_back(provider, asked.job, asked.since - LONGEST_EXECUTION)
    # How far the vendor's clock is ahead of ours; it tells whole seconds.
    ahead = recent.served_at - environment.now() if recent.served_at else timedelta()
    ended = sorted(_ended(recent.executions, asked, ahead), key=lambda one: _place(one.mark))
    left = _left_by_runs(environment, asked, ended, ahead) if ended else []
    logger.info("executions have ended", ended=len(ended), left_to_runs=len(ended) - len(left))
    events: list[Mapping[str, object]] = []
    characters = 0
    for one, before in zip(left, [None, *left], strict=False):
        is_enough = characters > ENOUGH_CHARACTERS or environment.clock() - began > ENOUGH_SECONDS
        if before is not None and (is_enough or len(events) == MOST_EVENTS):
            told_until = before.ended_at - ahead - timedelta(seconds=1)
            return Watched(events=tuple(events), next=before.mark, told_until=told_until)
        event = _event(environment, provider, connection, one.execution)
        characters += len(event.model_dump_json(by_alias=True, exclude_none=True))
        events.append(event.model_dump(mode="json", by_alias=True, exclude_none=True))
    return Watched(events=tuple(events))


def _ended(executions: Iterable[Execution], asked: WatchJob, ahead: timedelta) -> Iterator[_Ended]:
    since = asked.since + ahead
    for execution in executions:
        if not execution.status.is_terminal:
            continue
        begun_at = execution.started_at or execution.created_at
        ended_at = execution.ended_at or begun_at or since
        # Of an end without a time nobody knows whether it is told; so it is told again.
        earliest = since if execution.ended_at else since - LONGEST_EXECUTION
        one = _Ended(_in_milliseconds(ended_at), execution)
        is_behind = asked.after is None or _place(one.mark) > _place(asked.after)
        is_before = asked.until is None or ended_at < asked.until + ahead
        if ended_at >= earliest and is_before and is_behind:
            yield one


def _left_by_runs(
    environment: Environment, asked: WatchJob, ended: Sequence[_Ended], ahead: timedelta
) -> Sequence[_Ended]:
    holdings = _holdings(environment, asked)
    left = [one for one in ended if one.execution.ref.execution_id not in holdings.execution_ids]
    if holdings.unknown_since is not None:
        earliest = holdings.unknown_since + ahead - timedelta(seconds=1)
        for one in left:
            if one.execution.created_at is None or one.execution.created_at >= earliest:
                raise AmbiguousStart(
                    f"a run of job {asked.job} has posted a start and does not know its execution yet; "
                    f"execution {one.execution.ref.execution_id} may be the one"
                )
    return left


def _holdings(environment: Environment, asked: WatchJob) -> Holdings:
    since = environment.now() - TOLD_BY_ITS_RUN
    try:
        return executions_held(environment, asked.connection, asked.job, since)
    except AwsRequestFailed as failure:
        raise named(failure) from failure


def _event(
    environment: Environment, provider: Provider, connection: Connection, listed: Execution
) -> "CompletionEvent":
    """Composed of what the vendor tells of the one execution, as a run does: a list may tell less."""
    from farsync.events.completion_event import completion_event  # most looks see no end

    ref = listed.ref
    now = environment.now()
    nobodys = Run(started_at=now, deadline_at=now, connection=ref.connection, provider=connection.provider, job=ref.job)
    execution = provider.get_execution(ref.job, ref.execution_id)
    if not connection.watched_failure_reasons:
        # It may repeat a parameter's value, and nobody here knows which of them are secret.
        execution = execution.model_copy(update={"failure_reason": None})
    return completion_event(
        nobodys,
        execution,
        provider=connection.provider,
        account=connection.account,
        detected_at=environment.now(),
    )


def _place(mark: Mark) -> tuple[datetime, str]:
    return mark.ended_at, mark.execution_id


def _in_milliseconds(moment: datetime) -> datetime:
    """As fine as a mark is on our wire."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

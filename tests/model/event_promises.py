"""Whether each event is there, once, and says what is true."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from farsync.model.names import run_event_id
from tests.model.calls import FUNCTION_SECONDS
from tests.model.cloud import SOMEBODY, Attempt, TrueExecution
from tests.model.runs import BAD_ENDS, WalkedRun
from tests.model.step_functions import LONGEST_LAG_SECONDS, Emitted
from tests.model.world import World

STATUSES = {"succeeded": "SUCCEEDED", "failed": "FAILED", "canceled": "CANCELED", "timed_out": "CANCELED"}
INFINITY = float("inf")
CLOCK_SECONDS = 6.0
"""By so much clocks may differ where a cancel is taken for ours."""
LONGEST_POLL_SECONDS = 2400.0
"""What is left alone is polled each fifteen minutes."""
POST_SECONDS = 35.0


class Judged:
    """A trace that is over, and who began what in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.runs = world.runs

    @cached_property
    def about_runs(self) -> dict[str, Emitted]:
        return {known: emitted for known, emitted in self.world.account.events.items() if _kind(emitted)[0] == "run"}

    @cached_property
    def about_executions(self) -> list[Emitted]:
        return [emitted for emitted in self.world.account.events.values() if _kind(emitted)[0] == "execution"]

    def begun_by(self, run: WalkedRun) -> list[TrueExecution]:
        return [execution for execution in self.world.cloud.executions.values() if execution.owner == run.label]

    def starts_of(self, run: WalkedRun) -> list[float]:
        """When its Start was scheduled."""
        return [
            float(event["timestamp"])
            for event in run.events
            if event["type"] == "TaskScheduled"
            and event["taskScheduledEventDetails"]["parameters"].get("FunctionName") == "${TriggerExecutionFunction}"
        ]

    def holders_of(self, execution: TrueExecution) -> list[WalkedRun]:
        """Who began it; or whose post never arrived and cannot be known from somebody's start in the same seconds."""
        if execution.owner != SOMEBODY:
            return [run for run in self.runs if run.label == execution.owner]
        # A list that came slowly leaves open how long ago something was created.
        vague = FUNCTION_SECONDS if self.world.faults.may_hold_up("find_execution", "close_run") else 0
        return [
            run
            for run in self.runs
            if run.request["job"] == execution.job
            and not self.begun_by(run)
            and not self._is_told_apart(run)
            and any(-5 - vague <= execution.created_at - start <= POST_SECONDS + 5 for start in self.starts_of(run))
        ]

    def _is_told_apart(self, run: WalkedRun) -> bool:
        """By a marker, or by an echo; of a secret there is none."""
        kind = self.world.cloud.kind
        return kind == "marks" or (kind == "echoes" and isinstance(run.request["parameters"]["run"], str))

    def verdict(self, run: WalkedRun) -> Emitted | None:
        """Of its last end."""
        return self.about_runs.get(run_event_id(run.name, run.redrive_count))

    def is_ambiguous(self, run: WalkedRun) -> bool:
        return any(
            emitted.event["data"]["error"]["name"] == "AmbiguousStart"
            for emitted in self.about_runs.values()
            if emitted.event["data"]["runName"] == run.name
        )


def _message(emitted: Emitted) -> str:
    return str(emitted.event["data"]["error"]["message"])


def _kind(emitted: Emitted) -> tuple[str, str]:
    what, _, how = emitted.event["type"].removeprefix("io.farsync.").partition(".")
    return what, how


def events_are_whole(judged: Judged) -> Iterator[str]:
    """One of each execution that a run began and that has ended, and of each run."""
    world = judged.world
    about = [emitted.event["data"]["executionId"] for emitted in judged.about_executions]
    for execution in world.cloud.executions.values():
        events = about.count(execution.execution_id)
        ended = sum(attempt.has_ended(world.ended_at) for attempt in execution.attempts)
        if events > (ended if world.cloud.tells_attempts else 1):
            yield f"{execution.execution_id} has {events} events for {ended} ends"
        owner = next((run for run in judged.runs if run.label == execution.owner), None)
        if owner is None or judged.is_ambiguous(owner):
            continue
        if not events and execution.attempts[0].has_ended(world.ended_at - LONGEST_POLL_SECONDS):
            yield f"{execution.execution_id} of {owner.label} ended, and no event says so"
    for run in judged.runs:
        own = {one.execution_id for one in world.cloud.executions.values() if run in judged.holders_of(one)}
        if not run.is_open and judged.verdict(run) is None and not {*own, run.execution_id}.intersection(about):
            yield f"{run.label} ended {run.status}, and no event says so"


def what_is_ambiguous_stays_so(judged: Judged) -> Iterator[str]:
    """A person decides on what a run could not tell: no second search does."""
    for run in judged.runs:
        if run.error != "AmbiguousStart" or run.status != "FAILED":
            continue
        verdict = judged.verdict(run)
        if verdict is None or verdict.event["data"]["error"]["name"] != "AmbiguousStart":
            yield f"{run.label} ended AmbiguousStart, and its event does not say so"


def events_are_true(judged: Judged) -> Iterator[str]:
    for emitted in judged.about_executions:
        yield from _untrue_of_an_execution(judged, emitted)
    for event_id, emitted in judged.about_runs.items():
        run = next(run for run in judged.runs if run.name == emitted.event["data"]["runName"])
        count = next(n for n in range(run.redrive_count + 2) if run_event_id(run.name, n) == event_id)
        yield from _untimely(run, count, emitted)
        match _kind(emitted)[1]:
            case "failed":
                yield from _untrue_of_a_failed_run(judged, run, count, emitted)
            case "unobservable":
                yield from _untrue_of_an_unobservable_run(judged, run, emitted)


def _untrue_of_an_execution(judged: Judged, emitted: Emitted) -> Iterator[str]:
    data, how = emitted.event["data"], _kind(emitted)[1]
    execution = judged.world.cloud.executions.get(data["executionId"])
    if execution is None:
        yield f"an event is about {data['executionId']}, which never was"
        return
    attempts = [attempt for attempt in execution.attempts if attempt.has_ended(emitted.at)]
    meant = [attempt for attempt in attempts if attempt.status == STATUSES[how] and _ends_at(judged, attempt, data)]
    if not meant:
        yield f"an event says that {execution.execution_id} {how}; it was {[one.status for one in attempts]}"
        return
    watching = [run for run in judged.runs if run.is_attached and run.execution_id == execution.execution_id]
    holders = judged.holders_of(execution)
    if not holders and not watching:
        yield f"an event is about {execution.execution_id}, which no run holds"
    ahead = judged.world.cloud.ahead_seconds
    if data.get("cancelConfirmed") and not any(_was_ours(run, meant[-1], ahead) for run in holders):
        yield f"an event says that {execution.execution_id} was cancelled by us, and nobody did"
    if how == "timed_out" and not any(meant[-1].ends_at + ahead >= run.deadline_at - CLOCK_SECONDS for run in holders):
        yield f"an event says that {execution.execution_id} timed out before its deadline"


def _ends_at(judged: Judged, attempt: Attempt, data: dict[str, str]) -> bool:
    return datetime.fromisoformat(data["endedAt"]).timestamp() == judged.world.cloud.seconds_of(attempt.ends_at)


def _was_ours(run: WalkedRun, attempt: Attempt, ahead_seconds: float) -> bool:
    """Or a person's, after the run's end or deadline by the provider's clock: no provider says whose it was."""
    ends = [standing.since for standing in run.standings if standing.has_ended_badly]
    since = min([*ends, run.deadline_at]) - CLOCK_SECONDS
    return any(cancel.by is not None or attempt.ends_at + ahead_seconds >= since for cancel in attempt.cancels)


def _untimely(run: WalkedRun, count: int, emitted: Emitted) -> Iterator[str]:
    later = [standing.since for standing in run.standings if standing.redrive_count > count]
    if later and emitted.by.began_at > min(later) + LONGEST_LAG_SECONDS:
        yield f"an event about redrive {count} of {run.label} comes long after a later redrive"
    ends = [standing.since for standing in run.standings if standing[1:] in ((bad, count) for bad in BAD_ENDS)]
    if emitted.by.function == "close_run" and (not ends or emitted.at < ends[0]):
        yield f"{run.label} was judged before its end"


def _untrue_of_a_failed_run(judged: Judged, run: WalkedRun, count: int, emitted: Emitted) -> Iterator[str]:
    """It says nothing of what a redrive has begun since."""
    data = emitted.event["data"]
    own = judged.begun_by(run)
    later = [standing.since for standing in run.standings if standing.redrive_count > count]
    if data["error"]["name"] == "AmbiguousStart":
        ended_at = next(
            standing.since for standing in run.standings if standing[1:] in ((bad, count) for bad in BAD_ENDS)
        )
        cancels = [cancel for execution in own for cancel in execution.attempts[0].cancels]
        if any(
            cancel.by is not None
            and cancel.by.function == "close_run"
            and ended_at <= cancel.at < min([INFINITY, *later])
            for cancel in cancels
        ):
            yield f"close_run cancelled what {run.label} left to a person"
        return
    until = min([emitted.at, *later])
    posts = [post for post in judged.world.cloud.posts if post.owner == run.label and post.by.began_at < until]
    if posts:
        yield f"an event says that {run.label} began nothing, and it had posted {len(posts)} times"


def _untrue_of_an_unobservable_run(judged: Judged, run: WalkedRun, emitted: Emitted) -> Iterator[str]:
    data = emitted.event["data"]
    message, execution_id = _message(emitted), data.get("executionId")
    execution = judged.world.cloud.executions.get(execution_id or "")
    cancels = [
        cancel
        for attempt in (execution.attempts if execution else [])
        for cancel in attempt.cancels
        if cancel.by is not None and cancel.at <= emitted.at
    ]
    if ("its cancel was accepted" in message or data.get("cancelConfirmed") is False) and not cancels:
        yield f"an event says that {execution_id} was cancelled, and no cancel was accepted"
    if "left running" in message and run.may_be_canceled:
        yield f"an event says that {execution_id} is left running, which {run.label} does not want"
    if "cancel was rejected" in message and execution_id not in judged.world.cloud.rejected_cancels:
        yield f"an event says that the cancel of {execution_id} was rejected, and it was not"

"""Each event is there, once, and true."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from farsync.model.names import run_event_id
from tests.model.cloud import Attempt, Cancel
from tests.model.outcome import CLOCK_SECONDS, Outcome, event_kind
from tests.model.runs import WalkedRun
from tests.model.step_functions import LONGEST_LAG_SECONDS, Emitted

STATUSES = {"succeeded": "SUCCEEDED", "failed": "FAILED", "canceled": "CANCELED", "timed_out": "CANCELED"}
VAGUE_SECONDS = CLOCK_SECONDS + 1
"""By so much clocks may differ where a cancel is taken for ours."""
LONGEST_POLL_SECONDS = 2400.0
"""An execution that is left alone is polled each fifteen minutes."""


def events_are_whole(outcome: Outcome) -> Iterator[str]:
    """One of each execution that a run began and that has ended, and of each run."""
    about = [emitted.event["data"]["executionId"] for emitted in outcome.about_executions]
    for execution in outcome.executions:
        events = about.count(execution.execution_id)
        ended = sum(attempt.has_ended(outcome.ended_at) for attempt in execution.attempts)
        if events > (ended if outcome.cloud.counts_attempts else 1):
            yield f"{execution.execution_id} has {events} events for {ended} ends"
        owner = next((run for run in outcome.runs if run.label == execution.owner), None)
        should_be_known = execution.attempts[0].has_ended(outcome.ended_at - LONGEST_POLL_SECONDS)
        if owner and not events and should_be_known and not outcome.is_ambiguous(owner):
            yield f"{execution.execution_id} of {owner.label} ended, and no event says so"
    for run in outcome.runs:
        own = {known.execution_id for known in outcome.executions if run in outcome.holders_of(known)}
        if not run.is_open and not outcome.event_of(run) and not {*own, run.execution_id}.intersection(about):
            yield f"{run.label} ended {run.status}, and no event says so"


def ambiguous_runs_stay_so(outcome: Outcome) -> Iterator[str]:
    """A person decides on what a run could not know: no second search does."""
    for run in outcome.runs:
        if run.error == "AmbiguousStart" and run.status == "FAILED":
            emitted = outcome.event_of(run)
            if emitted is None or emitted.event["data"]["error"]["name"] != "AmbiguousStart":
                yield f"{run.label} ended AmbiguousStart, and its event does not say so"


def events_are_true(outcome: Outcome) -> Iterator[str]:
    for emitted in outcome.about_executions:
        yield from _untrue_of_an_execution(outcome, emitted)
    for event_id, emitted in outcome.about_runs.items():
        run = next(run for run in outcome.runs if run.name == emitted.event["data"]["runName"])
        count = next(n for n in range(run.redrive_count + 2) if run_event_id(run.name, n) == event_id)
        yield from _untimely(run, count, emitted)
        if event_kind(emitted)[1] == "unobservable":
            yield from _untrue_of_an_unobservable_run(outcome, run, emitted)
        elif emitted.event["data"]["error"]["name"] == "AmbiguousStart":
            yield from _untrue_of_an_ambiguous_run(outcome, run, count)
        else:
            until = min(emitted.at, run.redriven_after(count))
            posts = sum(post.owner == run.label and post.by.began_at < until for post in outcome.cloud.posts)
            if posts:
                yield f"an event says that {run.label} began nothing, and it had posted {posts} times"


def _untrue_of_an_execution(outcome: Outcome, emitted: Emitted) -> Iterator[str]:
    data, how = emitted.event["data"], event_kind(emitted)[1]
    execution = outcome.cloud.executions.get(data["executionId"])
    if execution is None:
        yield f"an event is about {data['executionId']}, which never was"
        return
    attempts = [attempt for attempt in execution.attempts if attempt.has_ended(emitted.at)]
    meant = [attempt for attempt in attempts if attempt.status == STATUSES[how] and _is_end(outcome, attempt, data)]
    if not meant:
        statuses = [attempt.status for attempt in attempts]
        yield f"an event says that {execution.execution_id} {how}; it was {statuses}"
        return
    holders = outcome.holders_of(execution)
    if not holders and not any(run.is_attached and run.execution_id == data["executionId"] for run in outcome.runs):
        yield f"an event is about {execution.execution_id}, which no run holds"
    ended_at = meant[-1].ends_at + outcome.cloud.ahead_seconds
    if data.get("cancelConfirmed") and not any(_was_ours(run, meant[-1].cancels, ended_at) for run in holders):
        yield f"an event says that {execution.execution_id} was cancelled by us, and nobody did"
    if how == "timed_out" and not any(ended_at >= run.deadline_at - VAGUE_SECONDS for run in holders):
        yield f"an event says that {execution.execution_id} timed out before its deadline"


def _is_end(outcome: Outcome, attempt: Attempt, data: dict[str, Any]) -> bool:
    return datetime.fromisoformat(data["endedAt"]).timestamp() == outcome.cloud.seconds_of(attempt.ends_at)


def _was_ours(run: WalkedRun, cancels: list[Cancel], ended_at: float) -> bool:
    """Or a person's, after the run's end or deadline by the provider's clock: no provider says whose it was."""
    ends = [standing.since for standing in run.standings if standing.has_ended_badly]
    since = min([*ends, run.deadline_at]) - VAGUE_SECONDS
    return any(cancel.by is not None or ended_at >= since for cancel in cancels)


def _untimely(run: WalkedRun, count: int, emitted: Emitted) -> Iterator[str]:
    if emitted.by.began_at > run.redriven_after(count) + LONGEST_LAG_SECONDS:
        yield f"an event about redrive {count} of {run.label} comes long after a later redrive"
    ends = run.ends(count)
    if emitted.by.function == "close_run" and (not ends or emitted.at < ends[0]):
        yield f"{run.label} was closed before its end"


def _untrue_of_an_ambiguous_run(outcome: Outcome, run: WalkedRun, count: int) -> Iterator[str]:
    begin, end = run.ends(count)[0], run.redriven_after(count)
    cancels = [cancel for execution in outcome.begun_by(run) for cancel in execution.attempts[0].cancels]
    if any(cancel.by and cancel.by.function == "close_run" and begin <= cancel.at < end for cancel in cancels):
        yield f"close_run cancelled what {run.label} left to a person"


def _untrue_of_an_unobservable_run(outcome: Outcome, run: WalkedRun, emitted: Emitted) -> Iterator[str]:
    data = emitted.event["data"]
    message, execution_id = str(data["error"]["message"]), data.get("executionId")
    execution = outcome.cloud.executions.get(execution_id or "")
    cancels = [cancel for attempt in (execution.attempts if execution else []) for cancel in attempt.cancels]
    was_cancelled = any(cancel.by is not None and cancel.at <= emitted.at for cancel in cancels)
    if ("its cancel was accepted" in message or data.get("cancelConfirmed") is False) and not was_cancelled:
        yield f"an event says that {execution_id} was cancelled, and no cancel was accepted"
    if "left running" in message and run.request["cancelOnAbort"] and not run.is_attached:
        yield f"an event says that {execution_id} is left running, which {run.label} does not want"
    if "cancel was rejected" in message and execution_id not in outcome.cloud.rejected_cancels:
        yield f"an event says that the cancel of {execution_id} was rejected, and it was not"

"""What must be true of runs once all is quiet, by what truly happened and never by the layer's own assessment. The
limits in docs/guarantees.md are let through case by case.
"""

import json
from collections import Counter
from collections.abc import Iterator

from tests.model.cloud import SOMEBODY, Attempt, Cancel, TrueExecution
from tests.model.event_promises import ambiguous_runs_stay_so, events_are_true, events_are_whole
from tests.model.machine import GRACE_SECONDS
from tests.model.outcome import Outcome
from tests.model.runs import WalkedRun
from tests.model.step_functions import LONGEST_LAG_SECONDS
from tests.model.trace import Trace

STATUS_OF_ERROR = {"": "SUCCEEDED", "ExecutionFailed": "FAILED", "ExecutionCanceled": "CANCELED"}


def broken_promises(trace: Trace) -> list[str]:
    outcome = Outcome(trace)
    checks = (
        runs_come_to_an_end,
        a_run_starts_its_job_at_most_once,
        nothing_is_left_running,
        only_what_a_run_may_cancel_is_cancelled,
        no_run_takes_what_is_not_its_own,
        no_healthy_run_is_reported_failed,
        events_are_whole,
        events_are_true,
        ambiguous_runs_stay_so,
        queues_keep_no_more_than_they_must,
    )
    return [*trace.functions.bugs, *(broken for check in checks for broken in check(outcome))]


def runs_come_to_an_end(outcome: Outcome) -> Iterator[str]:
    yield from (f"{run.label} never ends; it stands in {run.state}" for run in outcome.runs if run.is_open)


def a_run_starts_its_job_at_most_once(outcome: Outcome) -> Iterator[str]:
    for run in outcome.runs:
        if len(began := outcome.begun_by(run)) > 1:
            yield f"{run.label} started its job {len(began)} times"


def nothing_is_left_running(outcome: Outcome) -> Iterator[str]:
    """But candidates of an ambiguous start whose own function did not know them, and what the request leaves alone. A
    person's reruns are a person's.
    """
    for run in outcome.runs:
        for execution in outcome.begun_by(run):
            has_ended = execution.attempts[0].has_ended(outcome.ended_at)
            if run.is_open or has_ended or not run.request["cancelOnAbort"]:
                continue
            if not outcome.is_ambiguous(run) or _was_known_to_its_start(outcome, run, execution):
                yield f"{execution.execution_id} of {run.label} runs on"


def _was_known_to_its_start(outcome: Outcome, run: WalkedRun, execution: TrueExecution) -> bool:
    """Whether the function that posted it had its id, nothing went wrong there, and the run had ended before."""
    post = next(post for post in outcome.cloud.posts if post.owner == run.label)
    stood = run.stood(post.at)
    is_left_in_peace = not post.by.is_disturbed and post.at >= outcome.conditions["reads stale"]
    return is_left_in_peace and stood is not None and stood.has_ended_badly and post.at == execution.created_at


def only_what_a_run_may_cancel_is_cancelled(outcome: Outcome) -> Iterator[str]:
    for execution in outcome.executions:
        holders = outcome.holders_of(execution)
        for attempt in execution.attempts:
            for cancel in attempt.cancels:
                is_rerun = attempt is not execution.attempts[0]
                if cancel.by and not any(_may_cancel(run, attempt, cancel, is_rerun=is_rerun) for run in holders):
                    yield f"{cancel.by.function} cancelled {execution.execution_id} of {execution.owner}"


def _may_cancel(run: WalkedRun, attempt: Attempt, cancel: Cancel, *, is_rerun: bool) -> bool:
    """After its end or deadline. A run that is redriven while the call is at work, or reads what was before, may lose
    its execution; but not to a start of its own. What a person reruns once the run is over for good is the person's.
    """
    if not run.request["cancelOnAbort"] or cancel.by is None:
        return False
    if is_rerun and not run.is_open and attempt.asked_at > run.standings[-1].since:
        return False
    begin = cancel.by.began_at - (0 if cancel.by.function == "trigger_execution" else LONGEST_LAG_SECONDS)
    return run.was_closed_within(begin, cancel.at) or cancel.at >= run.deadline_at


def no_run_takes_what_is_not_its_own(outcome: Outcome) -> Iterator[str]:
    for run in outcome.runs:
        execution = outcome.cloud.executions.get(run.execution_id or "")
        is_its_own = execution and run in outcome.holders_of(execution)
        if run.execution_id and not run.is_attached and not is_its_own:
            yield f"{run.label} took {run.execution_id}, which is not its own"


def no_healthy_run_is_reported_failed(outcome: Outcome) -> Iterator[str]:
    for run in outcome.runs:
        error = run.error if run.status == "FAILED" else ""
        if run.status in ("FAILED", "SUCCEEDED") and not _is_true_end(outcome, run, error):
            yield f"{run.label} ends {run.status} {run.error}, which is not so"


def _is_true_end(outcome: Outcome, run: WalkedRun, error: str) -> bool:
    at = run.standings[-1].since
    match error:
        case "" | "ExecutionFailed" | "ExecutionCanceled":
            known = outcome.cloud.executions.get(run.execution_id or "")
            ended = [attempt.status for attempt in known.attempts if attempt.has_ended(at)] if known else []
            return STATUS_OF_ERROR[error] in ended
        case "DeadlineExceeded":
            return at >= run.deadline_at and not _searches_in_vain(outcome, run)
        case "RunUnobservable":
            return at >= run.deadline_at + GRACE_SECONDS
        case "AmbiguousStart":
            return _may_be_ambiguous(outcome, run)
        case "AlreadyRunning":
            return bool(run.request["ifRunning"] == "fail")
        case "JobNotRunnable":
            return bool(outcome.injected["rejected"])
    return False


def _searches_in_vain(outcome: Outcome, run: WalkedRun) -> bool:
    """Whether it searched up to its deadline, beside another run that searched for as long as it."""
    if run.execution_id or outcome.conditions.latest():
        return False
    both = [outcome.searches_of(searching, run.deadline_at) > 3 for searching in (run, *outcome.beside(run))]
    return both[0] and any(both[1:])


def _may_be_ambiguous(outcome: Outcome, run: WalkedRun) -> bool:
    """Only beside something that somebody else began then, or a run that never came to know what it began, or searched
    in vain before; or where ours came late. Where executions are marked, never.
    """
    if outcome.cloud.kind == "marks":
        return False
    starts, ended_at = outcome.starts_of(run), run.standings[-1].since
    begin, end = min(starts) - 15, max(starts) + 50 + outcome.cloud.window_seconds
    foreign = [known for known in outcome.executions if known.job == run.request["job"] and known.owner == SOMEBODY]
    if outcome.injected["act late"] or any(begin <= known.created_at <= end for known in foreign):
        return True
    return any(
        (
            other.execution_id is None
            or other.is_attached
            or len(other.standings) > 2
            or outcome.searches_of(other, ended_at)
        )
        and any(begin - (end - begin) <= at <= end for at in outcome.starts_of(other))
        for other in outcome.beside(run)
    )


def queues_keep_no_more_than_they_must(outcome: Outcome) -> Iterator[str]:
    """A poll costs, and so does what nobody waits for any more."""
    trace = outcome.trace
    if not any(run.is_open for run in outcome.runs):
        yield from (f"message {message.number} is polled on, though no run waits" for message in trace.polls.live)
    # Of a run that is polled, Follow sends another message.
    if trace.ends.dead:
        yield f"CloseQueue has given up {len(trace.ends.dead)} messages"
    tokens = Counter(json.loads(message.body)["token"] for message in trace.polls.messages if not message.is_doubled)
    for token, messages in tokens.items():
        if messages > 1:
            yield f"token {token} has {messages} messages: its polls have forked"
    seen = set[int]()
    for number, call in trace.functions.dead_polls:
        if number in seen:
            yield f"message {number} came again after its token was dead"
        if not call.is_disturbed:
            seen.add(number)

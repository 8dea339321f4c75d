"""What must be true once all is quiet, judged by what truly happened and never by the layer's own judgement. What the
limits in docs/guarantees.md allow is let through case by case.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.model.cloud import SOMEBODY, Attempt, Cancel, TrueExecution
from tests.model.event_promises import Judged, events_are_true, events_are_whole, what_is_ambiguous_stays_so
from tests.model.expressions import GRACE_SECONDS
from tests.model.runs import WalkedRun
from tests.model.step_functions import LONGEST_LAG_SECONDS
from tests.model.world import World


def broken_promises(world: World) -> list[str]:
    judged = Judged(world)
    checks = (
        functions_raise_nothing_odd,
        runs_come_to_an_end,
        a_run_starts_its_job_at_most_once,
        nothing_is_left_running,
        only_what_a_run_may_cancel_is_cancelled,
        no_run_takes_what_is_not_its_own,
        no_healthy_run_is_reported_failed,
        events_are_whole,
        events_are_true,
        what_is_ambiguous_stays_so,
        queues_keep_no_more_than_they_must,
    )
    return [broken for check in checks for broken in check(judged)]


def functions_raise_nothing_odd(judged: Judged) -> Iterable[str]:
    yield from judged.world.functions.bugs


def runs_come_to_an_end(judged: Judged) -> Iterator[str]:
    for run in judged.runs:
        if run.is_open:
            yield f"{run.label} never ends; it stands in {run.state}"


def a_run_starts_its_job_at_most_once(judged: Judged) -> Iterator[str]:
    for run in judged.runs:
        if len(began := judged.begun_by(run)) > 1:
            yield f"{run.label} started its job {len(began)} times"


def nothing_is_left_running(judged: Judged) -> Iterator[str]:
    """But candidates of an ambiguous start whose own function did not know them, and what the request leaves alone. A
    person's reruns are a person's.
    """
    for run in judged.runs:
        for execution in judged.begun_by(run):
            first = execution.attempts[0]
            if run.is_open or first.has_ended(judged.world.ended_at) or not run.request["cancelOnAbort"]:
                continue
            if judged.is_ambiguous(run) and not _was_known_to_its_start(judged, run, execution):
                continue
            yield f"{execution.execution_id} of {run.label} runs on"


def _was_known_to_its_start(judged: Judged, run: WalkedRun, execution: TrueExecution) -> bool:
    """Whether the function that posted it had its id, nothing went wrong there, and the run had ended before."""
    post = next(post for post in judged.world.cloud.posts if post.owner == run.label)
    stood = run.stood(post.at)
    is_left_in_peace = not post.by.is_disturbed and post.at >= judged.world.faults.conditions.reads_stale
    return is_left_in_peace and stood is not None and stood.has_ended_badly and post.at == execution.created_at


def only_what_a_run_may_cancel_is_cancelled(judged: Judged) -> Iterator[str]:
    for execution in judged.world.cloud.executions.values():
        for attempt in execution.attempts:
            for cancel in attempt.cancels:
                is_rerun = attempt is not execution.attempts[0]
                if cancel.by and not any(
                    _may_cancel(run, attempt, cancel, is_rerun=is_rerun) for run in judged.holders_of(execution)
                ):
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
    return run.has_been_closed_within(begin, cancel.at) or cancel.at >= run.deadline_at


def no_run_takes_what_is_not_its_own(judged: Judged) -> Iterator[str]:
    for run in judged.runs:
        if run.execution_id is None or run.is_attached:
            continue
        execution = judged.world.cloud.executions.get(run.execution_id)
        if execution is None or run not in judged.holders_of(execution):
            yield f"{run.label} took {run.execution_id}, which is not its own"


def no_healthy_run_is_reported_failed(judged: Judged) -> Iterator[str]:
    for run in judged.runs:
        if run.status not in ("FAILED", "SUCCEEDED"):
            continue
        if not _is_true_end(judged, run, run.error if run.status == "FAILED" else ""):
            yield f"{run.label} ends {run.status} {run.error}, which is not so"


def _is_true_end(judged: Judged, run: WalkedRun, error: str) -> bool:
    at = run.standings[-1].since
    known = judged.world.cloud.executions.get(run.execution_id or "")
    ends = {attempt.status for attempt in known.attempts if attempt.has_ended(at)} if known else set()
    match error:
        case "" | "ExecutionFailed" | "ExecutionCanceled":
            return {"": "SUCCEEDED", "ExecutionFailed": "FAILED", "ExecutionCanceled": "CANCELED"}[error] in ends
        case "DeadlineExceeded":
            return at >= run.deadline_at and not _waits_in_vain(judged, run)
        case "RunUnobservable":
            return at >= run.deadline_at + GRACE_SECONDS
        case "AmbiguousStart":
            return _may_be_ambiguous(judged, run)
        case "AlreadyRunning":
            return bool(run.request["ifRunning"] == "fail")
        case "JobNotRunnable":
            return bool(judged.world.faults.injected["rejected"])
    return False


def _waits_in_vain(judged: Judged, run: WalkedRun) -> bool:
    """Whether it searched up to its deadline, beside another run that searched for as long as it."""
    if run.execution_id or judged.world.faults.conditions.latest():
        return False
    beside = [other for other in judged.runs if other is not run and other.request["job"] == run.request["job"]]
    return _searches(run, run.deadline_at) > 3 and any(_searches(other, run.deadline_at) > 3 for other in beside)


def _searches(run: WalkedRun, until: float) -> int:
    return sum(
        event["timestamp"] < until and (event.get("stateEnteredEventDetails") or {}).get("name") == "Find"
        for event in run.events
    )


def _may_be_ambiguous(judged: Judged, run: WalkedRun) -> bool:
    """Only beside something that somebody else began then, or a run that never came to know what it began, or searched
    in vain before; or where ours came late. Where executions are marked, never.
    """
    world, job = judged.world, run.request["job"]
    if world.cloud.kind == "marks":
        return False
    starts, ended_at = judged.starts_of(run), run.standings[-1].since
    begin, end = min(starts) - 15, max(starts) + 50 + world.cloud.window_seconds
    is_beside_somebody = any(
        execution.job == job and execution.owner == SOMEBODY and begin <= execution.created_at <= end
        for execution in world.cloud.executions.values()
    )
    return (
        is_beside_somebody
        or bool(world.faults.injected["act late"])
        or any(
            other is not run
            and other.request["job"] == job
            and (
                other.execution_id is None
                or other.is_attached
                or len(other.standings) > 2
                or _searches(other, ended_at)
            )
            and any(begin - (end - begin) <= at <= end for at in judged.starts_of(other))
            for other in judged.runs
        )
    )


def queues_keep_no_more_than_they_must(judged: Judged) -> Iterator[str]:
    """A poll costs, and so does what nobody waits for any more."""
    world = judged.world
    if not any(run.is_open for run in judged.runs):
        for message in world.polls.live:
            yield f"message {message.number} is polled on, though no run waits"
    # Of a run that is polled, Follow sends another message.
    if world.ends.dead:
        yield f"CloseQueue has given up {len(world.ends.dead)} messages"
    tokens = Counter(json.loads(message.body)["token"] for message in world.polls.messages if not message.is_doubled)
    for token, messages in tokens.items():
        if messages > 1:
            yield f"token {token} has {messages} messages: its polls have forked"
    seen = set[int]()
    for number, call in world.functions.dead_polls:
        if number in seen:
            yield f"message {number} came again after its token was dead"
        if not call.is_disturbed:
            seen.add(number)

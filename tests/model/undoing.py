"""Ways to undo a rule: each makes of a part of the layer whatever takes its place for a moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from farsync.aws import run_store
from farsync.aws.history_events import RunEnd
from farsync.aws.message_queue import send
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.names import NAME_OF_A_RUN

Thing = Callable[..., Any]
Undo = Callable[[Any], Any]


def always(answer: object) -> Undo:
    return lambda _: lambda *_, **__: answer


def given(change: Thing) -> Undo:
    """It is asked something else."""
    return lambda thing: lambda *asked: thing(*change(*asked))


def changed(change: Thing) -> Undo:
    """Its answer is changed; `change` also gets what was asked."""
    return lambda thing: lambda *asked: change(thing(*asked), *asked)


def unless(error: type[Exception], answer: Thing) -> Undo:
    """Where it raises the error, it answers so."""

    def undo(thing: Thing) -> Thing:
        def ask(*asked: Any) -> Any:
            try:
                return thing(*asked)
            except error:
                return answer(*asked)

        return ask

    return undo


def newest_start_says_all(_: None, reading: Any, _attempt: Any) -> None:
    reading._is_clear = True


def any_search_clears(_: None, reading: Any, answer: Any) -> None:
    reading._is_clear = bool(answer)


def ambiguous_is_searched_again(reading: Any, answer: Any) -> tuple[Any, Any]:
    return reading, {**answer, "outcome": "later"} if answer.get("outcome") == "ambiguous" else answer


def redrive_is_ignored(context: Any, asked: Any) -> tuple[Any, Any]:
    return context, asked._replace(payload={**asked.payload, "redriveCount": 0})


def only_names_of_ours(found: Any, *_: Any) -> Any:
    return found._replace(names=tuple(name for name in found.names if NAME_OF_A_RUN.fullmatch(name)))


def by_our_clock(_: Any, asked_at: Any, now: Any, *more: Any) -> tuple[Any, ...]:
    return now, asked_at, now, *more


def new_within_post_windows(found: Any, _executions: Any, _baseline: Any, posts: Any) -> Any:
    return [known for known in found if posts and posts.hold(known)]


def until_next_year(executions: Any, baseline: Any, posts: Any) -> tuple[Any, ...]:
    return executions, baseline, posts and posts._replace(until=posts.until + timedelta(days=365))


def nobody_has_searched(others: Any, *more: Any) -> tuple[Any, ...]:
    return [(name, run._replace(has_searched=False)) for name, run in others], *more


def all_others_knew(said: Any, *_: Any) -> Any:
    return said._replace(never_knew=())


def undecided_never_knew(said: Any, *_: Any) -> Any:
    never_knew = (*said.never_knew, *(other.name for other in said.undecided))
    return said._replace(undecided=(), never_knew=never_knew)


def gone(context: Any, run: Any) -> Any:
    ref, failed = run.execution_ref(), ExecutionStatus.FAILED
    ended = Execution(ref=ref, status=failed, provider_status="gone", ended_at=context.now())
    return ended, context.connections.get("default")


def has_ended(history: Any, context: Any, _arn: str) -> Any:
    return history if history.end else history._replace(end=RunEnd("ABORTED", context.now()))


def sent_on(_: Thing) -> Thing:
    def send_on(context: Any, record: Any, seconds: int) -> bool:
        send(context, context.variables["POLL_QUEUE_URL"], record.body, seconds)
        return True

    return send_on


def standing_by_its_status(_: Thing) -> Thing:
    return lambda context, name, _: run_store.describe_run(context, name)["status"] == "RUNNING"

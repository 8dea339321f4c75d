"""Makes of a part of the layer whatever takes its place while a rule is undone."""

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


def changed(change: Callable[[Any], Any]) -> Undo:
    """Whatever it returns is changed."""
    return lambda thing: lambda *asked: change(thing(*asked))


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


def newest_start_says_all(take: Thing) -> Thing:
    def take_start(self: Any, attempt: Any) -> None:
        take(self, attempt)
        self._is_clear = True

    return take_start


def any_search_settles(take: Thing) -> Thing:
    def take_search(self: Any, answer: Any) -> None:
        take(self, answer)
        self._is_clear = bool(answer)

    return take_search


def ambiguous_is_searched_again(take: Thing) -> Thing:
    def take_search(self: Any, answer: Any) -> None:
        take(self, {**answer, "outcome": "later"} if answer.get("outcome") == "ambiguous" else answer)

    return take_search


def redrive_is_ignored(start: Thing) -> Thing:
    return lambda context, asked: start(context, asked._replace(payload={**asked.payload, "redriveCount": 0}))


def only_names_of_ours(found: Any) -> Any:
    return found._replace(names=tuple(name for name in found.names if NAME_OF_A_RUN.fullmatch(name)))


def posts_by_our_clock(posts: Thing) -> Thing:
    return lambda _, asked_at, now, moments, window: posts(now, asked_at, now, moments, window)


def new_within_moments(find: Thing) -> Thing:
    def find_new(executions: Any, baseline: Any, posts: Any) -> Any:
        return [known for known in find(executions, baseline, posts) if posts and posts.hold(known)]

    return find_new


def new_whenever(find: Thing) -> Thing:
    def find_new(executions: Any, baseline: Any, posts: Any) -> Any:
        return find(executions, baseline, posts and posts._replace(until=posts.until + timedelta(days=365)))

    return find_new


def nobody_has_searched(ask: Thing) -> Thing:
    return lambda others, *more: ask([(name, run._replace(has_searched=False)) for name, run in others], *more)


def undecided_never_knew(said: Any) -> Any:
    never_knew = (*said.never_knew, *(other.name for other in said.undecided))
    return said._replace(undecided=(), never_knew=never_knew)


def gone(context: Any, run: Any) -> Any:
    ref, failed = run.execution_ref(), ExecutionStatus.FAILED
    ended = Execution(ref=ref, status=failed, provider_status="gone", ended_at=context.now())
    return ended, context.connections.get("default")


def history_is_fresh(read: Thing) -> Thing:
    def read_history(context: Any, arn: str) -> Any:
        history = read(context, arn)
        return history if history.end else history._replace(end=RunEnd("ABORTED", context.now()))

    return read_history


def sent_on(_: Thing) -> Thing:
    def send_on(context: Any, record: Any, seconds: int) -> bool:
        send(context, context.variables["POLL_QUEUE_URL"], record.body, seconds)
        return True

    return send_on


def standing_by_its_status(_: Thing) -> Thing:
    return lambda context, name, _: run_store.describe_run(context, name)["status"] == "RUNNING"

"""What takes a rule's place where it is undone: each makes it of the thing itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from farsync.aws import run_store
from farsync.aws.history_events import RunEnd
from farsync.aws.message_queue import send
from farsync.aws.task_tokens import TaskIsOver
from farsync.model.errors import ExecutionNotFound, FarsyncError
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.names import NAME_OF_A_RUN
from farsync.providers.recent_executions import Recent
from farsync.runtime.request import Invocation

Thing = Callable[..., Any]
FAR = timedelta(days=365)


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
    return lambda context, invocation: start(
        context, Invocation(invocation.source, {**invocation.payload, "redriveCount": 0})
    )


def names_of_ours(names_open_since: Thing) -> Thing:
    def names(*asked: Any) -> Any:
        found = names_open_since(*asked)
        return found._replace(names=tuple(name for name in found.names if NAME_OF_A_RUN.fullmatch(name)))

    return names


def posts_by_our_clock(posts: Thing) -> Thing:
    return lambda _, asked_at, now, moments, window: posts(now, asked_at, now, moments, window)


def new_within_moments(find: Thing) -> Thing:
    def find_new(executions: Any, baseline: Any, posts: Any) -> Any:
        return [known for known in find(executions, baseline, posts) if posts and posts.hold(known)]

    return find_new


def new_whenever(find: Thing) -> Thing:
    return lambda executions, baseline, posts: find(
        executions, baseline, posts and posts._replace(until=posts.until + FAR)
    )


def nothing_where_a_list_fails(read: Thing) -> Thing:
    def executions_since(*asked: Any) -> Any:
        try:
            return read(*asked)
        except FarsyncError:
            return Recent((), None)

    return executions_since


def nobody_has_searched(ask: Thing) -> Thing:
    return lambda others, *more: ask([(name, run._replace(has_searched=False)) for name, run in others], *more)


def all_others_knew(ask: Thing) -> Thing:
    return lambda *asked: ask(*asked)._replace(never_knew=())


def undecided_never_knew(ask: Thing) -> Thing:
    def what_others_say(*asked: Any) -> Any:
        said = ask(*asked)
        never_knew = (*said.never_knew, *(other.name for other in said.undecided))
        return said._replace(undecided=(), never_knew=never_knew)

    return what_others_say


def not_found_is_an_end(ask: Thing) -> Thing:
    def ask_or_end(context: Any, run: Any) -> Any:
        try:
            return ask(context, run)
        except ExecutionNotFound:
            ref, failed = run.execution_ref(), ExecutionStatus.FAILED
            ended = Execution(ref=ref, status=failed, provider_status="gone", ended_at=context.now())
            return ended, context.connections.get("default")

    return ask_or_end


def any_token_will_do(heartbeat: Thing) -> Thing:
    def heartbeat_or_not(*asked: Any) -> None:
        try:
            heartbeat(*asked)
        except TaskIsOver:
            return

    return heartbeat_or_not


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

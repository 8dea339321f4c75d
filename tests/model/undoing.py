"""What stands in a rule's place where it is undone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from farsync.aws import run_store
from farsync.aws.history_events import Attempt, Moment, RunEnd
from farsync.aws.message_queue import send
from farsync.aws.run_history import RunHistory
from farsync.aws.task_tokens import TaskIsOver
from farsync.connections.connection import Connection
from farsync.model.errors import ExecutionNotFound, FarsyncError
from farsync.model.execution import Execution, ExecutionStatus
from farsync.model.names import NAME_OF_A_RUN
from farsync.model.run import Baseline, Run
from farsync.providers.base import Provider
from farsync.providers.recent_executions import Recent
from farsync.runtime.context import Context
from farsync.runtime.queue_messages import Record
from farsync.starting import matching
from farsync.starting.matching import Others, Parameters, Posts

FAR = timedelta(days=365)


def newest_start_says_all(take: Callable[[Any, Attempt], None]) -> Callable[[Any, Attempt], None]:
    def take_start(self: Any, attempt: Attempt) -> None:
        take(self, attempt)
        self._is_clear = True

    return take_start


def any_search_settles(take: Callable[[Any, Mapping[str, Any]], None]) -> Callable[[Any, Mapping[str, Any]], None]:
    def take_search(self: Any, answer: Mapping[str, Any]) -> None:
        take(self, answer)
        self._is_clear = bool(answer)

    return take_search


def ambiguous_is_searched_again(take: Callable[[Any, Mapping[str, Any]], None]) -> Callable[..., None]:
    return lambda self, answer: take(
        self, {**answer, "outcome": "later"} if answer.get("outcome") == "ambiguous" else answer
    )


def names_of_ours(names: Callable[..., Any]) -> Callable[..., Any]:
    def names_open_since(environment: Context, since: datetime) -> Any:
        found = names(environment, since)
        return found._replace(names=tuple(name for name in found.names if NAME_OF_A_RUN.fullmatch(name)))

    return names_open_since


def posts_by_our_clock(
    _: object, asked_at: datetime, now: datetime, moments: Sequence[Moment], window: timedelta
) -> Posts | None:
    return matching.posts_by_provider_clock(now, asked_at, now, moments, window)


def new_within_moments(executions: Sequence[Execution], baseline: Baseline, posts: Posts | None) -> Sequence[Execution]:
    new = matching.new_executions(executions, baseline, posts)
    return [execution for execution in new if posts and posts.hold(execution)]


def new_whenever(executions: Sequence[Execution], baseline: Baseline, posts: Posts | None) -> Sequence[Execution]:
    return matching.new_executions(executions, baseline, posts and posts._replace(until=posts.until + FAR))


def nothing_where_a_list_fails(read: Callable[..., Recent]) -> Callable[..., Recent]:
    def executions_since(provider: Provider, job: str, since: datetime | None) -> Recent:
        try:
            return read(provider, job, since)
        except FarsyncError:
            return Recent((), None)

    return executions_since


def others(change: Callable[[RunHistory], RunHistory], keep: Callable[[Others], Others]) -> Callable[..., Others]:
    def what_others_say(
        others: Sequence[tuple[str, RunHistory]],
        until: datetime,
        parameters: Callable[[Mapping[str, object]], Parameters | None],
    ) -> Others:
        changed = [(name, change(history)) for name, history in others]
        return keep(matching.what_others_say(changed, until, parameters))

    return what_others_say


def not_found_is_an_end(ask: Callable[..., Any]) -> Callable[..., Any]:
    def ask_or_end(environment: Context, run: Run) -> tuple[Execution, Connection]:
        try:
            answer: tuple[Execution, Connection] = ask(environment, run)
        except ExecutionNotFound:
            ref, failed = run.execution_ref(), ExecutionStatus.FAILED
            ended = Execution(ref=ref, status=failed, provider_status="gone", ended_at=environment.now())
            return ended, environment.connections.get("default")
        return answer

    return ask_or_end


def any_token_will_do(heartbeat: Callable[[Context, str], None]) -> Callable[[Context, str], None]:
    def heartbeat_or_not(environment: Context, token: str) -> None:
        try:
            heartbeat(environment, token)
        except TaskIsOver:
            return

    return heartbeat_or_not


def history_is_fresh(read: Callable[..., RunHistory]) -> Callable[..., RunHistory]:
    def read_history(environment: Context, arn: str) -> RunHistory:
        history = read(environment, arn)
        return history if history.end else history._replace(end=RunEnd("ABORTED", environment.now()))

    return read_history


def sent_on(environment: Context, record: Record, seconds: int) -> bool:
    send(environment, environment.variables["POLL_QUEUE_URL"], record.body, seconds)
    return True


def standing_by_its_status(environment: Context, name: str, _: int) -> bool:
    return bool(run_store.describe_run(environment, name)["status"] == "RUNNING")

"""The provider as one call of a function speaks to it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from farsync.connections.connection import Connection
from farsync.model.errors import (
    ExecutionNotFound,
    FarsyncError,
    JobNotRunnable,
    ProviderUnavailable,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus, Job
from farsync.providers import subject
from farsync.providers.base import ExecutionPage
from tests.model.calls import Call, T
from tests.model.cloud import Cloud, Post, TrueExecution

UNREACHABLE = partial(ProviderUnavailable, "the connection was reset")
UNCONFIRMED = partial(StartUnconfirmed, "The start was posted, and no answer came.")
THROTTLED = partial(Throttled, "slower", retry_after_seconds=30)
REJECTED_STARTS: tuple[Callable[[], FarsyncError], ...] = (
    UNCONFIRMED,
    UNCONFIRMED,
    UNREACHABLE,
    partial(Throttled, "slower"),
    partial(JobNotRunnable, "it was taken out of service"),
)
"""Nothing was begun; whether that is known depends."""


def instant(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)


class CloudApi:
    """The part of `Provider` that runs use."""

    connection: Connection

    def __init__(self, cloud: Cloud, call: Call) -> None:
        self._cloud, self._call = cloud, call

    def get_job(self, job: str, *, is_timeout_needed: bool = True) -> Job:  # noqa: ARG002
        return self._ask("get_job", lambda: Job(job=job, name=f"name of {job}", status="READY"))

    def list_executions(self, job: str, *, page: int = 0, limit: int = 1000) -> ExecutionPage:  # noqa: ARG002
        return self._ask("list_executions", partial(self._list, job, limit))

    def get_execution(self, job: str, execution_id: str) -> Execution:
        return self._ask("get_execution", partial(self._get, job, execution_id))

    def cancel(self, job: str, execution_id: str) -> None:  # noqa: ARG002
        self._ask("cancel", partial(self._cancel, execution_id))

    def is_marked(self, execution: Execution, marker: str | None) -> bool | None:
        cloud = self._cloud
        return cloud.executions[execution.ref.execution_id].marker == marker if cloud.kind == "marks" else None

    def start(
        self,
        job: str,
        *,
        condition: Mapping[str, object] | None,  # noqa: ARG002
        parameters: Mapping[str, str],
        options: Mapping[str, str] | None = None,  # noqa: ARG002
        marker: str | None = None,
    ) -> Execution:
        start = partial(self._start, job, dict(parameters), marker)
        return self._call.effect("start", start, rejected=self._draw_rejection, lost=UNCONFIRMED)

    def _draw_rejection(self) -> FarsyncError:
        return self._cloud.agenda.random.choice(REJECTED_STARTS)()

    def _ask(self, action: str, perform: Callable[[], T]) -> T:
        def answer() -> T:
            self._check_conditions(UNREACHABLE)
            return perform()

        return self._call.effect(action, answer, rejected=UNREACHABLE, lost=UNREACHABLE)

    def _check_conditions(self, away: Callable[[], FarsyncError]) -> None:
        conditions, now = self._cloud.conditions, self._cloud.agenda.now
        if now < conditions["provider away"]:
            raise away()
        if now < conditions["provider throttles"]:
            raise THROTTLED()

    def _start(self, job: str, parameters: dict[str, str], marker: str | None) -> Execution:
        cloud, chance = self._cloud, self._cloud.agenda.random
        owner = parameters["run"]
        self._check_conditions(lambda: UNREACHABLE() if chance.random() < 0.5 else UNCONFIRMED())
        cloud.posts.append(Post(owner, cloud.agenda.now, self._call))
        acts_late, cloud.acts_late_next = cloud.acts_late_next, False
        if acts_late and cloud.window_seconds > 2:
            late = chance.uniform(1, cloud.window_seconds - 1)
            hidden = cloud.hidden_seconds(cloud.window_seconds - late)
            cloud.agenda.after(late, lambda: cloud.begin(job, owner, parameters, marker, hidden))
            raise UNCONFIRMED()
        hidden = cloud.hidden_seconds(cloud.window_seconds)
        execution_id = cloud.begin(job, owner, parameters, marker, hidden)
        return self._answer_about(cloud.executions[execution_id], UNCONFIRMED)

    def _list(self, job: str, limit: int) -> ExecutionPage:
        cloud, now = self._cloud, self._cloud.agenda.now
        shown = [known for known in cloud.executions.values() if known.job == job and now >= known.shown_from]
        served_at = instant(cloud.seconds_of(now))
        return ExecutionPage(tuple(map(self._shown, shown)), None, 0, limit, served_at=served_at)

    def _get(self, job: str, execution_id: str) -> Execution:  # noqa: ARG002
        known = self._cloud.find(execution_id)
        if known is None:
            raise ExecutionNotFound(f"there is no execution {execution_id}")
        return self._answer_about(known, UNREACHABLE)

    def _answer_about(self, known: TrueExecution, unreadable: Callable[[], FarsyncError]) -> Execution:
        """Another execution's end, where the provider mixes up its replies."""
        shown, other = self._shown(known), "of-another-job"
        mixes_up, self._cloud.mixes_up_next = self._cloud.mixes_up_next, False
        if not mixes_up:
            return shown
        try:
            subject.check_subject(known.execution_id, other)
        except subject.OtherSubject:
            raise unreadable() from None
        ref = ExecutionRef(connection="default", job=known.job, execution_id=other)
        return shown.model_copy(update={"status": ExecutionStatus.SUCCEEDED, "ref": ref})

    def _cancel(self, execution_id: str) -> None:
        cloud = self._cloud
        known = cloud.find(execution_id)
        if known is None:
            raise ExecutionNotFound(f"there is no execution {execution_id}")
        if cloud.agenda.now < cloud.conditions["cancel rejected"]:
            cloud.rejected_cancels.append(execution_id)
            raise JobNotRunnable("it cannot be stopped in this state")
        cloud.cancel(known, self._call)

    def _shown(self, known: TrueExecution) -> Execution:
        cloud = self._cloud
        now, last = cloud.agenda.now, known.last
        has_begun = last.has_begun(now)
        status = last.status if last.has_ended(now) else "RUNNING" if has_begun else "PENDING"
        return Execution(
            ref=ExecutionRef(connection="default", job=known.job, execution_id=known.execution_id),
            status=ExecutionStatus(status),
            provider_status=status.lower(),
            created_at=instant(cloud.seconds_of(known.created_at)),
            started_at=instant(cloud.seconds_of(last.began_at)) if has_begun else None,
            ended_at=instant(cloud.seconds_of(last.ends_at)) if last.has_ended(now) else None,
            parameters=known.parameters if cloud.kind == "echoes" else None,
            attempt=str(int(last.began_at)) if cloud.counts_attempts and has_begun else "",
        )

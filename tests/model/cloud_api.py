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


def instant(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)


class CloudApi:
    """What of `Provider` runs use."""

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
        marker: str | None = None,
    ) -> Execution:
        return self._call.effect(
            "start",
            partial(self._start, job, dict(parameters), marker),
            rejected=self._rejection_of_a_start,
            lost=UNCONFIRMED,
        )

    def _rejection_of_a_start(self) -> FarsyncError:
        """Nothing was begun; whether that is known depends."""
        kinds: tuple[Callable[[], FarsyncError], ...] = (
            UNCONFIRMED,
            UNCONFIRMED,
            UNREACHABLE,
            partial(Throttled, "slower"),
            partial(JobNotRunnable, "it was taken out of service"),
        )
        return self._cloud.agenda.random.choice(kinds)()

    def _ask(self, action: str, perform: Callable[[], T]) -> T:
        return self._call.effect(action, partial(self._answer, perform), rejected=UNREACHABLE, lost=UNREACHABLE)

    def _answer(self, perform: Callable[[], T]) -> T:
        conditions, now = self._cloud.conditions, self._cloud.agenda.now
        if now < conditions.provider_away:
            raise UNREACHABLE()
        if now < conditions.provider_throttles:
            raise Throttled("slower", retry_after_seconds=30)
        return perform()

    def _start(self, job: str, parameters: dict[str, str], marker: str | None) -> Execution:
        cloud, chance = self._cloud, self._cloud.agenda.random
        owner = parameters["run"]
        if cloud.agenda.now < cloud.conditions.provider_away:
            raise UNREACHABLE() if chance.random() < 0.5 else UNCONFIRMED()
        if cloud.agenda.now < cloud.conditions.provider_throttles:
            raise Throttled("slower", retry_after_seconds=30)
        cloud.posts.append(Post(owner, cloud.agenda.now, self._call))
        acts_late, cloud.acts_late_next = cloud.acts_late_next, False
        if acts_late and cloud.window_seconds > 2:
            late = chance.uniform(1, cloud.window_seconds - 1)
            hidden = cloud.hidden_seconds(cloud.window_seconds - late)
            cloud.agenda.after(late, lambda: cloud.begin(job, owner, parameters, marker, hidden))
            raise UNCONFIRMED()
        hidden = cloud.hidden_seconds(cloud.window_seconds)
        execution_id = cloud.begin(job, owner, parameters, marker, hidden)
        try:
            return self._checked(execution_id, job, cloud.executions[execution_id])
        except subject.OtherSubject:
            raise UNCONFIRMED() from None

    def _list(self, job: str, limit: int) -> ExecutionPage:
        cloud = self._cloud
        items = tuple(self._shown(known) for known in cloud.shown(job))
        return ExecutionPage(items, None, 0, limit, served_at=instant(cloud.served_at))

    def _get(self, job: str, execution_id: str) -> Execution:
        known = self._cloud.executions.get(execution_id)
        if known is None or self._cloud.agenda.now < known.shown_from:
            raise ExecutionNotFound(f"there is no execution {execution_id}")
        try:
            return self._checked(execution_id, job, known)
        except subject.OtherSubject:
            raise UNREACHABLE() from None

    def _checked(self, asked: str, job: str, known: TrueExecution) -> Execution:
        cloud = self._cloud
        mixes_up, cloud.mixes_up_next = cloud.mixes_up_next, False
        if not mixes_up:
            return self._shown(known)
        subject.check_subject(asked, "of-another-job")
        ended = self._shown(known).model_copy(update={"status": ExecutionStatus.SUCCEEDED})
        return ended.model_copy(
            update={"ref": ExecutionRef(connection="default", job=job, execution_id="of-another-job")}
        )

    def _cancel(self, execution_id: str) -> None:
        cloud = self._cloud
        known = cloud.executions.get(execution_id)
        if known is None or cloud.agenda.now < known.shown_from:
            raise ExecutionNotFound(f"there is no execution {execution_id}")
        if cloud.agenda.now < cloud.conditions.cancel_rejected:
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
            attempt=str(int(last.began_at)) if cloud.tells_attempts and has_begun else "",
        )

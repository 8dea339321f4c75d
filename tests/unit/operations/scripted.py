"""A provider whose one execution goes as a test says, by the test's own clock; and a run that is polled there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.providers.naver.connection import NaverConnection
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from tests.unit.operations.aws_in_memory import VARIABLES, Aws
from tests.unit.operations.poll_queue import PollQueue

STARTED_AT = datetime(2026, 12, 1, tzinfo=UTC)
RUN = {
    "v": 1,
    "name": "a-run",
    "startedAt": "2026-12-01T00:00:00Z",
    "deadlineAt": "2026-12-01T01:00:00Z",
    "connection": "default",
    "provider": "naver",
    "job": "a-job",
    "executionId": "an-execution",
    "executionStartedAt": "2026-12-01T00:00:00Z",
    "labels": {"team": "night"},
}
WORDS = {ExecutionStatus.SUCCEEDED: "COMPLETED"}


def connection_of(name: str, **fields: object) -> NaverConnection:
    keys = {"provider": "naver", "accessKey": "key", "secretKey": "key"}
    return NaverConnection.model_validate({"name": name, **keys, **fields})


class FakeContext(Context):
    """Whose connections lead to providers of a test's own, which stand among the variables."""

    __slots__ = ()

    def provider(self, connection_name: str) -> ConnectedProvider:
        provider: ConnectedProvider = cast("Any", self.variables)["PROVIDERS"](connection_name)
        return provider


def fake_context(aws: Aws, providers: Callable[[str], Any], **changes: Any) -> Context:
    given: dict[str, Any] = {"random": lambda: 0.5, "connections": None, **changes}
    return FakeContext(
        clock=aws.clock,
        sleep=lambda _: None,
        new_token=lambda: "token",
        transport=Transport(),
        aws=aws,
        variables=cast("Any", {**VARIABLES, "PROVIDERS": providers}),
        **given,
    )


@dataclass
class Scripted:
    """It ends after `ends_after` as `ends_as`, or `cancel_takes` after a cancel was accepted."""

    ends_after: timedelta | None = timedelta(minutes=10)
    ends_as: ExecutionStatus = ExecutionStatus.SUCCEEDED
    cancel_takes: timedelta | None = timedelta(seconds=5)
    is_away_until: timedelta = timedelta(0)
    failure: FarsyncError | None = None
    rejection: FarsyncError | None = None
    attention_reason: str | None = None
    grace_seconds: int | None = None
    now: datetime = STARTED_AT
    canceled_at: datetime | None = None
    polled_at: list[datetime] = field(default_factory=list)
    cancels: int = 0

    @property
    def connection(self) -> NaverConnection:
        return connection_of("default", needsAttentionTimeoutSeconds=self.grace_seconds)

    def clock(self) -> float:
        return self.now.timestamp()

    def get_execution(self, job: str, execution_id: str) -> Execution:
        self.polled_at.append(self.now)
        if self.failure and (self.now < STARTED_AT + self.is_away_until or not self.is_away_until):
            raise self.failure
        status, ended_at = self._status()
        return Execution(
            ref=ExecutionRef(connection="default", job=job, execution_id=execution_id),
            status=status,
            provider_status=WORDS.get(status, str(status)),
            started_at=STARTED_AT,
            ended_at=ended_at,
            attention_reason=None if status.is_terminal else self.attention_reason,
        )

    def cancel(self, job: str, execution_id: str) -> None:
        assert (job, execution_id) == ("a-job", "an-execution")
        self.cancels += 1
        if self.rejection:
            raise self.rejection
        self.canceled_at = self.canceled_at or self.now

    def _status(self) -> tuple[ExecutionStatus, datetime | None]:
        ends = []
        if self.ends_after is not None:
            ends.append((STARTED_AT + self.ends_after, self.ends_as))
        if self.canceled_at and self.cancel_takes is not None:
            ends.append((self.canceled_at + self.cancel_takes, ExecutionStatus.CANCELED))
        ended_at, status = min(ends, default=(None, ExecutionStatus.RUNNING))
        return (status, ended_at) if ended_at and ended_at <= self.now else (ExecutionStatus.RUNNING, None)


class Polled:
    """A run that is followed on a queue, by a clock that a test turns."""

    def __init__(self, provider: Scripted | None = None, message: dict[str, Any] | None = None, **run: Any) -> None:
        self.provider = provider or Scripted()
        self.aws = PollQueue(self.provider.clock)
        self.environment = fake_context(self.aws, lambda _: self.provider)
        self.aws.follow({**RUN, **run}, **(message or {}))

    @property
    def outcome(self) -> dict[str, Any]:
        (outcome,) = self.aws.outcomes
        return outcome

    @property
    def event(self) -> dict[str, Any]:
        (event,) = self.aws.emitted
        return event

    def deliver_all(self, until: timedelta = timedelta(days=30)) -> "Polled":
        """Receives as they come, until no message is left, or up to a moment after the start."""
        while self.aws.queue:
            due = datetime.fromtimestamp(min(message.visible_at for message in self.aws.queue), UTC)
            if due > STARTED_AT + until:
                break
            self.provider.now = max(due, self.provider.now)
            self.aws.deliver(self.environment)
        return self

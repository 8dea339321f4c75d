"""A provider whose one execution goes as a test says, by the test's own clock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from farsync.connections.connection import Connection
from farsync.http_client.client import Transport
from farsync.model.errors import FarsyncError
from farsync.model.execution import Execution, ExecutionRef, ExecutionStatus
from farsync.providers.naver.connection import NaverConnection
from farsync.runtime.connected_provider import ConnectedProvider
from farsync.runtime.context import Context
from tests.unit.operations.queue_and_tokens import VARIABLES, QueueAndTokens

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
WORDS = {
    ExecutionStatus.RUNNING: "RUNNING",
    ExecutionStatus.SUCCEEDED: "COMPLETED",
    ExecutionStatus.FAILED: "FAILED",
    ExecutionStatus.CANCELED: "CANCELED",
}


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
    connection: Connection = field(init=False)

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
            provider_status=WORDS[status],
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


class ScriptedEnvironment(Context):
    """Whose every connection leads to the scripted provider."""

    __slots__ = ()

    def provider(self, _connection_name: str) -> ConnectedProvider:
        provider = cast("Scripted", self.variables["SCRIPTED"])
        provider.connection = NaverConnection.model_validate(
            {
                "name": "default",
                "provider": "naver",
                "accessKey": "key",
                "secretKey": "key",
                "needsAttentionTimeoutSeconds": provider.grace_seconds,
            }
        )
        return cast("ConnectedProvider", provider)


@dataclass
class Polled:
    """A run that is followed on a queue, by a clock that a test turns."""

    provider: Scripted
    aws: QueueAndTokens
    environment: Context

    @property
    def outcome(self) -> dict[str, Any]:
        (outcome,) = self.aws.outcomes
        return outcome

    @property
    def event(self) -> dict[str, Any]:
        (event,) = self.aws.events
        return event

    def go_to(self, moment: datetime) -> None:
        self.provider.now = moment

    def deliver_all(self, until: timedelta = timedelta(days=30)) -> None:
        """Receives as they come, until no message is left, or up to a moment after the start."""
        while self.aws.queue:
            due = datetime.fromtimestamp(min(message.visible_at for message in self.aws.queue), UTC)
            if due > STARTED_AT + until:
                return
            self.go_to(max(due, self.provider.now))
            assert self.aws.deliver(self.environment)


def polled(provider: Scripted | None = None, *, message: Any = None, **run: Any) -> Polled:
    scripted = provider or Scripted()
    aws = QueueAndTokens(clock=scripted.clock)
    environment = ScriptedEnvironment(
        clock=scripted.clock,
        sleep=lambda _: None,
        random=lambda: 0.5,
        new_token=lambda: "token",
        transport=Transport(),
        aws=aws,
        connections=cast("Any", None),
        variables=cast("Any", {**VARIABLES, "SCRIPTED": scripted}),
    )
    aws.follow({**RUN, **run}, **(message or {}))
    return Polled(scripted, aws, environment)

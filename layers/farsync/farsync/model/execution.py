"""The domain: what a job and an execution are, in one vocabulary for every cloud."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, computed_field
from pydantic.alias_generators import to_camel


class ExecutionStatus(StrEnum):
    """The one vocabulary for every cloud."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    TIMED_OUT = "TIMED_OUT"

    @property
    def is_terminal(self) -> bool:
        return self in TERMINAL_STATUSES


TERMINAL_STATUSES = frozenset(
    {
        ExecutionStatus.SUCCEEDED,
        ExecutionStatus.FAILED,
        ExecutionStatus.CANCELED,
        ExecutionStatus.TIMED_OUT,
    }
)


def iso_instant(instant: datetime) -> str:
    """`2026-01-31T00:00:00Z`, or with milliseconds: no finer, since JSONata's `$toMillis` reads no finer."""
    timespec = "milliseconds" if instant.microsecond else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


Instant = Annotated[AwareDatetime, PlainSerializer(iso_instant, when_used="json")]
"""A moment on our wire: always UTC there, whatever offset a provider writes."""


T = TypeVar("T")
Unshown = Annotated[T, Field(exclude=True, repr=False)]
"""What may be the value of a secret parameter: it is there to compare with, and stands in no JSON and no log."""


class WireModel(BaseModel):
    """A frozen value that reads and writes camelCase JSON and rejects unknown fields."""

    # A validator is built when it is first needed: a function needs few of them.
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        defer_build=True,
        # Where nobody catches it, Lambda answers and logs the error's text.
        hide_input_in_errors=True,
    )


class ExecutionRef(WireModel):
    """Which execution of which job."""

    connection: str
    job: str
    execution_id: str


class Candidate(WireModel):
    """An execution that may be the one which an unconfirmed start began."""

    execution_id: str
    created_at: Instant | None = None
    provider_status: str


class NodeResult(WireModel):
    """One step of an execution, where its provider knows steps."""

    name: str
    type: str
    status: ExecutionStatus
    """CANCELED also where the node never ran, because it was skipped."""
    provider_status: str
    started_at: Instant | None = None
    ended_at: Instant | None = None
    retries: int | None = None
    input_rows: int | None = None
    rows_per_second: float | None = None
    log_path: str | None = None


class Job(WireModel):
    """A job as its provider lists it."""

    job: str
    name: str
    status: str
    """The provider's own word."""
    type: str | None = None
    description: str | None = None
    condition: Mapping[str, object] | None = None
    """Stored run settings in the provider's own keys (Data Flow `runCondition`)."""
    timeout_minutes: int | None = None
    last_execution_status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_execution_at: datetime | None = None

    @property
    def obstacle(self) -> str | None:
        """Why it cannot be run, and what to do; None where it can. What that hangs on is each cloud's own."""
        return None

    @computed_field  # type: ignore[prop-decorator] # mypy knows no decorator of a property
    @property
    def is_runnable(self) -> bool:
        return self.obstacle is None


class Execution(WireModel):
    """An execution as its provider gives it, in our vocabulary next to the provider's word."""

    ref: ExecutionRef
    job_name: str | None = None
    status: ExecutionStatus
    provider_status: str
    """The provider's own word, verbatim."""
    is_status_known: bool = True
    """False when the provider's word is new to us; the status is then RUNNING, since such a word is never an end."""
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    parameters: Unshown[Mapping[str, str] | None] = None
    """Parameters as the provider echoes them; None where it does not."""
    condition: Unshown[Mapping[str, object] | None] = None
    """Run settings as the provider echoes them; they may hold parameters too."""
    log_paths: tuple[str, ...] = ()
    attempt: Annotated[str, Field(exclude=True)] = ""
    """Distinguishes a provider's own rerun from the first execution, if it keeps the id; empty where there is none."""
    is_manual: bool | None = None
    """Whether somebody asked for it, as opposed to a schedule; None where the provider does not say."""
    success_kind: Literal["forced", "failure_ignored"] | None = None
    """What kind of success it is, if it is none of its own: a person or the job's settings made a failure one."""
    attention_reason: str | None = None
    """Why it waits for a person, without whom it will not move; None while it does not."""
    failure_reason: Unshown[str | None] = None
    """First line of what the provider says of the failure. It may repeat parameters: report it where none is secret."""
    nodes: tuple[NodeResult, ...] = ()
    """Failed ones first, otherwise in the provider's order."""

    @property
    def needs_attention(self) -> bool:
        return self.attention_reason is not None

    @property
    def failed_node(self) -> NodeResult | None:
        """The node to look at first."""
        return self.nodes[0] if self.nodes and self.nodes[0].status is ExecutionStatus.FAILED else None

    @property
    def duration_seconds(self) -> float | None:
        if self.started_at is None or self.ended_at is None:
            return None
        return max(0.0, (self.ended_at - self.started_at).total_seconds())

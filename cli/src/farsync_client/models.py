"""What the API answers. Fields that this version does not know are kept, so that nothing is lost in `model_dump`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

OPEN_STATES = ("RUNNING", "STOPPING")
ENDED_STATES = ("SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT", "UNOBSERVABLE")


class WireModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="allow")

    def as_sent(self) -> dict[str, Any]:
        """JSON as the API sent it."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class ErrorText(WireModel):
    """Why: an error name, and a sentence for people."""

    name: str
    message: str = ""


class RunItem(WireModel):
    """A run in a list."""

    name: str
    state: str
    connection: str = ""
    job: str | None = None
    job_name: str | None = None
    execution_id: str | None = None
    started_at: datetime
    stopped_at: datetime | None = None
    duration_seconds: float | None = None
    detection_delay_seconds: float | None = None
    error: ErrorText | None = None
    labels: Mapping[str, str] = {}
    cost_usd: float | None = None

    @property
    def is_over(self) -> bool:
        return self.state in ENDED_STATES

    @property
    def took_seconds(self) -> float | None:
        """As the execution took where it is known, else the run, once it is over."""
        if self.duration_seconds is not None or self.stopped_at is None:
            return self.duration_seconds
        return (self.stopped_at - self.started_at).total_seconds()


class RunPage(WireModel):
    runs: tuple[RunItem, ...] = ()
    next_token: str | None = None


class Execution(WireModel):
    """The provider's execution of a run."""

    execution_id: str
    status: str | None = None
    """Absent where the provider does not answer; the run's `last_error` says why."""
    provider_status: str | None = None
    started_at: datetime | None = None
    is_attached: bool = False


class Node(WireModel):
    """One step of an execution, where its provider knows steps."""

    name: str
    type: str = ""
    status: str
    provider_status: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    retries: int | None = None
    log_path: str | None = None


class Result(WireModel):
    """The `data` of a run's event."""

    provider: str | None = None
    status: str | None = None
    provider_status: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: float | None = None
    detected_at: datetime | None = None
    detection_delay_seconds: float | None = None
    polls: int | None = None
    estimated_cost_usd: float | None = None
    log_paths: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()
    nodes_total: int | None = None
    error: ErrorText | None = None


class EventName(WireModel):
    id: str
    type: str


class RunDetails(WireModel):
    """Everything about one run."""

    name: str
    state: str
    connection: str = ""
    job: str | None = None
    job_name: str | None = None
    step: str | None = None
    started_at: datetime
    stopped_at: datetime | None = None
    scheduled_at: datetime | None = None
    deadline_at: datetime | None = None
    execution: Execution | None = None
    last_error: ErrorText | None = None
    request: Mapping[str, Any] = {}
    labels: Mapping[str, str] = {}
    event: EventName | None = None
    result: Result | None = None
    error: str | None = None
    cause: str | None = None
    cost_usd: float | None = None

    @property
    def is_over(self) -> bool:
        return self.state in ENDED_STATES

    @property
    def reason(self) -> ErrorText | None:
        """Why the run did not succeed."""
        if self.result and self.result.error:
            return self.result.error
        if self.error or self.cause:
            return ErrorText(name=self.error or "Aborted", message=self.cause or "")
        return None

    @property
    def cost(self) -> float | None:
        """US dollars."""
        return self.cost_usd if self.cost_usd is not None else self.result.estimated_cost_usd if self.result else None

    @property
    def took_seconds(self) -> float | None:
        """As the execution took where it is known, else the run, once it is over."""
        if self.result and self.result.duration_seconds is not None:
            return self.result.duration_seconds
        return (self.stopped_at - self.started_at).total_seconds() if self.stopped_at else None


class RunState(WireModel):
    """The answer to an abort."""

    name: str
    state: str
    was_over: bool = False


class Logs(WireModel):
    """The end of the provider's own log."""

    lines: tuple[str, ...] = ()
    path: str | None = None
    is_cut: bool = False
    nodes: tuple[str, ...] = ()


class ConnectionItem(WireModel):
    name: str
    provider: str | None = None
    region: str | None = None
    error: str | ErrorText | None = None


class ConnectionList(WireModel):
    connections: tuple[ConnectionItem, ...] = ()


class JobItem(WireModel):
    """A job in a list; `name` is what people call it, `job` what its provider does."""

    job: str
    name: str = ""
    status: str = ""
    type: str | None = None
    is_runnable: bool = True
    last_execution_status: str | None = None
    last_execution_at: datetime | None = None


class JobPage(WireModel):
    jobs: tuple[JobItem, ...] = ()
    page: int = 0
    limit: int = 100
    total: int | None = None


class RecentExecution(WireModel):
    execution_id: str
    status: str
    created_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: float | None = None


class JobDetails(JobItem):
    """A job with its last executions, the newest first."""

    description: str | None = None
    timeout_minutes: int | None = None
    recent: tuple[RecentExecution, ...] = ()
    median_seconds: float | None = None
    p95_seconds: float | None = None
    success_rate: float | None = None


class Event(WireModel):
    """A CloudEvents document as it was emitted."""

    id: str
    type: str
    source: str = ""
    subject: str = ""
    time: datetime
    data: Mapping[str, Any] = {}

    @property
    def short_type(self) -> str:
        return self.type.removeprefix("io.farsync.")


class EventPage(WireModel):
    events: tuple[Event, ...] = ()
    next_token: str | None = None

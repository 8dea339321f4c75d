"""The run variable: all that travels through the state machine and the poll queue for one run."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ConfigDict

from farsync.model.errors import InvalidRequest
from farsync.model.execution import Execution, ExecutionRef, Instant, WireModel, iso_instant
from farsync.model.names import digest

BASELINE_IDS = 20
START_FUNCTION_SECONDS = 35
"""How long a start that Step Functions has lost sight of may still post: its function's time-out, and a margin."""


class OwnModel(WireModel):
    """What only farsync writes. Fields of another release are ignored: a deployment harms no open run."""

    model_config = ConfigDict(extra="ignore")


class Baseline(OwnModel):
    """What the provider's list showed before the start, by the provider's clock: later executions are new."""

    newest_created_at: Instant | None = None
    execution_ids: tuple[str, ...] = ()


class Run(OwnModel):
    """Version 1 of the run variable. Python alone owns it; the state machine passes it on."""

    v: Literal[1] = 1
    name: str | None = None
    started_at: Instant
    deadline_at: Instant
    connection: str
    provider: str
    job: str
    job_name: str | None = None
    labels: Mapping[str, str] = {}
    has_secret_parameters: bool = False
    """Whether the provider's words about the execution may repeat one."""
    cancel_on_abort: bool = True
    condition: Mapping[str, object] | None = None
    """The job's stored run settings; dropped once the execution is started."""
    baseline: Baseline | None = None
    consistency_window_seconds: int = 60
    consistency_wait_seconds: int = 60 + START_FUNCTION_SECONDS
    """How long the state machine waits before it searches for an unconfirmed start."""
    past_durations_seconds: tuple[int, ...] = ()
    """How long the job's newest executions that succeeded took, queueing included, the newest first."""
    past_failures_seconds: tuple[int, ...] = ()
    poll_cost_seconds: float | None = None
    max_detection_delay_seconds: int | None = None
    waits_for: str | None = None
    """The execution that this run waits for, under `ifRunning: wait`, before it may start its own."""
    execution_id: str | None = None
    execution_started_at: Instant | None = None
    began_at: Instant | None = None
    """When the execution began, by our clock, queueing included."""
    is_attached: bool = False
    """Somebody else started the execution: it is followed, and never canceled."""
    redrives_searched: int = 0
    """Up to which redrive of the run its execution has been searched for."""

    @property
    def marker(self) -> str | None:
        """What an execution may carry as certain proof of whose it is; None outside of a run."""
        return digest("marker", self.name, iso_instant(self.started_at))[:24] if self.name else None

    @property
    def timeout_seconds(self) -> float:
        return (self.deadline_at - self.started_at).total_seconds()

    @property
    def may_be_canceled(self) -> bool:
        return self.cancel_on_abort and not self.is_attached

    def elapsed_seconds(self, now: datetime) -> float:
        """How long the execution has run, queueing included."""
        return max(0.0, (now - (self.began_at or self.execution_started_at or self.started_at)).total_seconds())

    def age_seconds(self, now: datetime) -> float:
        return max(0.0, (now - self.started_at).total_seconds())

    def with_execution(self, execution: Execution, now: datetime, provider_now: datetime | None = None) -> "Run":
        """With its execution, and without what only the start needs; `provider_now` minus its beginning is its age."""
        created = execution.created_at
        age = max(timedelta(0), provider_now - created) if provider_now and created else timedelta(0)
        return self.model_copy(
            update={
                "condition": None,
                "baseline": None,
                "execution_id": execution.ref.execution_id,
                "execution_started_at": execution.started_at or execution.created_at or now,
                "began_at": now - age,
            }
        )

    def execution_ref(self) -> ExecutionRef:
        """Raises InvalidRequest before the start."""
        if self.execution_id is None:
            raise InvalidRequest("run.executionId: is required; the run has no execution yet", field="run.executionId")
        return ExecutionRef(connection=self.connection, job=self.job, execution_id=self.execution_id)


class RunBeside(OwnModel):
    """What stands beside the run request in the payloads of Start and Find."""

    run: Run
    redrive_count: int = 0

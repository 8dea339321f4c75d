"""The run variable: all that travels through the state machine between two functions, in under 1 KB beside the names
and stored settings of its job.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from farsync.errors import InvalidRequest
from farsync.execution import BUILT_WHERE_NEEDED, Execution, ExecutionRef, Instant, WireModel, iso_instant
from farsync.naming import digest

BASELINE_IDS = 20


class Baseline(WireModel):
    """What the vendor's list showed before the start, by the vendor's clock: later executions are new."""

    model_config = BUILT_WHERE_NEEDED

    newest_created_at: Instant | None = None
    execution_ids: tuple[str, ...] = ()


class Run(WireModel):
    """Version 1 of the run variable. Functions load every released version, so that open runs outlive a deployment."""

    model_config = BUILT_WHERE_NEEDED

    v: Literal[1] = 1
    name: str | None = None
    started_at: Instant
    deadline_at: Instant
    connection: str
    provider: str
    job: str
    job_name: str | None = None
    condition: Mapping[str, object] | None = None
    """The job's stored run settings; dropped once the execution is started."""
    baseline: Baseline | None = None
    past_durations_seconds: tuple[int, ...] = ()
    """How long the job's newest executions that succeeded took, queueing included, the newest first."""
    past_failures_seconds: tuple[int, ...] = ()
    look_cost_seconds: float | None = None
    max_detection_delay_seconds: int | None = None
    execution_id: str | None = None
    execution_started_at: Instant | None = None
    began_at: Instant | None = None
    """When the execution began, by our clock, queueing included."""
    polls: int = 0
    function_calls: int = 0
    """Those that looked; one of them may look more than once."""
    function_seconds: float = 0.0
    transitions: int = 0
    """State transitions of the run up to the task that was given this; who closes it reads them in its history."""
    usd_per_transition: float | None = None
    """For events that a state composes."""
    attention_told: tuple[str, ...] = ()
    """The states waiting for a person that this run has told of."""
    resumed_deadline_at: Instant | None = None
    """The deadline that counts again once nobody is waited for; there while the connection's patience counts."""
    is_adopted: bool = False
    """Somebody else started the execution: it is watched, and never cancelled."""
    redrives_searched: int = 0
    """Up to which redrive of the run its execution has been looked for."""
    cancel_reason: Literal["deadline", "abort"] | None = None

    @property
    def marker(self) -> str | None:
        """What an execution may carry as certain proof of whose it is; None outside of a run."""
        return digest("marker", self.name, iso_instant(self.started_at))[:24] if self.name else None

    @property
    def timeout_seconds(self) -> float:
        return (self.deadline_at - self.started_at).total_seconds()

    def elapsed_seconds(self, now: datetime) -> float:
        return max(0.0, (now - (self.began_at or self.execution_started_at or self.started_at)).total_seconds())

    def with_execution(self, execution: Execution, now: datetime, vendor_now: datetime | None = None) -> "Run":
        """The run once its execution is known; what only the start needs travels no further.

        `vendor_now` tells how long ago an execution began that this run did not start this moment.
        """
        created = execution.created_at
        age = max(timedelta(0), vendor_now - created) if vendor_now and created else timedelta(0)
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

"""What the providers, the queues and the state machines say, in one vocabulary."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

OUTCOME_OF_WORD = {
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "success": "succeeded",
    "fail": "failed",
    "manual-stop": "canceled",
}
"""An execution's last word at its provider; any other word means that it has not ended."""


@dataclass(frozen=True)
class Executed:
    """An execution truly started, from a provider's ledger."""

    cloud: str
    execution_id: str
    value: str | None
    """Of the parameter that each run has for itself."""
    word: str
    was_cancel_asked: bool
    """Whether a cancel took effect."""
    cancels_received: int = 0
    """How many calls that cancel it arrived, whatever they were answered."""
    ended_at: datetime | None = None
    job: str = ""
    started_at: datetime | None = None

    @property
    def outcome(self) -> str | None:
        return OUTCOME_OF_WORD.get(self.word)


@dataclass(frozen=True)
class Told:
    """A completion event from the queue."""

    event_id: str
    type: str
    run_name: str | None
    execution_id: str | None
    provider_word: str | None
    error: str | None
    message: str
    candidates: frozenset[str]
    is_cancel_confirmed: bool | None
    """None where it says nothing of a cancel."""
    token: str | None
    """Of the run, as its labels have it."""

    @property
    def outcome(self) -> str:
        """The last word of its type: succeeded, failed, canceled, timed_out, unobservable."""
        return self.type.rsplit(".", 1)[-1]

    @property
    def is_about_an_execution(self) -> bool:
        return self.type.startswith("io.farsync.execution.")


@dataclass(frozen=True)
class Ended:
    """An execution of a state machine, as far as it came."""

    machine: str
    name: str
    status: str
    error: str | None
    claimed: frozenset[str]
    """The executions that its run variable ever named."""
    walk: tuple[str, ...]
    """States entered and errors met, in order, each with the seconds since its start."""
    began_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Run:
    """A planned run and what was done to it."""

    name: str | None
    token: str
    cloud: str
    connection: str
    job: str
    pace: str
    value: str
    label: str
    timeout_seconds: int
    cancels_on_abort: bool
    started_at: str
    aborted_at: str | None
    redrives: int

    @property
    def is_marked(self) -> bool:
        """Whether its executions show whose they are."""
        return self.connection.endswith("-marked")

    @property
    def is_healthy(self) -> bool:
        """Nobody stopped it, so that it ends as its job does."""
        return self.aborted_at is None and not self.has_deadline

    @property
    def may_be_cancelled(self) -> bool:
        return self.cancels_on_abort and (self.aborted_at is not None or self.has_deadline)

    @property
    def has_deadline(self) -> bool:
        """Whether it is made to pass its deadline; the others have an hour."""
        return self.timeout_seconds < 600


@dataclass(frozen=True)
class Evidence:
    seed: int
    elapsed_seconds: float
    runs: tuple[Run, ...]
    executed: tuple[Executed, ...]
    told: tuple[Told, ...]
    ended: tuple[Ended, ...]
    secrets: Mapping[str, str]
    notices: frozenset[str]
    """Ids of events on the queue that are no completion."""
    backfills_told: int
    """How many events say that a backfill is done."""
    is_watched: bool
    """Whether the ends of foreign executions are events too."""
    read_at: datetime
    """When all this was read."""
    left: Mapping[str, int]
    """How many messages are left on the queues of what is to be worked on."""
    dead_letters: Mapping[str, tuple[str, ...]]
    deeds: tuple[Mapping[str, Any], ...] = ()
    outputs: tuple[Path, ...] = field(default=(), repr=False)
    """The files in which no secret may stand."""


def by_run(told: tuple[Told, ...]) -> Mapping[str | None, list[Told]]:
    sorted_out: defaultdict[str | None, list[Told]] = defaultdict(list)
    for event in told:
        sorted_out[event.run_name].append(event)
    return sorted_out

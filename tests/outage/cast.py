"""Who lives through the outage: the runs at each provider, and how each must end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

When = Literal["before", "inside"]
ENDLESS_SECONDS = 86_000.0
"""Longer than any outage; shorter than a provider lets a job run."""
LONG_TIMEOUT_SECONDS = 3600
"""Of real time, as deadlines are: nothing here lasts so long."""


@dataclass(frozen=True)
class Part:
    """Moments are shares of the outage. `deadline_at` and `ends_at` count from its begin."""

    title: str
    starts: When
    events: tuple[str, ...]
    """Their types, in any order, without `io.farsync.`"""
    ends_at: float | None = None
    """When the execution of a run that began before ends by itself; None: never. Of one that starts inside: at once."""
    started_at: float = 0.0
    aborted_at: float | None = None
    deadline_at: float | None = None
    outcome: str | None = "canceled"
    """Of its execution; None where none may have begun."""


CAST: Mapping[str, Part] = {
    part.title: part
    for part in (
        Part("aborted", "before", ("execution.canceled",), aborted_at=1 / 6),
        Part("past its deadline", "before", ("run.unobservable", "execution.timed_out"), deadline_at=2 / 6),
        Part("ends unseen", "before", ("execution.succeeded",), ends_at=3 / 6, outcome="succeeded"),
        Part("started inside", "inside", ("execution.succeeded",), started_at=2.5 / 6, outcome="succeeded"),
        Part("started and aborted inside", "inside", ("run.failed",), None, 3.5 / 6, aborted_at=4 / 6, outcome=None),
    )
}

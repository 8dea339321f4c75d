"""How a run stands, in one word: what Step Functions says of it, and what its event says of its end."""

from collections.abc import Mapping
from typing import Any, Literal

RunState = Literal["RUNNING", "STOPPING", "SUCCEEDED", "FAILED", "CANCELED", "TIMED_OUT", "UNOBSERVABLE"]
"""STOPPING: it is over, and its event is not out yet, since what it left is being stopped or searched for. The states
behind it are those of its event.
"""
STATES_OF_EVENTS: Mapping[str, RunState] = {
    "io.farsync.execution.succeeded": "SUCCEEDED",
    "io.farsync.execution.failed": "FAILED",
    "io.farsync.execution.canceled": "CANCELED",
    "io.farsync.execution.timed_out": "TIMED_OUT",
    "io.farsync.run.failed": "FAILED",
    "io.farsync.run.unobservable": "UNOBSERVABLE",
}
OPEN = frozenset({"RUNNING", "PENDING_REDRIVE"})
"""Step Functions' own words of a run that goes on."""


def state_of_run(status: str, event: Mapping[str, Any] | None) -> RunState:
    """`status` is Step Functions' own word, `event` the run's, if it has one by now."""
    if status in OPEN:
        return "RUNNING"
    if event is not None:
        return STATES_OF_EVENTS[event["type"]]
    return "SUCCEEDED" if status == "SUCCEEDED" else "STOPPING"

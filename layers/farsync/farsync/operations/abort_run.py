"""Abort a run: stop its execution of `run_job`; `close_run` then stops what it left behind."""

from collections.abc import Mapping
from typing import Any

from farsync.aws.client import named_failures
from farsync.aws.run_history import read_history
from farsync.aws.run_store import run_arn
from farsync.model.execution import WireModel
from farsync.model.shown import shown
from farsync.model.validation import validated
from farsync.operations.event_of_run import event_of_result, event_of_run
from farsync.operations.run_by_name import RunName, find_run
from farsync.operations.run_state import OPEN, RunState, state_of_run
from farsync.runtime.context import Context
from farsync.runtime.observability import logger
from farsync.runtime.request import Answer, Invocation

LONGEST_CALLER = 256
"""An issuer of tokens may call its subjects what it likes."""


class RunAborted(WireModel):
    """The state of the run by now: STOPPING, or as it ended where it was over already."""

    name: str
    state: RunState
    was_over: bool


def abort_run(context: Context, invocation: Invocation) -> Answer:
    """The run's event says what became of the execution. Raises RunNotFound."""
    name, described = find_run(context, validated(RunName, invocation.payload).name)
    was_over = described["status"] not in OPEN
    with named_failures():
        if was_over:
            state = state_of_run(described["status"], _event(context, name, described))
        else:
            _stop(context, name, invocation.caller)
            state = "STOPPING"
    return Answer(RunAborted(name=name, state=state, was_over=was_over), http_status=202)


def _stop(context: Context, name: str, caller: str) -> None:
    stop = {
        "executionArn": run_arn(context, name),
        "error": "RunAborted",
        "cause": f"aborted over HTTP by {shown(caller, LONGEST_CALLER) or 'a caller without a name'}",
    }
    context.aws.call("states", "StopExecution", stop)
    logger.info("run aborted", run=name)


def _event(context: Context, name: str, described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What stands in the run itself is asked of nobody."""
    event = event_of_result(described)
    if event is None and described["status"] != "SUCCEEDED":
        event, _ = event_of_run(context, name, described, read_history(context, run_arn(context, name)))
    return event

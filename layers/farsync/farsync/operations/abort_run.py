"""Abort a run: stop its execution of `run_job`; `close_run` then stops what it left behind."""

from farsync.aws.client import named_failures
from farsync.aws.run_store import known_run, run_arn
from farsync.model.execution import WireModel
from farsync.model.shown import shown
from farsync.model.validation import validated
from farsync.operations.get_run import RunName, RunState
from farsync.runtime.context import Context
from farsync.runtime.observability import logger
from farsync.runtime.request import Answer, Invocation

LONGEST_CALLER = 256
"""An issuer of tokens may call its subjects what it likes."""


class RunAborted(WireModel):
    """The state of the run by now; one that was over already stays as it ended."""

    name: str
    state: RunState
    was_over: bool


def abort_run(context: Context, invocation: Invocation) -> Answer:
    """The run's event says what became of the execution. Raises RunNotFound."""
    name = validated(RunName, invocation.payload).name
    state: RunState = known_run(context, name, context.transport.retrying)["status"]
    was_over = state != "RUNNING"
    if not was_over:
        stop = {
            "executionArn": run_arn(context, name),
            "error": "RunAborted",
            "cause": f"aborted over HTTP by {shown(invocation.caller, LONGEST_CALLER) or 'a caller without a name'}",
        }
        with named_failures():
            context.aws.call("states", "StopExecution", stop)
        state = "ABORTED"
        logger.info("run aborted", run=name)
    return Answer(RunAborted(name=name, state=state, was_over=was_over), http_status=202)

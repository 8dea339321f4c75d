"""Cancel: stop an execution; "already over" is success."""

from collections.abc import Mapping
from typing import Literal

from farsync.environment import Environment
from farsync.execution import ExecutionRef, WireModel
from farsync.invocation import Answer, Invocation
from farsync.run import Run
from farsync.telemetry import count, logger
from farsync.validation import validated


class CancelOfRun(WireModel):
    """A cancel inside a run, and why: its deadline passed, or it was aborted."""

    run: Run
    reason: Literal["deadline", "abort"] = "deadline"


class CancelAccepted(WireModel):
    """The vendor accepted, or the execution was over already; how it ended only a look can tell."""

    execution: ExecutionRef


class CancelOfRunAccepted(CancelAccepted):
    """The run with the reason of its cancel."""

    run: Run


def cancel(environment: Environment, invocation: Invocation) -> Answer:
    """Raises ExecutionNotFound and what else the provider raises."""
    asked = validated(CancelOfRun, invocation.payload) if invocation.is_of_run else None
    ref = asked.run.execution_ref() if asked else _ref_outside_a_run(invocation.payload)
    environment.with_provider(ref.connection, lambda provider, _: provider.cancel(ref.job, ref.execution_id))
    count("ExecutionsCanceled")
    logger.info("cancel accepted")
    if asked is None:
        return Answer(CancelAccepted(execution=ref), http_status=202)
    # The first cancel is the one that ended it.
    canceled_run = asked.run.model_copy(update={"cancel_reason": asked.run.cancel_reason or asked.reason})
    return Answer(CancelOfRunAccepted(execution=ref, run=canceled_run))


def _ref_outside_a_run(payload: Mapping[str, object]) -> ExecutionRef:
    from farsync.execution_query import ExecutionQuery  # a run's cancel, the common case, does not pay for it

    asked = validated(ExecutionQuery, payload)
    return ExecutionRef(connection=asked.connection, job=asked.job, execution_id=asked.execution_id)

"""Cancel: stop an execution because somebody asks for it; "already over" is success."""

from farsync.environment import Environment
from farsync.execution import ExecutionRef, WireModel
from farsync.execution_query import ExecutionQuery
from farsync.invocation import Answer, Invocation
from farsync.telemetry import count, logger
from farsync.validation import validated


class CancelAccepted(WireModel):
    """The provider accepted, or the execution was over already; how it ended only a poll can show."""

    execution: ExecutionRef


def cancel(environment: Environment, invocation: Invocation) -> Answer:
    """Raises ExecutionNotFound and what else the provider raises."""
    asked = validated(ExecutionQuery, invocation.payload)
    ref = ExecutionRef(connection=asked.connection, job=asked.job, execution_id=asked.execution_id)
    environment.with_provider(ref.connection, lambda provider, _: provider.cancel(ref.job, ref.execution_id))
    count("ExecutionsCanceled")
    logger.info("cancel accepted")
    return Answer(CancelAccepted(execution=ref), http_status=202)

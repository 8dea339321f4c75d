"""Cancel: stop an execution because somebody asks for it; "already over" is success."""

from farsync.model.execution import ExecutionRef, WireModel
from farsync.model.execution_query import ExecutionQuery
from farsync.model.validation import validated
from farsync.runtime.context import Context
from farsync.runtime.observability import count, logger
from farsync.runtime.request import Answer, Invocation


class CancelAccepted(WireModel):
    """The provider accepted, or the execution was over already; how it ended only a poll can show."""

    execution: ExecutionRef


def cancel(context: Context, invocation: Invocation) -> Answer:
    """Raises ExecutionNotFound and what else the provider raises."""
    asked = validated(ExecutionQuery, invocation.payload)
    ref = ExecutionRef(connection=asked.connection, job=asked.job, execution_id=asked.execution_id)
    context.provider(ref.connection).cancel(ref.job, ref.execution_id)
    count("ExecutionsCanceled")
    logger.info("cancel accepted")
    return Answer(CancelAccepted(execution=ref), http_status=202)

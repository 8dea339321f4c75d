"""One poll of an execution from outside of any run: shows it, decides nothing, emits nothing."""

from datetime import timedelta

from farsync.model.execution import Execution, WireModel
from farsync.model.execution_query import ExecutionQuery
from farsync.model.validation import validated
from farsync.polling import PastRuns, next_wait_seconds
from farsync.runtime.context import Context
from farsync.runtime.observability import report_unknown_status
from farsync.runtime.request import Answer, Invocation

ASSUMED_REMAINDER = timedelta(hours=6)
"""Nobody knows here how long the execution may take; a run allows six hours where its job says nothing else."""


class ExecutionShown(WireModel):
    """An execution as its provider shows it; `wait_seconds` is when to poll again, until it is over."""

    execution: Execution
    wait_seconds: int | None = None


def get_execution(context: Context, invocation: Invocation) -> Answer:
    """Raises ExecutionNotFound and what else the provider raises."""
    asked = validated(ExecutionQuery, invocation.payload)
    execution = context.provider(asked.connection).get_execution(asked.job, asked.execution_id)
    report_unknown_status(execution)
    if execution.status.is_terminal:
        return Answer(ExecutionShown(execution=execution))
    began_at = execution.started_at or execution.created_at
    now = context.now()
    wait_seconds = next_wait_seconds(
        max(0.0, (now - began_at).total_seconds()) if began_at else 0.0,
        past=PastRuns(),
        remaining_seconds=ASSUMED_REMAINDER.total_seconds(),
        max_detection_delay_seconds=None,
        random=context.random,
    )
    return Answer(
        ExecutionShown(execution=execution, wait_seconds=wait_seconds), headers={"retry-after": str(wait_seconds)}
    )

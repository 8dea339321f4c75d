"""Stop: the execution of a run that ended without it is canceled until it is seen to end; its end is then emitted."""

from farsync.closing import reasons
from farsync.closing.decision import (
    LONGEST_WAIT_SECONDS,
    cancel_reason,
    is_out_of_sight,
    is_unknown_to_the_provider,
)
from farsync.connections.connection import Connection
from farsync.events.completion_event import completion_event
from farsync.events.cost import cost_of_run
from farsync.model.errors import FarsyncError, is_rejection
from farsync.model.execution import Execution
from farsync.model.run import Run
from farsync.operations.run_closing import Closing
from farsync.runtime.observability import count, log_rejection, logger, report_unknown_status


def stop(closing: Closing, run: Run) -> bool:
    """The next step for the run's execution: True once its end is emitted. Raises AwsRequestFailed and RunMoved."""
    try:
        execution, connection = _seen(closing, run)
    except FarsyncError as failure:
        return _not_seen(closing, run, failure)
    report_unknown_status(execution)
    if execution.status.is_terminal:
        return _report_end(closing, run, execution, connection)
    if closing.is_closed():
        logger.info("the run was closed before; a person has rerun its execution")
        return True
    if not run.may_be_canceled:
        closing.report_out_of_sight(run, reasons.left_running(closing.ended, run))
        return closing.hidden(LONGEST_WAIT_SECONDS)
    return _cancel(closing, run)


def _seen(closing: Closing, run: Run) -> tuple[Execution, Connection]:
    ref = run.execution_ref()
    provider = closing.context.provider(ref.connection)
    return provider.get_execution(ref.job, ref.execution_id), provider.connection


def _cancel(closing: Closing, run: Run) -> bool:
    """Unless the run was redriven this moment, which then needs its execution."""
    closing.described()
    ref = run.execution_ref()
    try:
        closing.context.provider(ref.connection).cancel(ref.job, ref.execution_id)
    except FarsyncError as failure:
        if is_rejection(failure) and closing.is_grace_over:
            closing.report_out_of_sight(run, reasons.cancel_rejected(closing.ended, run, failure))
        return closing.come_again(failure)
    logger.info("cancel accepted", execution_id=ref.execution_id)
    return closing.come_again()


def _report_end(closing: Closing, run: Run, execution: Execution, connection: Connection) -> bool:
    polls = closing.record.receive_count
    canceled_by = cancel_reason(closing.ended, run, execution)
    closing.close(
        completion_event(
            run,
            execution,
            provider=connection.provider,
            account=connection.account,
            detected_at=closing.now,
            polls=polls,
            canceled_by=canceled_by,
            estimated_cost_usd=cost_of_run(closing.region, polls=polls),
        )
    )
    if canceled_by:
        count("ExecutionsCanceled")
    count("RunsClosed")
    return True


def _not_seen(closing: Closing, run: Run, failure: FarsyncError) -> bool:
    """A provider that is away comes back. What it has not known for days it knows no more."""
    if not is_out_of_sight(closing.record.sent_at, closing.now):
        return closing.come_again(failure)
    log_rejection(failure)
    closing.report_out_of_sight(run, reasons.end_not_seen(closing.ended, run, failure))
    return is_unknown_to_the_provider(failure) or closing.come_again()

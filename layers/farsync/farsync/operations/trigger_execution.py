"""Start: post once. Nothing is posted that may have been posted before."""

from typing import Literal

from farsync.aws.client import AwsRequestFailed
from farsync.aws.run_store import is_standing
from farsync.http_client.client import is_transient
from farsync.model import errors
from farsync.model.errors import FarsyncError
from farsync.model.execution import WireModel
from farsync.model.run import Run, RunBeside
from farsync.model.run_request import RunRequest, read_run_request
from farsync.operations.posting import post, start_parameters
from farsync.operations.start_execution import start_execution
from farsync.polling.pacing import first_wait_seconds, wait_before_a_start
from farsync.runtime.context import Context
from farsync.runtime.observability import count, log_rejection, logger
from farsync.runtime.request import Answer, Invocation


class Started(WireModel):
    """`started`: the run has its execution, to be polled first after `wait_seconds`. `postponed`: nothing was posted;
    prepare again after `wait_seconds`. `search`: nothing was posted now, but an earlier post of the run must be
    searched for first.
    """

    outcome: Literal["started", "postponed", "search"]
    run: Run
    wait_seconds: int
    reason: str | None = None


def start(context: Context, invocation: Invocation) -> Answer:
    """Raises named rejections where nothing was posted, StartUnconfirmed where a post may have begun one."""
    if not invocation.is_of_run:
        return start_execution(context, invocation)
    request, start_of_run = read_run_request(invocation.payload, RunBeside)
    if start_of_run is None:
        raise errors.InvalidRequest("request: is required beside run", field="request")
    return Answer(_start_run(context, request, start_of_run))


def _start_run(context: Context, request: RunRequest, asked: RunBeside) -> Started:
    run, now = asked.run, context.now()
    if run.execution_id:
        logger.info("attached to an execution", execution_id=run.execution_id)
        return _started(context, run)
    if asked.redrive_count > run.redrives_searched:
        reason = "the run was redriven; a start that it posted before is searched for first"
        return Started(outcome="search", run=run, wait_seconds=run.consistency_wait_seconds, reason=reason)
    if now >= run.deadline_at:
        raise errors.DeadlineExceeded("the run's deadline passed before its start could be posted")
    if run.waits_for:
        return _postponed(context, run, None, f"it waits for the end of {run.waits_for}")
    try:
        parameters = start_parameters(context, request)
        execution = post(context.provider(request.connection), request, run, parameters)
    except (errors.Throttled, errors.ProviderUnavailable) as delay:
        return _postponed_by(context, run, delay)
    except (errors.AlreadyRunning, errors.QuotaExceeded) as delay:
        if not _waits_for(request, delay):
            raise
        return _postponed_by(context, run, delay)
    execution_id = execution.ref.execution_id
    count("ExecutionsStarted")
    logger.info("execution started", execution_id=execution_id)
    if run.name and run.cancel_on_abort and not _is_standing(context, run.name, asked.redrive_count):
        count("StartsAfterClose")
        logger.warning("the run was closed meanwhile; its execution is canceled", execution_id=execution_id)
        _cancel(context, request, execution_id)
    return _started(context, run.with_execution(execution, context.now()))


def _cancel(context: Context, request: RunRequest, execution_id: str) -> None:
    """Raises nothing: a rejection would say that nothing was posted. What goes on here, close_run stops."""
    try:
        provider = context.provider(request.connection)
        context.transport.retrying.run(lambda: provider.cancel(request.job, execution_id), is_transient=is_transient)
    except FarsyncError as rejection:
        log_rejection(rejection)


def _waits_for(request: RunRequest, delay: FarsyncError) -> bool:
    """Whether the request wants to wait for its turn; one that attaches does so once the execution is listed."""
    return request.if_running == "wait" or (request.if_running == "attach" and isinstance(delay, errors.AlreadyRunning))


def _postponed_by(context: Context, run: Run, delay: FarsyncError) -> Started:
    log_rejection(delay)
    return _postponed(context, run, delay.retry_after_seconds, delay.text)


def _postponed(context: Context, run: Run, asked_seconds: float | None, reason: str) -> Started:
    wait_seconds = wait_before_a_start(run, context.now(), context.random, asked_seconds)
    return Started(outcome="postponed", run=run, wait_seconds=wait_seconds, reason=reason)


def _started(context: Context, run: Run) -> Started:
    wait_seconds = first_wait_seconds(run, context.now(), context.random)
    return Started(outcome="started", run=run, wait_seconds=wait_seconds)


def _is_standing(context: Context, name: str, redrive_count: int) -> bool:
    try:
        return is_standing(context, name, redrive_count)
    except AwsRequestFailed as failure:
        # A run that stands keeps its execution; for one that was closed meanwhile, close_run finds it.
        logger.warning("not known whether the run still stands", reason=str(failure))
        return True

"""Poll: each receive of a run's message asks for its execution once, and does what follows.

The poller owns the end, the deadline and the notices of a run that has an execution. Whatever a provider or AWS
answers, it raises nothing: the message comes again.
"""

from typing import NamedTuple

from farsync.aws.client import AwsRequestFailed
from farsync.aws.message_queue import send
from farsync.aws.task_tokens import TaskIsOver, heartbeat
from farsync.connections.connection import Connection
from farsync.events.completion_event import EventError, completion_event
from farsync.events.cost import cost_of_run
from farsync.events.event_json import json_text
from farsync.events.run_event import run_unobservable_event
from farsync.model.errors import FarsyncError, InvalidRequest, is_rejection
from farsync.model.execution import Execution
from farsync.model.run import Run
from farsync.operations.attention import with_grace_period_for_a_person
from farsync.operations.run_ending import end_run
from farsync.polling.decision import (
    WAIT_AFTER_FAILURE_SECONDS,
    GiveUp,
    Received,
    next_step,
    was_canceled_at_deadline,
)
from farsync.polling.message import PollMessage, read_poll_message
from farsync.polling.pacing import wait_of_run
from farsync.runtime.context import Context
from farsync.runtime.observability import count, log_rejection, logger, measure_seconds, report_unknown_status
from farsync.runtime.queue_messages import Record, keep, set_aside

NEVER_GIVEN = "InvalidToken"
"""What Step Functions answers of a token that it never gave; an old one is a task that is over."""
RETRY_SECONDS = 4.0
"""How long one request is repeated: a poll, a cancel and what AWS is asked beside must fit into the function's 30 s."""


class _Poll(NamedTuple):
    """One receive of a message that could be read."""

    context: Context
    record: Record
    message: PollMessage

    @property
    def polls(self) -> int:
        return self.message.polls + self.record.receive_count

    @property
    def region(self) -> str:
        return self.context.variables.get("AWS_REGION", "")


def consume(context: Context, record: Record) -> bool:
    """True where nothing is left to be done with the message; False where it is hidden for a while."""
    try:
        message = read_poll_message(record.body)
    except InvalidRequest:
        return _set_aside(context, record)
    try:
        heartbeat(context, message.token)
    except TaskIsOver:
        logger.info("the run no longer waits under this token; its message is dropped")
        return True
    except AwsRequestFailed as failure:
        if failure.code == NEVER_GIVEN:
            return _set_aside(context, record)
        return _kept_after(context, record, failure)
    return _poll(_Poll(context, record, message))


def _poll(poll: _Poll) -> bool:
    context, run = poll.context, poll.message.run
    try:
        execution, connection = _ask(context, run)
    except FarsyncError as failure:
        log_rejection(failure)
        return _go_on(poll, run, failure)
    if execution.status.is_terminal:
        return _report_end(poll, execution, connection)
    if execution.attention_reason is not None:
        run = with_grace_period_for_a_person(context, run, execution, connection, poll.polls)
    return _go_on(poll, run, None)


def _ask(context: Context, run: Run) -> tuple[Execution, Connection]:
    """Raises what the provider raises."""
    ref = run.execution_ref()
    provider = context.provider(ref.connection)
    execution = provider.get_execution(ref.job, ref.execution_id)
    report_unknown_status(execution)
    return execution, provider.connection


def _go_on(poll: _Poll, run: Run, failure: FarsyncError | None) -> bool:
    context, now = poll.context, poll.context.now()
    step = next_step(
        run,
        failure,
        now=now,
        policy_wait_seconds=wait_of_run(run, now, context.random),
        grace_seconds=context.grace_seconds,
        received=Received(poll.record.receive_count, poll.message.sent_at),
    )
    rejection = _cancel(context, run) if step.cancels else None
    if isinstance(step, GiveUp):
        return _give_up(poll, run, step, failure, rejection)
    is_grace_over = run.deadline_at <= now < poll.message.run.deadline_at
    if step.is_worn_out or is_grace_over:
        return _replaced(poll, run, step.wait_seconds)
    return _kept(context, poll.record, step.wait_seconds)


def _report_end(poll: _Poll, execution: Execution, connection: Connection) -> bool:
    run, now = poll.message.run, poll.context.now()
    was_canceled = was_canceled_at_deadline(run, execution, now)
    event = completion_event(
        run,
        execution,
        provider=connection.provider,
        account=connection.account,
        detected_at=now,
        polls=poll.polls,
        canceled_by="deadline" if was_canceled else None,
        estimated_cost_usd=cost_of_run(poll.region, polls=poll.polls),
    )
    try:
        end_run(poll.context, poll.message.token, event, final=True)
    except AwsRequestFailed as failure:
        return _kept_after(poll.context, poll.record, failure)
    if event.data.detection_delay_seconds is not None:
        measure_seconds("DetectionDelay", event.data.detection_delay_seconds)
    if was_canceled:
        count("ExecutionsCanceled")
    logger.info("execution ended", status=event.data.status, provider_status=execution.provider_status)
    return True


def _give_up(poll: _Poll, run: Run, step: GiveUp, failure: FarsyncError | None, rejection: FarsyncError | None) -> bool:
    grace = f"{poll.context.grace_seconds:.0f} s after the run's deadline"
    what_is_known = [
        f"the end of execution {run.execution_id} was not seen within {grace}",
        _cancel_summary(run, rejection),
        *([f"it could not be polled: {failure.text}"] if failure else []),
    ]
    event = run_unobservable_event(
        run_name=run.name or "",
        redrive_count=poll.message.redrive_count,
        request=None,
        run=run,
        error=EventError(name="RunUnobservable", message="; ".join(what_is_known)),
        detected_at=poll.context.now(),
        cancel_confirmed=False if step.cancels and rejection is None else None,
        polls=poll.polls,
        region=poll.region,
    )
    try:
        end_run(poll.context, poll.message.token, event, final=False)
    except AwsRequestFailed as failure:
        return _kept_after(poll.context, poll.record, failure)
    logger.warning("the execution's end was not seen", reason=event.data.error and event.data.error.message)
    return True


def _cancel_summary(run: Run, rejection: FarsyncError | None) -> str:
    if run.is_attached:
        return "it is left running, since the run attached to it"
    if not run.may_be_canceled:
        return "it is left running, as the request wants (cancelOnAbort: false)"
    if rejection is None:
        return "its cancel was accepted"
    # A provider that is away may have taken it, or an earlier one.
    return f"its cancel was {'rejected' if is_rejection(rejection) else 'not confirmed'}: {rejection.text}"


def _cancel(context: Context, run: Run) -> FarsyncError | None:
    """The failure, if it was not accepted; the next receive tries again."""
    ref = run.execution_ref()
    try:
        context.provider(ref.connection).cancel(ref.job, ref.execution_id)
    except FarsyncError as rejection:
        log_rejection(rejection)
        return rejection
    logger.info("the run is past its deadline; the cancel of its execution was accepted")
    return None


def _replaced(poll: _Poll, run: Run, wait_seconds: int) -> bool:
    context = poll.context
    copy = poll.message.copied(run, poll.polls, context.now())
    body = json_text(copy.model_dump(mode="json", by_alias=True, exclude_none=True))
    try:
        send(context, context.variables["POLL_QUEUE_URL"], body, wait_seconds)
    except AwsRequestFailed as failure:
        logger.warning("the message could not be replaced", reason=str(failure))
        return _kept(context, poll.record, wait_seconds)
    return True


def _set_aside(context: Context, record: Record) -> bool:
    try:
        set_aside(context, "POLL_DEAD_LETTER_QUEUE_URL", record)
    except AwsRequestFailed as failure:
        return _kept_after(context, record, failure)
    return True


def _kept_after(context: Context, record: Record, failure: AwsRequestFailed) -> bool:
    log_rejection(failure)
    return _kept(context, record, WAIT_AFTER_FAILURE_SECONDS)


def _kept(context: Context, record: Record, seconds: int) -> bool:
    return keep(context, "POLL_QUEUE_URL", record, seconds)

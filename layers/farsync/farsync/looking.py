"""Poll: look at an execution once; on its end, compose the completion event, else say when to look again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from farsync.connections import Connection
from farsync.environment import Environment
from farsync.execution import Execution, ExecutionStatus, WireModel
from farsync.invocation import Answer, Invocation
from farsync.pacing import wait_of_run
from farsync.run import Run
from farsync.telemetry import count, logger, measure_seconds, tell_unknown_status
from farsync.validation import validated

if TYPE_CHECKING:
    from farsync.bill import Bill

LONGEST_WAIT_INSIDE_SECONDS = 4
"""A way through the state machine costs as much as some 24 seconds of waiting inside the function; but the function
must come to its end within 30, with 20 for a vendor who is slow. docs/polling.md has the arithmetic.
"""
LAST_LOOK_BEGINS_WITHIN_SECONDS = 10
MOST_LOOKS_OF_A_CALL = 3


class LookAtRun(WireModel):
    """A look inside a run."""

    run: Run
    labels: Mapping[str, str] = {}
    has_secret_parameters: bool = False
    transitions: int | None = None
    """State transitions of the run, if this look sees its end, up to the event on its queue; None where they are not
    counted, so that no bill is told.
    """


class Look(WireModel):
    """What was seen. `event` is there once the execution has ended, `wait_seconds` until then."""

    run: Run
    status: ExecutionStatus
    vendor_status: str
    wait_seconds: int | None = None
    event: Mapping[str, object] | None = None
    notice: Mapping[str, object] | None = None
    """An event that is no completion: the execution waits for a person."""


def look(environment: Environment, invocation: Invocation) -> Answer:
    """Raises what the provider raises; the state machine takes every such error as "look again later"."""
    if not invocation.is_of_run:
        from farsync.showing_executions import show_execution  # a run's looks, the common case, do not pay for it

        return show_execution(environment, invocation)
    asked = validated(LookAtRun, invocation.payload)
    begun = environment.clock()
    called = asked.run.model_copy(update={"function_calls": asked.run.function_calls + 1})
    seen = _look_once(environment, called, asked, begun)
    for _ in range(MOST_LOOKS_OF_A_CALL - 1):
        wait_seconds = _wait_before_another_look(seen, environment.now(), environment.clock() - begun)
        if wait_seconds is None:
            break
        environment.sleep(wait_seconds)
        seen = _look_once(environment, seen.run, asked, begun)
    return Answer(seen)


def _wait_before_another_look(seen: Look, now: datetime, spent_seconds: float) -> int | None:
    """None where the state machine shall wait, or judge; the deadline is its to judge."""
    if seen.wait_seconds is None or seen.notice or seen.wait_seconds > LONGEST_WAIT_INSIDE_SECONDS:
        return None
    is_over = seen.run.cancel_reason is None and now >= seen.run.deadline_at
    is_late = spent_seconds + seen.wait_seconds > LAST_LOOK_BEGINS_WITHIN_SECONDS
    return None if is_over or is_late else seen.wait_seconds


def _look_once(environment: Environment, run: Run, asked: LookAtRun, begun: float) -> Look:
    run = run.model_copy(update={"polls": run.polls + 1})
    ref = run.execution_ref()
    count("Polls")
    execution, connection = environment.with_provider(
        ref.connection,
        lambda provider, connection: (provider.get_execution(ref.job, ref.execution_id), connection),
    )
    if asked.has_secret_parameters:
        # The vendor's reason may repeat a parameter's value.
        execution = execution.model_copy(update={"failure_reason": None})
    tell_unknown_status(execution)
    run = _as_patient_as_the_connection(run, execution, connection, environment.now())
    spent_seconds = round(asked.run.function_seconds + environment.clock() - begun, 3)
    run = run.model_copy(update={"function_seconds": max(0.0, spent_seconds)})
    if execution.status.is_terminal:
        return _tell_the_end(environment, run, execution, connection, asked)
    if execution.attention_reason is not None and execution.vendor_status not in run.attention_told:
        return _tell_of_attention(environment, run, execution, connection, asked.labels)
    return _look_again(environment, run, execution)


def _tell_the_end(
    environment: Environment, run: Run, execution: Execution, connection: Connection, asked: LookAtRun
) -> Look:
    from farsync.events import completion_event  # only the last look of a run pays for it

    event = completion_event(
        run,
        execution,
        provider=connection.provider,
        account=connection.account,
        labels=asked.labels,
        detected_at=environment.now(),
        bill=_bill(environment, run, asked),
    )
    if event.data.detection_delay_seconds is not None:
        measure_seconds("DetectionDelay", event.data.detection_delay_seconds)
    logger.info("execution ended", status=execution.status, vendor_status=execution.vendor_status)
    return Look(
        run=run,
        status=execution.status,
        vendor_status=execution.vendor_status,
        event=event.model_dump(mode="json", by_alias=True, exclude_none=True),
    )


def _bill(environment: Environment, run: Run, asked: LookAtRun) -> "Bill | None":
    if asked.transitions is None:
        return None
    from farsync.bill import bill_of_run  # only the last look of a run pays for it

    return bill_of_run(run, asked.transitions, environment.variables.get("AWS_REGION", ""))


def _tell_of_attention(
    environment: Environment, run: Run, execution: Execution, connection: Connection, labels: Mapping[str, str]
) -> Look:
    """Once per run and state."""
    from farsync.events import attention_event  # few runs ever need it

    now = environment.now()
    notice = attention_event(run, execution, provider=connection.provider, labels=labels, detected_at=now)
    count("NeedsAttention")
    logger.warning("execution waits for a person", vendor_status=execution.vendor_status)
    told_run = run.model_copy(update={"attention_told": (*run.attention_told, execution.vendor_status)})
    again = _look_again(environment, told_run, execution)
    return again.model_copy(update={"notice": notice.model_dump(mode="json", by_alias=True, exclude_none=True)})


def _as_patient_as_the_connection(run: Run, execution: Execution, connection: Connection, now: datetime) -> Run:
    """While a person is waited for, the connection may bring the deadline nearer; once it goes on, the run's counts."""
    patience_seconds = connection.needs_attention_timeout_seconds
    if execution.attention_reason is None:
        if run.resumed_deadline_at is None:
            return run
        return run.model_copy(update={"deadline_at": run.resumed_deadline_at, "resumed_deadline_at": None})
    if patience_seconds is None or run.resumed_deadline_at is not None:
        return run
    deadline_at = min(run.deadline_at, now + timedelta(seconds=patience_seconds))
    return run.model_copy(update={"deadline_at": deadline_at, "resumed_deadline_at": run.deadline_at})


def _look_again(environment: Environment, run: Run, execution: Execution) -> Look:
    wait_seconds = wait_of_run(run, environment.now(), environment.random)
    logger.info("execution goes on", vendor_status=execution.vendor_status, wait_seconds=wait_seconds)
    return Look(run=run, status=execution.status, vendor_status=execution.vendor_status, wait_seconds=wait_seconds)

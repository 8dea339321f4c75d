"""What closing a run asks AWS: whether the run still stands as its message says, its events, when to come again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from farsync.aws.closings import close, is_closed
from farsync.aws.emitting import RunEvent, emit, run_event_about
from farsync.aws.executions import describe_execution
from farsync.aws.history_events import parsed
from farsync.aws.message_queue import send
from farsync.closing.decision import FIRST_WAIT_SECONDS, next_wait_seconds, run_state
from farsync.closing.ended_run import EndedRun, message_of
from farsync.events.completion_event import CompletionEvent, EventError
from farsync.events.run_event import run_failed_event, run_unobservable_event
from farsync.model.errors import FarsyncError
from farsync.model.execution import Candidate
from farsync.model.run import Run
from farsync.runtime.context import Context
from farsync.runtime.observability import count, log_rejection, logger
from farsync.runtime.queue_messages import Record, keep


class RunMoved(Exception):
    """The run does not stand as the message says. `is_redriven`: it goes on, or did, and another message is its own."""

    def __init__(self, *, is_redriven: bool) -> None:
        super().__init__("redriven" if is_redriven else "stale")
        self.is_redriven = is_redriven


class Closing(NamedTuple):
    """One receive of the message about a run that ended. Its methods raise AwsRequestFailed where AWS fails."""

    context: Context
    record: Record
    ended: EndedRun

    @property
    def now(self) -> datetime:
        return self.context.now()

    @property
    def region(self) -> str:
        return self.context.variables.get("AWS_REGION", "")

    @property
    def is_grace_over(self) -> bool:
        return self.now >= self.ended.stopped_at + timedelta(seconds=self.context.grace_seconds)

    def with_redrive_count(self) -> "Closing":
        """With the run's redrive count as it is now, for a message that does not say it."""
        described = describe_execution(self.context, self.ended.execution_arn)
        count_now = int(described.get("redriveCount") or 0)
        return self._replace(ended=self.ended.model_copy(update={"redrive_count": count_now}))

    def described(self) -> dict[str, Any]:
        """The run as it stands this moment, its input with it. Raises RunMoved."""
        described = describe_execution(self.context, self.ended.execution_arn)
        seen = run_state(self.ended, str(described.get("status")), int(described.get("redriveCount") or 0))
        if seen != "ended":
            raise RunMoved(is_redriven=seen == "redriven")
        return described

    def is_closed(self) -> bool:
        """Whether the end of the run's execution was emitted for this run and redrive."""
        return is_closed(self.context, self.ended.name, self.ended.redrive_count)

    def run_event(self) -> RunEvent | None:
        """What was emitted already about this run and redrive."""
        return run_event_about(self.context, self.ended.name, self.ended.redrive_count)

    def close(self, event: CompletionEvent) -> None:
        """By the end of the run's execution."""
        close(self.context, self.ended.name, self.ended.redrive_count, event)
        logger.info("event handed over", event_type=event.type, event_id=event.id)

    def emit(self, event: CompletionEvent) -> None:
        emit(self.context, event)
        logger.info("event handed over", event_type=event.type, event_id=event.id)

    def replace_by_one_that_names(self, execution_id: str) -> None:
        """This message may go then: another search might find otherwise, by whole seconds of two clocks."""
        named = self.ended.model_copy(update={"execution_id": execution_id})
        send(self.context, self.context.variables["CLOSE_QUEUE_URL"], message_of(named), FIRST_WAIT_SECONDS)

    def fail(self, run: Run | None, error: EventError, candidates: Sequence[Candidate] = ()) -> bool:
        """Emits that the run has no execution, or none that is known for its own. Raises RunMoved."""
        event = run_failed_event(
            run_name=self.ended.name,
            redrive_count=self.ended.redrive_count,
            request=parsed(self.described().get("input")),
            run=run,
            error=error,
            detected_at=self.now,
            candidates=candidates,
            region=self.region,
        )
        self.emit(event)
        count("RunsClosed")
        return True

    def report_out_of_sight(self, run: Run | None, error: EventError) -> None:
        """Emits once that the execution's end is not known. Raises RunMoved."""
        if self.run_event() is not None:
            return
        event = run_unobservable_event(
            run_name=self.ended.name,
            redrive_count=self.ended.redrive_count,
            request=parsed(self.described().get("input")),
            run=run,
            error=error,
            detected_at=self.now,
            polls=self.record.receive_count,
            region=self.region,
        )
        self.emit(event)
        logger.warning("a run's execution is out of sight", reason=error.message)

    def come_again(self, failure: FarsyncError | None = None) -> bool:
        """After a wait that grows with each receive, and is as long as the provider asked for."""
        if failure is not None:
            log_rejection(failure)
        asked_seconds = failure.retry_after_seconds if failure else None
        return self.hidden(next_wait_seconds(self.record.receive_count, self.context.random, asked_seconds))

    def hidden(self, seconds: int) -> bool:
        return keep(self.context, "CLOSE_QUEUE_URL", self.record, seconds)

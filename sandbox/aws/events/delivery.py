"""How Scheduler calls a target: again and again as the retry policy says, and then onto the dead-letter queue.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import datetime
import logging
import threading
import time
import uuid
from dataclasses import dataclass, replace

from sandbox.aws.events.targets import TargetCaller, TargetFailed
from sandbox.aws.http_server import ConnectionDropped
from sandbox.aws.template.model import Schedule

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 600.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """One time of a schedule, on its way to the target."""

    schedule: Schedule
    scheduled_time: datetime.datetime
    execution_id: str
    retries: int = 0

    def payload(self) -> str:
        """The schedule's input with its context attributes filled in.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
        """
        values = {
            "scheduled-time": self.time_text(),
            "schedule-arn": self.schedule.arn,
            "execution-id": self.execution_id,
            "attempt-number": str(self.retries + 1),
        }
        text = self.schedule.target.input or "{}"
        for name, value in values.items():
            text = text.replace(f"<aws.scheduler.{name}>", value)
        return text

    def time_text(self) -> str:
        return self.scheduled_time.astimezone(datetime.UTC).strftime(TIME_FORMAT)


class Deliveries:
    """`speed` divides the pauses between attempts and the age at which they end."""

    def __init__(self, targets: TargetCaller, speed: float = 1.0) -> None:
        self._targets = targets
        self._speed = speed
        self._is_stopped = threading.Event()

    def stop(self) -> None:
        self._is_stopped.set()

    def begin(self, schedule: Schedule, scheduled_time: datetime.datetime) -> str | None:
        """The first attempt: gives the ARN of the execution started, None for a function.

        Raises TargetFailed, once the further attempts have begun beside it.
        """
        delivery = Delivery(schedule, scheduled_time, str(uuid.uuid4()))
        try:
            return self._attempt(delivery)
        except TargetFailed as failure:
            threading.Thread(target=self._go_on, args=(delivery, failure), daemon=True).start()
            raise

    def _attempt(self, delivery: Delivery) -> str | None:
        try:
            return self._targets.call(delivery.schedule.target, delivery.payload())
        except ConnectionDropped as dropped:
            raise TargetFailed("the connection was dropped") from dropped

    def _go_on(self, delivery: Delivery, failure: TargetFailed) -> None:
        policy = delivery.schedule.retries
        ends_at = time.monotonic() + policy.max_age_seconds / self._speed
        pause_seconds = FIRST_PAUSE_SECONDS
        while failure.may_pass and delivery.retries < policy.max_attempts and time.monotonic() < ends_at:
            _LOG.info("schedule %s is tried again: %s", delivery.schedule.name, failure)
            if self._is_stopped.wait(pause_seconds / self._speed):
                return
            pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)
            delivery = replace(delivery, retries=delivery.retries + 1)
            try:
                self._attempt(delivery)
            except TargetFailed as next_failure:
                failure = next_failure
            else:
                return
        self._give_up(delivery, failure)

    def _give_up(self, delivery: Delivery, failure: TargetFailed) -> None:
        schedule = delivery.schedule
        _LOG.warning("schedule %s failed: %s", schedule.name, failure)
        if schedule.retries.dead_letter_arn is None:
            return
        attributes = {
            "ERROR_CODE": failure.code,
            "ERROR_MESSAGE": str(failure),
            "EXECUTION_ID": delivery.execution_id,
            "IS_PAYLOAD_TRUNCATED": "false",
            "RETRY_ATTEMPTS": str(delivery.retries),
            "SCHEDULED_TIME": delivery.time_text(),
            "SCHEDULE_ARN": schedule.arn,
            "TARGET_ARN": schedule.target.arn,
        }
        self._targets.send(schedule.retries.dead_letter_arn, delivery.payload(), attributes)

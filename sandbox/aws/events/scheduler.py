"""EventBridge Scheduler: fires schedules at their times, or when asked to."""

import contextlib
import datetime
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.aws.events.delivery import TIME_FORMAT, Deliveries
from sandbox.aws.events.schedule_expression import NextFire, parse_expression
from sandbox.aws.events.targets import TargetFailed
from sandbox.aws.template.model import Schedule


@dataclass
class _Deployed:
    """A schedule, and when it fires next by itself."""

    schedule: Schedule
    next_fire: NextFire
    moment: datetime.datetime | None = None

    def set_moment(self, after: datetime.datetime) -> None:
        schedule = self.schedule
        # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
        has_dates = not schedule.expression.startswith("at(")
        begin = schedule.starts_at if has_dates else None
        moment = self.next_fire(max(after, begin or after)) if schedule.is_enabled else None
        is_past = moment and has_dates and schedule.ends_at and moment > schedule.ends_at
        self.moment = None if is_past else moment


class Scheduler:
    """Raises ScheduleInvalid where a schedule cannot be read."""

    def __init__(self, schedules: Sequence[Schedule], deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._stacks: dict[str, list[_Deployed]] = {}
        self._changed = threading.Condition()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._fire_on_time, daemon=True)
        self.deploy("", schedules)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._deliveries.stop()

    def deploy(self, stack_name: str, schedules: Sequence[Schedule]) -> None:
        """Beside those of other stacks; in place of those that the stack had. Raises ScheduleInvalid."""
        deployed = [
            _Deployed(schedule, parse_expression(schedule.expression, schedule.timezone)) for schedule in schedules
        ]
        for known in deployed:
            known.set_moment(_now())
        with self._changed:
            self._stacks[stack_name] = deployed
            self._changed.notify_all()

    def find(self, name: str) -> Schedule | None:
        """By name or by logical id."""
        schedules = (known.schedule for known in self._deployed())
        return next((schedule for schedule in schedules if name in (schedule.name, schedule.logical_id)), None)

    def fire(self, schedule: Schedule, scheduled_time: datetime.datetime) -> str | None:
        """Gives the ARN of the execution started, None for a function.

        Raises TargetFailed; what failed is tried again as the schedule's retry policy says.
        """
        return self._deliveries.begin(schedule, scheduled_time)

    def as_json(self) -> dict[str, Any]:
        """{"schedules": [one of each]}"""
        return {
            "schedules": [
                {
                    "name": known.schedule.name,
                    "arn": known.schedule.arn,
                    "expression": known.schedule.expression,
                    "timezone": known.schedule.timezone,
                    "state": "ENABLED" if known.schedule.is_enabled else "DISABLED",
                    "target": known.schedule.target.arn,
                    "deadLetterArn": known.schedule.retries.dead_letter_arn,
                    "nextFire": known.moment and known.moment.strftime(TIME_FORMAT),
                }
                for known in self._deployed()
            ]
        }

    def _deployed(self) -> Iterator[_Deployed]:
        for stack in list(self._stacks.values()):
            yield from stack

    def _fire_on_time(self) -> None:
        with self._changed:
            while not self._is_stopped:
                now, next_moment = _now(), None
                for known in self._deployed():
                    if known.moment and known.moment <= now:
                        threading.Thread(target=self._deliver, args=(known.schedule, known.moment), daemon=True).start()
                        known.set_moment(known.moment)
                    if known.moment:
                        next_moment = min(known.moment, next_moment or known.moment)
                self._changed.wait((next_moment - now).total_seconds() if next_moment else None)

    def _deliver(self, schedule: Schedule, moment: datetime.datetime) -> None:
        with contextlib.suppress(TargetFailed):  # it is tried again
            self._deliveries.begin(schedule, moment)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)

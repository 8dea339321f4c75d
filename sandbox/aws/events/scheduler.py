"""EventBridge Scheduler: fires schedules at their times, or when asked to."""

import contextlib
import datetime
import heapq
import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.aws.events.delivery import TIME_FORMAT, Deliveries
from sandbox.aws.events.schedule_expression import NextFire, parse_expression
from sandbox.aws.events.targets import TargetFailed
from sandbox.aws.template.model import Schedule


class Scheduler:
    """Raises ScheduleInvalid where a schedule cannot be read."""

    def __init__(self, schedules: Sequence[Schedule], deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._stacks: dict[str, Mapping[Schedule, NextFire]] = {"": _with_expressions(schedules)}
        self._due: list[tuple[datetime.datetime, int, str, Schedule]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._fire_on_time, daemon=True)

    def start(self) -> None:
        self._push_all(datetime.datetime.now(tz=datetime.UTC))
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._deliveries.stop()

    def deploy(self, stack_name: str, schedules: Sequence[Schedule]) -> None:
        """Beside those of the template; in place of those that the stack had. Raises ScheduleInvalid."""
        deployed = _with_expressions(schedules)
        with self._changed:
            self._stacks[stack_name] = deployed
            self._due.clear()
            self._push_all(datetime.datetime.now(tz=datetime.UTC))
            self._changed.notify_all()

    def find(self, name: str) -> Schedule | None:
        """By name or by logical id."""
        return next((known for known, _ in self._schedules() if name in (known.name, known.logical_id)), None)

    def fire(self, schedule: Schedule, scheduled_time: datetime.datetime) -> str | None:
        """Gives the ARN of the execution started, None for a function.

        Raises TargetFailed; what failed is tried again as the schedule's retry policy says.
        """
        return self._deliveries.begin(schedule, scheduled_time)

    def as_json(self) -> dict[str, Any]:
        """{"schedules": [one of each]}"""
        now = datetime.datetime.now(tz=datetime.UTC)
        described = []
        for schedule, next_fire in self._schedules():
            moment = _next_time(schedule, next_fire, now)
            described.append(
                {
                    "name": schedule.name,
                    "arn": schedule.arn,
                    "expression": schedule.expression,
                    "timezone": schedule.timezone,
                    "state": "ENABLED" if schedule.is_enabled else "DISABLED",
                    "target": schedule.target.arn,
                    "deadLetterArn": schedule.retries.dead_letter_arn,
                    "nextFire": moment and moment.strftime(TIME_FORMAT),
                }
            )
        return {"schedules": described}

    def _schedules(self) -> Iterator[tuple[Schedule, NextFire]]:
        for stack in list(self._stacks.values()):
            yield from stack.items()

    def _fire_on_time(self) -> None:
        with self._changed:
            while not self._is_stopped:
                now = datetime.datetime.now(tz=datetime.UTC)
                if not self._due or self._due[0][0] > now:
                    self._changed.wait((self._due[0][0] - now).total_seconds() if self._due else None)
                    continue
                moment, _, stack_name, schedule = heapq.heappop(self._due)
                threading.Thread(target=self._deliver, args=(schedule, moment), daemon=True).start()
                self._push(stack_name, schedule, moment)

    def _deliver(self, schedule: Schedule, moment: datetime.datetime) -> None:
        with contextlib.suppress(TargetFailed):  # it is tried again
            self._deliveries.begin(schedule, moment)

    def _push_all(self, now: datetime.datetime) -> None:
        for stack_name, stack in self._stacks.items():
            for schedule in stack:
                self._push(stack_name, schedule, now)

    def _push(self, stack_name: str, schedule: Schedule, after: datetime.datetime) -> None:
        moment = _next_time(schedule, self._stacks[stack_name][schedule], after)
        if moment is not None:
            heapq.heappush(self._due, (moment, next(self._order), stack_name, schedule))


def _with_expressions(schedules: Sequence[Schedule]) -> Mapping[Schedule, NextFire]:
    return {schedule: parse_expression(schedule.expression, schedule.timezone) for schedule in schedules}


def _next_time(schedule: Schedule, next_fire: NextFire, after: datetime.datetime) -> datetime.datetime | None:
    if not schedule.is_enabled:
        return None
    moment = next_fire(max(after, schedule.starts_at or after))
    return None if moment and schedule.ends_at and moment > schedule.ends_at else moment

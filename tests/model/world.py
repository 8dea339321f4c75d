"""One trace: everything is put together, and played until all is quiet."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from unittest.mock import patch

from farsync.operations import poll_execution
from farsync.polling.message import read_poll_message
from farsync.runtime import observability as telemetry
from tests.model.agenda import Agenda
from tests.model.cloud import SOMEBODY, Cloud, TrueExecution
from tests.model.drawing import RunToBegin
from tests.model.faults import Faults
from tests.model.functions import Functions
from tests.model.machine import Machine
from tests.model.queues import Queue
from tests.model.runs import RUN_ARN, WalkedRun
from tests.model.scenario import Scenario, draw
from tests.model.step_functions import Account

HOUR = 3600.0
QUIET_SECONDS = 2 * HOUR + 300
"""After the last fault and the last end: an hour, and one more for what only a sweep finds."""
LONGEST_SECONDS = 24 * HOUR


class World:
    def __init__(self, seed: int, *, is_told: bool = False, scenario: Scenario | None = None) -> None:
        self.scenario = scenario = scenario or draw(seed)
        self.agenda = agenda = Agenda(seed, is_told=is_told)
        self.faults = Faults(agenda, scenario.faults, self.do)
        conditions = self.faults.conditions
        self.cloud = Cloud(agenda, conditions, scenario.kind, scenario.window_seconds)
        self.account = Account(agenda, conditions)
        self.functions = Functions(agenda, self.faults, self.account, self.cloud)
        self.polls = Queue("PollQueue", agenda, conditions, 1000, self.functions.consume_polls)
        self.ends = Queue("CloseQueue", agenda, conditions, 500, self.functions.consume_ends)
        self.account.queues.update({queue.name: queue for queue in (self.polls, self.ends)})
        self.machine = Machine(agenda, self.faults, self.polls, self.functions.call_task, self._ended)
        self.account.settle = self.machine.settle
        self.disturbed_at = agenda.now
        self._to_end = len(scenario.runs)
        for run in scenario.runs:
            agenda.after(run.after_seconds, lambda run=run: self._begin(run))  # type: ignore[misc]
        agenda.after(agenda.random.uniform(0, HOUR), self._sweep)

    @property
    def runs(self) -> list[WalkedRun]:
        return list(self.account.runs.values())

    def play(self) -> None:
        try:
            self.agenda.run_until(self._is_quiet_at)
        finally:
            self.ended_at = self.agenda.now
            self.functions.kill_what_is_held_up()

    def do(self, deed: tuple[str, ...], now: float) -> None:
        """What a person does, or a part of the world."""
        what, *names = deed
        self.agenda.tell("(fault)", "%s", " ".join(deed))
        self.disturbed_at = max(self.disturbed_at, now)
        match what:
            case "abort":
                for run in self.runs:
                    if run.label == names[0]:
                        self.machine.abort(run)
            case "redrive":
                ended = [run for run in self.runs if not run.is_open and run.status != "SUCCEEDED"]
                if ended:
                    self._to_end += 1
                    self.machine.redrive(self.agenda.random.choice(ended))
            case "foreign start":
                number = len(self.cloud.executions)
                self.cloud.begin(names[0], SOMEBODY, {"run": f"somebody's {number}"}, None, 0.0)
            case "person cancels":
                running = [known for known in self.cloud.executions.values() if not known.last.has_ended(now)]
                if running:
                    self.cloud.cancel(self.agenda.random.choice(running), None)
            case "person reruns":
                self._rerun(now)
            case "act late":
                self.cloud.acts_late_next = True
            case "mix up":
                self.cloud.mixes_up_next = True
            case "purge":
                self.account.queues[names[0]].purge()
            case "repeat":
                self.account.queues[names[0]].repeat()
            case "double next":
                self.account.queues[names[0]].doubles_next = True
            case _:
                conditions, name = self.faults.conditions, what.replace(" ", "_")
                setattr(conditions, name, max(getattr(conditions, name), now + float(names[0])))
                self.disturbed_at = max(self.disturbed_at, conditions.latest())

    def _is_quiet_at(self) -> float:
        if self._to_end:
            return self.agenda.began_at + LONGEST_SECONDS
        return self.disturbed_at + QUIET_SECONDS

    def _begin(self, begun: RunToBegin) -> None:
        run = WalkedRun(begun.label, begun.name, begun.request, self.agenda.now)
        self.account.runs[run.name] = run
        self.machine.begin(run)

    def _ended(self, run: WalkedRun) -> None:
        conditions, agenda = self.faults.conditions, self.agenda
        now = agenda.now
        self._to_end -= 1
        self.disturbed_at = max(self.disturbed_at, now)
        if run.status == "SUCCEEDED":
            return
        content: dict[str, object] = {
            "executionArn": RUN_ARN + run.name,
            "name": run.name,
            "status": run.status,
            "stopDate": int(now * 1000),
            "redriveCount": run.redrive_count if agenda.random.random() < 0.9 else "",
        }
        if now >= conditions.status_events_lost:
            body, chance = json.dumps(content), agenda.random
            late = chance.uniform(60, 3000) if now < conditions.status_events_late else 0.5
            agenda.after(late, lambda: self.ends.send(body))
            if now < conditions.status_events_doubled:
                agenda.after(chance.uniform(1, 600), lambda: self.ends.send(body))
        self.faults.at("run_job", "ends badly")

    def _sweep(self) -> None:
        self.agenda.after(HOUR, self._sweep)
        self.functions.sweep()

    def _rerun(self, now: float) -> None:
        """By somebody who waits until the run is over for good: before that, it is still what its run stops."""
        ended = [
            known
            for known in self.cloud.executions.values()
            if known.last.has_ended(now) and now >= known.shown_from and self._is_done_with(known)
        ]
        if ended:
            self.cloud.rerun(self.agenda.random.choice(ended))

    def _is_done_with(self, execution: TrueExecution) -> bool:
        owners = [run for run in self.runs if run.label == execution.owner]
        return all(run.is_final or run.closing_name in self.account.started_once for run in owners)


class _NoMetrics:
    def __init__(self) -> None:
        self.metric_set: dict[str, object] = {}

    def add_metric(self, **_: object) -> None:
        """Nobody counts here."""


@contextmanager
def quiet_telemetry() -> Iterator[None]:
    """Neither logs nor metrics, which would take most of the time; and a message that comes again is read once."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    reading = patch.object(poll_execution, "read_poll_message", lru_cache(64)(read_poll_message))
    try:
        with patch.object(telemetry, "metrics", _NoMetrics()), reading:
            yield
    finally:
        logging.disable(disabled)

"""One trace: everything is put together, and played until all is quiet."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from types import SimpleNamespace
from unittest.mock import patch

from farsync.operations import poll_execution
from farsync.polling.message import read_poll_message
from farsync.runtime import observability
from tests.model.agenda import Agenda
from tests.model.cloud import SOMEBODY, Cloud, TrueExecution
from tests.model.drawing import RunToBegin
from tests.model.faults import Faults
from tests.model.functions import Functions
from tests.model.machine import Machine
from tests.model.queues import Queue
from tests.model.runs import RUN_ARN, WalkedRun
from tests.model.scenario import draw
from tests.model.step_functions import Account

HOUR = 3600.0
QUIET_SECONDS = 2 * HOUR + 300
"""After the last fault and the last end: an hour, and one more for whatever only a sweep finds."""
LONGEST_SECONDS = 24 * HOUR


class Trace:
    def __init__(self, seed: int, *, is_logged: bool = False) -> None:
        self.scenario = scenario = draw(seed)
        self.agenda = agenda = Agenda(seed, is_logged=is_logged)
        self.faults = Faults(agenda, scenario.faults, self._do)
        conditions = self.faults.conditions
        self.cloud = Cloud(agenda, conditions, scenario.kind, scenario.window_seconds)
        self.account = Account(agenda, conditions)
        self.functions = Functions(agenda, self.faults, self.account, self.cloud)
        self.polls = Queue("PollQueue", agenda, conditions, 1000, self.functions.consume_polls)
        self.ends = Queue("CloseQueue", agenda, conditions, 500, self.functions.consume_ends)
        self.account.queues.update({queue.name: queue for queue in (self.polls, self.ends)})
        self.machine = Machine(agenda, self.faults, self.polls, self.functions.call_task, self._ended)
        self.account.finish_task = self.machine.finish_task
        self._disturbed_at = agenda.now
        self._to_end = len(scenario.runs)
        for run in scenario.runs:
            agenda.after(run.after_seconds, partial(self._begin, run))
        agenda.after(agenda.random.uniform(0, HOUR), self._sweep)

    @property
    def runs(self) -> list[WalkedRun]:
        return list(self.account.runs.values())

    def play(self) -> None:
        try:
            self.agenda.run_until(self._is_quiet_at)
        finally:
            self.ended_at = self.agenda.now
            self.functions.kill_held_up_calls()

    def _do(self, deed: tuple[str, ...]) -> None:
        """Of a person, or of a part of AWS or the provider."""
        kind, *names = deed
        now, chance = self.agenda.now, self.agenda.random
        self.agenda.log("(fault)", "%s", " ".join(deed))
        self._disturbed_at = max(self._disturbed_at, now)
        executions = self.cloud.executions.values()
        match kind:
            case "abort":
                for run in self.runs:
                    if run.label == names[0]:
                        self.machine.abort(run)
            case "redrive":
                if ended := [run for run in self.runs if not run.is_open and run.status != "SUCCEEDED"]:
                    self._to_end += 1
                    self.machine.redrive(chance.choice(ended))
            case "foreign start":
                self.cloud.begin(names[0], SOMEBODY, {"run": f"somebody's {len(executions)}"}, None, 0.0)
            case "person cancels":
                if running := [known for known in executions if not known.last.has_ended(now)]:
                    self.cloud.cancel(chance.choice(running), None)
            case "person reruns":
                shown = [known for known in executions if known.last.has_ended(now) and now >= known.shown_from]
                if over := [known for known in shown if self._is_done_with(known)]:
                    self.cloud.rerun(chance.choice(over))
            case "act late":
                self.cloud.acts_late_next = True
            case "mix up":
                self.cloud.mixes_up_next = True
            case "purge" | "repeat" | "double next":
                getattr(self.account.queues[names[0]], kind.replace(" ", "_"))()
            case _:
                conditions = self.faults.conditions
                conditions[kind] = max(conditions[kind], now + float(names[0]))
                self._disturbed_at = max(self._disturbed_at, conditions.latest())

    def _is_quiet_at(self) -> float:
        return self.agenda.began_at + LONGEST_SECONDS if self._to_end else self._disturbed_at + QUIET_SECONDS

    def _begin(self, begun: RunToBegin) -> None:
        run = WalkedRun(begun.label, begun.name, begun.request, self.agenda.now)
        self.account.runs[run.name] = run
        self.machine.begin(run)

    def _ended(self, run: WalkedRun) -> None:
        conditions, agenda, chance = self.faults.conditions, self.agenda, self.agenda.random
        now = agenda.now
        self._to_end -= 1
        self._disturbed_at = max(self._disturbed_at, now)
        if run.status == "SUCCEEDED":
            return
        content: dict[str, object] = {
            "executionArn": RUN_ARN + run.name,
            "name": run.name,
            "status": run.status,
            "stopDate": int(now * 1000),
            "redriveCount": run.redrive_count if chance.random() < 0.9 else "",
        }
        send = partial(self.ends.send, json.dumps(content))
        if now >= conditions["status events lost"]:
            agenda.after(chance.uniform(60, 3000) if now < conditions["status events late"] else 0.5, send)
            if now < conditions["status events doubled"]:
                agenda.after(chance.uniform(1, 600), send)
        self.faults.at("run_job", "ends badly")

    def _sweep(self) -> None:
        self.agenda.after(HOUR, self._sweep)
        self.functions.sweep()

    def _is_done_with(self, execution: TrueExecution) -> bool:
        """Whether its run is over for good: before that, a rerun of it is still stopped by the run."""
        owners = [run for run in self.runs if run.label == execution.owner]
        return all(run.is_final or run.closing_name in self.account.started_once for run in owners)


@contextmanager
def quiet_telemetry() -> Iterator[None]:
    """Neither logs nor metrics, which would take most of the time; and a message that comes again is read once."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    no_metrics = SimpleNamespace(metric_set={}, add_metric=lambda **_: None)
    reading = patch.object(poll_execution, "read_poll_message", lru_cache(64)(read_poll_message))
    try:
        with patch.object(observability, "metrics", no_metrics), reading:
            yield
    finally:
        logging.disable(disabled)

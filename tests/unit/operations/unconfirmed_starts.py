"""Starts whose replies are lost by the providers' own faults, and the searches for them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from farsync.model.names import run_name
from tests.unit.operations.emulator_in_process import EmulatorInProcess, FakeClock, HuaweiInProcess, NaverInProcess
from tests.unit.operations.environment_in_process import environment_in_process
from tests.unit.operations.step_functions_memory import StepFunctions, WalkedRun
from tests.unit.operations.walker import Walker

REQUEST_LOST = {"fault": "reset_before"}
REPLY_LOST = {"fault": "reset_after"}
KINDS: dict[str, Callable[[Path, FakeClock, float], EmulatorInProcess]] = {
    "data-flow": NaverInProcess,
    "dataarts": HuaweiInProcess,
    "data-flow-that-echoes": partial(NaverInProcess, is_echoing_parameters=True),
}
BOTH_CLOUDS = ["data-flow", "dataarts"]


@dataclass
class Scene:
    """One job of one provider, and runs of it. Every step takes a few seconds."""

    emulator: EmulatorInProcess
    clock: FakeClock
    step_functions: StepFunctions
    secrets: dict[str, str]
    connection: dict[str, str]

    def __post_init__(self) -> None:
        self.environment = environment_in_process(
            self.emulator,
            self.clock,
            self.step_functions,
            lambda: {**self.emulator.secret(), **self.connection},
            random.Random(1).random,
        )
        self.walker = Walker(self.environment, self.clock, self.step_functions)
        self.job = self.emulator.make_job()

    def begin(self, value: str, name: str | None = None, **wishes: Any) -> WalkedRun:
        """A run that comes to its Start next."""
        request = {"job": self.job, "parameters": {self.emulator.parameter: value}, **wishes}
        run = self.walker.begin(name or run_name("default", request["job"], value), request, value)
        self.walker.prepare(run)
        self.clock.sleep(5)
        return run

    def start(self, run: WalkedRun, fault: dict[str, Any] | None = None) -> WalkedRun:
        self.walker.enter_start(run)
        with self.emulator.faults(run.job, "start", fault):
            self.walker.work(self.walker.under_way[-1])
        self.clock.sleep(5)
        return run

    def search(self, run: WalkedRun) -> dict[str, Any]:
        """Once, after the wait before it."""
        self.walker.await_consistency(run)
        started_before = len(self.emulator.truth())
        assert self.walker.find(run) is None
        assert len(self.emulator.truth()) == started_before
        assert run.found is not None
        return run.found

    def search_until_decided(self, *runs: WalkedRun) -> list[str]:
        """All of them, in turn. The outcomes."""
        for _ in range(20):
            searching = [run for run in runs if run.is_open and run.state in ("AwaitConsistency", "Find")]
            for run in searching:
                self.search(run)
        return [str(run.found and run.found["outcome"]) for run in runs]

    def lose(self, value: str, fault: dict[str, Any], **wishes: Any) -> dict[str, Any]:
        """What a search answers after a start that was not confirmed, with nobody else about."""
        return self.search(self.start(self.begin(value, **wishes), fault))

    def started_by(self, run: WalkedRun) -> list[str]:
        return [execution.execution_id for execution in self.emulator.truth() if execution.value == run.value]


@contextmanager
def a_scene(kind: str, folder: Path, ahead_seconds: float = 0, **connection: str) -> Iterator[Scene]:
    clock = FakeClock(1_800_000_000.6)
    secrets: dict[str, str] = {}
    emulator = KINDS[kind](folder, clock, ahead_seconds)
    try:
        yield Scene(emulator, clock, StepFunctions(secrets), secrets, connection)
    finally:
        emulator.stop()

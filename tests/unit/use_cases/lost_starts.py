"""Starts that are lost by the vendors' own faults, and searched for."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from farsync.finding import find
from farsync.invocation import Invocation
from farsync.naming import run_name
from tests.unit.use_cases.step_functions_memory import StepFunctions, WalkedRun
from tests.unit.use_cases.vendor_in_process import FakeClock, HuaweiInProcess, NaverInProcess, VendorInProcess
from tests.unit.use_cases.walker import Walker, environment_in_process

REQUEST_LOST = {"fault": "reset_before"}
REPLY_LOST = {"fault": "reset_after"}
KINDS: dict[str, Callable[[Path, FakeClock, float], VendorInProcess]] = {
    "data-flow": NaverInProcess,
    "dataarts": HuaweiInProcess,
    "data-flow-that-echoes": partial(NaverInProcess, is_echoing_parameters=True),
}
BOTH_CLOUDS = ["data-flow", "dataarts"]


@dataclass
class Scene:
    """One job of one vendor, and runs of it. Every step takes a few seconds."""

    vendor: VendorInProcess
    clock: FakeClock
    step_functions: StepFunctions
    secrets: dict[str, str]
    connection: dict[str, str]

    def __post_init__(self) -> None:
        self.environment = environment_in_process(
            self.vendor,
            self.clock,
            self.step_functions,
            lambda: {**self.vendor.secret(), **self.connection},
            random.Random(1).random,
        )
        self.walker = Walker(self.environment, self.clock, self.step_functions)
        self.job = self.vendor.make_job()

    def begin(self, value: str, name: str | None = None, **wishes: Any) -> WalkedRun:
        """A run that comes to its Start next."""
        request = {"job": self.job, "parameters": {self.vendor.parameter: value}, **wishes}
        run = self.walker.begin(name or run_name("default", request["job"], value), request, value)
        self.walker.prepare(run)
        self.clock.sleep(5)
        return run

    def start(self, run: WalkedRun, fault: dict[str, Any] | None = None) -> WalkedRun:
        self.walker.enter_start(run)
        with self.vendor.faults(run.job, "start", fault):
            self.walker.work(self.walker.under_way[-1])
        self.clock.sleep(5)
        return run

    def search(self, run: WalkedRun) -> dict[str, Any]:
        self.walker.settle(run)
        started_before = len(self.vendor.truth())
        assert self.walker.find(run) is None
        assert len(self.vendor.truth()) == started_before
        assert run.found is not None
        return run.found

    def lose(self, value: str, fault: dict[str, Any], **wishes: Any) -> dict[str, Any]:
        """What a search tells after a start that was lost, with nobody else about."""
        return self.search(self.start(self.begin(value, **wishes), fault))

    def started_by(self, run: WalkedRun) -> list[str]:
        return [one.execution_id for one in self.vendor.truth() if one.value == run.value]

    def ask(self, run: WalkedRun) -> None:
        payload = {**run.request, "run": run.run, "lost": run.lost, "redriveCount": run.redrive_count}
        find(self.environment, Invocation("state_machine", payload))


@contextmanager
def a_scene(kind: str, folder: Path, ahead_seconds: float = 0, **connection: str) -> Iterator[Scene]:
    clock = FakeClock(1_800_000_000.6)
    secrets: dict[str, str] = {}
    vendor = KINDS[kind](folder, clock, ahead_seconds)
    try:
        yield Scene(vendor, clock, StepFunctions(secrets), secrets, connection)
    finally:
        vendor.stop()

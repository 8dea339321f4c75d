"""Runs of few jobs, strangers beside them, and trouble of every kind, in any order."""

import random
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from farsync.naming import run_name
from farsync.recent_executions import CLOCK_GRAIN
from tests.unit.use_cases.environment_in_process import environment_in_process
from tests.unit.use_cases.interleaving_choices import FATES_OF_A_POST, Fate, RunToBegin, Seldom, Trouble, Which
from tests.unit.use_cases.step_functions_memory import StepFunctions, WalkedRun
from tests.unit.use_cases.vendor_in_process import FakeClock, TrueExecution, VendorInProcess
from tests.unit.use_cases.walker import StartUnderWay, Walker

NOON = 1_800_000_000.4
MOST_RUNS = 5
NEARNESS_SECONDS = CLOCK_GRAIN.total_seconds() + 1


class Interleaving(RuleBasedStateMachine):
    """Runs of two jobs of one vendor. Starts by others keep away from posts that never arrive, where nothing tells
    them apart: that is a limit of the promise.
    """

    keeps_strangers_away: ClassVar[bool] = True
    strangers_have_schedules: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock(NOON)
        self.secrets: dict[str, str] = {}
        self.step_functions = StepFunctions(self.secrets)
        self.starts_by_strangers: list[tuple[str, float]] = []
        self.last_truth: list[TrueExecution] = []
        self.read_after = 0

    def open_vendor(self, folder: Path, ahead_seconds: float) -> VendorInProcess:
        raise NotImplementedError

    def secret(self) -> dict[str, str]:
        return self.vendor.secret()

    @initialize(
        ahead_seconds=st.sampled_from([0, 1.7, -2, 200, 7200, -90_000]),
        seed=st.integers(0, 3),
        runs=st.lists(RunToBegin, min_size=1, max_size=3),
    )
    def opens(self, ahead_seconds: float, seed: int, runs: list[dict[str, Any]]) -> None:
        self.vendor = self.open_vendor(Path(self.folder.name), ahead_seconds)
        environment = environment_in_process(
            self.vendor, self.clock, self.step_functions, self.secret, random.Random(seed).random
        )
        self.walker = Walker(environment, self.clock, self.step_functions)
        self.jobs = [self.vendor.make_job(), self.vendor.make_job()]
        for run in runs:
            self.begin(**run)

    def teardown(self) -> None:
        self.vendor.stop()
        self.folder.cleanup()

    @property
    def runs(self) -> list[WalkedRun]:
        return self.step_functions.runs

    @precondition(lambda self: len(self.runs) < MOST_RUNS)
    @rule(run=RunToBegin)
    def run_begins(self, run: dict[str, Any]) -> None:
        self.begin(**run)

    def begin(
        self, job: int, states_more: int, fate: str, has_own_name: bool, is_secret: bool, wishes: dict[str, Any]
    ) -> None:
        number = len(self.runs)
        value = f"value-{number}"
        self.secrets[f"farsync/parameters/default/of-{number}"] = value
        request = {
            "job": self.jobs[job],
            "parameters": {self.vendor.parameter: {"secret": f"of-{number}"} if is_secret else value},
            **wishes,
        }
        name = f"by-hand-{number}" if has_own_name else run_name("default", self.jobs[job], f"intent {number}")
        run = self.walker.begin(name, request, value)
        self.walker.prepare(run)
        if states_more and run.state == "Start" and run.is_open:
            self.enter_start(run)
            if states_more == 2:
                self.finish(self.walker.under_way[-1], fate)

    @precondition(lambda self: self.movable())
    @rule(which=Which, trouble=Trouble, is_answer_lost=Seldom)
    def run_goes_on(self, which: int, trouble: dict[str, Any] | None, is_answer_lost: bool) -> None:
        """One state."""
        runs = self.movable()
        run = runs[which % len(runs)]
        trouble = trouble if self.vendor.is_serving else None
        with self.vendor.faults(run.job, "look" if run.state == "Follow" else "list_executions", trouble):
            match run.state:
                case "Prepare":
                    self.walker.prepare(run)
                case "Start":
                    self.enter_start(run)
                case "AwaitConsistency":
                    self.walker.await_consistency(run)
                case "Find":
                    self.walker.find(run, is_answer_lost=is_answer_lost)
                    self.search_is_done(run)
                case "Follow":
                    self.walker.poll(run)

    @precondition(lambda self: self.movable())
    @rule(which=Which)
    def run_goes_on_without_trouble(self, which: int) -> None:
        self.run_goes_on(which, None, False)

    @precondition(lambda self: self.in_doubt())
    @rule(which=Which)
    def run_searches(self, which: int) -> None:
        run = self.in_doubt()[which % len(self.in_doubt())]
        if run.state == "AwaitConsistency":
            self.walker.await_consistency(run)
        self.walker.find(run)
        self.search_is_done(run)

    @precondition(lambda self: self.walker.under_way)
    @rule(which=Which, fate=Fate, hidden_seconds=st.floats(1, 59), ends=Seldom)
    def function_works(self, which: int, fate: str, hidden_seconds: float, ends: bool) -> None:
        """Start's function comes to its end."""
        under_way = self.walker.under_way[which % len(self.walker.under_way)]
        self.finish(under_way, fate, hidden_seconds, is_ended_at_once=ends)

    @precondition(lambda self: self.runs)
    @rule(which=Which, what=st.sampled_from(["abort", "redrive", "cancel", "lose its function"]))
    def run_is_disturbed(self, which: int, what: str) -> None:
        run = self.runs[which % len(self.runs)]
        awaited = [one for one in self.walker.under_way if one.run is run and one.is_awaited]
        if what == "abort" and run.is_open:
            self.walker.abort(run)
        elif what == "redrive" and self.may_be_redriven(run):
            self.walker.redrive(run)
        elif what == "cancel" and run.execution_id:
            self.walker.cancel(run)
        elif what == "lose its function" and awaited:
            self.walker.give_up(awaited[0])

    @precondition(lambda self: self.vendor.is_serving)
    @rule(job=st.sampled_from([0, 0, 1]), is_scheduled=st.booleans(), fate=st.sampled_from(["answered", "reply lost"]))
    def stranger_starts(self, job: int, is_scheduled: bool, fate: str) -> None:
        name, value = self.jobs[job], f"stranger-{len(self.starts_by_strangers)}"
        if is_scheduled and self.strangers_have_schedules:
            self.vendor.start_by_hand(name, "schedule", by_schedule=True)
            return
        if self.keeps_strangers_away:
            for under_way in self.under_way_of(name):
                if self.walker.is_expired(under_way):
                    self.walker.work(under_way)
            if any(run.job == name and self.is_start_in_doubt(run) for run in self.runs):
                return
        self.vendor.start_by_hand(name, value, by_schedule=False)
        self.starts_by_strangers.append((name, self.clock()))
        if self.keeps_strangers_away:
            for under_way in self.under_way_of(name):
                self.finish(under_way, fate)

    @rule(seconds=st.sampled_from([0.3, 2, 4, 7, 20, 36, 90, 600]))
    def time_passes(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    @rule(what=st.sampled_from(["restart", "outage", "restart", "throttling"]))
    def service_is_disturbed(self, what: str) -> None:
        """An outage or a throttling lasts until the next time."""
        self.step_functions.refuses_with = "ThrottlingException" if what == "throttling" else None
        self.vendor.stop()
        if what != "outage":
            self.vendor.serve()

    @precondition(lambda self: not self.vendor.is_serving or self.step_functions.refuses_with)
    @rule()
    def services_recover(self) -> None:
        self.step_functions.refuses_with = None
        if not self.vendor.is_serving:
            self.vendor.serve()

    def finish(
        self, under_way: StartUnderWay, fate: str, hidden_seconds: float = 30, *, is_ended_at_once: bool = False
    ) -> None:
        run = under_way.run
        if fate == "function killed before":
            self.walker.die(under_way)
            return
        if not self.vendor.is_serving:
            self.walker.work(under_way)
            return
        fault = FATES_OF_A_POST[fate]
        if fault and fault["fault"] == "late_visibility":
            fault = {**fault, "seconds": min(hidden_seconds, run.run["consistencyWindowSeconds"] - 1)}
        with (
            self.vendor.ending_at_once(run.job, is_wanted=is_ended_at_once),
            self.vendor.faults(run.job, "start", fault),
        ):
            self.walker.work(under_way, dies_after="killed after" in fate)
        if fate.startswith("answered"):
            self.start_was_answered(run)

    def search_is_done(self, run: WalkedRun) -> None:
        """For checks."""

    def start_was_answered(self, run: WalkedRun) -> None:
        """For checks."""

    def truth(self) -> list[TrueExecution]:
        """What the vendor truly started, read again once something may have changed."""
        if self.vendor.is_serving and self.read_after != self.vendor.exchanges:
            self.last_truth, self.read_after = self.vendor.truth(), self.vendor.exchanges
        return self.last_truth

    def own(self, run: WalkedRun) -> list[TrueExecution]:
        return [one for one in self.truth() if one.value == run.value]

    def movable(self) -> list[WalkedRun]:
        return [run for run in self.runs if run.is_open and run.state != "(Start)"]

    def in_doubt(self) -> list[WalkedRun]:
        return [run for run in self.runs if run.is_open and run.state in ("AwaitConsistency", "Find")]

    def under_way_of(self, job: str) -> list[StartUnderWay]:
        return [one for one in self.walker.under_way if one.run.job == job]

    def may_be_redriven(self, run: WalkedRun) -> bool:
        """What a redriven run has posted is searched for as far back as its first unconfirmed start."""
        is_clear = not self.keeps_strangers_away or not self.has_met_strangers(run, run.started_at)
        return run.status == "ABORTED" and (is_clear or bool(self.own(run)))

    def has_met_strangers(self, run: WalkedRun, since: float) -> bool:
        return any(job == run.job and at > since - NEARNESS_SECONDS for job, at in self.starts_by_strangers)

    def is_start_in_doubt(self, run: WalkedRun) -> bool:
        """Whether the run may have posted something that never arrived, and may still search for it."""
        may_search = run.is_open and run.state != "(Start)" and bool(run.moments)
        return may_search and not self.own(run)

    def enter_start(self, run: WalkedRun) -> None:
        while self.keeps_strangers_away and self.has_met_strangers(run, self.clock()):
            self.clock.sleep(1)
        self.walker.enter_start(run)

"""`run_job` without Step Functions: its states as far as they bear on executions, one at a time, in any order among
several runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from farsync.model.errors import FarsyncError
from farsync.model.execution import iso_instant
from farsync.operations.find_execution import find
from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from farsync.runtime.context import Context
from tests.unit.histories import History, instant
from tests.unit.operations.aws_in_memory import Run
from tests.unit.operations.cloud import Cloud, UseCase

FUNCTION_SECONDS = 30.0
START_TIMEOUT_SECONDS = 40.0
REJECTIONS = ("InvalidRequest", "JobNotRunnable", "DeadlineExceeded")


@dataclass
class WalkedRun(Run):
    """`state` is the one that comes next; a run that is over stands in none."""

    value: str = ""
    """Of its one parameter: no other start has the same."""
    state: str = "Prepare"
    run: dict[str, Any] = field(default_factory=dict)
    wait_until: float = 0.0
    is_resumed: bool = False
    """Redriven and not gone on yet: its state is scheduled anew and not entered anew."""
    found: dict[str, Any] = field(default_factory=dict)
    """What the last search answered."""

    @property
    def execution_id(self) -> str | None:
        return self.run.get("executionId")

    @property
    def payload(self) -> dict[str, Any]:
        """What Start and Find are given."""
        return {"request": self.request, "run": self.run, "redriveCount": self.redrive_count}


@dataclass
class StartUnderWay:
    """An invocation of trigger_execution that has not come to its post yet."""

    run: WalkedRun
    entered_at: float
    payload: dict[str, Any]
    is_awaited: bool = True
    """Whether the state machine still waits for its answer."""


class Walker:
    """Takes runs from state to state, as run_job.asl.yaml does, and writes their histories."""

    def __init__(self, cloud: Cloud, environment: Context) -> None:
        self._cloud, self._clock, self._environment = cloud, cloud.clock, environment
        self.under_way: list[StartUnderWay] = []

    def begin(self, name: str, request: dict[str, Any], value: str) -> WalkedRun:
        run = WalkedRun(name, json.dumps(request), self._clock(), value=value)
        self._history(run).begun(request)
        self._cloud.aws.runs[name] = run
        identity = {"name": name, "startedAt": iso_instant(instant(run.started_at)), "redriveCount": 0}
        payload = {"request": request, "run": identity}
        self._schedule(run, "Prepare", payload)
        run.run, error = self._ask(prepare, payload)
        assert error is None
        self._history(run).answered(run.run)
        run.state = "Start"
        return run

    def enter_start(self, run: WalkedRun) -> None:
        self._schedule(run, "Start", run.payload)
        self.under_way.append(StartUnderWay(run, self._clock(), run.payload))
        run.state = "(Start)"

    def work(self, this: StartUnderWay, *, dies_after: bool = False) -> None:
        """The function runs to its end, unless its time was up before; it may die once it has posted."""
        self.under_way.remove(this)
        answer: dict[str, Any] = {}
        error: str | None = "Sandbox.Timedout"
        if self._clock() <= this.entered_at + FUNCTION_SECONDS:
            answer, error = self._ask(start, this.payload)
        self._go_on_after_start(this, answer, "Lambda.Unknown" if dies_after else error)

    def die(self, this: StartUnderWay) -> None:
        """The function is killed before its post."""
        self.under_way.remove(this)
        self._go_on_after_start(this, {}, "Runtime.ExitError")

    def give_up(self, this: StartUnderWay) -> None:
        """Step Functions loses the function, which goes on."""
        self._go_on_after_start(this, {}, "Lambda.ServiceException")
        this.is_awaited = False

    def find(self, run: WalkedRun) -> str | None:
        """After the wait before it. The error of a search that failed, which is repeated until the deadline."""
        self._clock.now = max(self._clock.now, run.wait_until)
        self._schedule(run, "Find", run.payload)
        answer, error = self._ask(find, run.payload)
        if error is not None:
            self._history(run).failed(error)
            if error == "DeadlineExceeded":
                self._fail(run, error)
            return error
        run.found, run.run = answer, answer["run"]
        self._history(run).answered(answer)
        match answer["outcome"]:
            case "found":
                self._follow(run)
            case "nothing":
                run.state = "Start"
            case "later":
                self._wait(run, answer["waitSeconds"])
            case "ambiguous":
                self._fail(run, "AmbiguousStart")
        return None

    def abort(self, run: WalkedRun) -> None:
        """A function at work does not hear of it."""
        for this in self.under_way:
            this.is_awaited = this.is_awaited and this.run is not run
        self._end(run, "ABORTED")

    def redrive(self, run: WalkedRun) -> None:
        """From the state in which it was stopped."""
        run.status, run.stopped_at, run.is_resumed = "RUNNING", None, True
        run.redrive_count += 1
        self._history(run).redriven(run.redrive_count)
        run.state = "Start" if run.state == "(Start)" else run.state

    def _go_on_after_start(self, this: StartUnderWay, answer: dict[str, Any], error: str | None) -> None:
        run = this.run
        if not this.is_awaited:
            return
        if self._clock() > this.entered_at + START_TIMEOUT_SECONDS:
            error = "States.Timeout"
        if error is not None:
            self._history(run).failed(error)
            if error in REJECTIONS:
                self._fail(run, error)
            else:
                self._wait(run, run.run["consistencyWaitSeconds"])
            return
        run.run = answer["run"]
        self._history(run).answered(answer)
        if answer["outcome"] == "started":
            self._follow(run)
        else:
            assert answer["outcome"] == "search"
            self._wait(run, answer["waitSeconds"])

    def _schedule(self, run: WalkedRun, state: str, payload: Mapping[str, Any]) -> None:
        if not run.is_resumed:
            self._history(run).entered(state)
        run.is_resumed = False
        self._history(run).scheduled(payload)

    def _wait(self, run: WalkedRun, seconds: float) -> None:
        run.state = "AwaitConsistency"
        self._history(run).entered(run.state)
        run.wait_until = self._clock() + seconds

    def _follow(self, run: WalkedRun) -> None:
        self._history(run).followed(run.run)
        run.state = "Follow"

    def _history(self, run: WalkedRun) -> History:
        run.history.now = self._clock()
        return run.history

    def _ask(self, use_case: UseCase, payload: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The answer, or the name of the error."""
        try:
            return self._cloud.ask(use_case, json.loads(json.dumps(payload)), self._environment), None
        except FarsyncError as failure:
            return {}, type(failure).__name__

    def _fail(self, run: WalkedRun, error: str) -> None:
        run.error = error
        self._history(run).entered("Failed")
        self._end(run, "FAILED")

    def _end(self, run: WalkedRun, status: str) -> None:
        run.status, run.stopped_at = status, self._clock()
        self._history(run).ended(status, error=run.error or "", cause="")

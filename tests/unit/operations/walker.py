"""`run_job` without Step Functions: its states as far as they bear on executions, one at a time, in any order among
several runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from farsync.model.errors import FarsyncError
from farsync.operations.find_execution import find
from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from farsync.runtime.context import Context
from farsync.runtime.request import Invocation
from tests.unit.histories import History
from tests.unit.operations.emulator_in_process import FakeClock
from tests.unit.operations.old_cloud import UseCase
from tests.unit.operations.step_functions_memory import StepFunctions, WalkedRun

FUNCTION_SECONDS = 30.0
START_TIMEOUT_SECONDS = 40.0
PASSING = ("Throttled", "ProviderUnavailable")
REJECTIONS = (
    "InvalidRequest",
    "ConnectionNotFound",
    "ConnectionInvalid",
    "AuthenticationFailed",
    "PermissionDenied",
    "JobNotFound",
    "JobNotRunnable",
    "AlreadyRunning",
    "QuotaExceeded",
    "DeadlineExceeded",
)


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

    def __init__(self, environment: Context, clock: FakeClock, step_functions: StepFunctions) -> None:
        self._environment = environment
        self._clock = clock
        self._step_functions = step_functions
        self.under_way: list[StartUnderWay] = []

    def begin(self, name: str, request: dict[str, Any], value: str) -> WalkedRun:
        run = WalkedRun(name, request, value, self._clock())
        self._history(run).begun(request)
        self._step_functions.runs.append(run)
        return run

    def prepare(self, run: WalkedRun) -> None:
        self._clock.now = max(self._clock.now, run.wait_until)
        identity = {"name": run.name, "startedAt": self.iso(run.started_at), "redriveCount": run.redrive_count}
        payload = {"request": run.request, "run": identity}
        self._schedule(run, "Prepare", payload)
        answer, error = self._ask(prepare, payload)
        if error is None:
            run.run, run.state = answer, "Start"
            self._history(run).answered(answer)
            return
        self._history(run).failed(error)
        if error not in PASSING:
            self._fail(run, error)

    def enter_start(self, run: WalkedRun) -> None:
        self._schedule(run, "Start", run.payload)
        self.under_way.append(StartUnderWay(run, self._clock(), run.payload))
        run.state = "(Start)"

    def work(self, start_under_way: StartUnderWay, *, dies_after: bool = False) -> None:
        """The function runs to its end, unless its time was up before; it may die once it has posted."""
        self.under_way.remove(start_under_way)
        answer: dict[str, Any] = {}
        error: str | None = "Sandbox.Timedout"
        if not self.is_expired(start_under_way):
            answer, error = self._ask(start, start_under_way.payload)
        if dies_after:
            error = "Lambda.Unknown"
        self._go_on_after_start(start_under_way, answer, error)

    def is_expired(self, start_under_way: StartUnderWay) -> bool:
        """Whether Lambda has ended the function, before its post."""
        return self._clock() > start_under_way.entered_at + FUNCTION_SECONDS

    def die(self, start_under_way: StartUnderWay) -> None:
        """The function is killed before its post."""
        self.under_way.remove(start_under_way)
        self._go_on_after_start(start_under_way, {}, "Runtime.ExitError")

    def give_up(self, start_under_way: StartUnderWay) -> None:
        """Step Functions loses the function, which goes on."""
        self._go_on_after_start(start_under_way, {}, "Lambda.ServiceException")
        start_under_way.is_awaited = False

    def await_consistency(self, run: WalkedRun) -> None:
        self._clock.now = max(self._clock.now, run.wait_until)
        run.state = "Find"

    def find(self, run: WalkedRun) -> str | None:
        """The error of a search that failed. It is repeated, unless the deadline has passed."""
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
                self._wait(run, "AwaitConsistency", answer["waitSeconds"])
            case "ambiguous":
                self._fail(run, "AmbiguousStart", answer["message"])
        return None

    def abort(self, run: WalkedRun) -> None:
        """A function at work does not hear of it."""
        for start_under_way in self.under_way:
            if start_under_way.run is run:
                start_under_way.is_awaited = False
        self._end(run, "ABORTED")

    def redrive(self, run: WalkedRun) -> None:
        """From the state in which it was stopped."""
        run.status, run.stopped_at = "RUNNING", None
        run.redrive_count += 1
        run.is_resumed = True
        self._history(run).redriven(run.redrive_count)
        run.state = "Start" if run.state == "(Start)" else run.state

    def iso(self, epoch_seconds: float) -> str:
        return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds")

    def _go_on_after_start(self, start_under_way: StartUnderWay, answer: dict[str, Any], error: str | None) -> None:
        run = start_under_way.run
        if not start_under_way.is_awaited:
            return
        if self._clock() > start_under_way.entered_at + START_TIMEOUT_SECONDS:
            error = "States.Timeout"
        if error is not None:
            self._history(run).failed(error)
        if error in REJECTIONS:
            self._fail(run, str(error))
        elif error is not None:
            self._wait(run, "AwaitConsistency", run.run["consistencyWaitSeconds"])
        else:
            run.run = answer["run"]
            self._history(run).answered(answer)
            match answer["outcome"]:
                case "started":
                    self._follow(run)
                case "postponed":
                    self._wait(run, "StartLater", answer["waitSeconds"])
                    run.state = "Prepare"
                case "search":
                    self._wait(run, "AwaitConsistency", answer["waitSeconds"])

    def _schedule(self, run: WalkedRun, state: str, payload: Mapping[str, Any]) -> None:
        if not run.is_resumed:
            self._history(run).entered(state)
        run.is_resumed = False
        self._history(run).scheduled(payload)

    def _wait(self, run: WalkedRun, state: str, seconds: float) -> None:
        self._history(run).entered(state)
        run.wait_until = self._clock() + seconds
        run.state = state

    def _follow(self, run: WalkedRun) -> None:
        self._history(run).followed(run.run)
        run.state = "Follow"

    def _history(self, run: WalkedRun) -> History:
        run.history.now = self._clock()
        return run.history

    def _ask(self, use_case: UseCase, payload: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The answer, or the name of the error."""
        try:
            answer = use_case(self._environment, Invocation("state_machine", json.loads(json.dumps(payload))))
        except FarsyncError as failure:
            return {}, type(failure).__name__
        return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True), None

    def _fail(self, run: WalkedRun, error: str, cause: str = "") -> None:
        run.error, run.cause = error, cause
        self._history(run).entered("Failed")
        self._end(run, "FAILED")

    def _end(self, run: WalkedRun, status: str) -> None:
        run.status, run.stopped_at = status, self._clock()
        self._history(run).ended(status, error=run.error or "", cause=run.cause)

"""`run_job` without Step Functions: its states as far as they bear on executions, one at a time, in any order among
several runs.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from farsync.cancelling import cancel
from farsync.connections import ConnectionStore
from farsync.environment import Environment
from farsync.errors import FarsyncError
from farsync.finding import find
from farsync.invocation import Invocation
from farsync.looking import look
from farsync.preparing import prepare
from farsync.starting import start
from farsync.transport import Transport
from tests.unit.use_cases.conftest import UseCase
from tests.unit.use_cases.step_functions_memory import RUN_JOB_ARN, StepFunctions, WalkedRun
from tests.unit.use_cases.vendor_in_process import FakeClock, VendorInProcess

FUNCTION_SECONDS = 30.0
START_TIMEOUT_SECONDS = 40.0
LONGEST_AT_WORK_SECONDS = 35.0
LEAST_SEARCHES = 10
CERTAIN_AND_PASSING = ("Throttled", "ProviderUnavailable", "Lambda.TooManyRequestsException")
REFUSALS = (
    "InvalidRequest",
    "ConnectionNotFound",
    "ConnectionInvalid",
    "AuthenticationFailed",
    "PermissionDenied",
    "JobNotFound",
    "JobNotRunnable",
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


def environment_in_process(
    vendor: VendorInProcess,
    clock: FakeClock,
    step_functions: StepFunctions,
    secret: Callable[[], Mapping[str, str]],
    chance: Callable[[], float],
) -> Environment:
    """That of a function whose `default` connection leads to the vendor; `secret` gives what the connection holds."""
    return Environment(
        clock=clock,
        sleep=clock.sleep,
        random=chance,
        new_token=lambda: "token",
        transport=Transport(session_factory=vendor.session, clock=clock, sleep=clock.sleep, random=chance),
        aws=step_functions,
        connections=ConnectionStore(lambda _: json.dumps(secret()), clock=clock),
        variables={"RUN_JOB_ARN": RUN_JOB_ARN},
    )


class Walker:
    """Takes runs from state to state, as run_job.asl.yaml does."""

    def __init__(self, environment: Environment, clock: FakeClock, step_functions: StepFunctions) -> None:
        self._environment = environment
        self._clock = clock
        self._step_functions = step_functions
        self.under_way: list[StartUnderWay] = []

    def begin(self, name: str, request: dict[str, Any], value: str) -> WalkedRun:
        run = WalkedRun(name, request, value, self._clock())
        self._step_functions.runs.append(run)
        return run

    def prepare(self, run: WalkedRun) -> None:
        run.note_entered("Prepare")
        identity = {"name": run.name, "startedAt": self.iso(run.started_at)}
        answer, error = self._ask(prepare, {**run.request, "run": identity})
        if error is None:
            run.run, run.lost, run.starts_lost, run.state = answer, None, 0, "Start"
            run.note_succeeded(answer)
        elif not self._may_wait(run, error) and error not in CERTAIN_AND_PASSING:
            self._fail(run, error)

    def enter_start(self, run: WalkedRun) -> None:
        run.note_entered("Start")
        payload = {**run.request, "run": run.run, "redriveCount": run.redrive_count}
        self.under_way.append(StartUnderWay(run, self._clock(), payload))
        run.state = "(Start)"

    def work(self, start_under_way: StartUnderWay, *, dies_after: bool = False) -> None:
        """The function runs to its end, unless its time was up before; it may die once it has posted."""
        self.under_way.remove(start_under_way)
        run = start_under_way.run
        answer: dict[str, Any] = {}
        error: str | None = "Sandbox.Timedout"
        if not self.is_expired(start_under_way):
            answer, error = self._ask(start, start_under_way.payload)
        if dies_after:
            error = "Lambda.Unknown"
        if start_under_way.is_awaited:
            self._go_on_after_start(run, start_under_way.entered_at, answer, error)

    def is_expired(self, start_under_way: StartUnderWay) -> bool:
        """Whether Lambda has ended the function, before its post."""
        return self._clock() > start_under_way.entered_at + FUNCTION_SECONDS

    def die(self, start_under_way: StartUnderWay) -> None:
        """The function is killed before its post."""
        self.under_way.remove(start_under_way)
        if start_under_way.is_awaited:
            self._go_on_after_start(start_under_way.run, start_under_way.entered_at, {}, "Lambda.Unknown")

    def give_up(self, start_under_way: StartUnderWay) -> None:
        """Step Functions loses the function, which goes on."""
        start_under_way.is_awaited = False
        self._go_on_after_start(start_under_way.run, start_under_way.entered_at, {}, "Lambda.ServiceException")

    def settle(self, run: WalkedRun) -> None:
        self._clock.now = max(self._clock.now, run.settled_at)
        run.state = "Find"

    def find(self, run: WalkedRun, *, is_answer_lost: bool = False) -> str | None:
        """The error of a search that failed."""
        run.note_entered("Find")
        payload = {**run.request, "run": run.run, "lost": run.lost, "redriveCount": run.redrive_count}
        answer, error = self._ask(find, payload)
        if error is not None or is_answer_lost:
            run.searches_failed += 1
            is_past_deadline = self._clock() >= datetime.fromisoformat(run.run["deadlineAt"]).timestamp()
            if is_past_deadline and run.searches_failed >= LEAST_SEARCHES:
                self._fail(run, "AmbiguousStart")
            return error
        run.found, run.run = answer, answer["run"]
        run.note_succeeded(answer)
        if answer["outcome"] == "adopted":
            run.state = "Poll"
        elif answer["outcome"] == "none" and run.starts_lost < 2:
            run.lost, run.state = None, "Start"
        else:
            self._fail(run, "AmbiguousStart")
        return None

    def look(self, run: WalkedRun) -> None:
        answer, error = self._ask(look, {"run": run.run})
        if error is not None:
            return
        run.run, run.told = answer["run"], answer
        if "event" in answer:
            self._end(run, "SUCCEEDED" if answer["status"] == "SUCCEEDED" else "FAILED")

    def cancel(self, run: WalkedRun) -> None:
        """As at the deadline: never what somebody else began, nor where the request does not want it."""
        if run.is_adopted or not run.request.get("cancelOnAbort", True):
            return
        run.is_cancel_wanted = True
        self._ask(cancel, {"run": run.run})

    def abort(self, run: WalkedRun) -> None:
        """A function at work is not told of it."""
        run.is_cancel_wanted = run.request.get("cancelOnAbort", True)
        for start_under_way in self.under_way:
            if start_under_way.run is run:
                start_under_way.is_awaited = False
        self._end(run, "ABORTED")

    def redrive(self, run: WalkedRun) -> None:
        """From the state in which it was stopped."""
        run.status, run.stopped_at = "RUNNING", None
        run.redrive_count += 1
        run.state = "Start" if run.state == "(Start)" else run.state

    def iso(self, epoch_seconds: float) -> str:
        return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds")

    def _go_on_after_start(self, run: WalkedRun, entered_at: float, answer: dict[str, Any], error: str | None) -> None:
        if error is None:
            run.run, run.state = answer["run"], "Poll"
            run.note_succeeded(answer)
        elif error in CERTAIN_AND_PASSING:
            run.state = "Start"
        elif error in REFUSALS:
            self._fail(run, error)
        elif error == "AlreadyRunning" and run.starts_lost:
            self._fail(run, "AmbiguousStart")
        elif error in ("AlreadyRunning", "QuotaExceeded"):
            if not self._may_wait(run, error):
                self._fail(run, error)
        else:
            caught_at = min(self._clock(), entered_at + START_TIMEOUT_SECONDS)
            after = run.lost["after"] if run.lost else self.iso(entered_at)
            run.lost = {"after": after, "before": self.iso(caught_at)}
            run.starts_lost += 1
            is_over = error in ("StartUnconfirmed", "Runtime.ExitError")
            run.settled_at = caught_at + run.settling_seconds + (0 if is_over else LONGEST_AT_WORK_SECONDS)
            run.state = "Settle"

    def _may_wait(self, run: WalkedRun, error: str) -> bool:
        if_running = run.request.get("ifRunning")
        is_wanted = if_running == "wait" or (if_running == "adopt" and error == "AlreadyRunning")
        may_wait = error in ("AlreadyRunning", "QuotaExceeded") and is_wanted
        if may_wait:
            run.state = "Prepare"
        return may_wait

    def _ask(self, use_case: UseCase, payload: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The answer, or the name of the error."""
        try:
            answer = use_case(self._environment, Invocation("state_machine", json.loads(json.dumps(payload))))
        except FarsyncError as failure:
            return {}, type(failure).__name__
        return answer.body.model_dump(mode="json", by_alias=True, exclude_none=True), None

    def _fail(self, run: WalkedRun, error: str) -> None:
        run.error = error
        self._end(run, "FAILED")

    def _end(self, run: WalkedRun, status: str) -> None:
        run.status, run.stopped_at = status, self._clock()

"""Carries out a plan, and keeps a record of what was done to whom, and when."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.chaos.plan import (
    Abort,
    Kill,
    KillAtFault,
    Plan,
    PlannedRun,
    StartForeign,
    StartRun,
    Step,
    Sweep,
    VendorFault,
    as_json,
)
from tests.chaos.strangers import Strangers
from tests.chaos.world import World
from tests.support.vendors import Vendor
from tests.support.waiting import eventually

ABORTS_AT_A_TIME = 24
LOOK_SECONDS = 0.15
ABORT_GIVEN_UP_SECONDS = 60.0
TAKEN_WITHIN_SECONDS = 20.0
BETWEEN_POST_AND_REPLY_SECONDS = 0.3
RUNS_OF_A_JOB_LOOKED_AT = 40
ENDS = frozenset({"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"})
SWEEP_SCHEDULE = "farsync-sweep_runs"


@dataclass
class Record:
    """Times are ISO 8601, of this machine's clock."""

    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    foreign: list[dict[str, Any]] = field(default_factory=list)
    deeds: list[dict[str, Any]] = field(default_factory=list)


class Driver:
    """`tell` hears one line now and then."""

    def __init__(self, world: World, plan: Plan, tell: Callable[[str], None]) -> None:
        self.record = Record()
        self._world = world
        self._plan = plan
        self._tell = tell
        self._lock = threading.RLock()
        self._later = ThreadPoolExecutor(ABORTS_AT_A_TIME)
        self._under_way: list[Future[None]] = []
        self._strangers = {job.key: Strangers(world.aws) for job in plan.jobs}

    def play(self) -> None:
        """All steps; returns when the last abort and kill are done. Raises what a step raised."""
        self._world.sandbox.set_aws_faults(*(self._aws_rule(rule) for rule in self._plan.aws_faults))
        with self._later:
            for step in self._plan.steps:
                self._do(step)
        for future in self._under_way:
            future.result()

    def sweep(self) -> None:
        self._note("sweep")
        self._world.sandbox.fire_schedule(SWEEP_SCHEDULE)

    def lift_faults(self) -> None:
        """So that what is over can be told: no fault is for ever."""
        self._world.sandbox.set_aws_faults()
        for vendor in self._world.vendors.values():
            vendor.control("PUT", "faults", [])

    def _do(self, step: Step) -> None:
        match step:
            case StartRun(run):
                self._start(run)
            case VendorFault():
                self._add_fault(step)
            case Kill(function, after_seconds):
                self._after(lambda: self._kill(function, after_seconds))
            case KillAtFault(fault, functions):
                self._after(lambda: self._kill_at_fault(fault, functions))
            case StartForeign(job, token):
                self._after(lambda: self._start_foreign(job, token))
            case Sweep():
                self.sweep()

    def _start(self, run: PlannedRun) -> None:
        while len(self._world.open_runs()) >= self._plan.window:
            time.sleep(LOOK_SECONDS)
        with self._strangers[run.job].beginning():
            self._begin(run)

    def _begin(self, run: PlannedRun) -> None:
        job = self._plan.job(run.job)
        with self._lock:
            self.record.runs[run.number] = {"name": None, "startedAt": _now(), "abortedAt": None}
        if run.way == "http":
            # A caller over HTTP waits for functions; the others need not wait for it.
            self._after(lambda: self._started(run, self._world.start(run, job)))
        else:
            self._started(run, self._world.start(run, job))
        if run.number % 50 == 49:
            self._tell(f"{run.number + 1} of {len(self._plan.runs)} runs started")

    def _started(self, run: PlannedRun, name: str) -> None:
        with self._lock:
            self.record.runs[run.number]["name"] = name
        if run.abort:
            abort = run.abort
            self._after(lambda: self._abort(run, name, abort))

    def _abort(self, run: PlannedRun, name: str, abort: Abort) -> None:
        arn = self._world.arn(name)
        give_up_at = time.monotonic() + ABORT_GIVEN_UP_SECONDS
        while abort.state and not self._has_reached(arn, abort.state) and time.monotonic() < give_up_at:
            time.sleep(LOOK_SECONDS)
        time.sleep(abort.after_seconds)
        # start_once may not have come to starting the run yet.
        described = eventually(lambda: self._world.aws.describe(arn), ABORT_GIVEN_UP_SECONDS)
        if described["status"] == "RUNNING":
            self._world.aws.states("StopExecution", {"executionArn": arn, "error": "Chaos", "cause": "aborted"})
            with self._lock:
                self.record.runs[run.number]["abortedAt"] = _now()

    def _has_reached(self, arn: str, state: str) -> bool:
        """True as well when the run went past that state, or is over."""
        for event in self._world.aws.newest_events(arn):
            if event["type"] in ENDS or event.get("stateEnteredEventDetails", {}).get("name") in {state, "Wait"}:
                return True
        return False

    def _kill(self, function: str, after_seconds: float) -> None:
        time.sleep(after_seconds)
        self._note("kill", function=function, processes=self._world.kill(function))

    def _kill_at_fault(self, fault: VendorFault, functions: tuple[str, ...]) -> None:
        vendor = self._world.vendors[fault.cloud]
        with self._lock:
            rule = self._add_fault(fault)
            # The same fault may wait there already, with somebody of its own who watches it.
            alike = _left_of(vendor, rule)
        give_up_at = time.monotonic() + TAKEN_WITHIN_SECONDS
        while _left_of(vendor, rule) >= alike:
            if time.monotonic() > give_up_at:
                vendor.control("DELETE", "faults", [rule])
                return
            time.sleep(0.05)
        time.sleep(BETWEEN_POST_AND_REPLY_SECONDS)
        for function in functions:
            self._kill(function, 0.0)

    def _start_foreign(self, key: str, token: str) -> None:
        job = self._plan.job(key)

        def start() -> None:
            with self._lock:
                self.record.foreign.append({"job": key, "value": token, "startedAt": _now()})
            self._world.start_foreign(job, token)

        if job.is_marked:
            start()
        elif not self._strangers[key].apart(self._arns_of(key), start):
            self._note("foreign start left out", job=key)

    def _arns_of(self, key: str) -> list[str]:
        """Of the runs that began last; those over HTTP are known once they are accepted."""
        begun = [
            self.record.runs[run.number] for run in self._plan.runs if run.job == key and run.number in self.record.runs
        ]
        return [self._world.arn(str(one["name"])) for one in begun[-RUNS_OF_A_JOB_LOOKED_AT:] if one["name"]]

    def _add_fault(self, fault: VendorFault) -> dict[str, Any]:
        """Gives the rule in the vendor's words."""
        vendor = self._world.vendors[fault.cloud]
        about = {"job": self._world.vendor_jobs[fault.job]} if fault.job else {}
        rule = {"operation": vendor.operations.get(fault.operation, fault.operation), **about, **fault.rule}
        vendor.control("POST", "faults", [rule])
        self._note("fault", **as_json(fault))
        return rule

    def _aws_rule(self, rule: Any) -> dict[str, Any]:
        if rule["operation"] != "StartExecution":
            return dict(rule)
        run = next(run for run in self._plan.runs if run.token == rule["match"])
        return {**rule, "match": self._world.name(run, self._plan.job(run.job))}

    def _after(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._under_way.append(self._later.submit(work))

    def _note(self, deed: str, **details: Any) -> None:
        with self._lock:
            self.record.deeds.append({"at": _now(), "deed": deed, **details})


def _left_of(vendor: Vendor, rule: dict[str, Any]) -> int:
    return sum(rule.items() <= left.items() for left in vendor.control("GET", "faults"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

"""Carries out a plan, and keeps a record of what was done to whom, and when."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from tests.chaos.fates import Fates
from tests.chaos.outages import Outages
from tests.chaos.plan import (
    AwsFault,
    Kill,
    KillAtFault,
    Outage,
    Plan,
    PlannedRun,
    ProviderFault,
    PurgeQueue,
    StartBackfill,
    StartForeign,
    StartRun,
    Step,
    Sweep,
    Watch,
    as_json,
)
from tests.chaos.recording import Record
from tests.chaos.strangers import Strangers
from tests.chaos.world import World
from tests.support.emulators import Emulator

DEEDS_AT_A_TIME = 40
PAUSE_SECONDS = 0.15
TAKEN_WITHIN_SECONDS = 20.0
BETWEEN_POST_AND_REPLY_SECONDS = 0.3
RUNS_OF_A_JOB_ASKED = 40


class Driver:
    """`tell` hears one line now and then."""

    def __init__(self, world: World, plan: Plan, tell: Callable[[str], None]) -> None:
        self.record = Record()
        self._world = world
        self._plan = plan
        self._tell = tell
        self._lock = threading.RLock()
        self._later = ThreadPoolExecutor(DEEDS_AT_A_TIME)
        self._under_way: list[Future[object]] = []
        self._strangers = {job.key: Strangers(world.aws) for job in plan.jobs}
        self._fates = Fates(world, self.record)
        self._outages = Outages(world, self.record)

    def play(self) -> None:
        """All steps; returns when the last abort and outage are over. Raises what a step raised."""
        self._world.order_aws_faults("PUT", [self._aws_rule(rule) for rule in self._plan.aws_faults])
        self._world.sandbox.put("staleReads", dict(self._plan.stale_reads))
        with self._later:
            for step in self._plan.steps:
                self._do(step)
            # What is done later may itself leave something for later.
            for future in self._under_way:
                future.result()

    def sweep(self) -> bool:
        """Whether it went through."""
        is_done = self._world.sweep()
        self.record.note("sweep", isDone=is_done)
        return is_done

    def watch(self) -> bool:
        """Whether all jobs could be looked at."""
        is_done = self._world.watch()
        self.record.note("watch", isDone=is_done)
        return is_done

    def lift_faults(self) -> None:
        """So that what is over can be emitted: no fault is for ever."""
        self._outages.end_all()
        self._world.order_aws_faults("PUT", [])
        for what in ("staleReads", "quotas"):
            self._world.sandbox.put(what, {})
        for emulator in self._world.emulators.values():
            emulator.control("PUT", "faults", [])

    def _do(self, step: Step) -> None:
        match step:
            case StartRun(run):
                self._start(run)
            case StartBackfill():
                self._start_backfill(step)
            case ProviderFault():
                self._add_fault(step)
            case AwsFault(rule):
                self._world.order_aws_faults("POST", [dict(rule)])
                self.record.note("AWS fault", **rule)
            case Outage():
                self._after(lambda: self._outages.last(step))
            case PurgeQueue(queue):
                self._world.queues.purge(queue)
                self.record.note("purge", queue=queue)
            case Kill(function, after_seconds):
                self._after(lambda: self._kill(function, after_seconds))
            case KillAtFault(fault, functions):
                self._after(lambda: self._kill_at_fault(fault, functions))
            case StartForeign(job, token):
                self._after(lambda: self._start_foreign(job, token))
            case Sweep():
                self._after(self.sweep)
            case Watch():
                self._after(self.watch)

    def _start(self, run: PlannedRun) -> None:
        while len(self._world.open_runs()) >= self._plan.window:
            time.sleep(PAUSE_SECONDS)
        with self._strangers[run.job].beginning():
            self._begin(run)

    def _start_backfill(self, backfill: StartBackfill) -> None:
        for run in backfill.runs:
            self.record.begin_run(run.number)
        self.record.note("backfill", sets=len(backfill.runs))
        self._world.start_backfill(backfill, self._plan.job(backfill.job))

    def _begin(self, run: PlannedRun) -> None:
        job = self._plan.job(run.job)
        self.record.begin_run(run.number)
        if run.way == "http":
            # A caller over HTTP waits for functions; the others need not wait for it.
            self._after(lambda: self._started(run, self._world.start(run, job)))
        else:
            self._started(run, self._world.start(run, job))
        if run.number % 50 == 49:
            self._tell(f"{run.number + 1} runs started")

    def _started(self, run: PlannedRun, name: str) -> None:
        self.record.change_run(run.number, name=name)
        if run.abort:
            abort = run.abort
            self._after(lambda: self._fates.abort(run, name, abort))
        if run.is_polled_twice:
            self._after(lambda: self._fates.poll_twice(name))

    def _kill(self, function: str, after_seconds: float) -> None:
        time.sleep(after_seconds)
        self.record.note("kill", function=function, processes=self._world.kill(function))

    def _kill_at_fault(self, fault: ProviderFault, functions: tuple[str, ...]) -> None:
        emulator = self._world.emulators[fault.cloud]
        with self._lock:
            rule = self._add_fault(fault)
            # The same fault may wait there already, with somebody of its own who watches it.
            alike = _left_of(emulator, rule)
        give_up_at = time.monotonic() + TAKEN_WITHIN_SECONDS
        while _left_of(emulator, rule) >= alike:
            if time.monotonic() > give_up_at:
                emulator.control("DELETE", "faults", [rule])
                return
            time.sleep(0.05)
        time.sleep(BETWEEN_POST_AND_REPLY_SECONDS)
        for function in functions:
            self._kill(function, 0.0)

    def _start_foreign(self, key: str, token: str) -> None:
        job = self._plan.job(key)

        def start() -> None:
            self.record.begin_foreign(key, token)
            self._world.start_foreign(job, token)

        if job.is_marked:
            start()
            return
        names = self._names_of(key)
        arns = [self._world.arn(name) for name in names if name]
        if None in names or not self._strangers[key].apart(arns, start):
            self.record.note("foreign start left out", job=key)

    def _names_of(self, key: str) -> list[str | None]:
        """Of the runs that began last; None over HTTP until they are accepted."""
        begun = [run.number for run in self._plan.runs if run.job == key and run.number in self.record.runs]
        return [self.record.runs[number]["name"] for number in begun[-RUNS_OF_A_JOB_ASKED:]]

    def _add_fault(self, fault: ProviderFault) -> dict[str, Any]:
        """Gives the rule in the provider's words."""
        emulator = self._world.emulators[fault.cloud]
        about = {"job": self._world.provider_jobs[fault.job]} if fault.job else {}
        rule = {"operation": emulator.operations.get(fault.operation, fault.operation), **about, **fault.rule}
        emulator.control("POST", "faults", [rule])
        self.record.note("fault", **as_json(fault))
        return rule

    def _aws_rule(self, rule: Any) -> dict[str, Any]:
        """What a rule waits for is the token of a run, or its ARN, which ends with its name."""
        ordered = {member: value for member, value in rule.items() if member != "by"}
        if rule.get("by") != "name":
            return ordered
        run = next(run for run in self._plan.runs if run.token == rule["match"])
        return {**ordered, "match": f"run_job:{self._world.name(run, self._plan.job(run.job))}"}

    def _after(self, work: Callable[[], object]) -> None:
        with self._lock:
            self._under_way.append(self._later.submit(work))


def _left_of(emulator: Emulator, rule: dict[str, Any]) -> int:
    return sum(rule.items() <= left.items() for left in emulator.control("GET", "faults"))

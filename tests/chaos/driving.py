"""Does to the sandbox whatever a plan draws, and keeps a record of it."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from tests.chaos.foreign_starts import ForeignStarts
from tests.chaos.outages import Outage
from tests.chaos.run_interference import RunInterference
from tests.chaos.runs import SPEED, Abort, Job, Record, Run, now
from tests.chaos.sandbox import ChaosSandbox
from tests.support.waiting import eventually

AT_A_TIME = 40
PAUSE_SECONDS = 0.15
RETRIED_AFTER_SECONDS = (60 / SPEED, 120 / SPEED)
"""https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
ENDLESS_TIMES = 1_000_000


class Driver:
    """Whatever takes time goes on beside the rest. `log` gets one line now and then."""

    def __init__(self, sandbox: ChaosSandbox, open_runs: int, log: Callable[[str], None]) -> None:
        self.record = Record()
        self._sandbox, self._open_runs, self._log = sandbox, open_runs, log
        self._lock = threading.RLock()
        self._later = ThreadPoolExecutor(AT_A_TIME)
        self._under_way: list[Future[object]] = []
        self._foreign_starts = {job.key: ForeignStarts(sandbox, self.record, job) for job in sandbox.jobs}
        self._interference = RunInterference(sandbox, self.record)

    def finish(self) -> None:
        """Returns when the last abort and outage are over. Raises the first exception of all that went on beside."""
        # The end of a deed may itself leave something for later.
        for future in self._under_way:
            future.result()
        self._later.shutdown()

    def lift_faults(self) -> None:
        """So that what is over can be emitted: no fault is for ever."""
        self._sandbox.order_aws_faults("PUT", [])
        for limit in ("staleReads", "quotas"):
            self._sandbox.put(limit, {})
        for emulator in self._sandbox.emulators.values():
            emulator.control("PUT", "faults", [])

    def start(self, run: Run) -> None:
        while len(self._sandbox.running("run_job")) >= self._open_runs:
            time.sleep(PAUSE_SECONDS)
        with self._foreign_starts[run.job.key].lock:
            self._begin(run)
            if run.way == "http":
                # A caller over HTTP waits for functions; the others need not wait for it.
                self._beside(lambda: self._start(run))
            else:
                self._start(run)

    def abort(self, run: Run, abort: Abort) -> None:
        self._beside(lambda: self._interference.abort(run, abort))

    def await_following(self, run: Run) -> None:
        """Until its execution is known."""
        eventually(lambda: self._interference.is_followed(run))

    def start_backfill(self, token: str, job: Job, runs: Sequence[Run]) -> None:
        for run in runs:
            self._begin(run)
        self.record.note("backfill", sets=len(runs))
        self._sandbox.start_backfill(token, job, runs)

    def start_foreign(self, job: Job, value: str) -> None:
        def start() -> None:
            self.record.note("foreign start", job=job.key, value=value)
            self._sandbox.start_foreign(job, value)

        def start_apart() -> None:
            if not self._foreign_starts[job.key].start_apart(start):
                self.record.note("foreign start left out", job=job.key)

        self._beside(start if job.is_marked else start_apart)

    def let_reads_lag(self, *, seconds: float, share: float) -> None:
        """A share of the functions' reads of executions lags by so much."""
        self._sandbox.put("staleReads", {"seconds": seconds, "share": share})

    def add_aws_fault(self, rule: Mapping[str, Any]) -> None:
        """For whoever calls next."""
        self._sandbox.order_aws_faults("POST", [rule])
        self.record.note("AWS fault", **rule)

    def add_provider_fault(self, job: Job, operation: str, rule: Mapping[str, Any]) -> None:
        emulator = self._sandbox.emulators[job.cloud]
        about = {"operation": emulator.operations[operation], "job": job.provider_id}
        emulator.control("POST", "faults", [{**about, **rule}])
        self.record.note("provider fault", cloud=job.cloud, at=operation, job=job.key, rule=rule)

    def begin_outage(self, outage: Outage) -> None:
        self._beside(lambda: self._play_outage(outage))

    def purge(self, queue: str) -> None:
        self._sandbox.purge(queue)
        self.record.note("purge", queue=queue)

    def kill_beside(self, function: str, after_seconds: float) -> None:
        """SIGKILL for every process of it."""

        def kill() -> None:
            time.sleep(after_seconds)
            self._kill(function)

        self._beside(kill)

    def sweep_beside(self) -> None:
        self._beside(self.sweep)

    def watch_beside(self) -> None:
        self._beside(self.watch)

    def sweep(self) -> bool:
        """Whether it went through. What fails is called twice more, as Lambda repeats what a schedule calls."""
        began_at = now()
        for seconds in (0, *RETRIED_AFTER_SECONDS):
            time.sleep(seconds)
            if is_done := self._sandbox.sweep():
                break
        self.record.note("sweep", beganAt=began_at, isDone=is_done)
        return is_done

    def watch(self) -> bool:
        """Whether it went through, for all jobs."""
        self.record.note("watch")
        return self._sandbox.watch()

    def _begin(self, run: Run) -> None:
        run.started_at = now()
        self.record.runs.append(run)
        if len(self.record.runs) % 50 == 0:
            self._log(f"{len(self.record.runs)} runs started")

    def _start(self, run: Run) -> None:
        run.name = self._sandbox.start_run(run)
        if run.abort:
            self.abort(run, run.abort)
        if run.is_polled_twice:
            self._beside(lambda: self._interference.poll_twice(run))

    def _kill(self, function: str) -> None:
        self.record.note("kill", function=function)
        self._sandbox.change_function(function, "kill")

    def _play_outage(self, outage: Outage) -> None:
        sandbox, subject = self._sandbox, outage.subject
        rules = [{**rule, "times": ENDLESS_TIMES} for rule in outage.rules]
        self.record.note("outage", **asdict(outage))
        match outage.kind:
            case "provider":
                emulator = sandbox.emulators[subject]
                self._last(outage, lambda method: emulator.control(method, "faults", rules), "POST", "DELETE")
            case "aws":
                self._last(outage, lambda method: sandbox.order_aws_faults(method, rules), "POST", "DELETE")
            case "function":
                self._last(outage, lambda change: sandbox.change_function(subject, change), "delete", "restore")
            case "mapping":
                self._last(outage, lambda change: sandbox.change_mapping(subject, change), "pause", "resume")
            case "quotas":
                self._last(outage, lambda quotas: sandbox.put("quotas", quotas), dict(outage.rules[0]), {})
            case "keys":
                self._last(outage, lambda keys: self._rotate_keys(subject, keys), "retired", "right")

    def _last(self, outage: Outage, change: Callable[[Any], object], begin: object, end: object) -> None:
        change(begin)
        try:
            time.sleep(outage.seconds)
        finally:
            change(end)

    def _rotate_keys(self, connection: str, keys: str) -> None:
        """For a moment the secret holds keys that the provider does not know; functions that begin then read those."""
        secret = dict(self._sandbox.connections[connection])
        if keys == "retired":
            secret |= {"accessKey": "RETIREDKEY0123456789", "secretKey": self._sandbox.retired_key}
        name = f"farsync/connections/{connection}"
        self._sandbox.secrets.put_secret_value(SecretId=name, SecretString=json.dumps(secret))
        if keys == "retired":
            for function in ("poll_execution", "trigger_execution", "prepare_execution"):
                self._kill(function)

    def _beside(self, work: Callable[[], object]) -> None:
        with self._lock:
            self._under_way.append(self._later.submit(work))

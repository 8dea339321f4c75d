"""Jobs whose schedule is started run when their CRON expression says so.

Dependencies on other jobs or on the period before are kept with a job, but nothing waits for them. Events never come.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.huawei_dataarts.instance_store import SCHEDULED
from sandbox.huawei_dataarts.instances import InstanceOperations
from sandbox.huawei_dataarts.job_store import Job, JobStore

LOOK_SECONDS = 0.1


class Scheduler:
    """A schedule goes by `clock` and not by the sandbox's speed; what falls due while nothing serves is left out."""

    def __init__(self, jobs: JobStore, runs: InstanceOperations, clock: Callable[[], float]) -> None:
        self._jobs = jobs
        self._runs = runs
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _work(self) -> None:
        since = self._clock()
        while not self._stopping.wait(LOOK_SECONDS):
            now = self._clock()
            for job in self._jobs.scheduled():
                self._fire_due(job, since, now)
            since = now

    def _fire_due(self, job: Job, since: float, now: float) -> None:
        cron = job.definition.schedule.cron
        if cron is None or job.started_at is None:
            return
        due = cron.next_after(_moment(max(since, job.started_at)))
        while due is not None and due <= _moment(now) and not self._stopping.is_set():
            self._runs.begin(job, SCHEDULED, due.timestamp(), job.start_params)
            due = cron.next_after(due)


def _moment(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)

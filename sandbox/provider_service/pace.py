"""How long executions queue and run: real work on a small file would be over in milliseconds."""

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Pace:
    queue_seconds: float
    run_seconds: float


class PaceBook:
    """The service's pace, and the jobs that have one of their own."""

    def __init__(self, default: Pace) -> None:
        self._default = default
        self._lock = threading.Lock()
        self._of_job: dict[str, Pace] = {}

    def of(self, job: str) -> Pace:
        with self._lock:
            return self._of_job.get(job, self._default)

    def set(self, job: str, queue_seconds: float | None, run_seconds: float | None) -> Pace:
        """What is None stays as it is. Executions that were started already keep their pace."""
        with self._lock:
            pace = self._of_job.get(job, self._default)
            if queue_seconds is not None:
                pace = replace(pace, queue_seconds=queue_seconds)
            if run_seconds is not None:
                pace = replace(pace, run_seconds=run_seconds)
            self._of_job[job] = pace
            return pace

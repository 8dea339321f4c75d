"""How long executions queue and run: real work on a small file would be over in milliseconds."""

import threading
from typing import NamedTuple


class Pace(NamedTuple):
    queue_seconds: float
    run_seconds: float


class PaceBook:
    """The service's pace, and the jobs that have one of their own."""

    def __init__(self, default: Pace) -> None:
        self._default = default
        self._lock = threading.Lock()
        self._by_job: dict[str, Pace] = {}

    def of(self, job: str) -> Pace:
        return self._by_job.get(job, self._default)

    def set(self, job: str, **seconds: float | None) -> Pace:
        """What is None stays as it is. Executions that were started already keep their pace."""
        with self._lock:
            given = {name: value for name, value in seconds.items() if value is not None}
            self._by_job[job] = self.of(job)._replace(**given)
            return self._by_job[job]

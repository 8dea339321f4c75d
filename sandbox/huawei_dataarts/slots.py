"""How many instances of a job run side by side; the others wait in the order in which they came."""

import threading
from collections import defaultdict

from sandbox.provider_service.life import Life


class Slots:
    """`of_each_job`: None where there is no limit."""

    def __init__(self, of_each_job: int | None) -> None:
        self._of_each_job = of_each_job
        self._changed = threading.Condition()
        self._running: defaultdict[int, int] = defaultdict(int)
        self._waiting: defaultdict[int, list[int]] = defaultdict(list)

    def acquire(self, job_id: int, instance_id: int, life: Life) -> None:
        """Waits for a slot. Raises `RunStopped` when the life was stopped meanwhile; `wake` makes it check."""
        with self._changed:
            queue = self._waiting[job_id]
            queue.append(instance_id)
            queue.sort()
            try:
                self._changed.wait_for(lambda: life.stopped.is_set() or self._is_next(job_id, instance_id))
            finally:
                queue.remove(instance_id)
                self._changed.notify_all()
            life.wait(0)
            self._running[job_id] += 1

    def release(self, job_id: int) -> None:
        with self._changed:
            self._running[job_id] -= 1
            self._changed.notify_all()

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_next(self, job_id: int, instance_id: int) -> bool:
        if self._of_each_job is None:
            return True
        return self._running[job_id] < self._of_each_job and self._waiting[job_id][0] == instance_id

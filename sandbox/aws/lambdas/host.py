"""Runs functions: at most so many processes each, further calls wait their turn."""

import queue
import threading
import uuid
from collections.abc import Sequence
from typing import Literal

from sandbox.aws.lambdas.runtime_api import InvocationResult
from sandbox.aws.lambdas.worker import Worker, process_environment
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template.model import Function

Ending = Literal["crash", "timeout_after"]


class Throttled(Exception):
    """No process of the function came free in time, as Lambda says it of its concurrency."""


class SandboxStopped(RuntimeError):
    """No process is started any more."""


class LambdaHost:
    def __init__(self, functions: Sequence[Function], settings: AwsSettings, endpoint: str) -> None:
        self._pools = [ProcessPool(function, settings, endpoint) for function in functions]

    def find(self, name_or_arn: str, *, among_deleted: bool = False) -> "ProcessPool | None":
        """By name, by ARN with or without a qualifier, or by logical id; deleted functions only where asked for."""
        name = name_or_arn.split(":function:")[-1].split(":")[0]
        for pool in self._pools:
            if name in (pool.function.name, pool.function.logical_id):
                return pool if among_deleted or not pool.is_deleted else None
        return None

    def names(self) -> list[str]:
        return sorted(pool.function.name for pool in self._pools)

    def stop(self) -> None:
        for pool in self._pools:
            pool.stop()


class ProcessPool:
    """The processes of one function. Where it `is_deleted`, calls find it no more; those under way go on."""

    def __init__(self, function: Function, settings: AwsSettings, endpoint: str) -> None:
        self.function = function
        self.is_deleted = False
        self._log = settings.folder / "logs" / f"{function.logical_id}.log"
        self._environment = process_environment(function, endpoint)
        reserved = function.reserved_concurrency
        cap = settings.processes_per_function if reserved is None else reserved
        # Last in, first out: a warm process is taken before a slot that has none yet.
        self._slots: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(min(cap, settings.processes_per_function)):
            self._slots.put(None)
        self._workers: set[Worker] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def invoke(
        self, payload: bytes, ending: Ending | None = None, wait_seconds: float | None = None
    ) -> InvocationResult:
        """Waits until a process is free, then for its result. `ending` spoils what comes after the work.

        Raises `Throttled` where no process comes free within `wait_seconds`.
        """
        request_id = str(uuid.uuid4())
        try:
            worker = self._slots.get(timeout=wait_seconds)
        except queue.Empty:
            raise Throttled from None
        try:
            if worker is None or not worker.is_alive:
                worker = self._start(replaces=worker)
            result = worker.run(payload, request_id)
            if ending == "crash":
                result = worker.crash_after(request_id)
            elif ending == "timeout_after":
                result = worker.overrun_after(request_id)
        finally:
            self._slots.put(worker)
        return result

    def kill(self) -> int:
        """SIGKILL to every process of the function, at work or not; gives how many there were."""
        with self._lock:
            alive = [worker for worker in self._workers if worker.is_alive]
            for worker in alive:
                worker.kill()
        return len(alive)

    def stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            for worker in self._workers:
                worker.stop()
            self._workers.clear()

    def _start(self, replaces: Worker | None) -> Worker:
        with self._lock:
            if self._is_stopped:
                raise SandboxStopped(f"{self.function.name}: the sandbox has been stopped")
            if replaces:
                self._workers.discard(replaces)
                replaces.stop()
            worker = Worker(self.function, self._environment, self._log)
            self._workers.add(worker)
        return worker

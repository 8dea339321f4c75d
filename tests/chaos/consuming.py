"""Somebody who takes the events off the queue as they come: nobody lets thousands of them stand there."""

import threading
from typing import Any

from tests.support.sandbox import Sandbox

PAUSE_SECONDS = 0.3


class Consumer:
    """Takes events from its making until `stop`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._events: list[dict[str, Any]] = []
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def stop(self) -> list[dict[str, Any]]:
        """Everything that ever stood on the queue, in the order of its receipt."""
        self._is_stopped.set()
        self._thread.join()
        return self._events + self._sandbox.receive_events()

    def _take(self) -> None:
        while not self._is_stopped.wait(PAUSE_SECONDS):
            self._events += self._sandbox.receive_events()

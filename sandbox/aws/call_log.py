"""Which calls of AWS' API arrived, for tests to count."""

import datetime
import threading
from collections import Counter, deque
from typing import Any

_KEPT_CALLS = 1000


class CallLog:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._faults: dict[str, Counter[str]] = {}
        self._calls: dict[str, deque[dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def record(self, operation: str, subject: str | None, fault: str | None) -> None:
        """`subject`: what was called: a function, a name of an execution, a queue, a secret."""
        now = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="milliseconds")
        with self._lock:
            self._counts[operation] += 1
            if fault:
                self._faults.setdefault(operation, Counter())[fault] += 1
            calls = self._calls.setdefault(operation, deque(maxlen=_KEPT_CALLS))
            calls.append({"at": now, "subject": subject, "fault": fault})

    def as_json(self) -> dict[str, Any]:
        """{"counts": {operation: number}, "faults": {operation: {fault: number}}, "calls": {operation: last 1000}}"""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "faults": {operation: dict(met) for operation, met in self._faults.items()},
                "calls": {operation: list(calls) for operation, calls in self._calls.items()},
            }

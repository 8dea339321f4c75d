"""A record of what was done to whom, and when. Times are ISO 8601, of this machine's clock."""

import threading
from datetime import UTC, datetime
from typing import Any


class Record:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self.runs: dict[int, dict[str, Any]] = {}
        self.foreign: list[dict[str, Any]] = []
        self.deeds: list[dict[str, Any]] = []
        self._lock = threading.RLock()

    def begin_run(self, number: int) -> None:
        with self._lock:
            self.runs[number] = {"name": None, "startedAt": now(), "abortedAt": None, "redrives": 0}

    def change_run(self, number: int, **changes: object) -> None:
        with self._lock:
            self.runs[number].update(changes)

    def count_redrive(self, number: int) -> None:
        with self._lock:
            self.runs[number]["redrives"] += 1
        self.note("redrive")

    def begin_foreign(self, job: str, value: str) -> None:
        with self._lock:
            self.foreign.append({"job": job, "value": value, "startedAt": now()})

    def note(self, deed: str, **details: object) -> None:
        with self._lock:
            self.deeds.append({"at": now(), "deed": deed, **details})


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

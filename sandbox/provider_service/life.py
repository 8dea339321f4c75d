"""A thread at work on an execution, and what other threads need to stop it."""

import threading
from dataclasses import dataclass, field

import duckdb

THREAD_END_SECONDS = 10


@dataclass
class Life:
    thread: threading.Thread
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _database: duckdb.DuckDBPyConnection | None = None

    def holds(self, database: duckdb.DuckDBPyConnection | None) -> None:
        """Which database runs its queries now; None before that is closed."""
        with self._lock:
            self._database = database

    def interrupt(self) -> None:
        with self._lock:
            if self._database is not None:
                self._database.interrupt()

    def stop(self) -> None:
        self.stopped.set()
        self.interrupt()

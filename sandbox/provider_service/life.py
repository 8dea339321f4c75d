"""Threads at work on executions, and the ways in which other threads stop them."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from sandbox.provider_service.sql_database import open_database

THREAD_END_SECONDS = 10
DATABASES_AT_ONCE = 2
LONGEST_WAIT_SECONDS = 1e6
"""Python cannot wait for centuries, which a low speed may ask for."""


class RunStopped(Exception):
    """Somebody else has decided about the execution, or the service ends."""


class OutOfTime(Exception):
    """A query was interrupted at its deadline."""


@dataclass
class Life:
    """One thread's work on one execution."""

    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _database: duckdb.DuckDBPyConnection | None = None

    def wait(self, seconds: float) -> None:
        """Raises `RunStopped`."""
        if self.stopped.wait(min(max(0.0, seconds), LONGEST_WAIT_SECONDS)):
            raise RunStopped

    def stop(self) -> None:
        self.stopped.set()
        self._interrupt()

    def _interrupt(self) -> None:
        with self._lock:
            if self._database is not None:
                self._database.interrupt()

    @contextmanager
    def interruptible(self, database: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Its queries end with `OutOfTime` after so many seconds, with `RunStopped` when the life is stopped."""
        overtime = threading.Timer(min(max(0.0, seconds), LONGEST_WAIT_SECONDS), self._interrupt)
        overtime.daemon = True
        overtime.start()
        with self._lock:
            self._database = database
        try:
            self.wait(0)
            yield
        except duckdb.InterruptException as error:
            raise (RunStopped if self.stopped.is_set() else OutOfTime) from error
        finally:
            overtime.cancel()
            with self._lock:
                self._database = None


class Lives:
    """The threads by the executions' keys. Each execution has the folder `<staging>/<key>` to itself."""

    def __init__(self, staging: Path) -> None:
        shutil.rmtree(staging, ignore_errors=True)
        self._staging = staging
        self._lock = threading.Lock()
        self._lives: dict[object, tuple[Life, threading.Thread]] = {}
        self._databases = threading.BoundedSemaphore(DATABASES_AT_ONCE)

    def begin(self, key: object, work: Callable[[Life], None]) -> None:
        """In place of a thread that was stopped, if there is one. `work` may raise `RunStopped`."""
        life = Life()
        thread = threading.Thread(target=self._live, args=(key, life, work), daemon=True)
        with self._lock:
            self._lives[key] = life, thread
        thread.start()

    def stop(self, key: object) -> None:
        with self._lock:
            life, _ = self._lives.get(key, (None, None))
        if life is not None:
            life.stop()

    def stop_all(self, wake: Callable[[], None] = lambda: None) -> None:
        """Waits for the threads; `wake` ends waits that are none of a life's own."""
        with self._lock:
            lives = list(self._lives.values())
        for life, _ in lives:
            life.stop()
        wake()
        for _, thread in lives:
            thread.join(THREAD_END_SECONDS)

    @contextmanager
    def database(self, key: object, life: Life, seconds: float) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
        """A database of the execution's own for so many seconds, and the folder that it may write to."""
        staging = self._staging / str(key)
        staging.mkdir(parents=True, exist_ok=True)
        with self._databases, open_database(staging) as database, life.interruptible(database, seconds):
            yield database, staging

    def _live(self, key: object, life: Life, work: Callable[[Life], None]) -> None:
        try:
            work(life)
        except RunStopped:
            pass
        finally:
            with self._lock:
                if self._lives[key][0] is life:
                    del self._lives[key]
                    shutil.rmtree(self._staging / str(key), ignore_errors=True)

"""The SQLite file under a service: one connection, used by every thread in turn."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path


class Storage:
    """Runs one statement at a time; every statement is its own transaction."""

    def __init__(self, file: Path, schema: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(schema)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def change(self, statement: str, values: Sequence[object] = ()) -> int:
        """Returns how many rows changed."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def close(self) -> None:
        with self._lock:
            self._connection.close()

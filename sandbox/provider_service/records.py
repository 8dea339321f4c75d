"""What a service remembers: records by key, in memory and in the SQLite file under its folder."""

import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

RecordT = TypeVar("RecordT", bound=BaseModel)


class Storage:
    """One connection, used by every thread in turn; every statement is its own transaction."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS records"
            " (position INTEGER PRIMARY KEY, kind TEXT, key TEXT, content TEXT, UNIQUE (kind, key))"
        )

    def rows(self, statement: str, *values: str) -> list[tuple[str]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Records(Generic[RecordT]):
    """Records of one kind, oldest first; `key` is the field that names a record."""

    def __init__(self, storage: Storage, model: type[RecordT], key: str) -> None:
        self._storage = storage
        self._kind = model.__name__
        self._key = key
        self._lock = threading.Lock()
        rows = storage.rows("SELECT content FROM records WHERE kind = ? ORDER BY position", self._kind)
        records = [model.model_validate_json(content) for (content,) in rows]
        self._records: dict[object, RecordT] = {getattr(record, key): record for record in records}

    def put(self, record: RecordT) -> None:
        """A new one, or in place of the one with its key."""
        with self._lock:
            self._put(record)

    def change(self, key: object, when: Callable[[RecordT], bool] = lambda _: True, **fields: object) -> RecordT | None:
        """The record as it is then; None where there is none, or `when` does not hold for it."""
        with self._lock:
            record = self._records.get(key)
            if record is None or not when(record):
                return None
            changed = record.model_copy(update=fields)
            self._put(changed)
            return changed

    def delete(self, key: object) -> None:
        with self._lock:
            self._storage.rows("DELETE FROM records WHERE kind = ? AND key = ?", self._kind, str(key))
            self._records.pop(key, None)

    def find(self, key: object) -> RecordT | None:
        with self._lock:
            return self._records.get(key)

    def all(self) -> list[RecordT]:
        with self._lock:
            return list(self._records.values())

    def _put(self, record: RecordT) -> None:
        key = getattr(record, self._key)
        self._storage.rows(
            "INSERT INTO records (kind, key, content) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET content = excluded.content",
            self._kind,
            str(key),
            record.model_dump_json(),
        )
        self._records[key] = record


def count_on(numbers: Iterable[int], first: int) -> Iterator[int]:
    """Ids after the highest one so far, from `first` on."""
    return itertools.count(max([first - 1, *numbers]) + 1)

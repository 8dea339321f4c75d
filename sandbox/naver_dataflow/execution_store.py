"""Executions as rows, and the one-way steps of their life: READY, RUNNING, an end."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider_service.storage import Storage

OPEN_STATUSES = ("READY", "RUNNING")


@dataclass(frozen=True)
class Execution:
    """An execution keeps the definition it was started with; later changes of the job do not touch it."""

    execution_id: str
    job_id: str
    job_name: str
    definition: str
    """Type and nodes of the job, as JSON text."""
    condition: Mapping[str, Any]
    parameters: Mapping[str, Any]
    type: str
    trigger_id: str | None
    status: str
    created_at: float
    visible_at: float
    """From when on lists show it."""
    queue_seconds: float
    run_seconds: float
    running_at: float | None = None
    ended_at: float | None = None
    cancel_requested_at: float | None = None
    console_log_path: str | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


class ExecutionStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def add(self, execution: Execution) -> None:
        self._storage.change(
            "INSERT INTO executions (execution_id, job_id, job_name, definition, condition, parameters, type,"
            " trigger_id, status, created_at, visible_at, queue_seconds, run_seconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                execution.execution_id,
                execution.job_id,
                execution.job_name,
                execution.definition,
                json.dumps(execution.condition),
                json.dumps(execution.parameters),
                execution.type,
                execution.trigger_id,
                execution.status,
                execution.created_at,
                execution.visible_at,
                execution.queue_seconds,
                execution.run_seconds,
            ),
        )

    def find(self, execution_id: str) -> Execution | None:
        rows = self._storage.rows("SELECT * FROM executions WHERE execution_id = ?", (execution_id,))
        return _execution(rows[0]) if rows else None

    def list_page(self, job_id: str, now: float, limit: int, offset: int) -> tuple[list[Execution], int]:
        """Newest first, and how many there are in all."""
        visible = "FROM executions WHERE job_id = ? AND visible_at <= ?"
        total = self._storage.rows(f"SELECT count(*) {visible}", (job_id, now))[0][0]
        rows = self._storage.rows(
            f"SELECT * {visible} ORDER BY position DESC LIMIT ? OFFSET ?", (job_id, now, limit, offset)
        )
        return [_execution(row) for row in rows], total

    def all(self) -> list[Execution]:
        """Oldest first."""
        return [_execution(row) for row in self._storage.rows("SELECT * FROM executions ORDER BY position")]

    def open(self) -> list[Execution]:
        rows = self._storage.rows("SELECT * FROM executions WHERE status IN ('READY', 'RUNNING') ORDER BY position")
        return [_execution(row) for row in rows]

    def count_open(self, job_id: str) -> int:
        statement = "SELECT count(*) FROM executions WHERE job_id = ? AND status IN ('READY', 'RUNNING')"
        count: int = self._storage.rows(statement, (job_id,))[0][0]
        return count

    def begin(self, execution_id: str, now: float, console_log_path: str) -> bool:
        """READY (or RUNNING, after a restart) to RUNNING. False when it has ended meanwhile."""
        statement = (
            "UPDATE executions SET status = 'RUNNING', running_at = ?, console_log_path = ?"
            " WHERE execution_id = ? AND status IN ('READY', 'RUNNING')"
        )
        return self._storage.change(statement, (now, console_log_path, execution_id)) == 1

    def end(self, execution_id: str, status: str, now: float) -> bool:
        """False when it had ended already."""
        statement = (
            "UPDATE executions SET status = ?, ended_at = ? WHERE execution_id = ? AND status IN ('READY', 'RUNNING')"
        )
        return self._storage.change(statement, (status, now, execution_id)) == 1

    def note_cancel_request(self, execution_id: str, now: float) -> None:
        """The first request counts, whatever became of it."""
        self._storage.change(
            "UPDATE executions SET cancel_requested_at = coalesce(cancel_requested_at, ?) WHERE execution_id = ?",
            (now, execution_id),
        )


def _execution(row: sqlite3.Row) -> Execution:
    return Execution(
        execution_id=row["execution_id"],
        job_id=row["job_id"],
        job_name=row["job_name"],
        definition=row["definition"],
        condition=json.loads(row["condition"]),
        parameters=json.loads(row["parameters"]),
        type=row["type"],
        trigger_id=row["trigger_id"],
        status=row["status"],
        created_at=row["created_at"],
        visible_at=row["visible_at"],
        queue_seconds=row["queue_seconds"],
        run_seconds=row["run_seconds"],
        running_at=row["running_at"],
        ended_at=row["ended_at"],
        cancel_requested_at=row["cancel_requested_at"],
        console_log_path=row["console_log_path"],
    )

"""Jobs as rows."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider_service.storage import Storage


@dataclass(frozen=True)
class Job:
    job_id: str
    name: str
    description: str
    type: str
    draft_status: str
    """`DRAFT` or `EDITING` while it cannot run; else empty."""
    nodes: list[dict[str, Any]]
    run_settings: Mapping[str, Any]
    max_concurrent_runs: int | None
    created_at: float
    updated_at: float


@dataclass(frozen=True)
class JobSummary:
    """A job next to what its executions say about it."""

    job: Job
    is_running: bool
    last_status: str | None
    last_finished_status: str | None
    last_execution_at: float | None


# Nodes are left out of lists: a thousand definitions would be read for nothing.
SUMMARY = """
SELECT job_id, name, description, type, draft_status, {nodes} AS nodes, run_condition, max_concurrent_runs,
    created_at, updated_at,
    EXISTS (SELECT 1 FROM executions e WHERE e.job_id = jobs.job_id AND status = 'RUNNING') AS is_running,
    (SELECT status FROM executions e WHERE e.job_id = jobs.job_id ORDER BY position DESC LIMIT 1)
        AS last_status,
    (SELECT status FROM executions e WHERE e.job_id = jobs.job_id AND ended_at IS NOT NULL
        ORDER BY position DESC LIMIT 1) AS last_finished_status,
    (SELECT created_at FROM executions e WHERE e.job_id = jobs.job_id ORDER BY position DESC LIMIT 1)
        AS last_execution_at
FROM jobs
"""
STATUS_WORD = """
CASE WHEN draft_status != '' THEN draft_status
     WHEN EXISTS (SELECT 1 FROM executions e WHERE e.job_id = jobs.job_id AND status = 'RUNNING') THEN 'RUNNING'
     ELSE 'RUNNABLE' END
"""


class JobStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def add(self, job: Job) -> None:
        self._storage.change(
            "INSERT INTO jobs (job_id, name, description, type, draft_status, nodes, run_condition,"
            " max_concurrent_runs, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                job.job_id,
                job.name,
                job.description,
                job.type,
                job.draft_status,
                json.dumps(job.nodes),
                json.dumps(job.run_settings),
                job.max_concurrent_runs,
                job.created_at,
                job.updated_at,
            ),
        )

    def replace(self, job: Job) -> None:
        self._storage.change(
            "UPDATE jobs SET name = ?, type = ?, draft_status = ?, nodes = ?, run_condition = ?,"
            " max_concurrent_runs = ?, updated_at = ? WHERE job_id = ?",
            (
                job.name,
                job.type,
                job.draft_status,
                json.dumps(job.nodes),
                json.dumps(job.run_settings),
                job.max_concurrent_runs,
                job.updated_at,
                job.job_id,
            ),
        )

    def delete(self, job_id: str) -> None:
        self._storage.change("DELETE FROM jobs WHERE job_id = ?", (job_id,))

    def find(self, job_id: str) -> JobSummary | None:
        rows = self._storage.rows(SUMMARY.format(nodes="nodes") + "WHERE job_id = ?", (job_id,))
        return _summary(rows[0]) if rows else None

    def exists(self, job_id: str) -> bool:
        return bool(self._storage.rows("SELECT 1 FROM jobs WHERE job_id = ?", (job_id,)))

    def list_page(self, name: str | None, status: str | None, limit: int, offset: int) -> tuple[list[JobSummary], int]:
        """Newest first, without nodes, and how many there are in all. `name` is a part of the name."""
        condition, values = "WHERE 1", []
        if name:
            condition += " AND instr(name, ?) > 0"
            values.append(name)
        if status:
            condition += f" AND {STATUS_WORD} = ?"
            values.append(status)
        total = self._storage.rows(f"SELECT count(*) FROM jobs {condition}", values)[0][0]
        rows = self._storage.rows(
            SUMMARY.format(nodes="'[]'") + condition + " ORDER BY position DESC LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [_summary(row) for row in rows], total


def _summary(row: sqlite3.Row) -> JobSummary:
    return JobSummary(
        job=Job(
            job_id=row["job_id"],
            name=row["name"],
            description=row["description"],
            type=row["type"],
            draft_status=row["draft_status"],
            nodes=json.loads(row["nodes"]),
            run_settings=json.loads(row["run_condition"]),
            max_concurrent_runs=row["max_concurrent_runs"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        ),
        is_running=bool(row["is_running"]),
        last_status=row["last_status"],
        last_finished_status=row["last_finished_status"],
        last_execution_at=row["last_execution_at"],
    )

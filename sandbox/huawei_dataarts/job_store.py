"""Jobs as rows."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.huawei_dataarts.job_definition import JobDefinition
from sandbox.provider_service.storage import Storage


@dataclass(frozen=True)
class Job:
    job_id: int
    workspace: str
    definition: JobDefinition
    status: str
    version: int
    """0 until a version is submitted."""
    start_params: Mapping[str, str]
    """Given with the start of its schedule."""
    created_at: float
    updated_at: float
    started_at: float | None
    stopped_at: float | None

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True)
class JobSummary:
    """A job next to what its newest instance says about it."""

    job: Job
    last_status: str | None
    last_ended_at: float | None


SUMMARY = """
SELECT jobs.*,
    (SELECT status FROM instances i WHERE i.job_id = jobs.job_id ORDER BY instance_id DESC LIMIT 1) AS last_status,
    (SELECT ended_at FROM instances i WHERE i.job_id = jobs.job_id ORDER BY instance_id DESC LIMIT 1) AS last_ended_at
FROM jobs
"""


class JobStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def add(self, workspace: str, definition: JobDefinition, version: int, now: float) -> bool:
        """False when the name is used."""
        statement = (
            "INSERT OR IGNORE INTO jobs (workspace, name, definition, status, version, start_params, created_at,"
            " updated_at) VALUES (?, ?, ?, 'STOPPED', ?, '{}', ?, ?)"
        )
        values = (workspace, definition.name, _text(definition), version, now, now)
        return self._storage.change(statement, values) == 1

    def replace(self, job: Job, definition: JobDefinition, version: int, now: float) -> bool:
        """False when another job has the name."""
        statement = "UPDATE OR IGNORE jobs SET name = ?, definition = ?, version = ?, updated_at = ? WHERE job_id = ?"
        return self._storage.change(statement, (definition.name, _text(definition), version, now, job.job_id)) == 1

    def start(self, job: Job, status: str, start_params: Mapping[str, str], now: float) -> None:
        self._storage.change(
            "UPDATE jobs SET status = ?, start_params = ?, started_at = ?, stopped_at = NULL WHERE job_id = ?",
            (status, json.dumps(dict(start_params)), now, job.job_id),
        )

    def stop(self, job: Job, now: float) -> None:
        self._storage.change("UPDATE jobs SET status = 'STOPPED', stopped_at = ? WHERE job_id = ?", (now, job.job_id))

    def delete(self, job: Job) -> None:
        self._storage.change("DELETE FROM jobs WHERE job_id = ?", (job.job_id,))

    def find(self, workspace: str, name: str) -> Job | None:
        rows = self._storage.rows("SELECT * FROM jobs WHERE workspace = ? AND name = ?", (workspace, name))
        return _job(rows[0]) if rows else None

    def count(self, workspace: str) -> int:
        count: int = self._storage.rows("SELECT count(*) FROM jobs WHERE workspace = ?", (workspace,))[0][0]
        return count

    def scheduled(self) -> list[Job]:
        return [_job(row) for row in self._storage.rows("SELECT * FROM jobs WHERE status = 'SCHEDULING'")]

    def list_all(self, workspace: str, name_part: str, process_type: str) -> list[JobSummary]:
        """Newest first."""
        rows = self._storage.rows(
            SUMMARY + "WHERE workspace = ? AND instr(name, ?) > 0"
            " AND json_extract(definition, '$.processType') = ? ORDER BY job_id DESC",
            (workspace, name_part, process_type),
        )
        return [JobSummary(_job(row), row["last_status"], row["last_ended_at"]) for row in rows]


def _text(definition: JobDefinition) -> str:
    return definition.model_dump_json(by_alias=True, exclude_none=True)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        job_id=row["job_id"],
        workspace=row["workspace"],
        definition=JobDefinition.model_validate_json(row["definition"]),
        status=row["status"],
        version=row["version"],
        start_params=json.loads(row["start_params"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
    )

"""Instances as rows: one per run of a job, with the definition and parameters it was started with."""

import itertools
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.huawei_dataarts.job_definition import JobDefinition
from sandbox.provider_service.storage import Storage

SCHEDULED, MANUAL, ONE_TIME = 0, 2, 7
"""Values of `instanceType`."""
WORKING = ("waiting", "running")
NEEDING_A_PERSON = ("running-exception", "pause", "freeze", "waiting-confirm")
LAST_ID_BEFORE = 34763
"""The next one is that of the provider's example."""
ENDED = ("success", "fail", "manual-stop", "skip-by-depend")


@dataclass(frozen=True)
class Instance:
    """An instance keeps the definition it was started with; later changes of the job do not touch it."""

    instance_id: int
    job_id: int
    workspace: str
    definition: JobDefinition
    job_params: Mapping[str, str]
    """The job's own parameters, with those of the start over them."""
    instance_type: int
    version: int
    plan_time: float
    submitted_at: float
    visible_at: float
    """From when on lists show it."""
    queue_seconds: float
    run_seconds: float
    status: str = "waiting"
    """One of the twelve words, but for the two special successes, which are `success` with a flag."""
    is_forced: bool = False
    is_ignored: bool = False
    started_at: float | None = None
    ended_at: float | None = None
    stop_requested_at: float | None = None
    error_message: str | None = None

    @property
    def job_name(self) -> str:
        return self.definition.name

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class InstanceStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        last: int = storage.rows("SELECT coalesce(max(instance_id), ?) FROM instances", (LAST_ID_BEFORE,))[0][0]
        self._ids = itertools.count(last + 1)

    def new_id(self) -> int:
        return next(self._ids)

    def add(self, instance: Instance) -> None:
        self._storage.change(
            "INSERT INTO instances (instance_id, job_id, workspace, definition, job_name, job_params, instance_type,"
            " version, status, plan_time, submitted_at, visible_at, queue_seconds, run_seconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                instance.instance_id,
                instance.job_id,
                instance.workspace,
                instance.definition.model_dump_json(by_alias=True, exclude_none=True),
                instance.job_name,
                json.dumps(dict(instance.job_params)),
                instance.instance_type,
                instance.version,
                instance.status,
                instance.plan_time,
                instance.submitted_at,
                instance.visible_at,
                instance.queue_seconds,
                instance.run_seconds,
            ),
        )

    def find(self, instance_id: int) -> Instance | None:
        rows = self._storage.rows("SELECT * FROM instances WHERE instance_id = ?", (instance_id,))
        return _instance(rows[0]) if rows else None

    def all(self) -> list[Instance]:
        """Oldest first."""
        return [_instance(row) for row in self._storage.rows("SELECT * FROM instances ORDER BY instance_id")]

    def of_job(self, job_id: int, *statuses: str) -> list[Instance]:
        marks = ", ".join("?" for _ in statuses)
        statement = f"SELECT * FROM instances WHERE job_id = ? AND status IN ({marks}) ORDER BY instance_id"
        return [_instance(row) for row in self._storage.rows(statement, (job_id, *statuses))]

    def working(self) -> list[Instance]:
        statement = "SELECT * FROM instances WHERE status IN ('waiting', 'running') ORDER BY instance_id"
        return [_instance(row) for row in self._storage.rows(statement)]

    def search(self, conditions: str, values: tuple[object, ...], limit: int, skip: int) -> tuple[list[Instance], int]:
        """Newest plan time first, of jobs that still exist, and how many there are in all."""
        selected = f"FROM instances WHERE job_id IN (SELECT job_id FROM jobs) AND {conditions}"
        total: int = self._storage.rows(f"SELECT count(*) {selected}", values)[0][0]
        rows = self._storage.rows(
            f"SELECT * {selected} ORDER BY plan_time DESC, instance_id DESC LIMIT ? OFFSET ?", (*values, limit, skip)
        )
        return [_instance(row) for row in rows], total

    def begin(self, instance_id: int, now: float) -> None:
        self._storage.change(
            "UPDATE instances SET status = 'running', started_at = coalesce(started_at, ?) WHERE instance_id = ?",
            (now, instance_id),
        )

    def set_status(self, instance_id: int, status: str, error_message: str | None = None) -> None:
        """For statuses that are no end."""
        self._storage.change(
            "UPDATE instances SET status = ?, ended_at = NULL, error_message = ? WHERE instance_id = ?",
            (status, error_message, instance_id),
        )

    def end(
        self,
        instance_id: int,
        status: str,
        now: float,
        *,
        is_forced: bool = False,
        is_ignored: bool = False,
        error_message: str | None = None,
    ) -> None:
        self._storage.change(
            "UPDATE instances SET status = ?, is_forced = ?, is_ignored = ?, error_message = ?, ended_at = ?"
            " WHERE instance_id = ?",
            (status, is_forced, is_ignored, error_message, now, instance_id),
        )

    def begin_again(self, instance_id: int) -> None:
        """Forgets the end, and when it started."""
        self._storage.change(
            "UPDATE instances SET status = 'waiting', is_forced = 0, is_ignored = 0, error_message = NULL,"
            " started_at = NULL, ended_at = NULL WHERE instance_id = ?",
            (instance_id,),
        )

    def note_stop_request(self, instance_id: int, now: float) -> None:
        """The first request counts, whatever became of it."""
        self._storage.change(
            "UPDATE instances SET stop_requested_at = coalesce(stop_requested_at, ?) WHERE instance_id = ?",
            (now, instance_id),
        )


def _instance(row: sqlite3.Row) -> Instance:
    columns = dict(row)
    columns.pop("job_name")
    columns["definition"] = JobDefinition.model_validate_json(columns["definition"])
    columns["job_params"] = json.loads(columns["job_params"])
    return Instance(**{**columns, "is_forced": bool(row["is_forced"]), "is_ignored": bool(row["is_ignored"])})

"""What became of each node of an instance."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.huawei_dataarts.job_definition import Node
from sandbox.provider_service.storage import Storage

OVER = ("success", "fail", "skip", "manual-stop")


@dataclass(frozen=True)
class NodeRecord:
    instance_id: int
    position: int
    node_name: str
    type: str
    status: str
    started_at: float | None
    ended_at: float | None
    retry_times: int
    """Attempts after the first one."""
    input_row_count: int
    rows_per_second: float | None
    log_path: str | None


class NodeRecords:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def add(self, instance_id: int, nodes: Iterable[Node]) -> None:
        for position, node in enumerate(nodes):
            self._storage.change(
                "INSERT INTO node_records (instance_id, position, node_name, type, status)"
                " VALUES (?, ?, ?, ?, 'waiting')",
                (instance_id, position, node.name, node.type),
            )

    def of(self, instance_id: int) -> dict[str, NodeRecord]:
        """By name, in running order."""
        rows = self._storage.rows("SELECT * FROM node_records WHERE instance_id = ? ORDER BY position", (instance_id,))
        return {row["node_name"]: _record(row) for row in rows}

    def begin(self, instance_id: int, node_name: str, log_path: str | None, now: float) -> None:
        self._storage.change(
            "UPDATE node_records SET status = 'running', started_at = ?, ended_at = NULL, retry_times = 0,"
            " log_path = ? WHERE instance_id = ? AND node_name = ?",
            (now, log_path, instance_id, node_name),
        )

    def note_retry(self, instance_id: int, node_name: str) -> None:
        self._storage.change(
            "UPDATE node_records SET retry_times = retry_times + 1 WHERE instance_id = ? AND node_name = ?",
            (instance_id, node_name),
        )

    def note_rows(self, instance_id: int, node_name: str, input_row_count: int, rows_per_second: float) -> None:
        self._storage.change(
            "UPDATE node_records SET input_row_count = ?, rows_per_second = ? WHERE instance_id = ? AND node_name = ?",
            (input_row_count, rows_per_second, instance_id, node_name),
        )

    def end(self, instance_id: int, node_name: str, status: str, now: float) -> None:
        self._storage.change(
            "UPDATE node_records SET status = ?, ended_at = ? WHERE instance_id = ? AND node_name = ?",
            (status, now, instance_id, node_name),
        )

    def end_open(self, instance_id: int, now: float) -> None:
        """What runs or waits is stopped with its instance."""
        self._storage.change(
            "UPDATE node_records SET status = 'manual-stop', ended_at = CASE status WHEN 'running' THEN ? END"
            " WHERE instance_id = ? AND status IN ('waiting', 'running', 'pause')",
            (now, instance_id),
        )

    def change_running(self, instance_id: int, status: str) -> None:
        self._storage.change(
            "UPDATE node_records SET status = ? WHERE instance_id = ? AND status = 'running'", (status, instance_id)
        )

    def reset(self, instance_id: int, node_names: Iterable[str]) -> None:
        for node_name in node_names:
            self._storage.change(
                "UPDATE node_records SET status = 'waiting', started_at = NULL, ended_at = NULL, retry_times = 0,"
                " input_row_count = 0, rows_per_second = NULL WHERE instance_id = ? AND node_name = ?",
                (instance_id, node_name),
            )


def _record(row: sqlite3.Row) -> NodeRecord:
    return NodeRecord(**dict(row))

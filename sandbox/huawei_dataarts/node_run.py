"""One node of an instance: its work, its attempts and its time limit."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sandbox.huawei_dataarts.expressions import ExpressionFailed
from sandbox.huawei_dataarts.job_definition import Node
from sandbox.huawei_dataarts.node_logs import NodeLogs
from sandbox.huawei_dataarts.running_instance import RunningInstance, RunStopped
from sandbox.huawei_dataarts.sql_node import SQL_TYPES, read_sql_node, run_sql
from sandbox.huawei_dataarts.sql_script import SqlRejected
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected

SQL_NODES_AT_ONCE = 2
LONGEST_WAIT_SECONDS = 1e6
"""Python cannot wait for centuries, which a low speed may ask for."""


class NodeFailed(Exception):
    """An attempt that went wrong; the text is the reason, in one line."""

    def __init__(self, reason: str, *, is_timeout: bool = False) -> None:
        super().__init__(reason)
        self.is_timeout = is_timeout


@dataclass(frozen=True)
class Workshop:
    """What nodes work with. Minutes and seconds of a definition are divided by `speed`."""

    buckets: BucketFiles
    bucket_of: Callable[[str], str]
    """Which bucket holds the tables of a workspace."""
    staging: Path
    logs: NodeLogs
    speed: float
    clock: Callable[[], float]
    sql_nodes: threading.BoundedSemaphore


class NodeRun:
    """`least_seconds`: how long an attempt takes at least."""

    def __init__(self, running: RunningInstance, node: Node, workshop: Workshop, least_seconds: float) -> None:
        self._running = running
        self._node = node
        self._workshop = workshop
        self._least_seconds = least_seconds
        self._limit_seconds = node.max_execution_time * 60 / workshop.speed
        self._write: Callable[[str], None] = lambda _: None

    def run(self, objection: str | None) -> str | None:
        """None after a success, else the reason of the failure. An `objection` fails the node before it works.

        Raises `RunStopped`.
        """
        node, workshop = self._node, self._workshop
        has_log = node.type != "Dummy" or objection is not None
        log_path = workshop.logs.path_of(self._running.instance, node.name) if has_log else None
        self._running.begin_node(node.name, log_path)
        try:
            if log_path is not None:
                self._write = workshop.logs.open(log_path).write
            self._write(f"node {node.name} of type {node.type}, instance {self._running.instance.instance_id}")
            if objection is not None:
                raise NodeFailed(objection)
            self._attempt_until_done()
        except (NodeFailed, BucketPathRejected, OSError) as failure:
            reason = str(failure) or type(failure).__name__
            self._write(f"fail: {reason}")
            self._running.end_node(node.name, "fail")
            return reason
        self._write("success")
        self._running.end_node(node.name, "success")
        return None

    def _attempt_until_done(self) -> None:
        """All attempts share the time limit, unless the node wants a new one after a time-out."""
        node = self._node
        deadline = self._workshop.clock() + self._limit_seconds
        for retries_left in range(node.retry_times, -1, -1):
            try:
                self._attempt(deadline)
            except NodeFailed as failure:
                is_final = failure.is_timeout and node.exec_time_out_retry != "true"
                if not retries_left or is_final:
                    raise
                self._write(f"{failure}; trying again in {node.retry_interval} seconds")
                if failure.is_timeout:
                    deadline = self._workshop.clock() + self._limit_seconds
            else:
                return
            self._wait(node.retry_interval / self._workshop.speed, deadline)
            self._running.note_retry(node.name)

    def _attempt(self, deadline: float) -> None:
        self._wait(self._least_seconds, deadline)
        if self._running.instance.definition.is_dry_run:
            self._write("dry run: the node does nothing")
        elif self._node.type in SQL_TYPES:
            self._run_sql(deadline)
        elif self._node.type != "Dummy":
            allowed = ", ".join(sorted(SQL_TYPES))
            raise NodeFailed(f"nodes of type {self._node.type} do not run in the sandbox; Dummy and {allowed} do")

    def _wait(self, seconds: float, deadline: float) -> None:
        left = deadline - self._workshop.clock()
        self._running.wait(min(seconds, left))
        if left < seconds:
            raise self._timeout()

    def _run_sql(self, deadline: float) -> None:
        workshop, running = self._workshop, self._running
        instance = running.instance
        staging = workshop.staging / str(instance.instance_id) / self._node.name
        staging.mkdir(parents=True, exist_ok=True)
        seconds_left = min(max(0.0, deadline - workshop.clock()), LONGEST_WAIT_SECONDS)
        overtime = threading.Timer(seconds_left, running.life.interrupt)
        overtime.daemon = True
        began_at = workshop.clock()
        try:
            statuses = {name: record.status for name, record in running.records().items()}
            bucket = workshop.bucket_of(instance.workspace)
            work = read_sql_node(self._node, workshop.buckets, bucket, instance.job_params, statuses)
            with workshop.sql_nodes:
                overtime.start()
                rows = run_sql(work, staging, str(instance.instance_id), running.life, self._write)
        except duckdb.InterruptException as error:
            if running.life.stopped.is_set():
                raise RunStopped from error
            raise self._timeout() from error
        except (duckdb.Error, SqlRejected, ExpressionFailed, BucketPathRejected, ValueError, OSError) as error:
            reason = str(error).strip() or type(error).__name__
            raise NodeFailed(reason.splitlines()[0]) from error
        finally:
            overtime.cancel()
        seconds = max(workshop.clock() - began_at, 0.001)
        running.note_rows(self._node.name, rows.read, round(rows.written / seconds, 2))

    def _timeout(self) -> NodeFailed:
        return NodeFailed(f"not finished within {self._node.max_execution_time} minutes", is_timeout=True)

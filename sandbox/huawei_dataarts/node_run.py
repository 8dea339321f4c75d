"""One node of an instance: its work, its attempts, its time limit and its log."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from sandbox.huawei_dataarts.account import Account
from sandbox.huawei_dataarts.job_definition import Node
from sandbox.huawei_dataarts.records import Instance
from sandbox.huawei_dataarts.running_instance import RunningInstance
from sandbox.huawei_dataarts.sql_script import SQL_TYPES, SqlRejected, fill_in
from sandbox.huawei_dataarts.tables import run_script
from sandbox.huawei_dataarts.wire_times import log_date, log_folder_date
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected
from sandbox.provider_service.console_log import ConsoleLog
from sandbox.provider_service.life import Lives, OutOfTime
from sandbox.provider_service.sql_database import first_line


class NodeFailed(Exception):
    """An attempt that went wrong; the text is the reason, in one line."""


class TimedOut(NodeFailed):
    """All attempts together took too long."""


@dataclass(frozen=True)
class Workshop:
    """What nodes work with. Minutes and seconds of a definition are divided by `speed`."""

    buckets: BucketFiles
    account: Account
    lives: Lives
    speed: float
    clock: Callable[[], float]

    def log_path(self, instance: Instance, node_name: str) -> str:
        """`{logPath}/{job}/{plan time}/{node}/{node}.job`, as in the provider's example."""
        folder = (instance.definition.log_path or self.account.log_folder).rstrip("/")
        return f"{folder}/{instance.job_name}/{log_folder_date(instance.plan_time)}/{node_name}/{node_name}.job"

    def open_log(self, log_path: str) -> ConsoleLog:
        """Raises `BucketPathRejected` and `OSError`."""
        if not log_path.startswith("obs://"):
            raise BucketPathRejected(f"logPath {log_path} must begin with obs://")
        return ConsoleLog(self.buckets.local_path(log_path.removeprefix("obs://")), lambda: log_date(self.clock()))


@dataclass
class NodeRun:
    """`least_seconds`: how long an attempt takes at least."""

    running: RunningInstance
    node: Node
    workshop: Workshop
    least_seconds: float

    def __post_init__(self) -> None:
        workshop = self.workshop
        self._deadline = workshop.clock() + self.node.max_execution_time * 60 / workshop.speed
        self._write: Callable[[str], None] = lambda _: None

    def run(self) -> str | None:
        """None after a success, else the reason of the failure. Raises `RunStopped`."""
        node, instance = self.node, self.running.instance
        has_log = node.type != "Dummy" or bool(node.conditions)
        log_path = self.workshop.log_path(instance, node.name) if has_log else None
        self.running.begin_node(node.name, log_path)
        try:
            if log_path is not None:
                self._write = self.workshop.open_log(log_path).write
            self._write(f"node {node.name} of type {node.type}, instance {instance.instance_id}")
            self._attempt_until_done()
        except (NodeFailed, BucketPathRejected, OSError) as failure:
            reason = str(failure) or type(failure).__name__
            self._write(f"fail: {reason}")
            self.running.end_node(node.name, "fail")
            return reason
        self._write("success")
        self.running.end_node(node.name, "success")
        return None

    def _attempt_until_done(self) -> None:
        """All attempts share the time limit."""
        node = self.node
        for attempt in range(node.retry_times + 1):
            try:
                self._attempt()
            except TimedOut:
                raise
            except NodeFailed as failure:
                if attempt == node.retry_times:
                    raise
                self._write(f"{failure}; trying again in {node.retry_interval} seconds")
            else:
                return
            self._wait(node.retry_interval / self.workshop.speed)
            self.running.note_node(node.name, retry_times=attempt + 1)

    def _attempt(self) -> None:
        self._wait(self.least_seconds)
        if self.node.conditions:
            raise NodeFailed("nodes with conditions do not run in the sandbox")
        if self.node.type in SQL_TYPES:
            self._run_sql()
        elif self.node.type != "Dummy":
            allowed = ", ".join(sorted(SQL_TYPES))
            raise NodeFailed(f"nodes of type {self.node.type} do not run in the sandbox; Dummy and {allowed} do")

    def _wait(self, seconds: float) -> None:
        left = self._deadline - self.workshop.clock()
        self.running.life.wait(min(seconds, left))
        if left < seconds:
            raise self._timed_out()

    def _run_sql(self) -> None:
        workshop, running, node = self.workshop, self.running, self.node
        instance, life, began_at = running.instance, running.life, workshop.clock()
        bucket = workshop.account.bucket_name(instance.workspace)
        try:
            script = fill_in(node.property_text("statement") or "", instance.job_params)
            with workshop.lives.database(instance.instance_id, life, self._deadline - began_at) as (database, staging):
                # A table's files bear the node's name as well: several nodes may write one table.
                stem = staging / f"{instance.instance_id}-{node.name}"
                rows = run_script(script, workshop.buckets, bucket, database, stem, self._write_if_alive)
        except OutOfTime as error:
            raise self._timed_out() from error
        except (duckdb.Error, SqlRejected, BucketPathRejected, ValueError, OSError) as error:
            raise NodeFailed(first_line(error)) from error
        seconds = max(workshop.clock() - began_at, 0.001)
        running.note_node(node.name, input_row_count=rows.read, rows_per_second=round(rows.written / seconds, 2))

    def _write_if_alive(self, line: str) -> None:
        """A script notes each step; once the instance is stopped, no further step is taken."""
        self.running.life.wait(0)
        self._write(line)

    def _timed_out(self) -> TimedOut:
        return TimedOut(f"not finished within {self.node.max_execution_time} minutes")

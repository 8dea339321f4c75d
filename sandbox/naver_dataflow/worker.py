"""The life of executions: a thread each waits, runs the definition and reports the end."""

import json
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from sandbox.naver_dataflow.console_log import console_log_path
from sandbox.naver_dataflow.definition import Node, NodeFailure, substitute
from sandbox.naver_dataflow.execution_store import Execution, ExecutionStore
from sandbox.naver_dataflow.pipeline import Pipeline, PipelineStopped, in_running_order
from sandbox.naver_dataflow.wire_values import wire_date
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected, StagedOutput, publish
from sandbox.provider_service.console_log import ConsoleLog
from sandbox.provider_service.life import THREAD_END_SECONDS, Life
from sandbox.provider_service.sql_database import open_database

LOGGER = logging.getLogger(__name__)
PIPELINES_AT_ONCE = 2


class Worker:
    def __init__(
        self,
        executions: ExecutionStore,
        buckets: BucketFiles,
        staging: Path,
        speed: float,
        clock: Callable[[], float],
    ) -> None:
        self._executions = executions
        self._buckets = buckets
        self._staging = staging
        self._speed = speed
        self._clock = clock
        self._pipelines = threading.BoundedSemaphore(PIPELINES_AT_ONCE)
        # Held while an end is told, so that an execution never publishes files and is canceled as well.
        self._ending = threading.Lock()
        self._lives: dict[str, Life] = {}

    def resume(self) -> None:
        """Takes up what a service that stopped left open: a wait goes on, a run begins again."""
        shutil.rmtree(self._staging, ignore_errors=True)
        for execution in self._executions.open():
            self.launch(execution)

    def launch(self, execution: Execution) -> None:
        thread = threading.Thread(target=self._live, args=(execution,), daemon=True)
        self._lives[execution.execution_id] = Life(thread)
        thread.start()

    def cancel(self, execution_id: str) -> bool:
        """False when the execution has ended."""
        with self._ending:
            is_canceled = self._executions.end(execution_id, "CANCELED", self._clock())
        life = self._lives.get(execution_id)
        if is_canceled and life is not None:
            life.stop()
        return is_canceled

    def stop(self) -> None:
        """Executions stay as they are; `resume` takes them up again."""
        lives = list(self._lives.values())
        for life in lives:
            life.stop()
        for life in lives:
            life.thread.join(THREAD_END_SECONDS)

    def _live(self, execution: Execution) -> None:
        life = self._lives[execution.execution_id]
        try:
            self._queue_and_run(execution, life)
        finally:
            del self._lives[execution.execution_id]
            shutil.rmtree(self._staging / execution.execution_id, ignore_errors=True)

    def _queue_and_run(self, execution: Execution, life: Life) -> None:
        timeout_seconds = execution.condition["timeout"] * 60 / self._speed
        # What a time-out of 0 means is not documented: no limit.
        deadline = execution.created_at + timeout_seconds if timeout_seconds else float("inf")
        if not self._wait_until(execution.created_at + execution.queue_seconds / self._speed, deadline, life):
            return
        running_at = self._clock()
        log_path = console_log_path(execution, running_at)
        try:
            log = ConsoleLog(self._buckets.path_of(log_path), lambda: wire_date(self._clock()))
            log.write(f"execution {execution.execution_id} of job {execution.job_id} {execution.job_name}")
        except (BucketPathRejected, OSError) as error:
            LOGGER.warning("execution %s has no console log: %s", execution.execution_id, error)
            self._end(execution, "FAILED")
            return
        if not self._executions.begin(execution.execution_id, running_at, log_path):
            log.write("CANCELED")
            return
        if execution.status == "RUNNING":
            log.write("the service was restarted; the run begins again")
        status, outputs = self._run(execution, life, deadline, log)
        if not self._wait_until(running_at + execution.run_seconds / self._speed, deadline, life):
            log.write("stopped: the service ends, or a cancel was asked for")
            return
        if self._clock() >= deadline:
            log.write(f"FAILED: not finished within {execution.condition['timeout']} minutes (timeout)")
            status, outputs = "FAILED", []
        self._end(execution, status, outputs, log)

    def _run(
        self, execution: Execution, life: Life, deadline: float, log: ConsoleLog
    ) -> tuple[str, list[StagedOutput]]:
        """The status that is due, and the files that go with it."""
        try:
            nodes = _nodes_to_run(execution)
        except NodeFailure as failure:
            log.write(str(failure))
            return "FAILED", []
        staging = self._staging / execution.execution_id
        staging.mkdir(parents=True, exist_ok=True)
        with self._pipelines, open_database(staging) as database:
            life.holds(database)
            overtime = threading.Timer(min(max(0.0, deadline - self._clock()), 1e6), life.interrupt)
            overtime.daemon = True
            overtime.start()
            try:
                pipeline = Pipeline(database, self._buckets, staging, execution.execution_id, log.write)
                return "COMPLETED", pipeline.run(nodes, lambda: life.stopped.is_set() or self._clock() >= deadline)
            except NodeFailure as failure:
                log.write(str(failure))
            except PipelineStopped:
                log.write("stopped before the last node")
            finally:
                overtime.cancel()
                life.holds(None)
        return "FAILED", []

    def _end(
        self,
        execution: Execution,
        status: str,
        outputs: list[StagedOutput] | None = None,
        log: ConsoleLog | None = None,
    ) -> None:
        with self._ending:
            current = self._executions.find(execution.execution_id)
            if current is None or not current.is_open:
                return
            for output in outputs or []:
                try:
                    line = publish(output)
                except OSError as error:
                    status, line = "FAILED", f"{output.label} failed: {error}"
                if log is not None:
                    log.write(line)
            if log is not None:
                log.write(status)
            self._executions.end(execution.execution_id, status, self._clock())

    def _wait_until(self, moment: float, deadline: float, life: Life) -> bool:
        """False when the execution was stopped; true as well when the deadline comes first."""
        return not life.stopped.wait(max(0.0, min(moment, deadline) - self._clock()))


def _nodes_to_run(execution: Execution) -> list[Node]:
    job = json.loads(execution.definition)
    nodes = in_running_order(substitute(job["nodes"], execution.parameters))
    if not nodes:
        raise NodeFailure(f"job of type {job['type']}", "it has no nodes to run")
    return nodes

"""The life of executions: a thread each waits, runs the definition and notes the end."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox.naver_dataflow.definition import NodeFailure, substitute
from sandbox.naver_dataflow.pipeline import Pipeline, in_running_order
from sandbox.naver_dataflow.records import Execution
from sandbox.naver_dataflow.wire_values import console_log_path, wire_date
from sandbox.provider_service.bucket_files import BucketFiles, BucketPathRejected, StagedOutput, publish
from sandbox.provider_service.console_log import ConsoleLog
from sandbox.provider_service.life import Life, Lives, OutOfTime
from sandbox.provider_service.records import Records

LOGGER = logging.getLogger(__name__)


class Worker:
    def __init__(
        self,
        executions: Records[Execution],
        buckets: BucketFiles,
        staging: Path,
        speed: float,
        clock: Callable[[], float],
    ) -> None:
        self._executions = executions
        self._buckets = buckets
        self._speed = speed
        self._clock = clock
        # Held while an end is noted, so that an execution never publishes files and is canceled as well.
        self._ending = threading.Lock()
        self._lives = Lives(staging)

    def resume(self) -> None:
        """A wait goes on, a run begins again."""
        for execution in self._executions.all():
            if execution.is_open:
                self.launch(execution)

    def launch(self, execution: Execution) -> None:
        self._lives.begin(execution.execution_id, lambda life: self._live(execution, life))

    def cancel(self, execution_id: str) -> bool:
        """False when the execution has ended."""
        with self._ending:
            ended_at = self._clock()
            canceled = self._executions.change(execution_id, _is_open, status="CANCELED", ended_at=ended_at)
        if canceled:
            self._lives.stop(execution_id)
        return canceled is not None

    def stop(self) -> None:
        self._lives.stop_all()

    def _live(self, execution: Execution, life: Life) -> None:
        timeout_seconds = execution.condition["timeout"] * 60 / self._speed
        # What a time-out of 0 means is not documented: no limit.
        deadline = execution.created_at + timeout_seconds if timeout_seconds else float("inf")
        self._wait_until(min(execution.created_at + execution.queue_seconds / self._speed, deadline), life)
        key, job, running_at = execution.execution_id, execution.job, self._clock()
        log_path = console_log_path(execution.condition["logPath"], job.job_id, key, running_at)
        try:
            log = ConsoleLog(self._buckets.local_path(log_path), lambda: wire_date(self._clock()))
            log.write(f"execution {key} of job {job.job_id} {job.name}")
        except (BucketPathRejected, OSError) as error:
            LOGGER.warning("execution %s has no console log: %s", key, error)
            self._executions.change(key, _is_open, status="FAILED", ended_at=self._clock())
            return
        if execution.status == "RUNNING":
            log.write("the service was restarted; the run begins again")
        running = {"status": "RUNNING", "running_at": running_at, "console_log_path": log_path}
        if not self._executions.change(key, _is_open, **running):
            return
        outputs = self._run(execution, life, deadline, log)
        self._wait_until(min(running_at + execution.run_seconds / self._speed, deadline), life)
        if self._clock() >= deadline:
            log.write(f"FAILED: not finished within {execution.condition['timeout']} minutes (timeout)")
            outputs = None
        self._end(key, outputs, log)

    def _run(self, execution: Execution, life: Life, deadline: float, log: ConsoleLog) -> Sequence[StagedOutput] | None:
        """The files of a success; None after a failure."""
        key = execution.execution_id
        try:
            nodes = in_running_order(substitute(execution.job.nodes, execution.parameters))
            if not nodes:
                raise NodeFailure(f"job of type {execution.job.type}", "it has no nodes to run")
            with self._lives.database(key, life, deadline - self._clock()) as (database, staging):
                pipeline = Pipeline(database, self._buckets, staging, key, log.write)
                for node in nodes:
                    life.wait(0)
                    if self._clock() >= deadline:
                        return None
                    pipeline.run(node)
                return pipeline.outputs
        except NodeFailure as failure:
            log.write(str(failure))
        except OutOfTime:
            log.write("stopped before the last node")
        return None

    def _end(self, execution_id: str, outputs: Sequence[StagedOutput] | None, log: ConsoleLog) -> None:
        with self._ending:
            execution = self._executions.find(execution_id)
            if execution is None or not execution.is_open:
                return
            status = "FAILED" if outputs is None else "COMPLETED"
            for output in outputs or ():
                try:
                    log.write(publish(output))
                except OSError as error:
                    status = "FAILED"
                    log.write(f"{output.label} failed: {error}")
            log.write(status)
            self._executions.change(execution_id, status=status, ended_at=self._clock())

    def _wait_until(self, moment: float, life: Life) -> None:
        life.wait(moment - self._clock())


def _is_open(execution: Execution) -> bool:
    return execution.is_open

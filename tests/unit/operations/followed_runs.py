"""Runs of both providers' real services, started as a run starts and followed on a queue in memory."""

import time
from typing import Any

from farsync.operations.prepare_execution import prepare
from farsync.operations.trigger_execution import start
from tests.unit.operations.old_cloud import Cloud, now_iso
from tests.unit.operations.queue_and_tokens import VARIABLES, QueueAndTokens


def started(cloud: Cloud, job: str) -> dict[str, Any]:
    """The run variable behind Start."""
    request = {"job": job}
    this_run = {"name": "a-run", "startedAt": now_iso(), "redriveCount": 0}
    prepared = cloud.ask(prepare, {"request": request, "run": this_run})
    run: dict[str, Any] = cloud.ask(start, {"request": request, "run": prepared, "redriveCount": 0})["run"]
    return run


def followed(cloud: Cloud, job: str | None = None, **changes: Any) -> tuple[QueueAndTokens, dict[str, Any]]:
    run = {**started(cloud, job or cloud.emulator.make_job()), **changes}
    aws = QueueAndTokens(time.time)
    cloud.environment = cloud.environment._replace(aws=aws, variables={**cloud.environment.variables, **VARIABLES})
    aws.follow(run)
    return aws, run

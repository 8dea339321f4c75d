"""The three ways to start a run: a schedule, an HTTP request, another state machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from sandbox.main_job.aws_client import AwsClient
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.schedule_stack import SCHEDULE, write_schedule_stack
from sandbox.settings import Cloud

Trigger = Literal["schedule", "HTTP API", "state machine"]
TRIGGERS: Mapping[Cloud, tuple[Trigger, ...]] = {
    "naver": ("state machine", "schedule", "HTTP API"),
    "huawei": ("HTTP API",),
}
MIN_ELEVATION_FEET: Mapping[Trigger, int] = {"schedule": 5000, "HTTP API": 8000, "state machine": 10000}

SCHEDULES_STACK = "farsync-schedules"
PARENT_FILE = Path(__file__).parent / "parent.asl.yaml"
PARENT_NAME = "night_batch"
START_ONCE_ENDS_WITHIN_SECONDS = 20


@dataclass(frozen=True)
class StartedRun:
    """`parent_arn`: the execution that waits for the run, where a state machine started it."""

    cloud: Cloud
    trigger: Trigger
    name: str
    min_elevation_feet: int
    parent_arn: str | None = None


def start_by_schedule(
    aws: AwsClient, job: CloudJob, folder: Path, clock: Callable[[], float], sleep: Callable[[float], None]
) -> StartedRun:
    """Deploys a stack with a schedule of the job, and fires it; it starts the run through `start_once`.

    The files for that go into `folder`. Raises MainJobFailed.
    """
    feet = MIN_ELEVATION_FEET["schedule"]
    run_request = {"connection": job.connection, "job": job.job, "parameters": job.parameters(feet)}
    aws.deploy_stack(SCHEDULES_STACK, write_schedule_stack(folder, run_request))
    execution_arn = aws.fire_schedule(SCHEDULE)
    deadline = clock() + START_ONCE_ENDS_WITHIN_SECONDS
    while (started := aws.describe(execution_arn)) is None or started.status == "RUNNING":
        if clock() > deadline:
            raise MainJobFailed("schedule: start_once did not end")
        sleep(0.05)
    if started.status != "SUCCEEDED":
        raise MainJobFailed(f"schedule: start_once ended as {started.status}: {started.error}")
    return StartedRun(job.cloud, "schedule", str(started.output["name"]), feet)


def start_over_http(aws: AwsClient, job: CloudJob) -> StartedRun:
    """One signed POST, and one GET to see the run it made. Raises MainJobFailed."""
    feet = MIN_ELEVATION_FEET["HTTP API"]
    # What is shown may be at most two seconds old: so this run is polled more often than the others.
    body = {"job": job.job, "parameters": job.parameters(feet), "maxDetectionDelaySeconds": 2}
    name = str(aws.call_http_api("POST", f"/connections/{job.connection}/runs", body)["name"])
    shown = aws.call_http_api("GET", f"/runs/{name}")
    return StartedRun(job.cloud, "HTTP API", str(shown["name"]), feet)


def start_from_state_machine(aws: AwsClient, job: CloudJob, name: str) -> StartedRun:
    """A state machine of the user's own, which starts the run and waits for its end (`.sync:2`)."""
    run_job = aws.state_machine_arn("run_job")
    definition = yaml.safe_load(PARENT_FILE.read_text().replace("${RunJobStateMachine}", run_job))
    feet = MIN_ELEVATION_FEET["state machine"]
    run_request = {"connection": job.connection, "job": job.job, "parameters": job.parameters(feet)}
    parent_arn = aws.start(aws.create_state_machine(PARENT_NAME, definition), name, run_request)
    return StartedRun(job.cloud, "state machine", name, feet, parent_arn)

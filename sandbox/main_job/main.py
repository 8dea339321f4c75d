"""The main job: a real job on each cloud of the sandbox, run once by each trigger, up to its completion events."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from sandbox.aws.events.schedule_expression import ScheduleInvalid
from sandbox.aws.template import TemplateError
from sandbox.main_job.aws_client import AwsClient
from sandbox.main_job.checks import check_events, check_parents, check_runs, collect_events
from sandbox.main_job.cloud_job import CloudJob
from sandbox.main_job.failure import MainJobFailed
from sandbox.main_job.progress import follow
from sandbox.main_job.provider_client import ProviderRejected
from sandbox.main_job.publishing import publish_job
from sandbox.main_job.report import Findings, Result, relative, show_findings
from sandbox.main_job.run_observer import RunObserver
from sandbox.main_job.triggers import (
    TRIGGERS,
    StartedRun,
    Trigger,
    start_by_schedule,
    start_from_state_machine,
    start_over_http,
)
from sandbox.provider_process import SandboxFailed
from sandbox.running import Sandbox
from sandbox.settings import SERVICES, Cloud, SandboxSettings

# Long enough to watch a run and its polls; the work itself takes milliseconds.
QUEUE_SECONDS = 2.0
RUN_SECONDS = 8.0
LIMIT_SECONDS = 90.0

FAILURES = (MainJobFailed, ProviderRejected, ScheduleInvalid, TemplateError, BotoCoreError, ClientError, OSError)


def run_main_job(
    folder: Path,
    dialect: Literal["G1", "G2"],
    clouds: tuple[Cloud, ...],
    console: Console,
    sleep: Callable[[float], None],
    *,
    is_event_shown: bool = False,
) -> None:
    """Raises MainJobFailed unless every run succeeds and exactly one event for each arrives."""
    settings = SandboxSettings(
        folder=folder, dialect=dialect, queue_seconds=QUEUE_SECONDS, run_seconds=RUN_SECONDS, clouds=clouds
    )
    try:
        with Sandbox(settings) as sandbox:
            findings = _run_in(sandbox, console, sleep)
    except SandboxFailed as error:
        raise MainJobFailed(str(error)) from error
    except FAILURES as error:
        place = f"{relative(folder / 'logs')}, those of the jobs in the buckets beside it"
        raise MainJobFailed(f"{error}. The logs are in {place}") from error
    show_findings(findings, console, is_event_shown=is_event_shown)


def _run_in(sandbox: Sandbox, console: Console, sleep: Callable[[float], None]) -> Findings:
    clouds = sandbox.settings.clouds
    services = ", ".join(SERVICES[cloud] for cloud in clouds)
    console.print(f"Starting {services} and AWS on this machine ...", highlight=False)
    sandbox.start()
    jobs = {cloud: publish_job(sandbox, cloud) for cloud in clouds}
    aws = AwsClient(sandbox.describe()["aws"])
    _show_plan(jobs, console)
    runs = [
        _start(trigger, aws, job, sandbox.folder, sleep) for job in jobs.values() for trigger in TRIGGERS[job.cloud]
    ]
    sights = follow(
        runs,
        RunObserver(aws, jobs, lambda: datetime.now(UTC)).observe,
        console,
        clock=time.monotonic,
        sleep=sleep,
        limit_seconds=LIMIT_SECONDS,
    )
    check_runs(sights)
    check_parents(runs, sights, aws.describe, time.monotonic, sleep)
    events = collect_events(aws.take_events, len(runs), time.monotonic)
    check_events(events, sights)
    buckets_folders = {cloud: sandbox.buckets_folder(cloud) for cloud in clouds}
    return Findings(events, list(_results(jobs, runs)), sandbox.folder, buckets_folders)


def _show_plan(jobs: Mapping[Cloud, CloudJob], console: Console) -> None:
    """Each run of a job gets other parameters."""
    for cloud, job in jobs.items():
        triggers = ", ".join(TRIGGERS[cloud])
        console.print(
            f"{SERVICES[cloud]}: the job [bold]{job.job}[/] {job.purpose}; started by {triggers}",
            highlight=False,
            soft_wrap=True,
        )
    console.print()


def _start(trigger: Trigger, aws: AwsClient, job: CloudJob, folder: Path, sleep: Callable[[float], None]) -> StartedRun:
    match trigger:
        case "state machine":
            return start_from_state_machine(aws, job, f"night-{uuid4()}")
        case "schedule":
            return start_by_schedule(aws, job, folder, time.monotonic, sleep)
        case "HTTP API":
            return start_over_http(aws, job)


def _results(jobs: Mapping[Cloud, CloudJob], runs: Sequence[StartedRun]) -> Iterator[Result]:
    """Of each job what its run with the highest bound wrote. Raises MainJobFailed where that is nothing."""
    for cloud, job in jobs.items():
        feet = max(run.min_elevation_feet for run in runs if run.cloud == cloud)
        files = job.output_files(feet)
        if not files:
            raise MainJobFailed(f"the job {job.job} on {SERVICES[cloud]} wrote no file for {feet} feet")
        yield Result(f"The job {job.job} {job.purpose}, from {feet} feet on", files[0])

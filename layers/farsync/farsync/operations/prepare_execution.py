"""Prepare: read the job and its recent executions once, and decide whether and until when it runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from farsync.connections.connection import Connection
from farsync.model.errors import AlreadyRunning, DeadlineExceeded, JobNotRunnable
from farsync.model.execution import Execution, ExecutionStatus, Instant, Job
from farsync.model.run import BASELINE_IDS, START_FUNCTION_SECONDS, Baseline, OwnModel, Run
from farsync.model.run_request import LONGEST_RUN_SECONDS, RunRequest, SecretRef, read_run_request
from farsync.operations.named_job import job_by_id
from farsync.providers.base import Provider
from farsync.providers.recent_executions import Recent, created_seconds, newest_page
from farsync.runtime.context import Context
from farsync.runtime.request import Answer, Invocation

DEFAULT_JOB_TIMEOUT_MINUTES = 360
MARGIN_SECONDS = 600
PAST_DURATIONS = 20
LONGEST_DURATION = timedelta(seconds=LONGEST_RUN_SECONDS)
START_JITTER_SECONDS = 0.5
"""Runs that a schedule starts together would otherwise call their provider within the same moment."""


class RunIdentity(OwnModel):
    """Which execution of `run_job` calls; taken from the state machine's context object."""

    name: str
    started_at: Instant
    redrive_count: int = 0


class Prepared(OwnModel):
    """What stands beside the run request inside a run."""

    run: RunIdentity


def prepare(context: Context, invocation: Invocation) -> Answer:
    """Answers the run variable; under `ifRunning: wait` beside another execution with `waitsFor`.

    Raises JobNotFound, JobNotRunnable, AlreadyRunning, DeadlineExceeded, and what the provider raises.
    """
    request, prepared = read_run_request(invocation.payload, Prepared)
    identity = prepared.run if prepared else None
    if identity:
        _check_time_left(request, identity.started_at, context.now())
        context.sleep(context.random() * START_JITTER_SECONDS)
    started_at = identity.started_at if identity else context.now()
    provider = context.provider(request.connection)
    run = prepare_run(
        request,
        job_by_id(provider, request.job, is_timeout_needed=is_timeout_needed(request)),
        provider,
        provider.connection,
        name=identity.name if identity else None,
        started_at=started_at,
        now=context.now(),
    )
    # No way leads back to Prepare from a start that is unconfirmed, so that a redrive leaves nothing to search for.
    return Answer(run.model_copy(update={"redrives_searched": identity.redrive_count if identity else 0}))


def is_timeout_needed(request: RunRequest) -> bool:
    """Whether the job's own time-out gives the run its deadline."""
    return not (request.timeout_seconds or request.condition_timeout_minutes)


def prepare_run(
    request: RunRequest,
    job: Job,
    provider: Provider,
    connection: Connection,
    *,
    name: str | None,
    started_at: datetime,
    now: datetime,
) -> Run:
    """Reads the job's recent executions. Raises JobNotFound, JobNotRunnable, AlreadyRunning."""
    if job.obstacle is not None:
        raise JobNotRunnable(f"job {job.job} cannot be run: {job.obstacle}")
    recent = newest_page(provider, job.job)
    succeeded_seconds, failed_seconds = _past_durations(recent.executions)
    run = Run(
        name=name,
        started_at=started_at,
        deadline_at=started_at + _time_allowed(request, job.timeout_minutes),
        connection=request.connection,
        provider=connection.provider,
        job=job.job,
        job_name=job.name,
        labels=request.labels,
        has_secret_parameters=any(isinstance(value, SecretRef) for value in request.parameters.values()),
        cancel_on_abort=request.cancel_on_abort,
        condition=job.condition,
        baseline=_baseline(recent),
        consistency_window_seconds=request.consistency_window_seconds,
        consistency_wait_seconds=request.consistency_window_seconds + START_FUNCTION_SECONDS,
        past_durations_seconds=succeeded_seconds,
        past_failures_seconds=failed_seconds,
        poll_cost_seconds=request.poll_cost_seconds,
        max_detection_delay_seconds=request.max_detection_delay_seconds,
    )
    open_executions = [execution for execution in recent.begun if not execution.status.is_terminal]
    if not open_executions:
        return run
    beside = _beside(open_executions, run, request, now, recent.served_at)
    # Who started an execution that the run attaches to may have given it secrets.
    has_others = beside.is_attached and not connection.watched_failure_reasons
    return beside.model_copy(update={"has_secret_parameters": run.has_secret_parameters or has_others})


def _beside(
    open_executions: Sequence[Execution], run: Run, request: RunRequest, now: datetime, provider_now: datetime | None
) -> Run:
    """The run of a job that runs already, as the request wants it."""
    newest = max(open_executions, key=created_seconds)
    match request.if_running:
        case "start":
            return run
        case "attach":
            return run.with_execution(newest, now, provider_now).model_copy(update={"is_attached": True})
        case "wait":
            return run.model_copy(update={"waits_for": newest.ref.execution_id})
    raise AlreadyRunning(
        f"job {run.job} runs already as {newest.ref.execution_id}, and ifRunning is {request.if_running}; wait for its "
        "end or leave ifRunning out"
    )


def _check_time_left(request: RunRequest, started_at: datetime, now: datetime) -> None:
    """A provider who is away need not be asked for a run whose own time is up."""
    if request.timeout_seconds is not None and now >= started_at + timedelta(seconds=request.timeout_seconds):
        raise DeadlineExceeded("the run's deadline passed before its job could be started")


def _baseline(recent: Recent) -> Baseline:
    """Of what has begun: behind a time that is yet to come, nothing new would ever be seen."""
    newest = sorted(recent.begun, key=created_seconds, reverse=True)
    planned = [execution for execution in recent.executions if execution not in newest]
    return Baseline(
        newest_created_at=newest[0].created_at if newest else None,
        execution_ids=tuple(execution.ref.execution_id for execution in [*newest, *planned][:BASELINE_IDS]),
    )


def _past_durations(executions: Sequence[Execution]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Seconds, queueing included where the provider says it, of the newest that succeeded and of those that failed.
    What took longer than a run may, or ended before it began, has an end that is none.
    """
    kinds = (ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED)
    ended = [
        (execution.ended_at, execution.ended_at - begun, execution.status)
        for execution in executions
        if execution.status in kinds
        and execution.ended_at
        and (begun := execution.created_at or execution.started_at)
        and timedelta(0) <= execution.ended_at - begun <= LONGEST_DURATION
    ]
    newest = sorted(ended, key=lambda end: end[0], reverse=True)[:PAST_DURATIONS]
    succeeded, failed = (
        tuple(round(took.total_seconds()) for _, took, status in newest if status is kind) for kind in kinds
    )
    return succeeded, failed


def _time_allowed(request: RunRequest, job_timeout_minutes: int | None) -> timedelta:
    """A time-out that is stored with the job may be anything."""
    if request.timeout_seconds is not None:
        return timedelta(seconds=request.timeout_seconds)
    stored = job_timeout_minutes if job_timeout_minutes is not None and job_timeout_minutes > 0 else None
    minutes = request.condition_timeout_minutes or stored or DEFAULT_JOB_TIMEOUT_MINUTES
    return timedelta(seconds=min(minutes * 60 + MARGIN_SECONDS, LONGEST_RUN_SECONDS))

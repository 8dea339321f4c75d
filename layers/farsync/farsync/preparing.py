"""Prepare: read the job and its recent executions once, and decide whether and until when it runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from farsync.bill import usd_per_transition
from farsync.connections import Connection
from farsync.environment import Environment
from farsync.errors import AlreadyRunning, DeadlineExceeded, JobNotRunnable
from farsync.execution import BUILT_WHERE_NEEDED, Execution, ExecutionStatus, Instant, WireModel
from farsync.invocation import Answer, Invocation
from farsync.providers.protocol import Provider
from farsync.recent_executions import Recent, created_seconds, newest_page
from farsync.run import BASELINE_IDS, Baseline, Run
from farsync.run_request import LONGEST_RUN_SECONDS, RunRequest, read_run_request

DEFAULT_JOB_TIMEOUT_MINUTES = 360
GRACE_SECONDS = 600
PAST_DURATIONS = 20
START_JITTER_SECONDS = 0.5
"""Runs that a schedule starts together would otherwise call their vendor within the same moment."""


class RunIdentity(WireModel):
    """Which execution of `run_job` calls; taken from the state machine's context object."""

    model_config = BUILT_WHERE_NEEDED

    name: str
    started_at: Instant
    transitions: int = 0


class RunBegun(WireModel):
    """What stands beside the run request inside a run."""

    run: RunIdentity


def prepare(environment: Environment, invocation: Invocation) -> Answer:
    """The payload is a run request; inside a run, its identity stands beside it as `run`."""
    request, run_begun = read_run_request(invocation.payload, RunBegun)
    identity = run_begun.run if run_begun else None
    if identity:
        environment.sleep(environment.random() * START_JITTER_SECONDS)
    name = identity.name if identity else None
    started_at = identity.started_at if identity else environment.now()
    run = environment.with_provider(
        request.connection,
        lambda provider, connection: prepare_run(
            request, provider, connection, name=name, started_at=started_at, now=environment.now()
        ),
    )
    region = environment.variables.get("AWS_REGION", "")
    transitions = identity.transitions if identity else 0
    return Answer(run.model_copy(update={"transitions": transitions, "usd_per_transition": usd_per_transition(region)}))


def prepare_run(
    request: RunRequest,
    provider: Provider,
    connection: Connection,
    *,
    name: str | None,
    started_at: datetime,
    now: datetime,
) -> Run:
    """Two reads. Raises JobNotFound, JobNotRunnable, AlreadyRunning, and DeadlineExceeded for a run that has waited for
    its turn as long as it may.
    """
    is_timeout_told = bool(request.timeout_seconds or request.condition_timeout_minutes)
    job = provider.get_job(request.job, is_timeout_needed=not is_timeout_told)
    if job.obstacle is not None:
        raise JobNotRunnable(f"job {request.job} cannot be run: {job.obstacle}")
    recent = newest_page(provider, request.job)
    past = _past_durations(recent.executions)
    run = Run(
        name=name,
        started_at=started_at,
        deadline_at=started_at + _time_allowed(request, job.timeout_minutes),
        connection=request.connection,
        provider=connection.provider,
        job=request.job,
        job_name=job.name,
        condition=job.condition,
        baseline=_baseline(recent),
        past_durations_seconds=past.succeeded,
        past_failures_seconds=past.failed,
        look_cost_seconds=request.look_cost_seconds,
        max_detection_delay_seconds=request.max_detection_delay_seconds,
    )
    open_executions = [one for one in recent.begun if not one.status.is_terminal]
    return _beside(open_executions, run, request, now, recent.served_at) if open_executions else run


def _beside(
    open_executions: Sequence[Execution], run: Run, request: RunRequest, now: datetime, vendor_now: datetime | None
) -> Run:
    """The run of a job that runs already, as the request wants it."""
    newest = max(open_executions, key=created_seconds)
    match request.if_running:
        case "start":
            return run
        case "adopt":
            return run.with_execution(newest, now, vendor_now).model_copy(update={"is_adopted": True})
        case "wait" if now >= run.deadline_at:
            raise DeadlineExceeded(f"job {run.job} ran as {newest.ref.execution_id} until the run's deadline")
    raise AlreadyRunning(
        f"job {run.job} runs already as {newest.ref.execution_id}, and ifRunning is {request.if_running}; wait for its "
        "end or leave ifRunning out"
    )


def _baseline(recent: Recent) -> Baseline:
    """Of what has begun: behind a time that is yet to come, nothing new would ever be seen."""
    newest = sorted(recent.begun, key=created_seconds, reverse=True)
    planned = [one for one in recent.executions if one not in newest]
    return Baseline(
        newest_created_at=newest[0].created_at if newest else None,
        execution_ids=tuple(one.ref.execution_id for one in [*newest, *planned][:BASELINE_IDS]),
    )


class _PastDurations(NamedTuple):
    """Whole seconds, queueing included where the vendor tells it, the newest first."""

    succeeded: tuple[int, ...]
    failed: tuple[int, ...]


def _past_durations(executions: Sequence[Execution]) -> _PastDurations:
    """Of the newest few that succeeded or failed; what was cancelled says nothing of the job."""
    verdicts = (ExecutionStatus.SUCCEEDED, ExecutionStatus.FAILED)
    ended = [
        (one.ended_at, one.ended_at - begun, one.status)
        for one in executions
        if one.status in verdicts and one.ended_at and (begun := one.created_at or one.started_at)
    ]
    newest = sorted(ended, key=lambda end: end[0], reverse=True)[:PAST_DURATIONS]
    succeeded, failed = (
        tuple(max(0, round(took.total_seconds())) for _, took, status in newest if status is verdict)
        for verdict in verdicts
    )
    return _PastDurations(succeeded, failed)


def _time_allowed(request: RunRequest, job_timeout_minutes: int | None) -> timedelta:
    """The vendor's word is not ours to trust: a stored time-out may be anything."""
    if request.timeout_seconds is not None:
        return timedelta(seconds=request.timeout_seconds)
    stored = job_timeout_minutes if job_timeout_minutes is not None and job_timeout_minutes > 0 else None
    minutes = request.condition_timeout_minutes or stored or DEFAULT_JOB_TIMEOUT_MINUTES
    return timedelta(seconds=min(minutes * 60 + GRACE_SECONDS, LONGEST_RUN_SECONDS))

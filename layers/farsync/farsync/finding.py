"""Find: after a start whose reply was lost, look for its execution. Never posts, never guesses."""

from datetime import datetime, timedelta
from typing import Literal

from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.errors import InvalidRequest
from farsync.evidence import Verdict, judge, new_executions, oldest_in_question, posted_within
from farsync.execution import Candidate, Instant, WireModel, iso_instant
from farsync.invocation import Answer, Invocation
from farsync.providers.protocol import Provider
from farsync.recent_executions import executions_since
from farsync.run import Baseline, Run
from farsync.run_ledger import HeldByOthers, executions_of_other_runs
from farsync.run_request import RunRequest, SecretRef, read_run_request
from farsync.telemetry import count, logger
from farsync.time_text import written

CANDIDATES_TOLD = 10
AT_WORK_AFTER_CLOSE = timedelta(seconds=40)
"""A run that is stopped does not stop its start, which may post until its function's time is up."""


class LostBetween(WireModel):
    """Between which moments of our clock the start was posted."""

    after: Instant
    before: Instant
    closed_at: Instant | None = None
    """When the run was closed, for one that looks for its execution only then."""


class LostStart(WireModel):
    """What stands beside the run request."""

    run: Run
    lost: LostBetween
    redrive_count: int = 0


class Found(WireModel):
    """`adopted`: the run has its execution. `none`: nothing new is listed, so that nothing was started.
    `ambiguous`: what is listed may or may not be of this run.
    """

    outcome: Literal["adopted", "none", "ambiguous"]
    run: Run
    message: str
    candidates: tuple[Candidate, ...] = ()
    wait_seconds: int = 1


def find(environment: Environment, invocation: Invocation) -> Answer:
    """The payload is a run request with `run`, `lost` and `redriveCount` beside it.

    Raises what the provider raises, and ProviderUnavailable or Throttled where AWS does not tell of other runs: a
    look-up that fails is never "not found".
    """
    request, lost = read_run_request(invocation.payload, LostStart)
    if lost is None:
        raise InvalidRequest("run: is required; what is looked for is the execution of a run", field="run")
    verdict, vendor_now = environment.with_provider(
        request.connection, lambda provider, _: _look(environment, provider, request, lost)
    )
    found = _told(lost, verdict, environment.now(), vendor_now)
    count(f"LostStarts{found.outcome.capitalize()}")
    logger.warning("lost start looked for", outcome=found.outcome, seen=found.message)
    return Answer(found)


def _look(
    environment: Environment, provider: Provider, request: RunRequest, lost: LostStart
) -> tuple[Verdict, datetime | None]:
    """What is ours, and the vendor's clock."""
    run = lost.run
    baseline = run.baseline or Baseline()
    recent = executions_since(provider, request.job, oldest_in_question(baseline))
    # What was posted before a redrive may have been posted at any time since the run began.
    after = run.started_at if lost.redrive_count > run.redrives_searched else lost.lost.after
    now = environment.now()
    posted = posted_within(
        recent.served_at,
        earliest_ago=now - after,
        latest_ago=now - min(lost.lost.before, lost.lost.closed_at or lost.lost.before),
        latest_if_canceled_ago=now - lost.lost.before,
    )
    verdict = judge(
        new_executions(recent.executions, baseline, posted),
        is_marked=lambda execution: provider.is_marked(execution, run.marker),
        parameters={
            name: None if isinstance(value, SecretRef) else written(value) for name, value in request.parameters.items()
        },
        posted=posted,
        held_by_others=lambda: _held_by_others(environment, run, after - AT_WORK_AFTER_CLOSE),
    )
    return verdict, recent.served_at


def _held_by_others(environment: Environment, run: Run, since: datetime) -> HeldByOthers:
    try:
        return executions_of_other_runs(environment, run.name or "", run.connection, run.job, since)
    except AwsRequestFailed as failure:
        raise named(failure) from failure


def _told(lost: LostStart, verdict: Verdict, now: datetime, vendor_now: datetime | None) -> Found:
    run = lost.run.model_copy(update={"redrives_searched": lost.redrive_count})
    if verdict.ours:
        execution_id = verdict.ours.ref.execution_id
        return Found(
            outcome="adopted",
            run=run.with_execution(verdict.ours, now, vendor_now),
            message=f"execution {execution_id} is the one that the lost start began",
        )
    newest = run.baseline.newest_created_at if run.baseline else None
    since = f"created after {iso_instant(newest)}" if newest else "listed"
    if not verdict.in_question:
        return Found(outcome="none", run=run, message=f"no execution of job {run.job} {since} may be of this run")
    candidates = tuple(
        Candidate(
            execution_id=one.ref.execution_id,
            created_at=one.created_at,
            vendor_status=one.vendor_status,
        )
        for one in verdict.in_question[-CANDIDATES_TOLD:]
    )
    ids = ", ".join(candidate.execution_id for candidate in candidates)
    return Found(
        outcome="ambiguous",
        run=run,
        message=f"{len(verdict.in_question)} executions of job {run.job} {since} may be of this run: {ids}",
        candidates=candidates,
    )

"""Find: search for the execution of a start that was not confirmed. Never posts, never guesses."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from farsync.aws.client import named_failures
from farsync.aws.run_history import RunHistory, read_history
from farsync.aws.run_store import Account, other_runs, run_arn
from farsync.model.errors import DeadlineExceeded, FarsyncError, InvalidRequest, ProviderUnavailable
from farsync.model.execution import Candidate, WireModel, iso_instant
from farsync.model.run import START_FUNCTION_SECONDS, Baseline, Run, RunBeside
from farsync.model.run_request import RunRequest, SecretRef, read_run_request
from farsync.model.time_text import written
from farsync.model.validation import validated
from farsync.polling.pacing import consistency_wait_seconds, wait_before_a_search
from farsync.providers.recent_executions import executions_since
from farsync.runtime.context import Context
from farsync.runtime.observability import count, log_rejection, logger
from farsync.runtime.request import Answer, Invocation
from farsync.starting.matching import (
    Match,
    Others,
    Parameters,
    asked_since,
    match,
    new_executions,
    of_any_kind,
    oldest_in_question,
    posts_by_provider_clock,
    read_others,
    seconds_until_consistent,
    unreadable_in_question,
)

CANDIDATES_NAMED = 10


class Found(WireModel):
    """`found`: the run has its execution. `nothing`: none was started. `later`: search again after `wait_seconds`.
    `ambiguous`: what is listed may or may not be of this run, and no later search will say.
    """

    outcome: Literal["found", "nothing", "later", "ambiguous"]
    run: Run
    wait_seconds: int = 0
    message: str | None = None
    reason: str | None = None
    candidates: tuple[Candidate, ...] = ()
    has_searched: bool = True
    """Whether the provider's list was read once it shows what was posted. Other runs wait for that, and no longer."""


def find(context: Context, invocation: Invocation) -> Answer:
    """Raises InvalidRequest outside of a run, and DeadlineExceeded. A failed search is repeated, never `nothing`."""
    request, asked = read_run_request(invocation.payload, RunBeside)
    if asked is None or asked.run.name is None:
        raise InvalidRequest("run: is required; what is searched for is the execution of a run", field="run")
    found = _find(context, request, asked.run)
    now = context.now()
    if found.outcome == "later":
        if now >= asked.run.deadline_at:
            raise DeadlineExceeded(
                f"the run's deadline passed, and its unconfirmed start could not be searched for: {found.reason}"
            )
        logger.warning("search is repeated", reason=found.reason)
        return Answer(found)
    count(f"UnconfirmedStarts{found.outcome.capitalize()}")
    logger.warning("unconfirmed start searched for", outcome=found.outcome, seen=found.message)
    if found.outcome == "ambiguous":
        return Answer(found)
    update = {
        "redrives_searched": asked.redrive_count,
        "consistency_wait_seconds": consistency_wait_seconds(found.run, now),
    }
    return Answer(found.model_copy(update={"run": found.run.model_copy(update=update)}))


def _find(context: Context, request: RunRequest, run: Run) -> Found:
    name = run.name or ""
    later = partial(_later, context, run)
    try:
        history = read_history(context, run_arn(context, name))
        if not _shows_this_search(history, context.now()):
            return later("Step Functions does not show yet how far the run came")
        if history.run is not None and history.run.execution_id is not None:
            return Found(outcome="found", run=history.run, message=f"execution {history.run.execution_id} is known")
        found = search(context, request, run, history, name, has_waited=True)
    except FarsyncError as failure:
        log_rejection(failure)
        return later(failure.text, failure.retry_after_seconds)
    if found.outcome != "later":
        return found
    return later(found.reason or "", found.wait_seconds).model_copy(update={"has_searched": found.has_searched})


def search(
    context: Context,
    request: RunRequest,
    run: Run,
    history: RunHistory,
    own_name: str,
    *,
    has_waited: bool = False,
) -> Found:
    """Searches for what the run may have posted by its history. What was ambiguous once stays so. Of `later`,
    `wait_seconds` is how long the provider's list may still lag; `redrives_searched` is left as it is. `has_waited`:
    AwaitConsistency came before, so that the list lags no more.

    Raises what the provider raises, what the connection's secret raises, and ProviderUnavailable, Throttled or
    PermissionDenied where AWS does not answer or other runs cannot be read.
    """
    if history.ambiguous is not None:
        message, candidates = history.ambiguous
        return Found(outcome="ambiguous", run=run, message=message, candidates=candidates)
    if not history.post_windows:
        return Found(outcome="nothing", run=run, message="no start of this run can have begun an execution")
    provider = context.provider(request.connection)
    window = timedelta(seconds=run.consistency_window_seconds)
    baseline = run.baseline or Baseline()
    asked_at = context.now()
    seconds_left = 0.0 if has_waited else seconds_until_consistent(asked_at, history.post_windows, window)
    recent = executions_since(provider, request.job, oldest_in_question(baseline))
    posts = posts_by_provider_clock(recent.served_at, asked_at, context.now(), history.post_windows, window)
    listed = of_any_kind(recent.executions) if request.options else recent.executions
    new = new_executions(listed, baseline, posts)
    unreadable = unreadable_in_question(recent.unreadable, baseline, posts)
    if unreadable and not any(provider.is_marked(found, run.marker) for found in new):
        raise ProviderUnavailable(
            f"{unreadable} entries of the provider's list cannot be read, and one may be the execution of this run."
        )
    if posts and any(posts.are_vague_about(found) and provider.is_marked(found, run.marker) is None for found in new):
        raise ProviderUnavailable("The provider's list came too slowly to say when an execution was created.")
    account = provider.connection.provider, provider.connection.account
    found = match(
        new,
        is_marked=lambda execution: provider.is_marked(execution, run.marker),
        parameters=_comparable(request),
        posts=posts,
        is_consistent=seconds_left == 0,
        others=lambda in_question: _ask_others(
            context,
            account,
            request.job,
            own_name,
            since=asked_since(in_question, posts, history.post_windows),
            until=max(post.latest for post in history.post_windows) + window,
        ),
    )
    if found.outcome == "later":
        has_searched = seconds_left == 0
        wait = 0 if has_searched else int(seconds_left) + 1
        return Found(outcome="later", run=run, wait_seconds=wait, reason=found.reason, has_searched=has_searched)
    earliest = min(post.earliest for post in (posts.windows if posts else history.post_windows))
    if found.outcome == "nothing" and recent.reaches_back_to is not None and earliest < recent.reaches_back_to:
        posted_at = iso_instant(earliest)
        message = f"the list of job {run.job} no longer reaches back to {posted_at}, when the start was posted"
        return Found(outcome="ambiguous", run=run, message=message)
    return _seen(found, run, context.now(), recent.served_at)


@named_failures()
def _ask_others(
    context: Context, account: Account, job: str, own_name: str, *, since: datetime, until: datetime
) -> Others:
    return read_others(other_runs(context, own_name, account, job, since), until, _comparable_in)


def _seen(found: Match, run: Run, now: datetime, provider_now: datetime | None) -> Found:
    newest = run.baseline.newest_created_at if run.baseline else None
    since = f"created after {iso_instant(newest)}" if newest else "listed"
    if found.execution is not None:
        return Found(
            outcome="found",
            run=run.with_execution(found.execution, now, provider_now),
            message=f"execution {found.execution.ref.execution_id} is the one that the unconfirmed start began",
        )
    if found.outcome == "nothing":
        return Found(outcome="nothing", run=run, message=f"no execution of job {run.job} {since} can be of this run")
    candidates = tuple(
        Candidate(
            execution_id=execution.ref.execution_id,
            created_at=execution.created_at,
            provider_status=execution.provider_status,
        )
        for execution in found.candidates[-CANDIDATES_NAMED:]
    )
    ids = ", ".join(candidate.execution_id for candidate in candidates)
    message = f"{len(found.candidates)} executions of job {run.job} {since} may be of this run: {ids}"
    return Found(outcome="ambiguous", run=run, message=message, candidates=candidates)


def _later(context: Context, run: Run, reason: str, asked_seconds: float | None = None) -> Found:
    wait_seconds = wait_before_a_search(run, context.now(), context.random, asked_seconds)
    return Found(outcome="later", run=run, wait_seconds=wait_seconds, reason=reason, has_searched=False)


def _shows_this_search(history: RunHistory, now: datetime) -> bool:
    """Step Functions may hide the newest post: every search comes at least START_FUNCTION_SECONDS after one."""
    newest_at = history.newest_at
    return (
        newest_at is not None and history.step == "Find" and now - newest_at < timedelta(seconds=START_FUNCTION_SECONDS)
    )


def _comparable(request: RunRequest) -> Parameters:
    return {
        name: None if isinstance(value, SecretRef) else written(value) for name, value in request.parameters.items()
    }


def _comparable_in(request: Mapping[str, object]) -> Parameters | None:
    """Of the request of another run; None where it cannot be read."""
    try:
        return _comparable(validated(RunRequest, request))
    except InvalidRequest:
        return None

"""Accept a run: check what would fail it at once, and start `run_job` under a name made of its intent."""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from farsync.aws.client import is_transient_failure, named_failures
from farsync.aws.executions import described_execution, start_named
from farsync.aws.history_events import json_object
from farsync.model import errors
from farsync.model.execution import WireModel
from farsync.model.names import execution_name, run_name
from farsync.model.run_request import RunRequest, canonical_json
from farsync.model.same_input import differing_fields
from farsync.model.validation import validated
from farsync.operations.named_job import find_job
from farsync.runtime.context import Context
from farsync.runtime.observability import log_rejection, logger
from farsync.runtime.request import Answer, Invocation

WAITED_OUT = (errors.AuthenticationFailed, errors.ProviderUnavailable, errors.QuotaExceeded, errors.Throttled)
"""What a run waits out, so that it is no reason to reject one."""


class RunAccepted(WireModel):
    """A run that has begun; `GET /runs/{name}` shows how it goes."""

    name: str


def create_run(context: Context, invocation: Invocation) -> Answer:
    """The same Idempotency-Key of the same caller is the same run; a repeat asks no provider, unless it calls
    the job otherwise.

    Raises InvalidRequest; ConnectionNotFound, ConnectionInvalid, PermissionDenied, JobNotFound and JobNotRunnable,
    which would fail the run at once; and IdempotencyConflict where the key came with another request before.
    """
    request = validated(RunRequest, invocation.payload)
    intent = _intent(context, invocation)
    if invocation.idempotency_key is None:
        run = _run_of(_with_checked_job(context, request), intent)
    else:
        run = _claim(context, request, intent)
    _start(context, run)
    logger.info("run accepted", run=run.name)
    return Answer(RunAccepted(name=run.name), http_status=202, headers={"location": f"/runs/{run.name}"})


class _Start(NamedTuple):
    """An execution of the state machine whose ARN the variable holds."""

    variable: str
    name: str
    input: str


def _intent(context: Context, invocation: Invocation) -> tuple[str, ...]:
    key = invocation.idempotency_key
    if key is None:
        return "token", context.new_token()
    if not re.fullmatch(r"[ -~]{1,255}", key):
        raise errors.InvalidRequest(
            "idempotency-key: give 1 to 255 printable ASCII characters", field="idempotency-key"
        )
    # Sessions of a role come and go (a container that is started again); the role is who repeats itself.
    caller = re.sub(r"(:assumed-role/[^/]+)/.*", r"\1", invocation.caller)
    return "key", caller, key


def _run_of(request: RunRequest, intent: tuple[str, ...]) -> _Start:
    return _Start("RUN_JOB_ARN", run_name(request.connection, request.job, *intent), canonical_json(request))


def _claim(context: Context, request: RunRequest, intent: tuple[str, ...]) -> _Start:
    """The run of the key, which is taken for this request. The claim is an execution of `start_once` that starts the
    run, too: a run whose key is taken begins, even where this function dies before it has started it. Raises
    IdempotencyConflict.
    """
    name = execution_name(intent)
    with named_failures():
        described = described_execution(context, "START_ONCE_ARN", name)
    if described is not None:
        request = _with_job_of_claim(context, request, _request_in(described.get("input")))
        run = _run_of(request, intent)
        _check_repeated(run, described)
        return run
    run = _run_of(_with_checked_job(context, request), intent)
    wanted = {"machine": "run_job", "name": run.name, "input": json.loads(run.input)}
    _start(context, _Start("START_ONCE_ARN", name, json.dumps(wanted, ensure_ascii=False, sort_keys=True)))
    return run


def _with_job_of_claim(context: Context, request: RunRequest, claimed: Mapping[str, object]) -> RunRequest:
    """A repeat may call the job by its name, which the claim has turned into an id."""
    if claimed.get("job") == request.job:
        return request
    try:
        return _with_checked_job(context, request)
    except (errors.JobNotFound, errors.JobNotRunnable):
        return request


def _is_repeated(context: Context, start: _Start) -> bool:
    """Whether this very request was accepted before. Raises IdempotencyConflict for another one."""
    with named_failures():
        described = described_execution(context, start.variable, start.name)
    if described is not None:
        _check_repeated(start, described)
    return described is not None


def _check_repeated(start: _Start, described: Mapping[str, object]) -> None:
    """Raises IdempotencyConflict."""
    if fields := differing_fields(_request_in(start.input), _request_in(described.get("input"))):
        raise errors.IdempotencyConflict(
            f"Idempotency-Key: was used with another request, which differs in {', '.join(fields)}; "
            "send a new key, or the first request again"
        )


def _request_in(text: object) -> Mapping[str, object]:
    """The run request in the input of `run_job`, or in that of `start_once`; empty where there is none."""
    given = json_object(text) or {}
    return json_object(given.get("input")) or {} if "machine" in given else given


def _with_checked_job(context: Context, request: RunRequest) -> RunRequest:
    """With the job's id in place of its name. One call to the provider for an id, three for a name."""
    try:
        job = find_job(context.provider(request.connection), request.job, is_timeout_needed=False)
    except WAITED_OUT as error:
        log_rejection(error)
        return request
    if job.obstacle is not None:
        raise errors.JobNotRunnable(f"job {request.job} cannot be run: {job.obstacle}")
    return request.model_copy(update={"job": job.job})


def _start(context: Context, start: _Start) -> None:
    """May be tried again: under one name there is one execution."""
    with named_failures():
        is_started = context.transport.retrying.run(
            lambda: start_named(context, start.variable, start.name, start.input), is_transient=is_transient_failure
        )
    if not is_started and not _is_repeated(context, start):
        raise errors.ProviderUnavailable(
            "AWS says that the run's name is taken, and does not show by which run; try again"
        )

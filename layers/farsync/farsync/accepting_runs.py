"""Accept a run: check what would fail it at once, and start `run_job` under a name made of its intent."""

import re

from farsync.aws.run_store import describe_run
from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.errors import (
    AuthenticationFailed,
    IdempotencyConflict,
    InvalidRequest,
    JobNotRunnable,
    ProviderUnavailable,
    QuotaExceeded,
    Throttled,
)
from farsync.execution import WireModel
from farsync.invocation import Answer, Invocation
from farsync.naming import run_name
from farsync.run_request import RunRequest, canonical_json
from farsync.telemetry import log_refusal, logger
from farsync.validation import validated

WAITED_OUT = (AuthenticationFailed, ProviderUnavailable, QuotaExceeded, Throttled)
"""What a run waits out, so that it is no reason to reject one."""


class RunAccepted(WireModel):
    """A run that has begun; `GET /runs/{name}` shows how it goes."""

    name: str


def accept_run(environment: Environment, invocation: Invocation) -> Answer:
    """The same Idempotency-Key of the same caller is the same run; a repeat asks no provider.

    Raises InvalidRequest; ConnectionNotFound, ConnectionInvalid, PermissionDenied, JobNotFound and JobNotRunnable,
    which would fail the run at once; and IdempotencyConflict where the key came with another request before.
    """
    request = validated(RunRequest, invocation.payload)
    name = run_name(request.connection, request.job, *_intent(environment, invocation))
    run_input = canonical_json(request)
    if invocation.idempotency_key is None or not _is_repeated(environment, name, run_input):
        _check_job(environment, request)
        _start(environment, name, run_input)
    logger.info("run accepted", run=name)
    return Answer(RunAccepted(name=name), http_status=202, headers={"location": f"/runs/{name}"})


def _intent(environment: Environment, invocation: Invocation) -> tuple[str, ...]:
    key = invocation.idempotency_key
    if key is None:
        return "token", environment.new_token()
    if not re.fullmatch(r"[ -~]{1,255}", key):
        raise InvalidRequest("idempotency-key: give 1 to 255 printable ASCII characters", field="idempotency-key")
    # Sessions of a role come and go (a container that is started again); the role is who repeats itself.
    caller = re.sub(r"(:assumed-role/[^/]+)/.*", r"\1", invocation.caller)
    return "key", caller, key


def _is_repeated(environment: Environment, name: str, run_input: str) -> bool:
    """Whether this very request was accepted before. Raises IdempotencyConflict for another one."""
    try:
        described = describe_run(environment, name)
    except AwsRequestFailed as failed:
        if failed.code != "ExecutionDoesNotExist":
            raise named(failed) from failed
        return False
    if described.get("input") != run_input:
        raise IdempotencyConflict(
            "Idempotency-Key: was used with another request; send a new key, or the first request again"
        )
    return True


def _check_job(environment: Environment, request: RunRequest) -> None:
    """One call to the provider."""
    try:
        job = environment.with_provider(
            request.connection, lambda provider, _: provider.get_job(request.job, is_timeout_needed=False)
        )
    except WAITED_OUT as error:
        log_refusal(error)
        return
    if job.obstacle is not None:
        raise JobNotRunnable(f"job {request.job} cannot be run: {job.obstacle}")


def _start(environment: Environment, name: str, run_input: str) -> None:
    """May be tried again: under one name there is one execution."""
    start = {"stateMachineArn": environment.variables["RUN_JOB_ARN"], "name": name, "input": run_input}
    try:
        environment.transport.retrying.run(
            lambda: environment.aws.call("states", "StartExecution", start),
            is_transient=lambda failure: isinstance(failure, AwsRequestFailed) and failure.is_transient,
        )
    except AwsRequestFailed as failed:
        if failed.code != "ExecutionAlreadyExists" or not _is_repeated(environment, name, run_input):
            raise named(failed) from failed

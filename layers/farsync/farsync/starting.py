"""Start: post once, never look. What counts as ambiguous after a post is decided where the post is made."""

from farsync.aws_requests import AwsRequestFailed
from farsync.connections import Connection
from farsync.environment import Environment
from farsync.errors import DeadlineExceeded, StartUnconfirmed
from farsync.execution import Execution, WireModel, iso_instant
from farsync.invocation import Answer, Invocation
from farsync.pacing import wait_of_run
from farsync.providers.protocol import Provider
from farsync.run import Run
from farsync.run_request import RunRequest, SecretRef, read_run_request
from farsync.secret_values import keeping_out
from farsync.telemetry import count, logger
from farsync.time_text import written
from farsync.transport import is_transient


class StartOfRun(WireModel):
    """What stands beside the run request inside a run."""

    run: Run
    redrive_count: int = 0


class Started(WireModel):
    """The run with its execution, and when to look first."""

    run: Run
    wait_seconds: int


def start(environment: Environment, invocation: Invocation) -> Answer:
    """The payload is a run request; inside a run, `run` and `redriveCount` stand beside it.

    Raises DeadlineExceeded before the post, StartUnconfirmed where its reply was lost, or where an earlier one may
    have been, and every refusal under its own name.
    """
    if invocation.way == "http":
        from farsync.starting_only import start_only  # a run's start, the common case, does not pay for it

        return start_only(environment, invocation, start_of)
    request, start_of_run = read_run_request(invocation.payload, StartOfRun)
    return Answer(start_of(environment, request, start_of_run))


def start_of(environment: Environment, request: RunRequest, start_of_run: StartOfRun | None) -> Started:
    """The start of a run, or one outside of any run. Raises as `start` does."""
    prepared_run = start_of_run.run if start_of_run else None
    if start_of_run and not start_of_run.run.execution_id:
        _check_may_post(environment, start_of_run)
    parameters = {
        key: environment.fetch_parameter(value.secret) if isinstance(value, SecretRef) else written(value)
        for key, value in request.parameters.items()
    }
    run, execution = environment.with_provider(
        request.connection,
        lambda provider, connection: _post(environment, provider, connection, request, prepared_run, parameters),
    )
    if execution is None:
        logger.info("execution adopted", execution_id=run.execution_id)
        return _started(environment, run)
    execution_id = execution.ref.execution_id
    count("ExecutionsStarted")
    logger.info("execution started", execution_id=execution_id)
    if run.name and request.cancel_on_abort and not _is_standing(environment, run.name):
        count("StartsAfterClose")
        logger.warning("the run was closed meanwhile; its execution is cancelled", execution_id=execution_id)
        environment.with_provider(
            request.connection,
            lambda provider, _: environment.transport.retrying.run(
                lambda: provider.cancel(request.job, execution_id), is_transient=is_transient
            ),
        )
    return _started(environment, run.with_execution(execution, environment.now()))


def _check_may_post(environment: Environment, asked: StartOfRun) -> None:
    if asked.redrive_count > asked.run.redrives_searched:
        raise StartUnconfirmed(
            "The run was redriven, and a start that it posted before may have begun an execution; look for it first."
        )
    if environment.now() >= asked.run.deadline_at:
        raise DeadlineExceeded("the run's deadline passed before its start could be posted")


def _started(environment: Environment, run: Run) -> Started:
    return Started(run=run, wait_seconds=wait_of_run(run, environment.now(), environment.random))


def _is_standing(environment: Environment, name: str) -> bool:
    from farsync.run_ledger import is_standing  # after the post: the start itself does not wait for it

    try:
        return is_standing(environment, name)
    except AwsRequestFailed as failure:
        # A run that stands keeps its execution; for one that was closed meanwhile, close_run looks for it.
        logger.warning("not known whether the run still stands", reason=str(failure))
        return True


def _post(
    environment: Environment,
    provider: Provider,
    connection: Connection,
    request: RunRequest,
    prepared_run: Run | None,
    parameters: dict[str, str],
) -> tuple[Run, Execution | None]:
    """The run and what was started for it: nothing where it watches an execution already."""
    run = prepared_run or _prepare_here(environment, provider, connection, request)
    if run.execution_id:
        return run, None
    condition = {**(run.condition or {}), **(request.condition or {})}
    secrets = [parameters[key] for key, value in request.parameters.items() if isinstance(value, SecretRef)]
    try:
        with keeping_out(secrets):
            execution = provider.start(
                request.job, condition=condition or None, parameters=parameters, marker=run.marker
            )
    except StartUnconfirmed as lost:
        newest = run.baseline.newest_created_at if run.baseline else None
        of_job = f"execution of job {request.job}"
        candidates = f"An {of_job} created after {iso_instant(newest)}" if newest else f"Any {of_job}"
        raise StartUnconfirmed(f"{lost} {candidates} may be this one.", vendor=lost.vendor) from lost
    return run, execution


def _prepare_here(environment: Environment, provider: Provider, connection: Connection, request: RunRequest) -> Run:
    """Outside a run nobody has prepared."""
    from farsync.preparing import prepare_run  # a run's start, the common case, does not pay for it

    now = environment.now()
    return prepare_run(request, provider, connection, name=None, started_at=now, now=now)

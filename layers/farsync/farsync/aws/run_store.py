"""What Step Functions remembers of runs, by name, for 90 days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from farsync.aws.run_history import RunHistory, json_object, read_history
from farsync.aws_requests import AwsRequestFailed, named
from farsync.environment import Environment
from farsync.errors import FarsyncError, ProviderUnavailable, RunNotFound
from farsync.naming import NAME_OF_A_RUN, connection_and_job_prefix, job_prefix
from farsync.run import START_FUNCTION_SECONDS

PAGE_SIZE = 1000
MOST_PAGES = 30
MOST_DESCRIBED = 100
MOST_HISTORIES = 300
"""At some 40 ms each, about half of a function's time."""
LOOK_BACK = timedelta(days=1)
"""Runs that are over are listed by their end, and Step Functions is slow to list; so far beyond need is read."""
AT_WORK_AFTER_THE_END = timedelta(seconds=START_FUNCTION_SECONDS)
"""A run that is stopped does not stop its start, which may post until its function's time is up."""

Account = tuple[str, str]
"""A provider, and what tells its accounts apart."""


class OtherRun(NamedTuple):
    """A run of the same job, and how far it came."""

    name: str
    history: RunHistory


class Holdings(NamedTuple):
    """What the runs of a job hold; since `unknown_since`, by AWS' clock, they may have started something more."""

    execution_ids: frozenset[str]
    unknown_since: datetime | None


def run_arn(environment: Environment, name: str) -> str:
    """The execution of `run_job` with this name."""
    arn = environment.variables["RUN_JOB_ARN"].replace(":stateMachine:", ":execution:")
    return f"{arn}:{name}"


def describe_run(environment: Environment, name: str) -> dict[str, Any]:
    """Raises AwsRequestFailed."""
    return environment.aws.call("states", "DescribeExecution", {"executionArn": run_arn(environment, name)})


def known_run(environment: Environment, name: str) -> dict[str, Any]:
    """Raises RunNotFound, and ProviderUnavailable, Throttled or PermissionDenied where AWS does not answer."""
    try:
        return describe_run(environment, name)
    except AwsRequestFailed as failed:
        if failed.code != "ExecutionDoesNotExist":
            raise named(failed) from failed
        raise RunNotFound(f"there is no run {name}, or it ended more than 90 days ago") from failed


def request_in(described: dict[str, Any]) -> dict[str, Any]:
    """The input of a run; empty where it is no JSON object, which a caller of `run_job` may have given it."""
    return json_object(described.get("input")) or {}


def is_standing(environment: Environment, name: str, redrive_count: int) -> bool:
    """Whether a run still goes on; an answer from before its newest redrive does not count. Raises AwsRequestFailed."""
    described = describe_run(environment, name)
    return described["status"] == "RUNNING" or int(described.get("redriveCount") or 0) < redrive_count


def other_runs(
    environment: Environment, own_name: str, account: Account, job: str, since: datetime
) -> tuple[OtherRun, ...]:
    """The runs of this job of this account that were open at some time since then; a run that ended counts as open for
    as long as its start may be at work.

    Raises AwsRequestFailed, and ProviderUnavailable where they are too many to read.
    """
    found = _runs_open_since(environment, account, job, since - AT_WORK_AFTER_THE_END)
    names = [name for name in found.names if name != own_name]
    if not found.are_all:
        raise ProviderUnavailable("more runs were open beside this one than can be read")
    return tuple(OtherRun(name, read_history(environment, run_arn(environment, name))) for name in names)


def executions_held(environment: Environment, connection: str, job: str, since: datetime) -> Holdings:
    """The executions that the job's runs hold or attached, of those runs that were open at some time since then. A run
    whose end is final holds nothing any more, since its event is emitted. Of too many runs, those that can be read
    count: an event that names no run is better than none.

    Raises AwsRequestFailed, and what the connection's secret raises.
    """
    used = environment.connections.get(connection)
    held = set[str]()
    unknown_since: datetime | None = None
    for name in _runs_open_since(environment, (used.provider, used.account), job, since).names:
        history = read_history(environment, run_arn(environment, name))
        if history.end is not None and history.end.is_final:
            continue
        if history.execution_id is not None:
            held.add(history.execution_id)
        elif history.end is None and history.moments:
            earliest = history.moments[0].earliest
            unknown_since = min(unknown_since or earliest, earliest)
    return Holdings(frozenset(held), unknown_since)


class _Found(NamedTuple):
    names: tuple[str, ...]
    are_all: bool


def _runs_open_since(environment: Environment, account: Account, job: str, since: datetime) -> _Found:
    """Names that farsync built begin with their job; all others tell theirs only when asked. What account a connection
    leads to, its name does not tell either, so that one run over each connection is asked.
    """
    listed = _names_open_since(environment, since)
    leads_to_account: dict[str, bool] = {}
    names = list[str]()
    described = 0
    for name in listed.names:
        is_built = NAME_OF_A_RUN.fullmatch(name) is not None
        if is_built and not name.startswith(job_prefix(job)):
            continue
        connection = _connection_in(name, leads_to_account, job) if is_built else None
        if connection is None:
            described += 1
            if described > MOST_DESCRIBED:
                return _Found(tuple(names), are_all=False)
            request = request_in(describe_run(environment, name))
            if request.get("job") != job:
                continue
            connection = str(request.get("connection", "default"))
            if connection not in leads_to_account:
                leads_to_account[connection] = _leads_to(environment, connection, account)
        if leads_to_account[connection]:
            names.append(name)
    return _Found(tuple(names[:MOST_HISTORIES]), listed.are_all and len(names) <= MOST_HISTORIES)


def _connection_in(name: str, known: Iterable[str], job: str) -> str | None:
    return next((one for one in known if name.startswith(connection_and_job_prefix(one, job))), None)


def _leads_to(environment: Environment, connection: str, account: Account) -> bool:
    """Whether runs over this connection start jobs of the account. One that cannot be read may."""
    try:
        used = environment.connections.get(connection)
    except FarsyncError:
        return True
    return (used.provider, used.account) == account


def _names_open_since(environment: Environment, since: datetime) -> _Found:
    open_runs, are_all_open = _list_runs(environment, None, statusFilter="RUNNING")
    listed, are_all_listed = _list_runs(environment, (since - LOOK_BACK).timestamp())
    since_seconds = since.timestamp()
    over = [run for run in listed if float(run.get("stopDate") or since_seconds) >= since_seconds]
    names = sorted({str(run["name"]) for run in (*open_runs, *over)})
    return _Found(tuple(names), are_all_open and are_all_listed)


def _list_runs(environment: Environment, over_since: float | None, **asked: str) -> tuple[list[dict[str, Any]], bool]:
    """Those that go on by their beginning, those that are over by their end; the newest first. And whether these are
    all that are asked for.
    """
    question: dict[str, object] = {
        "stateMachineArn": environment.variables["RUN_JOB_ARN"],
        "maxResults": PAGE_SIZE,
        **asked,
    }
    listed = list[dict[str, Any]]()
    for _ in range(MOST_PAGES):
        answer = environment.aws.call("states", "ListExecutions", question)
        listed += answer["executions"]
        is_far_enough = over_since is not None and any(
            float(run.get("stopDate") or run["startDate"]) < over_since for run in answer["executions"]
        )
        if is_far_enough or not answer.get("nextToken"):
            return listed, True
        question["nextToken"] = answer["nextToken"]
    return listed, False

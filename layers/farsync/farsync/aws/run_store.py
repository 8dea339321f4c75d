"""What Step Functions remembers of runs, by name, for 90 days."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from farsync.aws.client import AwsRequestFailed, Stack, named
from farsync.aws.executions import describe_execution, execution_arn, instant, list_pages
from farsync.aws.run_history import RunHistory, json_object, read_history
from farsync.http_client.retry import Retrying
from farsync.model.errors import FarsyncError, ProviderUnavailable, RunNotFound
from farsync.model.names import NAME_OF_A_RUN, connection_and_job_prefix, job_prefix
from farsync.model.run import START_FUNCTION_SECONDS

MOST_PAGES = 30
MOST_DESCRIBED = 100
MOST_HISTORIES = 300
"""At some 40 ms each, about half of a function's time."""
LOOK_BACK = timedelta(days=1)
"""Runs that are over are listed by their end, and Step Functions is slow to list; so far beyond need is read."""
HOLDING_STATUSES = ("RUNNING", "FAILED", "TIMED_OUT", "ABORTED")
LAG_SECONDS = 3.0
"""Reads "may not reflect very recent updates": a run that was accepted just before may not be there yet.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-read-consistency.html
"""
LAGGING_READS = 20
AT_WORK_AFTER_THE_END = timedelta(seconds=START_FUNCTION_SECONDS)
"""A run that is stopped does not stop its start, which may post until its function's time is up."""

T = TypeVar("T")
Account = tuple[str, str]
"""A provider, and what distinguishes its accounts."""


class ConnectedStack(Stack, Protocol):
    """A stack that knows to which accounts its connections lead."""

    def leads_to(self, connection_name: str, account: Account, /) -> bool: ...


class OtherRun(NamedTuple):
    """A run of the same job, and how far it came."""

    name: str
    history: RunHistory


class ListedRun(NamedTuple):
    """A run as Step Functions lists it."""

    name: str
    started_at: datetime
    stopped_at: datetime | None
    """None while it goes on."""
    redrive_count: int


def run_arn(stack: Stack, name: str) -> str:
    """The execution of `run_job` with this name."""
    return execution_arn(stack, "RUN_JOB_ARN", name)


def describe_run(stack: Stack, name: str) -> dict[str, Any]:
    """Raises AwsRequestFailed."""
    return describe_execution(stack, run_arn(stack, name))


def read_once_shown(name: str, read: Callable[[], T], retrying: Retrying) -> T:
    """What `read` gives of a run, tried again for some seconds while Step Functions does not show it. Only names that
    farsync has built are waited for: others are no answer to an accepted request. Raises what `read` raises.
    """
    patient = retrying._replace(budget_seconds=LAG_SECONDS, max_attempts=LAGGING_READS, longest_pause_seconds=0.5)
    return patient.run(read, is_transient=_is_not_shown) if NAME_OF_A_RUN.fullmatch(name) else read()


def _is_not_shown(failure: FarsyncError) -> bool:
    return isinstance(failure, AwsRequestFailed) and failure.code == "ExecutionDoesNotExist"


def known_run(stack: Stack, name: str, retrying: Retrying) -> dict[str, Any]:
    """Raises RunNotFound, and ProviderUnavailable, Throttled or PermissionDenied where AWS does not answer."""
    try:
        return read_once_shown(name, lambda: describe_run(stack, name), retrying)
    except AwsRequestFailed as failed:
        if failed.code != "ExecutionDoesNotExist":
            raise named(failed) from failed
        raise RunNotFound(f"there is no run {name}, or it ended more than 90 days ago") from failed


def request_in(described: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a run; empty where it is no JSON object, which a caller of `run_job` may have given it."""
    return json_object(described.get("input")) or {}


def is_standing(stack: Stack, name: str, redrive_count: int) -> bool:
    """Whether a run still goes on; an answer from before its newest redrive does not count. Raises AwsRequestFailed."""
    described = describe_run(stack, name)
    return described["status"] == "RUNNING" or int(described.get("redriveCount") or 0) < redrive_count


def other_runs(
    stack: ConnectedStack, own_name: str, account: Account, job: str, since: datetime
) -> tuple[OtherRun, ...]:
    """Runs of the account's job that were open since then, or whose start may have been at work.

    Raises AwsRequestFailed, and ProviderUnavailable where they are too many to read.
    """
    found = _runs_open_since(stack, account, job, since - AT_WORK_AFTER_THE_END)
    names = [name for name in found.names if name != own_name]
    if not found.are_all:
        raise ProviderUnavailable("more runs were open beside this one than can be read")
    return tuple(OtherRun(name, read_history(stack, run_arn(stack, name))) for name in names)


def runs_that_may_hold(stack: Stack, job: str, since: datetime) -> tuple[ListedRun, ...]:
    """The runs of this job that go on, or failed, timed out or were aborted since then; runs that succeeded have
    emitted their event. Runs under names of their callers' making are among them, whatever their job is.

    Raises AwsRequestFailed. Of too many runs, those that can be listed count: an event that names no run is better
    than none.
    """
    over_since = (since - LOOK_BACK).timestamp()
    # Those that go on come first: a run that ends meanwhile is in a later list.
    listed = [run for status in HOLDING_STATUSES for run in listed_runs(stack, over_since, statusFilter=status)[0]]
    runs = (_listed_run(run) for run in listed if not _is_of_another_job(str(run["name"]), job))
    return tuple(run for run in runs if run.stopped_at is None or run.stopped_at >= since)


class _Found(NamedTuple):
    names: tuple[str, ...]
    are_all: bool


def _runs_open_since(stack: ConnectedStack, account: Account, job: str, since: datetime) -> _Found:
    """Only names that farsync built show their job. One run over each connection is asked for its account."""
    listed = _names_open_since(stack, since)
    leads_to_account: dict[str, bool] = {}
    names = list[str]()
    described = 0
    for name in listed.names:
        if _is_of_another_job(name, job):
            continue
        is_built = NAME_OF_A_RUN.fullmatch(name) is not None
        connection = _connection_in(name, leads_to_account, job) if is_built else None
        if connection is None:
            described += 1
            if described > MOST_DESCRIBED:
                return _Found(tuple(names), are_all=False)
            request = request_in(describe_run(stack, name))
            if request.get("job") != job:
                continue
            connection = str(request.get("connection", "default"))
            if connection not in leads_to_account:
                leads_to_account[connection] = stack.leads_to(connection, account)
        if leads_to_account[connection]:
            names.append(name)
    return _Found(tuple(names[:MOST_HISTORIES]), listed.are_all and len(names) <= MOST_HISTORIES)


def _connection_in(name: str, connections: Iterable[str], job: str) -> str | None:
    return next((known for known in connections if name.startswith(connection_and_job_prefix(known, job))), None)


def _is_of_another_job(name: str, job: str) -> bool:
    """By a name that farsync built; all others say nothing."""
    return NAME_OF_A_RUN.fullmatch(name) is not None and not name.startswith(job_prefix(job))


def _listed_run(run: dict[str, Any]) -> ListedRun:
    stopped = run.get("stopDate")
    return ListedRun(
        str(run["name"]),
        instant(run["startDate"]),
        None if stopped is None else instant(stopped),
        int(run.get("redriveCount") or 0),
    )


def _names_open_since(stack: Stack, since: datetime) -> _Found:
    open_runs, are_all_open = listed_runs(stack, None, statusFilter="RUNNING")
    listed, are_all_listed = listed_runs(stack, (since - LOOK_BACK).timestamp())
    since_seconds = since.timestamp()
    over = [run for run in listed if float(run.get("stopDate") or since_seconds) >= since_seconds]
    names = sorted({str(run["name"]) for run in (*open_runs, *over)})
    return _Found(tuple(names), are_all_open and are_all_listed)


def listed_runs(stack: Stack, over_since: float | None, **asked: str) -> tuple[list[dict[str, Any]], bool]:
    """The newest first, open ones by their beginning, others by their end; and whether these are all. Raises
    AwsRequestFailed.
    """
    listed = list[dict[str, Any]]()
    for pages_read, page in enumerate(list_pages(stack, "RUN_JOB_ARN", **asked), start=1):
        listed += page["executions"]
        if over_since is not None and any(
            float(run.get("stopDate") or run["startDate"]) < over_since for run in page["executions"]
        ):
            break
        if pages_read == MOST_PAGES and page.get("nextToken"):
            return listed, False
    return listed, True

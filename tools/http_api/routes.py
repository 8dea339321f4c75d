"""Every route of the HTTP API, once: who answers it, what comes in, what goes out, what may be rejected."""

import re
from dataclasses import dataclass

from farsync.model.errors import (
    AlreadyRunning,
    AuthenticationFailed,
    ConnectionInvalid,
    ConnectionNotFound,
    ExecutionNotFound,
    FarsyncError,
    IdempotencyConflict,
    InvalidRequest,
    JobNotFound,
    JobNotRunnable,
    LogNotFound,
    PermissionDenied,
    ProviderUnavailable,
    QuotaExceeded,
    RunNotFound,
    StartUnconfirmed,
    Throttled,
)
from farsync.model.execution import WireModel
from farsync.model.execution_query import ExecutionQuery
from farsync.model.run_request import RunRequest
from farsync.operations.abort_run import RunAborted
from farsync.operations.cancel_execution import CancelAccepted
from farsync.operations.create_run import RunAccepted
from farsync.operations.get_execution import ExecutionShown
from farsync.operations.get_run import RunShown
from farsync.operations.list_connections import ConnectionList, ListConnections
from farsync.operations.list_events import EventList, ListEvents
from farsync.operations.list_jobs import JobList, ListJobs, ShowJob
from farsync.operations.list_runs import ListRuns, RunList
from farsync.operations.read_logs import LogShown, ReadLogs
from farsync.operations.recent_executions_of_job import JobShown
from farsync.operations.rerun_run import RerunRun
from farsync.operations.run_by_name import RunName
from farsync.operations.start_execution import ExecutionRequest, ExecutionStarted

Problems = tuple[type[FarsyncError], ...]

AT_AWS: Problems = (InvalidRequest, PermissionDenied, Throttled, ProviderUnavailable)
WITH_CONNECTION: Problems = (*AT_AWS, ConnectionNotFound, ConnectionInvalid)
AT_PROVIDERS: Problems = (*WITH_CONNECTION, AuthenticationFailed, QuotaExceeded)


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    operation_id: str
    function: str
    """The folder of the function that answers."""
    summary: str
    asked: type[WireModel]
    """Path parameters, and the query of a GET or the body of a POST, in one."""
    status: int
    answer: type[WireModel]
    problems: Problems
    headers: tuple[str, ...] = ()
    """Of the answer."""
    takes_idempotency_key: bool = False

    @property
    def key(self) -> str:
        """As API Gateway calls it in an event."""
        return f"{self.method} {self.path}"

    @property
    def tag(self) -> str:
        """The last thing in the path that is no parameter and no verb."""
        return next(part for part in reversed(self.path.split("/")) if part in THINGS).capitalize()

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def function_resource(self) -> str:
        """The function's logical id in the template."""
        return "".join(word.capitalize() for word in self.function.split("_")) + "Function"


THINGS = ("runs", "events", "connections", "jobs", "executions")
_RUNS = "/connections/{connection}/runs"
_JOBS = "/connections/{connection}/jobs"
_EXECUTIONS = _JOBS + "/{job}/executions"

ROUTES = (
    Route(
        *("POST", _RUNS, "startRun", "manage_runs", "Start a run of a job"),
        *(RunRequest, 202, RunAccepted),
        (*WITH_CONNECTION, JobNotFound, JobNotRunnable, IdempotencyConflict),
        headers=("location",),
        takes_idempotency_key=True,
    ),
    Route(
        *("GET", "/runs", "listRuns", "manage_runs", "List runs of all connections: open ones, and ended ones"),
        *(ListRuns, 200, RunList),
        AT_AWS,
    ),
    Route(
        *("GET", _RUNS, "listRunsOfConnection", "manage_runs", "List runs over a connection"),
        *(ListRuns, 200, RunList),
        AT_AWS,
    ),
    Route(
        *("GET", "/runs/{name}", "showRun", "manage_runs", "Show a run: its state, its execution, its end"),
        *(RunName, 200, RunShown),
        (*AT_AWS, RunNotFound),
    ),
    Route(
        *("POST", "/runs/{name}/abort", "abortRun", "manage_runs", "Abort a run; one that is over stays as it ended"),
        *(RunName, 202, RunAborted),
        (*AT_AWS, RunNotFound),
    ),
    Route(
        *("POST", "/runs/{name}/rerun", "rerunRun", "manage_runs", "Run a run again, by the same request"),
        *(RerunRun, 202, RunAccepted),
        (*WITH_CONNECTION, RunNotFound, JobNotFound, JobNotRunnable, IdempotencyConflict),
        headers=("location",),
        takes_idempotency_key=True,
    ),
    Route(
        *("GET", "/runs/{name}/logs", "readLogs", "read_logs", "Read the provider's own log of a run"),
        *(ReadLogs, 200, LogShown),
        (*AT_PROVIDERS, RunNotFound, ExecutionNotFound, LogNotFound),
    ),
    Route(
        *("GET", "/events", "listEvents", "manage_runs", "List events as they were emitted, the newest first"),
        *(ListEvents, 200, EventList),
        AT_AWS,
    ),
    Route(
        *("GET", "/connections", "listConnections", "list_jobs", "List connections, never with a key"),
        *(ListConnections, 200, ConnectionList),
        AT_AWS,
    ),
    Route(
        *("GET", _JOBS, "listJobs", "list_jobs", "List jobs, page by page"),
        *(ListJobs, 200, JobList),
        AT_PROVIDERS,
        headers=("link",),
    ),
    Route(
        *("GET", _JOBS + "/{job}", "showJob", "list_jobs", "Show a job, and how its newest executions went"),
        *(ShowJob, 200, JobShown),
        (*AT_PROVIDERS, JobNotFound),
    ),
    Route(
        *(
            "POST",
            _EXECUTIONS,
            "startExecution",
            "trigger_execution",
            "Start an execution, with no run and no event",
        ),
        *(ExecutionRequest, 201, ExecutionStarted),
        (*AT_PROVIDERS, JobNotFound, JobNotRunnable, AlreadyRunning, StartUnconfirmed),
        headers=("location", "retry-after"),
    ),
    Route(
        *("GET", _EXECUTIONS + "/{executionId}", "showExecution", "poll_execution", "Poll an execution once"),
        *(ExecutionQuery, 200, ExecutionShown),
        (*AT_PROVIDERS, JobNotFound, ExecutionNotFound),
        headers=("retry-after",),
    ),
    Route(
        *("POST", _EXECUTIONS + "/{executionId}/cancel", "cancelExecution", "cancel_execution"),
        "Cancel an execution; one that is over stays as it ended",
        *(ExecutionQuery, 202, CancelAccepted),
        (*AT_PROVIDERS, JobNotFound, ExecutionNotFound),
    ),
)

"""The check of a Data Flow account."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from farsync.connections.connection import Connection
from farsync.http_client.client import Query, Transport
from farsync.model.errors import ConnectionInvalid, PermissionDenied
from farsync.model.execution import Job
from farsync.providers.naver.errors import Operation, rejection
from farsync.signing.naver import NaverAuth, NaverKeys
from tools.connection_check.cloud import PAGE_LIMIT, Clock, Cloud, Seen, order
from tools.connection_check.raw_reading import RawReader
from tools.connection_check.report import Remedies, Report
from tools.connection_check.vocabulary import Record

G1_WORDS = frozenset({"DATAFLOW", "RUNNABLE", "RUNNING", "DELETED", "UNKNOWN", "DRAFT", "STOPPED", "EDITING"})
"""Types and statuses of jobs, in the pages of 2025."""
G2_WORDS = frozenset({"VISUAL", "SCRIPT", "READY"})
"""In the pages of 2026."""
REMEDIES: Remedies = {
    PermissionDenied: "let an administrator give the sub account the policy NCP_DATA_FLOW_VIEWER",
    ConnectionInvalid: "leave endpoint out of the file to use the provider's own",
}


class DataFlow(Cloud):
    remedies = REMEDIES
    # https://api.ncloud-docs.com/docs/en/analytics-dataflow
    clock_window_seconds = 300.0
    execution_word = "execution"
    job_read = "read", "job"
    jobs_field = executions_field = "list"
    total_field = "count"
    execution_id_field = "jobExecutionId"

    def __init__(self, connection: Connection, transport: Transport, clock: Clock) -> None:
        keys = NaverKeys(connection.access_key.get_secret_value(), connection.secret_key.get_secret_value())
        self._jobs_url = f"{connection.endpoint}/api/v1/jobs"
        self.raw = RawReader(transport, clock, lambda sending_clock: NaverAuth(keys, sending_clock))

    def jobs(self) -> Record:
        return self._get("", Operation.LIST_JOBS, {"page": 0, "limit": PAGE_LIMIT})

    def job(self, job: str) -> Record:
        return self._get(f"/{quote(job, safe='')}", Operation.GET_JOB)

    def executions(self, job: Job) -> Record:
        path = f"/{quote(job.job, safe='')}/executions"
        return self._get(path, Operation.LIST_EXECUTIONS, {"page": 0, "limit": PAGE_LIMIT})

    def execution(self, job: str, execution_id: str) -> Record:
        return self._get(f"/{quote(job, safe='')}/executions/{quote(execution_id, safe='')}", Operation.GET_EXECUTION)

    def created_at(self, execution: Record) -> datetime | None:
        try:
            created = datetime.fromisoformat(str(execution.get("createdDate")))
        except ValueError:
            return None
        return created.replace(tzinfo=created.tzinfo or UTC)

    def durations(self, execution: Record) -> list[str]:
        names = ("runningTime", "waitingTime")
        return [f"{name} {execution[name]}" for name in names if isinstance(execution.get(name), int)]

    def check_jobs(self, report: Report, records: Sequence[Record], jobs: Sequence[Job]) -> None:
        report.ok("dialect", dialect(records))
        report.ok("order of jobs", order([job.created_at for job in jobs]))

    def check_all(self, report: Report, seen: Seen) -> None:
        is_echoing = any(execution.get("parsedParameters") for execution in seen["execution"])
        report.ok("parameters", "echoed in parsedParameters" if is_echoing else "not echoed by any execution read")

    def _get(self, path: str, operation: Operation, query: Query | None = None) -> Record:
        return self.raw.get(f"{self._jobs_url}{path}", lambda reply: rejection(reply, operation), query)


check_of = DataFlow


def dialect(jobs: Sequence[Record]) -> str:
    """Which generation of the provider's pages the service speaks, by the words of its jobs."""
    words = {word for job in jobs for word in (job.get("type"), job.get("status")) if isinstance(word, str)}
    match bool(words & G1_WORDS), bool(words & G2_WORDS):
        case True, False:
            return "G1 (pages of 2025: type DATAFLOW, status RUNNABLE)"
        case False, True:
            return "G2 (pages of 2026: type VISUAL or SCRIPT, status READY)"
        case True, True:
            return "words of G1 and of G2 side by side"
    return "cannot be known: there is no job with a type or status that the pages know"
